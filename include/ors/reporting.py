"""Who has reported for a month, who has not, and who of them was in the last meeting.

Expected are the organisations that the cluster's settings name; without such a list, those that were at a meeting
or active in the six months before. Observers, donors and named organisations are never expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ors import codes
from ors.coordination import last_months
from ors.snapshot import Shown, Snapshot

_LOOK_BACK = 6  # months


@dataclass(frozen=True, slots=True)
class Reporter:
    """One expected organisation. `how`: indicators, ors, 5w, or empty when it has not reported."""

    organisation: str
    how: str
    at_last_meeting: bool


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting month with its days and its reporters."""

    month: str
    due: date
    validation: date
    state: str
    last_meeting: str
    reporters: tuple[Reporter, ...]

    @property
    def reported(self) -> tuple[Reporter, ...]:
        return tuple(r for r in self.reporters if r.how)

    @property
    def missing(self) -> tuple[Reporter, ...]:
        return tuple(r for r in self.reporters if not r.how)

    @property
    def missing_and_present(self) -> tuple[Reporter, ...]:
        """The list that the end of a meeting needs."""
        return tuple(r for r in self.missing if r.at_last_meeting)


def previous_month(today: date) -> str:
    """The month that is reported now."""
    return last_months(today, 2)[0]


def period(snapshot: Snapshot, month: str, today: date) -> Period:
    """The state of one reporting month."""
    return snapshot.derive(("reporting", month, today), lambda: _period(snapshot, month, today))


def _period(snapshot: Snapshot, month: str, today: date) -> Period:
    rules = snapshot.settings.get("reporting") or {}
    last = last_meeting(snapshot, today)
    present = set(last.fields.get("organisations", ())) if last else set()
    how = _reported(snapshot, month)
    names = sorted(_expected(snapshot, month, rules) | (how.keys() - _left_out(rules)))
    following = (date.fromisoformat(f"{month}-01") + timedelta(days=32)).replace(day=1)
    return Period(
        month,
        following.replace(day=rules.get("due_day", 5)),
        following.replace(day=rules.get("validation_day", 10)),
        snapshot.periods.get(month, "open"),
        last.fields["date"] if last else "",
        tuple(Reporter(name, how.get(name, ""), name in present) for name in names),
    )


def last_meeting(snapshot: Snapshot, today: date) -> Shown | None:
    """The last meeting held, national before regional on the same day."""
    held = [m for m in snapshot.shown("meetings") if m.fields["date"] <= today.isoformat()]
    return max(held, key=lambda m: (m.fields["date"], m.fields["body_level"] == "national"), default=None)


def _expected(snapshot: Snapshot, month: str, rules: dict[str, Any]) -> set[str]:
    if rules.get("expected"):
        return set(rules["expected"]) - _left_out(rules)
    until = date.fromisoformat(f"{month}-28")
    first = last_months(until, _LOOK_BACK)[0]
    found: set[str] = set()
    for meeting in snapshot.shown("meetings"):
        if first <= meeting.fields["date"][:7] <= month:
            found.update(meeting.fields.get("organisations", ()))
    for row in snapshot.shown("presence"):
        if first <= row.fields["reported"][:7] <= month:
            found.add(row.fields["organisation"])
    donors = {name for name in found if codes.organisation_types().get(name) in codes.DONORS}
    return found - _left_out(rules) - donors


def _left_out(rules: dict[str, Any]) -> set[str]:
    return {name for key in ("excluded", "observers", "donors") for name in rules.get(key, ())}


def _reported(snapshot: Snapshot, month: str) -> dict[str, str]:
    """Organisation → how it has reported for the month."""
    how = {name: source for (name, when), source in snapshot.reported.items() if when == month}
    for row in snapshot.shown("indicators"):
        if row.fields["month"] == month and row.fields.get("organisation"):
            how.setdefault(row.fields["organisation"], "indicators")
    return how
