"""Redact: take a document or a row back from everywhere we reach, and say what we do not reach.

Store, ledger, both spreadsheets, the ORS with its history, Data Docs. A tombstone keeps it from coming back.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from suivi.errors import ConfigurationError
from suivi.ledger import archive, desk, nights, publications, purge
from suivi.ledger.tables import DocumentRow, FileRow, VersionRow
from suivi.models import minutes_from_json, to_json
from suivi.publish.ors import redact as redact_there
from suivi.publish.sheets import connect, erase
from suivi.redaction import digest, out_of_reach, without
from suivi.registers.inputs import Registers, identity_from_json
from suivi.steps import targets
from suivi.steps.context import Done, Run
from suivi.steps.register import build_now

Records = dict[str, set[str]]  # register → record ids


class NotOneError(ConfigurationError):
    """Nothing, or more than one thing, has the name that was given."""

    runbook = "redact"


@dataclass(frozen=True, slots=True)
class Found:
    """What is to go: a file with every version of it (or nothing), its records, and its entries of the held queue."""

    documents: frozenset[str]
    paths: frozenset[str]  # as `source` writes them: drive/path
    records: Records
    held: frozenset[str]

    @property
    def ids(self) -> set[str]:
        return {record for records in self.records.values() for record in records}


def redact(run: Run, what: str, reason: str) -> Done:
    """`what`: a document's hash (or eight characters of it), its path, a record id or a short number.

    `ConfigurationError` where nothing or more than one thing has that name, `TargetError` where the sheets or the ORS
    are out of reach: then it is to be repeated, and nothing was forgotten yet.
    """
    with run.ledger.read() as session:
        named = _named(run, session, what)
        published = publications.published(session, run.cluster.cluster, "ors")
        stamp = nights.stamp(session)
        keys, elsewhere = _bytes_of(run, session, named[0])
    built = build_now(run)
    found = _found(run, built, *named, what)
    sheet = targets.sheets(run)
    erased = erase(connect(sheet.endpoint, sheet.secret, ledger=stamp), run.cluster, found.ids | found.held)
    ors = targets.ors(run)
    for register, records in found.records.items():
        for record in sorted(records & set(published.get(register, {}))):
            redact_there(ors.endpoint, ors.secret or "", register, record, reason)
    for key in keys:
        run.store.delete(key)
    _forget(run, built, found)
    shutil.rmtree(run.settings.var / "data_docs" / run.cluster.cluster, ignore_errors=True)
    _forget_last_run(run, found)
    run.ledger.clean()
    counts = {"documents": len(found.documents), "records": len(found.ids), "sheet_rows": erased}
    said = run.say(
        f"Retiré : {counts['documents']} versions de document, {counts['records']} lignes des registres, {erased} "
        "lignes des feuilles. Hors de portée : ",
        f"Taken back: {counts['documents']} versions of a document, {counts['records']} rows of the registers, "
        f"{erased} sheet rows. Out of reach: ",
    )
    return Done(said + " ; ".join(out_of_reach(run.cluster.language, elsewhere)) + ".", counts)


def _bytes_of(run: Run, session: Session, documents: Collection[str]) -> tuple[list[str], set[str]]:
    """Keys of the originals that only this cluster has, and the other clusters that have one of the documents."""
    keys, elsewhere = [], set()
    for document in documents:
        others = purge.clusters_with(session, document) - {run.cluster.cluster}
        kept = session.get(DocumentRow, document)
        if kept and not kept.purged and not others:
            keys.append(kept.store_key)
        elsewhere |= others
    return keys, elsewhere


def _forget(run: Run, built: Registers, found: Found) -> None:
    """The ledger's part, in one transaction."""
    cluster, day = run.cluster.cluster, run.night.day
    with run.ledger.write() as session:
        names = {path.rpartition("/")[2] for path in found.paths}
        if not found.documents:
            _forget_passages(run, session, _quotes(built, found.ids))
        for document in sorted(found.documents):
            purge.document(session, cluster, document, day)
        for record in sorted(found.ids):
            purge.bury(session, cluster, "record", record, day)
        purge.records(session, cluster, found.ids | found.held)
        purge.snapshots(session, cluster)
        purge.sentences(session, cluster, names)


