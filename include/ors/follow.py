"""Actions as a coordinator looks at them: open, late, by organisation, what changed since the last meeting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from ors import codes
from ors.coordination import CLOSED, OPEN, actions_of
from ors.reporting import last_meeting
from ors.snapshot import Shown, Snapshot


@dataclass(frozen=True, slots=True)
class Load:
    """What one organisation owes."""

    organisation: str
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The top of the dashboard."""

    open: int
    late: int
    done: int
    median_age: float | None  # in meetings
    oldest_age: int | None
    next_meetings: tuple[Shown, ...]  # soonest first
    last_meeting: Shown | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Actions since the last meeting, by what happened to them."""

    since: str
    by_kind: dict[str, list[Shown]] = field(default_factory=dict)
    indicators: int = 0


def is_open(row: Shown) -> bool:
    return row.fields.get("status") in OPEN


def standing(snapshot: Snapshot, today: date) -> Standing:
    """Counts over all actions, and the meetings ahead."""
    return snapshot.derive(("standing", today), lambda: _standing(snapshot, today))


def _standing(snapshot: Snapshot, today: date) -> Standing:
    rows = actions_of(snapshot)
    opened = [row for row in rows if is_open(row)]
    ages = [row.fields["age_meetings"] for row in opened if row.fields.get("age_meetings") is not None]
    ahead: dict[tuple[str, str], Shown] = {}
    for meeting in snapshot.shown("meetings"):
        day = meeting.fields.get("next_meeting")
        if day and day >= today.isoformat():
            ahead[day, meeting.fields["body"]] = meeting
    return Standing(
        len(opened),
        sum(bool(row.fields.get("late")) for row in opened),
        sum(row.fields.get("status") == "done" for row in rows),
        median(ages) if ages else None,
        max(ages, default=None),
        tuple(ahead[key] for key in sorted(ahead)),
        last_meeting(snapshot, today),
    )


def loads(snapshot: Snapshot) -> list[Load]:
    """Open and late actions by organisation, the most loaded first."""
    return snapshot.derive("loads", lambda: _loads(snapshot))


def _loads(snapshot: Snapshot) -> list[Load]:
    opened: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for row in actions_of(snapshot):
        if is_open(row):
            for name in row.fields.get("responsible", ()):
                opened[name] += 1
                late[name] += bool(row.fields.get("late"))
    return sorted((Load(n, opened[n], late[n]) for n in opened), key=lambda o: (-o.late, -o.open, o.organisation))


def changes(snapshot: Snapshot, today: date) -> Changes:
    """What the dashboard says under "since the last meeting"."""
    return snapshot.derive(("changes", today), lambda: _changes(snapshot, today))


def _changes(snapshot: Snapshot, today: date) -> Changes:
    last = last_meeting(snapshot, today)
    if last is None:
        return Changes("")
    since = last.fields["date"]
    by_kind: dict[str, list[Shown]] = {"new": [], "closed": [], "postponed": [], "reassigned": []}
    for row in actions_of(snapshot):
        kinds = {e["kind"] for e in row.fields.get("events", ()) if e["date"] >= since}
        if row.fields["meeting_date"] >= since:
            by_kind["new"].append(row)
        elif row.fields.get("status") in CLOSED and (row.fields.get("closed_on") or "") >= since:
            by_kind["closed"].append(row)
        else:
            for kind in kinds & by_kind.keys():
                by_kind[kind].append(row)
    updated = sum((row.fields.get("updated") or "") >= since for row in snapshot.shown("indicators"))
    return Changes(since, {kind: rows for kind, rows in by_kind.items() if rows}, updated)


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters of the list of actions, as they stand in its address."""

    owner: str = ""
    place: str = ""
    status: str = ""
    agenda: str = ""
    words: str = ""


def chosen(snapshot: Snapshot, asked: Asked) -> list[Shown]:
    """Rows that match, late ones first, then open ones by age. `status` may also be late, pending
    (any that is still to be done), decision, or empty for all."""
    return snapshot.derive(("chosen", asked), lambda: sorted(_chosen(snapshot, asked), key=_urgency))


def _chosen(snapshot: Snapshot, asked: Asked) -> Iterable[Shown]:
    words = asked.words.casefold().split()
    for row in snapshot.shown("actions"):
        fields = row.fields
        if asked.owner and asked.owner not in fields.get("responsible", ()):
            continue
        if asked.place and asked.place not in (*fields.get("admin1_pcode", ()), *fields.get("admin2_pcode", ())):
            continue
        if asked.agenda and fields.get("agenda_item") != asked.agenda:
            continue
        if asked.status and not _has_status(row, asked.status):
            continue
        text = f"{fields['text']} {fields.get('number', '')}".casefold()
        if all(word in text for word in words):
            yield row


def _has_status(row: Shown, status: str) -> bool:
    if status == "late":
        return bool(row.fields.get("late"))
    if status == "pending":
        return is_open(row)
    return row.fields["kind"] == "decision" if status == "decision" else row.fields.get("status") == status


def _urgency(row: Shown) -> tuple[Any, ...]:
    fields = row.fields
    day = date.fromisoformat(fields["meeting_date"]).toordinal()
    return (not fields.get("late"), not is_open(row), -(fields.get("age_meetings") or 0), -day, row.id)


def choices(snapshot: Snapshot) -> dict[str, list[tuple[str, str]]]:
    """(value, label) for each filter of the list of actions."""
    return snapshot.derive("choices", lambda: _choices(snapshot))


def _choices(snapshot: Snapshot) -> dict[str, list[tuple[str, str]]]:
    owners: set[str] = set()
    places: dict[str, str] = {}
    agenda: Counter[str] = Counter()
    for row in snapshot.shown("actions"):
        owners.update(row.fields.get("responsible", ()))
        for level in ("admin1", "admin2"):
            places.update((code, codes.place_name(code)) for code in row.fields.get(f"{level}_pcode", ()))
        if row.fields.get("agenda_item"):
            agenda[row.fields["agenda_item"]] += 1
    return {
        "owner": [(name, name) for name in sorted(owners, key=str.casefold)],
        "place": sorted(places.items(), key=lambda item: item[1].casefold()),
        "agenda": [(name, name) for name, _ in agenda.most_common(100)],
    }
