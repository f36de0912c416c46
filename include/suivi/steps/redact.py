"""Redact: take a document or a row back from everywhere we reach, and say what we do not reach.

Store, ledger, both spreadsheets, the ORS with its history, Data Docs. A tombstone keeps it from coming back.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from suivi.errors import ConfigurationError
from suivi.ledger import archive, desk, nights, publications, purge
from suivi.ledger.tables import DocumentRow, FileRow
from suivi.models import minutes_from_json, to_json
from suivi.publish.ors import redact as redact_there
from suivi.publish.sheets import connect, erase
from suivi.redaction import digest, without
from suivi.registers.inputs import identity_from_json
from suivi.schema import REGISTERS
from suivi.steps import targets
from suivi.steps.context import Done, Run

Records = dict[str, set[str]]  # register → record ids


@dataclass(frozen=True, slots=True)
class Found:
    """What is to go: at most one document, and the records that only it speaks of (or the one row)."""

    document: str | None
    records: Records


def redact(run: Run, what: str, reason: str) -> Done:
    """`what`: a document's hash (or eight characters of it), its path, a record id or a short number.

    `ConfigurationError` where nothing or more than one thing has that name.
    """
    with run.ledger.read() as session:
        found = _find(run, session, what)
        published = publications.published(session, run.cluster.cluster, "ors")
        stamp = nights.stamp(session)
    ids = {i for records in found.records.values() for i in records}
    sheet = targets.sheets(run)
    erased = erase(connect(sheet.endpoint, sheet.secret, ledger=stamp), run.cluster, ids)
    ors = targets.ors(run)
    for register, records in found.records.items():
        for record in sorted(records & set(published.get(register, {}))):
            redact_there(ors.endpoint, ors.secret or "", register, record, reason)
    key = None
    with run.ledger.write() as session:
        if not found.document:
            _forget_passages(run, session, ids)
        if found.document:
            key = purge.document(session, run.cluster.cluster, found.document, run.night.day)
        for record in ids:
            purge.bury(session, run.cluster.cluster, "record", record, run.night.day)
        purge.records(session, run.cluster.cluster, ids)
        purge.snapshots(session, run.cluster.cluster)
    if key:
        run.store.delete(key)
    shutil.rmtree(run.settings.var / "data_docs" / run.cluster.cluster, ignore_errors=True)
    counts = {"documents": int(bool(found.document)), "records": len(ids), "sheet_rows": erased}
    return Done(
        run.say(
            f"Retiré : {counts['documents']} document, {counts['records']} lignes, {erased} lignes des feuilles. "
            "Hors de "
            "portée : l'historique des versions de Google Sheets, le drive d'origine (et, pour une ligne, le document "
            "d'où elle vient : `suivi redact` sur lui l'efface aussi), les sauvegardes, les exports et "
            "courriels déjà partis.",
            f"Taken back: {counts['documents']} document, {counts['records']} rows, {erased} sheet rows. Out of reach: "
            "Google's version history of the sheets, the drive itself (and, for a row, the document it stands in: "
            "redact that too), backups, exports and mails already sent.",
        ),
        counts,
    )


def _forget_passages(run: Run, session: Session, ids: set[str]) -> None:
    """The passages of single rows leave the minutes, and a tombstone keeps them from being extracted again."""
    last = nights.find_night(session, run.cluster.cluster)
    rows = [row for name in REGISTERS for row in nights.snapshot(session, last, name)] if last else []
    events = nights.snapshot(session, last, "events") if last else []
    quotes = {row.get("quote") for row in rows if row["record_id"] in ids}
    quotes |= {event.get("quote") for event in events if event["record_id"] in ids}
    digests = {digest(quote) for quote in quotes if quote}
    for one in sorted(digests):
        purge.bury(session, run.cluster.cluster, "passage", one, run.night.day)
    for row in archive.minutes_rows(session, run.cluster.cluster):
        kept = without(minutes_from_json(row.payload or {}), digests)
        row.payload = to_json(kept)


def _find(run: Run, session: Session, what: str) -> Found:
    files = session.scalars(select(FileRow).where(FileRow.cluster == run.cluster.cluster)).all()
    documents: set[str] = {
        f.document
        for f in files
        if f.document and (f.path == what or f.document == what or (len(what) >= 8 and f.document.startswith(what)))
    }
    if not documents and session.get(DocumentRow, what) is not None:
        documents = {what}
    if len(documents) > 1:
        raise ConfigurationError(f"'{what}' names {len(documents)} documents. Give the whole hash or the path.")
    if documents:
        document = documents.pop()
        return Found(document, _records_of(run, session, document))
    records = _records_named(run, session, what)
    if not records:
        raise ConfigurationError(f"Cluster '{run.cluster.cluster}' has no document, row or number '{what}'.")
    return Found(None, records)


def _records_of(run: Run, session: Session, document: str) -> Records:
    """Records of the last night whose wording comes from this document, or that only it speaks of."""
    last = nights.find_night(session, run.cluster.cluster)
    if last is None:
        return {}
    events = nights.snapshot(session, last, "events")
    elsewhere = {e["record_id"] for e in events if e["document"] and e["document"] != document}
    mine = {e["record_id"] for e in events if e["document"] == document} - elsewhere
    paths = {f"{f.drive}/{f.path}" for f in session.scalars(select(FileRow).where(FileRow.document == document))}
    found: Records = {"actions": mine}
    for register in REGISTERS:
        for row in nights.snapshot(session, last, register):
            if any(str(row.get("source") or "").startswith(path) for path in paths):
                found.setdefault(register, set()).add(row["record_id"])
    return {register: ids for register, ids in found.items() if ids}


def _records_named(run: Run, session: Session, what: str) -> Records:
    lines = [identity_from_json(line) for line in desk.identities_of(session, run.cluster.cluster)]
    return {
        line.register: {line.record_id} for line in lines if what in (line.record_id, line.number) and line.record_id
    }
