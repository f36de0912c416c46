"""Programs of the system that readers may use where they are installed: LibreOffice, tesseract."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from functools import cache
from pathlib import Path

from suivi.documents.pieces import Unreadable


@cache
def found(*names: str) -> str | None:
    """The path of the first program of these names, `None` where none is installed."""
    return next((path for name in names if (path := shutil.which(name))), None)


def run(command: list[str], *, seconds: int, data: bytes = b"", folder: Path | None = None) -> bytes:
    """What a program writes. Raises `Unreadable` when it fails or takes longer; all it started is ended then.

    The child that reads has a memory limit which such programs are too large for: they run with the hard limit.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        start_new_session=True,
        preexec_fn=_lift_limit,
    )
    try:
        written, _ = process.communicate(data, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise Unreadable("document_too_slow", Path(command[0]).name) from error
    if process.returncode:
        raise Unreadable("document_damaged", f"{Path(command[0]).name}: exit {process.returncode}")
    return written


def _lift_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
