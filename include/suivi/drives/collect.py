"""What a listing changes: a pure comparison of the files known with the files seen (DESIGN, Conduct of a night)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from suivi.drives.entry import FileEntry, Listing


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between two nights of one drive.

    `moved` pairs the known file with where it is now. On a drive with ids that is certain; on one without, it says that
    one file vanished and one with the same version and size appeared elsewhere, so its bytes are read all the same.
    A `refused` listing changes nothing: all else is empty and `refused` says why, for an issue.
    """

    new: tuple[FileEntry, ...] = ()
    changed: tuple[FileEntry, ...] = ()
    unchanged: tuple[FileEntry, ...] = ()
    moved: tuple[tuple[FileEntry, FileEntry], ...] = ()
    missing: tuple[FileEntry, ...] = ()
    skipped: tuple[FileEntry, ...] = ()
    refused: str = ""

    @property
    def to_read(self) -> tuple[FileEntry, ...]:
        """Entries whose bytes must be fetched tonight."""
        elsewhere = (now for known, now in self.moved if known.native_id != now.native_id)
        return (*self.new, *self.changed, *elsewhere)


def compare(
    known: Iterable[FileEntry], listing: Listing | Iterable[FileEntry], drop: float = 0.3, accept: bool = False
) -> Changes:
    """Changes from the files `known` (present the night before) to `listing`.

    An empty listing, or one smaller by more than the share `drop`, is refused unless somebody said to `accept` it.
    Files below a folder that would not open are neither missing nor counted. Files to skip come back as `skipped`.
    """
    unreadable = listing.unreadable if isinstance(listing, Listing) else ()
    before = {entry.native_id: entry for entry in known if not entry.skip}
    seen = {entry.native_id: entry for entry in listing}
    now = {native_id: entry for native_id, entry in seen.items() if not entry.skip}
    covered = {i: e for i, e in before.items() if not _below(e.path, unreadable)}
    if not accept and (reason := _refusal(len(covered), len(now), drop)):
        return Changes(refused=reason)
    gone = [entry for native_id, entry in covered.items() if native_id not in seen]
    fresh = [entry for native_id, entry in now.items() if native_id not in before]
    pairs = _moves(gone, fresh)
    away = {known.native_id for known, _ in pairs}
    arrived = {entry.native_id for _, entry in pairs}
    stayed = [(before[native_id], entry) for native_id, entry in now.items() if native_id in before]
    same = [(old, new) for old, new in stayed if old.version is not None and old.version == new.version]
    return Changes(
        new=tuple(entry for entry in fresh if entry.native_id not in arrived),
        changed=tuple(new for old, new in stayed if old.version is None or old.version != new.version),
        unchanged=tuple(new for old, new in same if old.path == new.path),
        moved=(*((old, new) for old, new in same if old.path != new.path), *pairs),
        missing=tuple(entry for entry in gone if entry.native_id not in away),
        skipped=tuple(entry for entry in seen.values() if entry.skip),
    )


def _below(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)


def _refusal(known: int, seen: int, drop: float) -> str:
    if known and not seen:
        return f"the listing is empty where {known} files were known"
    return f"the listing shows {seen} files where {known} were known" if seen < (1 - drop) * known else ""


def _moves(gone: list[FileEntry], fresh: list[FileEntry]) -> list[tuple[FileEntry, FileEntry]]:
    """Vanished files with the one new file of the same version and size; nothing where two could be meant."""
    once_gone = Counter((e.version, e.size) for e in gone)
    once_fresh = Counter((e.version, e.size) for e in fresh)
    by_version = {(e.version, e.size): e for e in fresh}
    return [
        (entry, by_version[key])
        for entry in gone
        if (key := (entry.version, entry.size))[0] is not None and once_gone[key] == once_fresh[key] == 1
    ]
