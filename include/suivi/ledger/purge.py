"""Take back for good: what the ledger knows of a document or a record, wiped; a tombstone stays.

Every function takes the session of an open transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from suivi.ledger.tables import (
    DeadLetterRow,
    DecisionRow,
    DocumentRow,
    EditRow,
    FileRow,
    IdentityRow,
    IssueRow,
    MinutesRow,
    NightRow,
    OutboxRow,
    PublicationRow,
    SnapshotRow,
    StepRow,
    TombstoneRow,
    VersionRow,
)


def bury(session: Session, cluster: str, kind: str, id: str, day: date) -> None:
    """The tombstone: this document or record never comes back by re-import."""
    if session.get(TombstoneRow, (cluster, kind, id)) is None:
        session.add(TombstoneRow(cluster=cluster, kind=kind, id=id, day=day.isoformat()))


def buried(session: Session, cluster: str, kind: str) -> frozenset[str]:
    query = select(TombstoneRow.id).where(TombstoneRow.cluster == cluster, TombstoneRow.kind == kind)
    return frozenset(session.scalars(query))


def clusters_with(session: Session, document_id: str) -> set[str]:
    """Clusters one of whose files holds, or held, the document."""
    query = select(FileRow.cluster).join(VersionRow, VersionRow.file == FileRow.id)
    return set(session.scalars(query.where(VersionRow.document == document_id).distinct()))


def document(session: Session, cluster: str, document_id: str, day: date) -> None:
    """Wipe a document's minutes, file names and issues; what another cluster has of it stays that cluster's."""
    bury(session, cluster, "document", document_id, day)
    mine = select(FileRow).join(VersionRow, VersionRow.file == FileRow.id)
    mine = mine.where(FileRow.cluster == cluster, VersionRow.document == document_id)
    for file in session.scalars(mine).all():
        session.execute(delete(VersionRow).where(VersionRow.file == file.id))
        session.delete(file)
    session.flush()
    session.execute(delete(IssueRow).where(IssueRow.document == document_id))
    row = session.get(DocumentRow, document_id)
    if row is None or clusters_with(session, document_id):
        return
    row.purged, row.name = day.isoformat(), "—"
    session.execute(
        update(MinutesRow).where(MinutesRow.document == document_id).values(state="not_minutes", payload=None)
    )


def records(session: Session, cluster: str, ids: Collection[str]) -> None:
    """Wipe records wherever the ledger keeps their values: identities, edits, decisions, publications, outbox."""
    edits = session.scalars(select(EditRow).where(EditRow.cluster == cluster)).all()
    decisions = session.scalars(select(DecisionRow).where(DecisionRow.cluster == cluster)).all()
    rows: list[EditRow | DecisionRow] = [*edits, *decisions]
    for row in rows:
        if _names(row.payload, ids):
            session.delete(row)
    for identity in session.scalars(select(IdentityRow).where(IdentityRow.cluster == cluster)).all():
        if identity.payload.get("record_id") in ids:
            session.delete(identity)
    session.execute(
        delete(PublicationRow).where(PublicationRow.cluster == cluster, PublicationRow.record_id.in_(list(ids)))
    )
    for letter in session.scalars(select(DeadLetterRow).where(DeadLetterRow.cluster == cluster)).all():
        if letter.change.get("recordId") in ids:
            session.delete(letter)
    for request in session.scalars(select(OutboxRow).where(OutboxRow.cluster == cluster)).all():
        changes = [c for c in request.body.get("changes", []) if c.get("recordId") not in ids]
        request.body = {**request.body, "changes": changes}


def snapshots(session: Session, cluster: str) -> None:
    """Drop the snapshots and issues of the cluster's nights: the next night makes them anew, without what was wiped."""
    nights = select(NightRow.id).where(NightRow.cluster == cluster)
    session.execute(delete(SnapshotRow).where(SnapshotRow.night.in_(nights)))
    session.execute(delete(IssueRow).where(IssueRow.night.in_(nights)))


def sentences(session: Session, cluster: str, names: Collection[str]) -> None:
    """What steps said and planned goes, except what redactions said; so do failures that name one of the files."""
    nights = session.scalars(select(NightRow).where(NightRow.cluster == cluster)).all()
    mine = StepRow.night.in_([night.id for night in nights])
    session.execute(update(StepRow).where(mine, StepRow.step != "redact").values(sentence=""))
    for step in session.scalars(select(StepRow).where(mine)).all():
        if "plan" in step.counts:
            step.counts = {name: value for name, value in step.counts.items() if name != "plan"}
    for night in nights:
        failures = (night.summary or {}).get("failures", [])
        kept = [sentence for sentence in failures if not any(name in sentence for name in names)]
        if night.summary and kept != failures:
            night.summary = {**night.summary, "failures": kept}


def _names(payload: dict[str, Any], ids: Collection[str]) -> bool:
    return payload.get("record_id") in ids or any(part in ids for part in str(payload.get("held_id", "")).split(":"))
