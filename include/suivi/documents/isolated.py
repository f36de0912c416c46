"""Reading in a child process: a crash, a hang or an appetite of a library costs one document, not the night."""

from __future__ import annotations

import atexit
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path

from suivi.documents.child import HEAD, SIZE
from suivi.documents.reading import failed
from suivi.documents.wire import unpack
from suivi.models import Reading

SECONDS = 120
MEGABYTES = 1024

_INCLUDE = str(Path(__file__).resolve().parents[2])


class _Stopped(Exception):
    """The child ended, or had to be ended; the text is the issue's type."""


class _Child:
    """One child with a memory limit; serves documents one after the other."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        self.owner = os.getpid()
        paths = os.pathsep.join(filter(None, (_INCLUDE, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "suivi.documents.child", str(megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
        )

    def ask(self, data: bytes, name: str, seconds: int) -> bytes:
        """The packed reading. Raises `_Stopped`."""
        title = name.encode("utf-8", "replace")
        deadline = time.monotonic() + seconds
        self._write(HEAD.pack(seconds, len(title), len(data)) + title, deadline)
        self._write(data, deadline)
        (size,) = SIZE.unpack(self._read(SIZE.size, deadline))
        return self._read(size, deadline)

    def _write(self, data: bytes, deadline: float) -> None:
        stream = self._process.stdin
        assert stream is not None  # noqa: S101 — piped above
        view = memoryview(data)
        while view:
            _, ready, _ = select.select([], [stream], [], max(deadline - time.monotonic(), 0))
            if not ready:
                raise _Stopped("document_too_slow")
            try:
                view = view[os.write(stream.fileno(), view[:65536]) :]
            except OSError as error:
                raise _Stopped("document_crashed_reader") from error

    def _read(self, size: int, deadline: float) -> bytes:
        stream = self._process.stdout
        assert stream is not None  # noqa: S101 — piped above
        parts: list[bytes] = []
        while size:
            ready, _, _ = select.select([stream], [], [], max(deadline - time.monotonic(), 0))
            if not ready:
                raise _Stopped("document_too_slow")
            part = os.read(stream.fileno(), min(size, 1 << 20))
            if not part:
                raise _Stopped("document_crashed_reader")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def end(self) -> str:
        """Kill it; how it ended, for the issue."""
        self._process.kill()
        code = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        return f"exit {code}"


_lock = threading.Lock()
_children: dict[int, _Child] = {}


def read_isolated(data: bytes, name: str, *, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> Reading:
    """As `read`, in a child process that is reused while it is well.

    A child that crashes, hangs longer than `seconds` or wants more than `megabytes` of address space is an issue
    of type document_crashed_reader, document_too_slow or document_too_large.
    """
    with _lock:
        child = _children.get(megabytes)
        if child is None or child.owner != os.getpid():
            child = _children[megabytes] = _Child(megabytes)
        try:
            return unpack(child.ask(data, name, seconds))
        except _Stopped as stopped:
            del _children[megabytes]
            return failed(str(stopped), child.end())


@atexit.register
def end_children() -> None:
    """Kill the children of this process."""
    for megabytes in [key for key, child in _children.items() if child.owner == os.getpid()]:
        _children.pop(megabytes).end()
