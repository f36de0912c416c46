"""The store of original bytes: any fsspec URL, addressed by content, written once, atomically."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from uuid import uuid4

import fsspec

from suivi.errors import TargetError


class Store:
    """`put` returns the key under which `get` finds the bytes again."""

    def __init__(self, url: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(url)

    def put(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        key = f"{digest[:2]}/{digest}"
        target = f"{self._root}/{key}"
        if not self._files.exists(target):
            self._files.makedirs(str(PurePosixPath(target).parent), exist_ok=True)
            temporary = f"{target}.{uuid4().hex}.part"
            self._files.pipe_file(temporary, data)
            self._files.mv(temporary, target)
        return key

    def get(self, key: str) -> bytes:
        """The bytes; `TargetError` where they are gone or damaged."""
        try:
            data = self._files.cat_file(f"{self._root}/{key}")
        except FileNotFoundError:
            raise TargetError(f"The store has lost {key}. Restore it from the backup (runbook: store).") from None
        if hashlib.sha256(data).hexdigest() != PurePosixPath(key).name:
            raise TargetError(f"The store's copy of {key} is damaged. Restore it from the backup (runbook: store).")
        return bytes(data)

    def keys(self) -> list[str]:
        """Keys of everything that is kept here."""
        found = self._files.find(self._root) if self._files.exists(self._root) else []
        names = (PurePosixPath(path).name for path in found)
        return [f"{name[:2]}/{name}" for name in names if len(name) == 64]

    def delete(self, key: str) -> None:
        """Take bytes back for good (redaction, retention)."""
        if self._files.exists(f"{self._root}/{key}"):
            self._files.rm_file(f"{self._root}/{key}")
