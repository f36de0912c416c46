"""What the pages show, read from the ledger in short reads; lists come in pages of `PAGE`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import String, func, or_, select

from suivi import clusters
from suivi.errors import SuiviError
from suivi.ledger import Ledger, desk, nights
from suivi.ledger.nights import Night
from suivi.ledger.tables import DocumentRow, FileRow, IssueRow, MinutesRow, NightRow, StepRow
from suivi.models import Decision, Minutes, minutes_from_json
from suivi.settings import Cluster, Settings

PAGE = 50
_ROAD = ("pull_edits", "collect", "read", "register", "validate", "publish_sheets", "publish_ors", "report")


@dataclass(frozen=True, slots=True)
class Line:
    """A document in the list."""

    document: str
    path: str
    drive: str
    state: str
    missing_since: str | None
    date: str | None
    title: str | None
    actions: int
    held: int
    issues: int


@cache
def settings() -> Settings:
    return Settings.from_environment()


@cache
def ledger() -> Ledger:
    return Ledger(settings().db)


def known_clusters() -> list[tuple[str, Cluster | None, str]]:
    """(code, cluster or None, what is wrong with its file)."""
    found: list[tuple[str, Cluster | None, str]] = []
    for name in clusters.names(settings().clusters):
        try:
            found.append((name, clusters.load(name, settings().clusters), ""))
        except SuiviError as error:
            found.append((name, None, str(error)))
    return found


def recent(cluster: str, limit: int) -> list[NightRow]:
    with ledger().read() as session:
        return list(nights.recent(session, cluster, limit))


def night_of_run(cluster: str, run_id: str) -> NightRow | None:
    with ledger().read() as session:
        return session.scalar(select(NightRow).where(NightRow.cluster == cluster, NightRow.run_id == run_id))


def steps(night: NightRow) -> list[StepRow]:
    """What each step did, in the order of the road."""
    with ledger().read() as session:
        found = session.scalars(select(StepRow).where(StepRow.night == night.id)).all()
    return sorted(found, key=lambda step: (_ROAD.index(step.step) if step.step in _ROAD else len(_ROAD), step.part))


def documents(cluster: str, search: str, page: int) -> tuple[list[Line], int]:
    """One page of the cluster's documents, the newest file first, and how many there are in all.

    What was understood (kilobytes a document) is read of the shown ones only; a search looks through all of it.
    """
    mine = select(FileRow.id).where(FileRow.cluster == cluster, FileRow.document.is_not(None))
    if search:
        pattern = f"%{search.replace('%', '').replace('_', ' ')}%"
        said = select(MinutesRow.document).where(MinutesRow.payload.cast(String).ilike(pattern))
        mine = mine.where(or_(FileRow.path.ilike(pattern), FileRow.document.in_(said)))
    with ledger().read() as session:
        total = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
        ids = list(
            session.scalars(mine.order_by(FileRow.modified.desc(), FileRow.id.desc()).limit(PAGE).offset(page * PAGE))
        )
        query = (
            select(FileRow, MinutesRow)
            .outerjoin(MinutesRow, MinutesRow.document == FileRow.document)
            .where(FileRow.id.in_(ids))
            .order_by(MinutesRow.version)
        )
        newest = {file.id: (file, minutes) for file, minutes in session.execute(query)}
        return [_line(*newest[one]) for one in ids], total


def _line(file: FileRow, minutes: MinutesRow | None) -> Line:
    payload = (minutes.payload if minutes else None) or {}
    meeting, actions = payload.get("meeting") or {}, payload.get("actions") or []
    return Line(
        document=file.document or "",
        path=file.path,
        drive=file.drive,
        state=minutes.state if minutes else "waiting",
        missing_since=file.missing_since,
        date=meeting.get("date"),
        title=meeting.get("title"),
        actions=len(actions),
        held=sum(bool(action.get("held")) for action in actions),
        issues=len(payload.get("issues") or []),
    )


def document(cluster: str, document_id: str) -> tuple[FileRow, DocumentRow, Minutes | None] | None:
    """A document of the cluster with what was understood from it; None where the cluster has no such document."""
    with ledger().read() as session:
        file = session.scalar(
            select(FileRow).where(FileRow.cluster == cluster, FileRow.document == document_id).limit(1)
        )
        kept = session.get(DocumentRow, document_id)
        if file is None or kept is None:
            return None
        row = session.scalar(
            select(MinutesRow).where(MinutesRow.document == document_id).order_by(MinutesRow.version.desc()).limit(1)
        )
        return (
            file,
            kept,
            minutes_from_json(row.payload) if row and row.payload and "is_minutes" in row.payload else None,
        )


def queue(cluster: str) -> tuple[Night | None, list[dict[str, Any]]]:
    """The held queue of the newest finished night, with what was decided since, whichever desk it came from."""
    with ledger().read() as session:
        night = nights.find_night(session, cluster)
        entries = nights.snapshot(session, night, "queue") if night else []
        decided = {d.held_id: d for d in desk.decisions_of(session, cluster)}
    return night, [{**entry, "decision": decided.get(entry["held_id"])} for entry in entries]


def decide(cluster: str, decision: Decision) -> None:
    """Keep a decision in the one record of decisions; the next night applies it."""
    with ledger().write() as session:
        desk.add_decisions(session, cluster, (decision,))


def redactions(cluster: str) -> list[dict[str, Any]]:
    """What was taken back: day, state, sentence with what is out of reach, newest first."""
    query = (
        select(NightRow.day, NightRow.run_id, StepRow.state, StepRow.sentence)
        .join(StepRow, StepRow.night == NightRow.id)
        .where(NightRow.cluster == cluster, StepRow.step == "redact")
        .order_by(NightRow.id.desc())
    )
    with ledger().read() as session:
        return [dict(row) for row in session.execute(query.limit(PAGE)).mappings()]


def start_redaction(cluster: str, what: str, reason: str, user: str) -> str | None:
    """Trigger the DAG `redact` for this person; the run's id, None where the DAG is paused or missing."""
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.models.dag import DagModel
    from airflow.utils.types import DagRunTriggeredByType

    model = DagModel.get_current("redact")
    if model is None or model.is_paused or model.is_stale:
        return None
    run = trigger_dag(
        "redact",
        triggered_by=DagRunTriggeredByType.UI,
        triggering_user_name=user,
        conf={"cluster": cluster, "what": what, "reason": reason},
    )
    return str(run.run_id) if run else None


def issues(cluster: str) -> int:
    """How many there were in the newest finished night."""
    with ledger().read() as session:
        night = nights.find_night(session, cluster)
        count = select(func.count()).select_from(IssueRow).where(IssueRow.night == night.id) if night else None
        return (session.scalar(count) or 0) if count is not None else 0


def names(cluster: str, documents: Collection[str]) -> dict[str, str]:
    """Document → the path that people know it by."""
    query = select(FileRow.document, FileRow.path).where(FileRow.cluster == cluster, FileRow.document.in_(documents))
    with ledger().read() as session:
        return {document: path for document, path in session.execute(query) if document}


def issue_rows(cluster: str, page: int) -> tuple[list[dict[str, Any]], int]:
    """One page of the newest finished night's issues, and how many there are in all."""
    total = issues(cluster)
    with ledger().read() as session:
        night = nights.find_night(session, cluster)
        if night is None:
            return [], 0
        query = select(IssueRow.payload).where(IssueRow.night == night.id).order_by(IssueRow.type, IssueRow.id)
        return list(session.scalars(query.limit(PAGE).offset(page * PAGE))), total
