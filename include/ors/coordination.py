"""Coordination health: what the meetings and actions of a cluster say about its own work, by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from ors.snapshot import Shown, Snapshot

_MONTHS = 12
OPEN = ("open", "in_progress", "permanent")
CLOSED = ("done", "cancelled")


@dataclass(frozen=True, slots=True)
class Month:
    """Shares are 0 to 1; ages in days; `None`: nothing to measure."""

    month: str
    meetings: int
    days_to_minutes: float | None
    actions: int
    with_owner: float | None
    with_deadline: float | None
    closed: float | None
    median_age: float | None
    carried_over: int


MEASURES = ("meetings", "days_to_minutes", "with_owner", "with_deadline", "closed", "median_age", "carried_over")


@dataclass(frozen=True, slots=True)
class Attendance:
    organisation: str
    meetings: int
    share: float


def months(snapshot: Snapshot, today: date) -> tuple[Month, ...]:
    """The last twelve months, oldest first."""
    return snapshot.derive(("coordination", today), lambda: _months(snapshot, today))


def actions_of(snapshot: Snapshot) -> list[Shown]:
    """Actions proper: decisions have no status and no part in any rate."""
    return snapshot.derive("actions", lambda: [r for r in snapshot.shown("actions") if r.fields["kind"] == "action"])


def _months(snapshot: Snapshot, today: date) -> tuple[Month, ...]:
    meetings = [m.fields for m in snapshot.shown("meetings")]
    actions = [a.fields for a in actions_of(snapshot)]
    spans = [(a["meeting_date"], _closed(a)) for a in actions]
    found = []
    for month in last_months(today, _MONTHS):
        new = [a for a in actions if a["meeting_date"].startswith(month)]
        end = min(_last_day(month), today).isoformat()
        standing = [met for met, closed in spans if met <= end < closed]
        found.append(_month(month, new, standing, [m for m in meetings if m["date"].startswith(month)], end))
    return tuple(found)


def _closed(action: dict[str, Any]) -> str:
    """The day from which an action is no longer open; far ahead for one that is."""
    if action.get("closed_on"):
        return str(action["closed_on"])
    return action["meeting_date"] if action.get("status") in CLOSED else "9999"


def last_months(today: date, count: int) -> list[str]:
    """`count` months up to today's, oldest first."""
    number = today.year * 12 + today.month - 1
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(number - count + 1, number + 1)]


def _month(month: str, new: list[dict[str, Any]], standing: list[str], held: list[dict[str, Any]], end: str) -> Month:
    waits = [m["days_to_minutes"] for m in held if m.get("days_to_minutes") is not None]
    oldest_first = sorted(standing)
    age = median(date.fromisoformat(met).toordinal() for met in _middle(oldest_first)) if oldest_first else None
    return Month(
        month,
        len(held),
        median(waits) if waits else None,
        len(new),
        _share(new, lambda a: bool(a.get("responsible"))),
        _share(new, lambda a: bool(a.get("deadline_date") or a.get("deadline"))),
        _share(new, lambda a: a.get("status") in CLOSED),
        date.fromisoformat(end).toordinal() - age if age is not None else None,
        sum(not met.startswith(month) for met in standing),
    )


def _middle(ordered: list[str]) -> list[str]:
    """The one or two values whose mean is the median."""
    return ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]


def _last_day(month: str) -> date:
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _share(rows: list[dict[str, Any]], test: Any) -> float | None:
    return sum(map(test, rows)) / len(rows) if rows else None


def attendance(snapshot: Snapshot, today: date) -> list[Attendance]:
    """Organisations by how many meetings of the last twelve months they attended."""
    first = last_months(today, _MONTHS)[0]
    held = [m.fields for m in snapshot.shown("meetings") if first <= m.fields["date"] <= today.isoformat()]
    count = Counter(name for meeting in held for name in meeting.get("organisations", ()))
    listed = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    return [Attendance(name, times, times / len(held)) for name, times in listed]


def plain(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Dataclasses as JSON."""
    return [asdict(item) for item in found]
