"""Collect: files and versions of one drive, documents by their bytes, originals into the store."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from suivi import drives
from suivi.drives import Changes, DriveFiles, FileEntry
from suivi.errors import TargetError
from suivi.ledger import archive
from suivi.ledger.tables import FileRow
from suivi.models import Issue
from suivi.reference import HOUSE
from suivi.settings import Drive
from suivi.steps.context import Done, Run


def collect(run: Run, drive: Drive) -> Done:
    """List the drive, fetch what is new or changed, remember what is missing. `TargetError` where it is down."""
    secret = run.secret(drive.connection) if drive.connection else None
    files = drives.open_drive(drive, secret, HOUSE)
    listing = files.list()
    with run.ledger.read() as session:
        rows = {row.native_id: row for row in archive.files(session, run.cluster.cluster, drive.name)}
    known = [_entry(row) for row in rows.values() if not row.missing_since]
    drop = float(run.cluster.limits.get("listing_drop", 0.3))
    changes = drives.compare(known, listing, drop, run.accept_changes)
    if changes.refused:
        issue = Issue("listing_refused", document=drive.name, value=drive.name, detail=changes.refused)
        return Done(
            run.say(
                f"Drive « {drive.name} » : liste refusée ({changes.refused}) ; rien n'est changé.",
                f"Drive '{drive.name}': listing refused ({changes.refused}); nothing is changed.",
            ),
            {"seen": len(known)},
            (issue,),
        )
    return _apply(run, drive, files, changes, rows, listing.unreadable)


def _apply(
    run: Run, drive: Drive, files: DriveFiles, changes: Changes, rows: dict[str, FileRow], unreadable: tuple[str, ...]
) -> Done:
    issues = [Issue(entry.skip, document=entry.path, value=entry.name) for entry in changes.skipped]
    issues += [Issue("folder_unreadable", document=folder, value=folder) for folder in unreadable]
    moved = {new.native_id: old for old, new in changes.moved}
    counts = {"new": 0, "changed": 0, "unchanged": len(changes.unchanged), "missing": 0, "failed": 0}
    for entry in changes.to_read:
        try:
            data = files.read(entry)
        except TargetError as error:
            counts["failed"] += 1
            issues.append(Issue("file_unreadable_on_drive", document=entry.path, detail=str(error)))
            continue
        counts[_keep(run, drive, entry, data, moved)] += 1
    _remember(run, drive, changes, moved)
    for entry in changes.missing:
        issues.append(Issue("file_missing", document=entry.path, value=entry.name))
    counts["missing"] = len(changes.missing) + sum(
        1 for row in rows.values() if row.missing_since and row.native_id not in {e.native_id for e in changes.to_read}
    )
    seen = sum(map(len, (changes.new, changes.changed, changes.unchanged, changes.moved)))
    return Done(
        run.say(
            f"Drive « {drive.name} » : {seen} fichiers vus, {counts['new']} nouveaux, {counts['changed']} modifiés, "
            f"{counts['missing']} manquants.",
            f"Drive '{drive.name}': {seen} files seen, {counts['new']} new, {counts['changed']} changed, "
            f"{counts['missing']} missing.",
        ),
        {"seen": seen} | counts,
        tuple(issues),
    )


def _keep(run: Run, drive: Drive, entry: FileEntry, data: bytes, moved: dict[str, FileEntry]) -> str:
    """Bytes into the store, then one short transaction for the file; tells whether it was new or changed."""
    digest = hashlib.sha256(data).hexdigest()
    document = f"{entry.native_id}@{entry.revision}" if entry.revision else digest
    with run.ledger.read() as session:
        if archive.tombstoned(session, run.cluster.cluster, "document", document):
            return "unchanged"  # taken back: not even its path, which may name somebody, is remembered
    store_key = run.store.put(data)
    with run.ledger.write() as session:
        archive.add_document(session, run.night, document, entry.name, len(data), store_key)
        row = _row(run, drive, entry, session, moved)
        before = row.document
        archive.link(session, row, document, run.night)
    if before is None:
        return "new"
    return "unchanged" if before == document else "changed"


def _row(run: Run, drive: Drive, entry: FileEntry, session: Session, moved: dict[str, FileEntry]) -> FileRow:
    """The file's row with what the listing says now; a moved file keeps its row."""
    before = moved.get(entry.native_id)
    ids = [entry.native_id, *([before.native_id] if before else [])]
    found = (archive.file(session, run.cluster.cluster, drive.name, native_id) for native_id in ids)
    row = next((known for known in found if known), None)
    day = run.night.day.isoformat()
    row = row or FileRow(cluster=run.cluster.cluster, drive=drive.name, first_seen=day)
    row.native_id, row.path, row.name = entry.native_id, entry.path, entry.name
    row.size, row.version, row.url = entry.size, entry.version, entry.url
    row.modified = entry.modified.isoformat() if entry.modified else None
    row.last_seen, row.missing_since = day, None
    return row


def _remember(run: Run, drive: Drive, changes: Changes, moved: dict[str, FileEntry]) -> None:
    """One transaction for everything that needed no bytes: seen again, renamed, missing."""
    day = run.night.day
    renamed = {new.native_id: new for old, new in changes.moved if old.native_id == new.native_id}
    stayed = {entry.native_id for entry in changes.unchanged}
    gone = {entry.native_id for entry in changes.missing}
    with run.ledger.write() as session:
        for row in archive.files(session, run.cluster.cluster, drive.name):
            if row.native_id in renamed:
                _row(run, drive, renamed[row.native_id], session, moved)
            elif row.native_id in stayed:
                row.last_seen = day.isoformat()
            elif row.native_id in gone:
                archive.mark_missing(session, row, day)


def _entry(row: FileRow) -> FileEntry:
    return FileEntry(row.native_id, row.path, row.name, row.size, None, row.version, row.url)
