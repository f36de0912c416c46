"""The health of coordination by month: what a coordinator is asked about by the cluster lead and by OCHA.

Derived from meetings and actions, never stored: one row a month, scope (all bodies, or one) and measure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from statistics import mean
from typing import Any

import numpy as np
import pandas as pd

from suivi.registers.arrival import days_to_minutes
from suivi.registers.context import Context
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
    delays = days_to_minutes(meetings)
    for scope, held in scopes.items():
        own = [row for row in actions if row["kind"] == "action" and scope in (ALL, body_of.get(row["meeting_id"]))]
        rows += _of_scope(scope, held, own, delays, context)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_scope(
    scope: str,
    meetings: Sequence[Meeting],
    actions: Sequence[Mapping[str, Any]],
    delays: Mapping[str, int],
    context: Context,
) -> Iterator[dict[str, Any]]:
    by_month: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        by_month[f"{meeting.day:%Y-%m}"].append(meeting)
    born: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in actions:
        born[f"{row['meeting_date']:%Y-%m}"].append(row)
    state = _Balance(actions)
    for month, held in sorted(by_month.items()):
        waits = [delays[meeting.record_id] for meeting in held if meeting.record_id in delays]
        delay = {"days_to_minutes": mean(waits)} if waits else {}
        measures = {"meetings": float(len(held)), **delay, **_shares(born[month]), **state.at(month)}
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


def _shares(actions: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    if not actions:
        return {}
    return {
        "with_owner": sum(bool(row["responsible"]) for row in actions) / len(actions),
        "with_deadline": sum(row["deadline_date"] is not None for row in actions) / len(actions),
    }


class _Balance:
    """Which actions were open and which closed at the end of a month."""

    def __init__(self, actions: Sequence[Mapping[str, Any]]) -> None:
        counted = [row for row in actions if row["status"] is not None and row["status"] != "permanent"]
        never = date.max.toordinal()
        self._opened = np.array([row["meeting_date"].toordinal() for row in counted], dtype=np.int64)
        self._closed = np.array([_closing(row, never) for row in counted], dtype=np.int64)

    def at(self, month: str) -> dict[str, float]:
        start = date.fromisoformat(f"{month}-01")
        last = date(start.year + start.month // 12, start.month % 12 + 1, 1).toordinal() - 1
        known = self._opened <= last
        still = known & (self._closed > last)
        found = {"carried_over": float((still & (self._opened < start.toordinal())).sum())}
        if known.any():
            found["closure"] = float((known & ~still).sum() / known.sum())
        if still.any():
            found["median_age"] = float(np.median(last - self._opened[still]))
        return found


def _closing(row: Mapping[str, Any], never: int) -> int:
    closed = row["status"] in CLOSED and row["closed_on"] is not None
    return row["closed_on"].toordinal() if closed else never
