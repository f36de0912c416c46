"""Housekeeping of a cluster: backup, retention of originals and personal data, integrity of the store."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from suivi.errors import SuiviError, TargetError
from suivi.ledger import backup
from suivi.ledger.tables import DocumentRow, FileRow, MinutesRow
from suivi.models import Issue
from suivi.steps.context import Done, Run

KEPT_BACKUPS = 14
_PERSONAL = ("attendees", "chair", "facilitator", "rapporteur")


def back_up(run: Run) -> Done:
    """The whole ledger into `var/backups`; the newest fourteen are kept."""
    folder = run.settings.var / "backups"
    path = folder / f"ledger-{run.night.now:%Y%m%dT%H%M%S}.jsonl.gz"
    rows = sum(backup.dump(run.ledger.engine, path).values())
    for old in sorted(folder.glob("ledger-*.jsonl.gz"))[:-KEPT_BACKUPS]:
        old.unlink()
    return Done(
        run.say(f"Sauvegarde : {rows} lignes dans {path}.", f"Backup: {rows} rows in {path}."),
        {"rows": rows, "file": str(path)},
    )


def retain(run: Run, retention: dict[str, int]) -> Done:
    """Originals older than `originals_days` leave the store; personal data older than `personal_days` the minutes."""
    gone = _drop_originals(run, retention.get("originals_days"))
    bare = _drop_personal(run, retention.get("personal_days"))
    return Done(
        run.say(
            f"Conservation : {gone} originaux et les données personnelles de {bare} comptes rendus effacés.",
            f"Retention: {gone} originals and the personal data of {bare} minutes removed.",
        ),
        {"originals": gone, "personal": bare},
    )


def verify(run: Run) -> Done:
    """Every original is there and whole; `SuiviError` names those that are not."""
    with run.ledger.read() as session:
        kept = session.scalars(
            select(DocumentRow)
            .join(FileRow, FileRow.document == DocumentRow.id)
            .where(FileRow.cluster == run.cluster.cluster, DocumentRow.purged.is_(None))
            .distinct()
        ).all()
    damaged = [row for row in kept if not _whole(run, row.store_key)]
    issues = tuple(Issue("unreadable_store", document=row.id, value=row.name) for row in damaged)
    if damaged:
        raise SuiviError(
            run.say(
                f"{len(damaged)} originaux manquent ou sont abîmés ; "
                "restaurez-les depuis la sauvegarde (runbook : store).",
                f"{len(damaged)} originals are missing or damaged; restore them from the backup (runbook: store).",
            )
        )
    return Done(
        run.say(f"Intégrité : {len(kept)} originaux entiers.", f"Integrity: {len(kept)} originals whole."),
        {"originals": len(kept)},
        issues,
    )


def _whole(run: Run, key: str) -> bool:
    try:
        run.store.get(key)
    except TargetError:
        return False
    return True


def _drop_originals(run: Run, days: int | None) -> int:
    if days is None:
        return 0
    before = _before(run, days)
    with run.ledger.write() as session:
        old = session.scalars(
            select(DocumentRow)
            .join(FileRow, FileRow.document == DocumentRow.id)
            .where(
                FileRow.cluster == run.cluster.cluster,
                DocumentRow.purged.is_(None),
                DocumentRow.first_seen < before.isoformat(),
            )
            .distinct()
        ).all()
        keys = [row.store_key for row in old]
        for row in old:
            row.purged = run.night.day.isoformat()
    for key in keys:
        run.store.delete(key)
    return len(keys)


def _drop_personal(run: Run, days: int | None) -> int:
    if days is None:
        return 0
    before, count = _before(run, days), 0
    with run.ledger.write() as session:
        mine = select(FileRow.document).where(FileRow.cluster == run.cluster.cluster)
        query = select(MinutesRow).where(MinutesRow.document.in_(mine), MinutesRow.payload.is_not(None))
        for row in session.scalars(query).all():
            bare = _without_people(row.payload or {}, before)
            if bare != row.payload:
                row.payload, count = bare, count + 1
    return count


def _without_people(payload: dict[str, Any], before: date) -> dict[str, Any]:
    meeting = payload.get("meeting") or {}
    if (meeting.get("date") or "9999") >= before.isoformat():
        return payload
    values = {name: found for name, found in (meeting.get("values") or {}).items() if name not in _PERSONAL}
    bare = {**meeting, "values": values, "attendees": [], "chair": None, "facilitator": None, "rapporteur": None}
    return {**payload, "meeting": bare, "more": [_without_people(other, before) for other in payload.get("more") or []]}


def _before(run: Run, days: int) -> date:
    return run.night.day - timedelta(days=days)
