"""What day a deadline means, seen from its meeting."""

from __future__ import annotations

from datetime import date

from suivi.extract.values.date_grammar import joined, spans
from suivi.extract.values.spans import DAYS_BACK
from suivi.extract.values.text import fold


def deadline(text: str, meeting: date | None, next_meeting: date | None = None) -> str | None:
    """The last day (ISO) of what a deadline says; `None` where it names no day that can be known."""
    folded = fold(text)
    dated = [
        found.last
        for found in (
            span.resolve(text, meeting, DAYS_BACK) for span in joined(folded, spans(text, folded, loose=True))
        )
        if found.last is not None
    ]
    return max(dated).isoformat() if dated else None
