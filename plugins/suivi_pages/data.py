"""What the pages show, read from the ledger in short reads; lists come in pages of `PAGE`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import String, func, or_, select

from suivi import clusters
from suivi.errors import SuiviError
from suivi.ledger import Ledger, archive, desk, nights
from suivi.ledger.nights import Night
from suivi.ledger.tables import DocumentRow, FileRow, MinutesRow, NightRow, StepRow
from suivi.models import Decision, Minutes, minutes_from_json
from suivi.settings import Cluster, Settings

PAGE = 50


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
    with ledger().read() as session:
        return list(session.scalars(select(StepRow).where(StepRow.night == night.id)))


def documents(cluster: str, search: str, page: int) -> tuple[list[Line], int]:
    """One page of the cluster's documents, newest meeting first, and how many there are in all."""
    newest = select(MinutesRow.document, func.max(MinutesRow.version).label("version")).group_by(MinutesRow.document)
    newest_version = newest.subquery()
    query = (
        select(FileRow, MinutesRow)
        .join(DocumentRow, DocumentRow.id == FileRow.document)
        .outerjoin(newest_version, newest_version.c.document == DocumentRow.id)
        .outerjoin(
            MinutesRow,
            (MinutesRow.document == DocumentRow.id) & (MinutesRow.version == newest_version.c.version),
        )
        .where(FileRow.cluster == cluster)
    )
    if search:
        pattern = f"%{search.replace('%', '').replace('_', ' ')}%"
        query = query.where(or_(FileRow.path.ilike(pattern), MinutesRow.payload.cast(String).ilike(pattern)))
    with ledger().read() as session:
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = session.execute(
            query.order_by(FileRow.modified.desc(), FileRow.id.desc()).limit(PAGE).offset(page * PAGE)
        )
        return [_line(file, minutes) for file, minutes in rows], total


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


def issues(cluster: str) -> Counter[str]:
    with ledger().read() as session:
        night = nights.find_night(session, cluster)
        return Counter(issue["type"] for issue in nights.issues(session, night)) if night else Counter()


def names(cluster: str) -> dict[str, str]:
    """Document → the path that people know it by."""
    with ledger().read() as session:
        return archive.paths(session, cluster)


def issue_rows(cluster: str) -> list[dict[str, Any]]:
    with ledger().read() as session:
        night = nights.find_night(session, cluster)
        return nights.issues(session, night) if night else []
