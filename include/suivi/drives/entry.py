"""What a drive shows of its files, and names that are safe to print, store and send."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import quote, unquote_to_bytes

MAX_BYTES = 200_000_000  # a larger file is no minutes: it is skipped with an issue, never downloaded
LONGEST_NAME = 200
LONGEST_PATH = 1000
_RAW = "raw:"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a drive as its listing shows it.

    `native_id` is what the drive knows the file by (a Drive id, or the path where a drive has no ids) and all that
    `DriveFiles.read` needs. `path` and `name` are for people: without control characters, never very long. `version`
    changes whenever the bytes do; `None` where the drive cannot tell, so that the file is read every night.
    `revision` tells that the bytes are an export and have no identity of their own: (native_id, revision) is theirs.
    """

    native_id: str
    path: str
    name: str
    size: int | None
    modified: datetime | None
    version: str | None
    url: str | None = None
    revision: str | None = None

    @property
    def skip(self) -> str:
        """The issue type for which the file is not read; empty for a file that is."""
        if self.size == 0 or is_temporary(self.name):
            return "temporary_file"
        return "file_too_large" if (self.size or 0) > MAX_BYTES else ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Every file of a drive, and the folders that would not open: nothing is known about files under those."""

    files: tuple[FileEntry, ...]
    unreadable: tuple[str, ...] = field(default=())

    def __iter__(self) -> Iterator[FileEntry]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


class DriveFiles(Protocol):
    """What the night needs of a drive. Every method raises `TargetError` where the drive fails."""

    def list(self) -> Listing:
        """All files below the drive's folder, sorted by path; costs pages or folders, never one call a file."""

    def read(self, entry: FileEntry) -> bytes:
        """The file's bytes, the same before and after reading: a file that changes meanwhile is read again."""

    def check(self, language: str = "fr") -> str:
        """One sentence that proves access."""


def is_temporary(name: str) -> bool:
    """Lock files of Word and LibreOffice, downloads under way, and what systems leave behind."""
    folded = name.casefold()
    return (
        folded.startswith(("~$", ".~lock.", "._"))
        or folded.endswith((".tmp", ".temp", ".part", ".partial", ".crdownload", "~"))
        or folded in ("thumbs.db", ".ds_store", "desktop.ini")
    )


def shown(path: str) -> str:
    """A path as people may see it: NFC, no control, direction or unpaired surrogate characters, at most 1000 long."""
    clean = "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in path)
    parts = [_shortened(part, LONGEST_NAME) for part in unicodedata.normalize("NFC", clean).split("/")]
    whole = "/".join(parts)
    return whole if len(whole) <= LONGEST_PATH else f"…/{parts[-1]}"


def shown_name(name: str) -> str:
    """One file name as people may see it; a slash in it (Google Drive allows that) is no folder."""
    return shown(name.replace("/", "∕"))


def _shortened(name: str, longest: int) -> str:
    if len(name) <= longest:
        return name
    suffix = PurePosixPath(name).suffix[-20:]
    return name[: longest - len(suffix) - 1] + "…" + suffix


def id_of_path(path: str) -> str:
    """A relative path as native id: itself, or its quoted bytes where it is no Unicode (`path_of_id` undoes it)."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return _RAW + quote(path.encode(errors="surrogatepass"))
    return _RAW + quote(path) if path.startswith(_RAW) else path


def path_of_id(native_id: str) -> str:
    """The inverse of `id_of_path`."""
    return (
        unquote_to_bytes(native_id[len(_RAW) :]).decode(errors="surrogatepass")
        if native_id.startswith(_RAW)
        else native_id
    )
