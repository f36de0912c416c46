"""The health of coordination by month: what a coordinator is asked about by the cluster lead and by OCHA.

Derived from meetings and actions, never stored: one row a month, scope (all bodies, or one) and measure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from statistics import mean, median
from typing import Any

import pandas as pd

from suivi.registers.actions import Context
from suivi.registers.lives import CLOSED
from suivi.registers.meetings import Meeting
from suivi.registers.presence import attending

COLUMNS = ("month", "body", "measure", "organisation", "value")
MEASURES = {
    "meetings": {"fr": "réunions tenues", "en": "meetings held"},
    "days_to_minutes": {"fr": "jours de la réunion au PV", "en": "days from meeting to minutes"},
    "with_owner": {"fr": "part des actions avec responsable", "en": "share of actions with an owner"},
    "with_deadline": {"fr": "part des actions avec échéance", "en": "share of actions with a deadline"},
    "closure": {"fr": "taux de clôture", "en": "closure rate"},
    "median_age": {"fr": "âge médian des actions ouvertes (jours)", "en": "median age of open actions (days)"},
    "carried_over": {"fr": "actions reportées d'une réunion à l'autre", "en": "actions carried over"},
    "attendance": {"fr": "réunions auxquelles l'organisation a pris part", "en": "meetings the organisation attended"},
}
ALL = ""  # the scope of all bodies together


def coordination(meetings: Sequence[Meeting], actions: Sequence[Mapping[str, Any]], context: Context) -> pd.DataFrame:
    """Measures by month; `actions`: active rows of the register. Shares are 0 to 1, closure counts actions only."""
    scopes: dict[str, list[Meeting]] = {ALL: list(meetings)}
    for meeting in meetings:
        scopes.setdefault(meeting.body.code, []).append(meeting)
    body_of = {meeting.record_id: meeting.body.code for meeting in meetings}
    rows: list[dict[str, Any]] = []
    for scope, held in scopes.items():
        own = [row for row in actions if row["kind"] == "action" and scope in (ALL, body_of.get(row["meeting_id"]))]
        rows += _of_scope(scope, held, own, context)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_scope(
    scope: str, meetings: Sequence[Meeting], actions: Sequence[Mapping[str, Any]], context: Context
) -> Iterator[dict[str, Any]]:
    by_month: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        by_month[f"{meeting.day:%Y-%m}"].append(meeting)
    born: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in actions:
        born[f"{row['meeting_date']:%Y-%m}"].append(row)
    state = _Balance(sorted(actions, key=lambda row: row["meeting_date"]))
    for month, held in sorted(by_month.items()):
        measures = {"meetings": float(len(held)), **_delays(held), **_shares(born[month]), **state.at(month)}
        for measure, value in measures.items():
            yield {"month": month, "body": scope, "measure": measure, "organisation": None, "value": value}
        present = Counter(acronym for meeting in held for acronym in attending(meeting, context))
        for acronym, count in sorted(present.items()):
            yield {
                "month": month,
                "body": scope,
                "measure": "attendance",
                "organisation": acronym,
                "value": float(count),
            }


def _delays(held: Sequence[Meeting]) -> dict[str, float]:
    days = [delay for meeting in held if (delay := days_to_minutes(meeting)) is not None]
    return {"days_to_minutes": mean(days)} if days else {}


def days_to_minutes(meeting: Meeting) -> int | None:
    """Days from the meeting to its document's date on the drive; None where the drive has none, or an older one."""
    modified = meeting.main.modified
    return (modified - meeting.day).days if modified and modified >= meeting.day else None


def _shares(actions: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    if not actions:
        return {}
    return {
        "with_owner": sum(bool(row["responsible"]) for row in actions) / len(actions),
        "with_deadline": sum(row["deadline_date"] is not None for row in actions) / len(actions),
    }


class _Balance:
    """Opened and closed actions up to the end of a month, walked once in order of time."""

    def __init__(self, actions: Sequence[Mapping[str, Any]]) -> None:
        self._actions = actions
        self._next = 0
        self._open: list[Mapping[str, Any]] = []
        self._closed = 0

    def at(self, month: str) -> dict[str, float]:
        end = (date.fromisoformat(f"{month}-01").replace(day=28)).toordinal() + 4
        last = date.fromordinal(end - date.fromordinal(end).day)
        while self._next < len(self._actions) and self._actions[self._next]["meeting_date"] <= last:
            self._open.append(self._actions[self._next])
            self._next += 1
        still = [row for row in self._open if not _closed_by(row, last)]
        self._closed += len(self._open) - len(still)
        self._open = still
        counted = [row for row in still if row["status"] is not None and row["status"] != "permanent"]
        known = self._closed + len(counted)
        found: dict[str, float] = {}
        if known:
            found["closure"] = self._closed / known
        if counted:
            found["median_age"] = float(median((last - row["meeting_date"]).days for row in counted))
        start = date.fromisoformat(f"{month}-01")
        found["carried_over"] = float(sum(row["meeting_date"] < start for row in counted))
        return found


def _closed_by(row: Mapping[str, Any], day: date) -> bool:
    return row["status"] in CLOSED and row["closed_on"] is not None and row["closed_on"] <= day
