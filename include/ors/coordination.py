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
    actions, meetings = actions_of(snapshot), snapshot.shown("meetings")
    return tuple(_month(month, actions, meetings, today) for month in last_months(today, _MONTHS))


def last_months(today: date, count: int) -> list[str]:
    """`count` months up to today's, oldest first."""
    number = today.year * 12 + today.month - 1
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(number - count + 1, number + 1)]


def _month(month: str, actions: list[Shown], meetings: list[Shown], today: date) -> Month:
    end = min(_last_day(month), today).isoformat()
    held = [m.fields for m in meetings if m.fields["date"].startswith(month)]
    new = [a.fields for a in actions if a.fields["meeting_date"].startswith(month)]
    standing = [a.fields for a in actions if _open_on(a.fields, end)]
    waits = [m["days_to_minutes"] for m in held if m.get("days_to_minutes") is not None]
    ages = [(date.fromisoformat(end) - date.fromisoformat(a["meeting_date"])).days for a in standing]
    return Month(
        month,
        len(held),
        median(waits) if waits else None,
        len(new),
        _share(new, lambda a: bool(a.get("responsible"))),
        _share(new, lambda a: bool(a.get("deadline_date") or a.get("deadline"))),
        _share(new, lambda a: a.get("status") in CLOSED),
        median(ages) if ages else None,
        sum(not a["meeting_date"].startswith(month) for a in standing),
    )


def _last_day(month: str) -> date:
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _open_on(action: dict[str, Any], day: str) -> bool:
    if action["meeting_date"] > day:
        return False
    closed = action.get("closed_on")
    return closed > day if closed else action.get("status") not in CLOSED


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
