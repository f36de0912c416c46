"""Housekeeping: backups of ledger and ORS, retention of originals and personal data, integrity of ledger and store."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from suivi.errors import SuiviError, TargetError
from suivi.ledger import Ledger, backup
from suivi.ledger.tables import DocumentRow, FileRow, MinutesRow, VersionRow
from suivi.models import Issue
from suivi.settings import Settings
from suivi.steps.context import Done, Run
from suivi.store import Store

KEPT_BACKUPS = 14
_PERSONAL = ("attendees", "chair", "facilitator", "rapporteur")


def back_up(settings: Settings, now: datetime) -> str:
    """The whole ledger into `backups`; says what it wrote. The newest fourteen are kept."""
    path = _backup(settings, "ledger", now)
    rows = sum(backup.dump(Ledger(settings.db).engine, path).values())
    _rotate(path, "ledger")
    return f"Registre sauvegardé : {rows} lignes dans {path}. / Ledger backed up: {rows} rows."


def back_up_ors(settings: Settings, url: str, now: datetime) -> str:
    """The database of the ORS by its own command, beside the ledger's; `TargetError` where it fails."""
    path = _backup(settings, "ors", now)
    command = [sys.executable, "-m", "ors", "backup", str(path)]
    done = subprocess.run(command, env={**os.environ, "ORS_DB": url}, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().rpartition("\n")[2].replace(url, "…")
        raise TargetError(f"L'ORS n'a pas pu être sauvegardé. / The ORS could not be backed up. {reason}")
    _rotate(path, "ors")
    return f"ORS sauvegardé / backed up: {done.stdout.strip()}"


def _backup(settings: Settings, what: str, now: datetime) -> Path:
    return settings.var / "backups" / f"{what}-{now:%Y%m%dT%H%M%S}.jsonl.gz"


def _rotate(newest: Path, what: str) -> None:
    for old in sorted(newest.parent.glob(f"{what}-*.jsonl.gz"))[:-KEPT_BACKUPS]:
        old.unlink()


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


def find_orphans(settings: Settings) -> str:
    """What belongs to nothing, in ledger and store: said, and originals that were redacted are removed.

    Other originals without a document stay: after a restore from an older backup they are all there is.
    `SuiviError` where the ledger's own file is damaged.
    """
    ledger, store = Ledger(settings.db), Store(settings.store)
    if damage := ledger.damage():
        raise SuiviError(f"La base du registre est abîmée ({damage}). / The ledger's database is damaged.")
    with ledger.read() as session:
        kept = set(session.scalars(select(DocumentRow.store_key).where(DocumentRow.purged.is_(None))))
        gone = set(session.scalars(select(DocumentRow.store_key).where(DocumentRow.purged.is_not(None))))
        held = select(VersionRow.document).union(select(FileRow.document).where(FileRow.document.is_not(None)))
        loose = session.scalars(
            select(DocumentRow.id).where(DocumentRow.purged.is_(None), DocumentRow.id.not_in(held))
        ).all()
    keys = set(store.keys())
    for key in keys & (gone - kept):
        store.delete(key)
    strange = len(keys - kept - gone)
    back = len(keys & (gone - kept))
    return (
        f"Intégrité : {len(keys & kept)} originaux connus, {strange} sans document, {len(loose)} documents sans "
        f"fichier, {back} originaux retirés effacés. / Integrity: {len(keys & kept)} originals known, {strange} "
        f"without document, {len(loose)} documents without file, {back} redacted originals removed."
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