def _forget_last_run(run: Run, found: Found) -> None:
    """The summary of the last night holds counts; its failures may name a file."""
    path = run.settings.var / "last_run.json"
    if path.is_file() and any(name.rpartition("/")[2] in path.read_text(encoding="utf-8") for name in found.paths):
        path.unlink()


def _quotes(built: Registers, ids: set[str]) -> set[str]:
    """The passages that these records were taken from, at any meeting."""
    quotes = {event.quote for event in built.events if event.record_id in ids}
    for frame in built.frames.values():
        if "quote" in frame:
            quotes |= set(frame.loc[frame["record_id"].isin(ids), "quote"].dropna())
    return {quote for quote in quotes if quote}


def _forget_passages(run: Run, session: Session, quotes: set[str]) -> None:
    """The passages of single rows leave the minutes, and a tombstone keeps them from being extracted again."""
    digests = {digest(quote) for quote in quotes}
    for one in sorted(digests):
        purge.bury(session, run.cluster.cluster, "passage", one, run.night.day)
    for row in archive.minutes_rows(session, run.cluster.cluster):
        kept = without(minutes_from_json(row.payload or {}), digests)
        row.payload = to_json(kept)


def _named(run: Run, session: Session, what: str) -> tuple[frozenset[str], frozenset[str]]:
    """Documents and paths of the file that has this path, or holds (or held) this document."""
    mine = session.execute(
        select(FileRow, VersionRow.document)
        .outerjoin(VersionRow, VersionRow.file == FileRow.id)
        .where(FileRow.cluster == run.cluster.cluster)
    ).all()
    named = {
        file.id
        for file, document in mine
        if what == file.path or (document and (document == what or (len(what) >= 8 and document.startswith(what))))
    }
    documents = frozenset(document for file, document in mine if file.id in named and document)
    if not documents and session.get(DocumentRow, what) is not None:
        documents = frozenset({what})
    paths = frozenset(f"{file.drive}/{file.path}" for file, _ in mine if file.id in named)
    if len({file.document for file, _ in mine if file.id in named}) > 1:
        raise NotOneError(f"'{what}' names {len(paths)} documents. Give the whole hash or the path.")
    return documents, paths


def _found(run: Run, built: Registers, documents: frozenset[str], paths: frozenset[str], what: str) -> Found:
    """Everything that the registers of this moment take from the documents; else the row of that name."""
    if not documents:
        return Found(documents, paths, _records_named(run, what), frozenset())
    elsewhere = {event.record_id for event in built.events if event.document and event.document not in documents}
    mine = {event.record_id for event in built.events if event.document in documents}
    found: Records = {"actions": mine - elsewhere}
    for register, frame in built.frames.items():
        from_here = [_from(source, paths) for source in frame["source"]]
        found.setdefault(register, set()).update(frame.loc[from_here, "record_id"])
    held = {entry.held_id for entry in built.held if entry.document in documents or _from(entry.source, paths)}
    with run.ledger.read() as session:
        last = nights.find_night(session, run.cluster.cluster)
        queue = nights.snapshot(session, last, "queue") if last else []
    held |= {entry["held_id"] for entry in queue if _from(entry.get("source"), paths)}
    return Found(documents, paths, {register: ids for register, ids in found.items() if ids}, frozenset(held))


def _from(source: object, paths: frozenset[str]) -> bool:
    """Whether a row's source, or one of several, is a place in one of these files."""
    parts = str(source or "").split(" ; ")
    return any(part == path or part.startswith((f"{path},", f"{path} ")) for part in parts for path in paths)


def _records_named(run: Run, what: str) -> Records:
    """The row with this id or short number. `ConfigurationError` where there is none."""
    with run.ledger.read() as session:
        lines = [identity_from_json(line) for line in desk.identities_of(session, run.cluster.cluster)]
    found = {line.register: {line.record_id} for line in lines if what in (line.record_id, line.number)}
    if not found:
        raise NotOneError(f"Cluster '{run.cluster.cluster}' has no document, row or number '{what}'.")
    return found
