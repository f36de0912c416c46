"""Dates in French and English minutes: `find` for every date of a text, `deadline` for what a deadline cell says."""

from __future__ import annotations

from suivi.extract.values.date_grammar import find
from suivi.extract.values.deadlines import deadline
from suivi.extract.values.spans import DateFound

__all__ = ["DateFound", "deadline", "find"]
