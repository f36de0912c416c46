"""Nights, their steps, issues and snapshots. Every function takes the session of an open transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from suivi.ledger.tables import IssueRow, NightRow, SnapshotRow, Stamp, StepRow, TargetRow
from suivi.models import Issue, to_json

KEPT_NIGHTS = 3  # snapshots of older nights are dropped: they can be rebuilt


@dataclass(frozen=True, slots=True)
class Night:
    """One numbered run for one cluster. `day` and `now` in the cluster's zone."""

    id: int
    cluster: str
    number: int
    run_id: str
    now: datetime
    finished: bool

    @property
    def day(self) -> date:
        return self.now.date()


def stamp(session: Session) -> str:
    """The ledger's own id, made once."""
    row = session.scalar(select(Stamp))
    if row is None:
        row = Stamp(id=str(uuid4()))
        session.add(row)
        session.flush()
    return row.id


def open_night(session: Session, cluster: str, run_id: str, now: datetime, kind: str = "night") -> Night:
    """The night of this run: the same one however often it is asked for (retries, clears)."""
    row = session.scalar(select(NightRow).where(NightRow.cluster == cluster, NightRow.run_id == run_id))
    if row is None:
        last = session.scalar(select(func.max(NightRow.number)).where(NightRow.cluster == cluster)) or 0
        row = NightRow(
            cluster=cluster,
            number=last + 1,
            run_id=run_id,
            kind=kind,
            day=now.date().isoformat(),
            now=now.isoformat(),
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
            state="running" if kind == "night" else "done",
        )
        session.add(row)
        session.flush()
    return _night(row)


def find_night(session: Session, cluster: str, number: int | None = None) -> Night | None:
    """A night by number, or the newest finished one."""
    query = select(NightRow).where(NightRow.cluster == cluster)
    query = query.where(NightRow.number == number) if number else query.where(NightRow.summary.is_not(None))
    row = session.scalar(query.order_by(NightRow.number.desc()).limit(1))
    return _night(row) if row else None


def _night(row: NightRow) -> Night:
    return Night(row.id, row.cluster, row.number, row.run_id, datetime.fromisoformat(row.now), row.state != "running")


def finish(session: Session, night: Night, state: str, summary: dict[str, Any]) -> None:
    row = session.get_one(NightRow, night.id)
    row.state, row.summary = state, summary
    row.finished_at = datetime.now(UTC).isoformat(timespec="seconds")


def recent(session: Session, cluster: str, limit: int = 30) -> Sequence[NightRow]:
    """The newest nights first."""
    query = select(NightRow).where(NightRow.cluster == cluster, NightRow.kind == "night")
    query = query.order_by(NightRow.number.desc()).limit(limit)
    return session.scalars(query).all()


def record_step(
    session: Session,
    night: Night,
    step: str,
    part: str,
    state: str,
    sentence: str,
    counts: dict[str, Any],
    seconds: float,
) -> None:
    """What a step did; a repeat replaces what the earlier try said."""
    row = session.get(StepRow, (night.id, step, part)) or StepRow(night=night.id, step=step, part=part)
    row.state, row.sentence, row.counts, row.seconds = state, sentence, counts, round(seconds, 3)
    session.add(row)


def steps(session: Session, night: Night) -> Sequence[StepRow]:
    return session.scalars(select(StepRow).where(StepRow.night == night.id)).all()


def put_issues(session: Session, night: Night, step: str, part: str, found: Iterable[Issue]) -> None:
    """The issues of one step; a repeat replaces those of the earlier try."""
    session.execute(delete(IssueRow).where(IssueRow.night == night.id, IssueRow.step == step, IssueRow.part == part))
    rows = [
        {"night": night.id, "step": step, "part": part, "type": i.type, "document": i.document, "payload": to_json(i)}
        for i in found
    ]
    if rows:
        session.execute(insert(IssueRow), rows)


def issues(session: Session, night: Night) -> list[dict[str, Any]]:
    query = select(IssueRow.payload).where(IssueRow.night == night.id).order_by(IssueRow.id)
    return list(session.scalars(query))


def put_snapshot(session: Session, night: Night, name: str, payload: list[Any]) -> None:
    row = session.get(SnapshotRow, (night.id, name)) or SnapshotRow(night=night.id, name=name)
    row.payload = payload
    session.add(row)


def snapshot(session: Session, night: Night, name: str) -> list[Any]:
    """What `put_snapshot` kept; empty where there is none."""
    row = session.get(SnapshotRow, (night.id, name))
    return row.payload if row else []


def prune_snapshots(session: Session, night: Night) -> None:
    """Drop the snapshots of nights that are older than the newest few of the cluster."""
    old = select(NightRow.id).where(NightRow.cluster == night.cluster, NightRow.number <= night.number - KEPT_NIGHTS)
    session.execute(delete(SnapshotRow).where(SnapshotRow.night.in_(old)))


def may_publish(session: Session, night: Night, target: str) -> bool:
    """False when a newer night has published to the target: an old run must not overwrite it."""
    row = session.get(TargetRow, (night.cluster, target))
    return row is None or row.night <= night.number


def has_published(session: Session, night: Night, target: str) -> None:
    row = session.get(TargetRow, (night.cluster, target)) or TargetRow(cluster=night.cluster, target=target)
    row.night = night.number
    session.add(row)
