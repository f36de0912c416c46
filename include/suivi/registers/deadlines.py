"""Deadlines that only the series of meetings can resolve: "avant la prochaine réunion"."""

from __future__ import annotations

import re
from datetime import date

from suivi.models import Action
from suivi.sharing.wording import fold

_NEXT_MEETING = re.compile(
    r"\b(?:prochaines? (?:reunions?|rencontres?|seances?|sessions?)|reunion (?:prochaine|suivante)|"
    r"(?:next|following|upcoming) (?:cluster |coordination )?(?:meetings?|sessions?))\b"
)


def deadline_of(action: Action, day: date, following: date | None) -> date | None:
    """The last day of what the deadline says; `following` is the day of the body's next meeting, if known.

    A day that the extractor resolved stands, whatever it is: an impossible order is for validation to hold.
    """
    if action.deadline_date:
        return date.fromisoformat(action.deadline_date)
    if following and following > day and action.deadline and _NEXT_MEETING.search(fold(action.deadline)):
        return following
    return None
