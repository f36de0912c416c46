"""A drive that fsspec can open: a local folder, SFTP, SMB, WebDAV, S3, SharePoint, memory."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem

from suivi.drives.entry import MAX_BYTES, FileEntry, Listing, id_of_path, path_of_id, shown, shown_name
from suivi.errors import TargetError

DEEPEST = 60  # folders within folders; deeper is a loop of links
ATTEMPTS = 3
_OBJECT_STORES = {"s3", "s3a", "gs", "gcs", "abfs", "az"}  # no folders of their own: one flat listing costs pages
_CLOSED = (errno.EACCES, errno.EPERM, errno.ENOENT)
_TAGS = ("etag", "ETag", "md5", "checksum", "ctag")
_TIMES = ("mtime", "modified", "LastModified", "last_modified", "last_write_time")


class Folder:
    """A folder of an fsspec filesystem. `place` names it for people, without credentials."""

    def __init__(self, name: str, place: str, filesystem: AbstractFileSystem, root: str, link: str = "") -> None:
        self.name = name
        self.place = place
        self.filesystem = filesystem
        self._root = root.rstrip("/")
        self._link = link

    def list(self) -> Listing:
        """All files below the folder. Links are not followed: they could lead out of it or in circles."""
        with self._explained("could not be listed"):
            self.filesystem.invalidate_cache()
            found, unreadable = (
                _flat(self.filesystem, self._root) if _is_store(self.filesystem) else _walk(self.filesystem, self._root)
            )
            entries = sorted((self._entry(info) for info in found), key=lambda entry: entry.path)
        return Listing(tuple(entries), tuple(sorted(unreadable)))

    def read(self, entry: FileEntry) -> bytes:
        """The bytes of one file, re-read while it changes; `TargetError` names the file."""
        path = self._inside(entry)
        with self._explained(f"'{entry.path}' could not be read"):
            for _ in range(ATTEMPTS):
                before = self._state_of(path)
                data: bytes = self.filesystem.cat_file(path)
                if before == self._state_of(path):
                    return data
        raise TargetError(f"Drive '{self.name}': '{entry.path}' kept changing while it was read. Try again later.")

    def check(self, language: str = "fr") -> str:
        """Opens the folder and counts what stands directly in it."""
        with self._explained("could not be opened"):
            self.filesystem.invalidate_cache()
            found = _open(self.filesystem, self._root)
        folders = sum(info["type"] == "directory" for info in found)
        files = sum(info["type"] == "file" for info in found)
        if language == "fr":
            return f"Lecteur « {self.name} » : accès prouvé à {self.place} ({folders} dossiers, {files} fichiers)."
        return f"Drive '{self.name}': {self.place} can be read ({folders} folders, {files} files)."

    def _entry(self, info: dict[str, Any]) -> FileEntry:
        path = _relative(info["name"], self._root)
        return FileEntry(
            native_id=id_of_path(path),
            path=shown(path),
            name=shown_name(path.rsplit("/", 1)[-1]),
            size=info.get("size"),
            modified=modified(info),
            version=version(info),
            url=f"{self._link}/{quote(path, errors='backslashreplace')}" if self._link else None,
        )

    def _inside(self, entry: FileEntry) -> str:
        path = f"{self._root}/{path_of_id(entry.native_id)}"
        local = isinstance(self.filesystem, LocalFileSystem)
        out = not os.path.realpath(path).startswith(f"{self._root}/") if local else "/../" in f"{path}/"
        if out and not _is_store(self.filesystem):
            raise TargetError(f"Drive '{self.name}': '{entry.path}' leads out of the drive and is not read.")
        return path

    def _state_of(self, path: str) -> tuple[str | None, int | None]:
        self.filesystem.invalidate_cache()
        info = self.filesystem.info(path)
        if info["type"] != "file" or info.get("islink"):
            raise TargetError(f"Drive '{self.name}': '{shown(path)}' is a folder or a link by now and is not read.")
        if (info.get("size") or 0) > MAX_BYTES:
            raise TargetError(f"Drive '{self.name}': '{shown(path)}' has grown too large for minutes and is not read.")
        return version(info), info.get("size")

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        """Turn whatever a filesystem raises into one sentence for the IM officer."""
        try:
            yield
        except TargetError:
            raise
        except Exception as error:
            raise TargetError(f"Drive '{self.name}' ({self.place}): {what}: {_why(error)}") from None


def _why(error: Exception) -> str:
    """Cause and remedy. smbprotocol's errors carry the number alone, hence `errno` beside the types."""
    number = getattr(error, "errno", None)
    if isinstance(error, FileNotFoundError) or number == errno.ENOENT:
        return "there is no such folder or file. Check the drive's url in the cluster file, and that it is mounted."
    if isinstance(error, PermissionError) or number in (errno.EACCES, errno.EPERM):
        return "access is refused. Check the connection's login, and that it may read the folder."
    cause = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return f"{cause}. Check the network and the drive's connection."


def _is_store(filesystem: AbstractFileSystem) -> bool:
    protocol = filesystem.protocol
    return bool(_OBJECT_STORES & ({protocol} if isinstance(protocol, str) else set(protocol)))


def _relative(name: str, root: str) -> str:
    return name.removeprefix(root).strip("/")


def _flat(filesystem: AbstractFileSystem, root: str) -> tuple[list[dict[str, Any]], list[str]]:
    return list(filesystem.find(root, detail=True).values()), []


def _open(filesystem: AbstractFileSystem, folder: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = filesystem.ls(folder or "/", detail=True)
    if [info["name"].rstrip("/") for info in found if info["type"] == "file"] == [folder]:
        raise NotADirectoryError("it is a file, no folder")
    return found


def _walk(filesystem: AbstractFileSystem, root: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Our own walk: fsspec's leaves out, without a word, every folder that fails to open."""
    files: list[dict[str, Any]] = []
    unreadable: list[str] = []
    waiting = [(root, 0)]
    while waiting:
        folder, depth = waiting.pop()
        try:
            found = _open(filesystem, folder)
        except OSError as error:
            closed = isinstance(error, PermissionError | FileNotFoundError) or error.errno in _CLOSED
            if depth == 0 or not closed:
                raise
            unreadable.append(shown(_relative(folder, root)))
            continue
        files += [info for info in found if info["type"] == "file"]
        if depth < DEEPEST:
            waiting += [(info["name"].rstrip("/"), depth + 1) for info in found if info["type"] == "directory"]
    return files, unreadable


def version(info: dict[str, Any]) -> str | None:
    """What changes with the bytes: the server's own tag, else size and time of change."""
    for key in _TAGS:
        if info.get(key):
            return str(info[key]).strip('"')
    for key in _TIMES:
        if info.get(key) is not None:
            return f"{info.get('size')}-{info[key]}"
    return None


def modified(info: dict[str, Any]) -> datetime | None:
    """When the file last changed, in UTC; filesystems say it as number, datetime or text."""
    value = next((info[key] for key in _TIMES if info.get(key) is not None), None)
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            value = parsedate_to_datetime(value) if "," in value else datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError):
        return None  # a clock gone wrong is no reason to lose the file
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return None
