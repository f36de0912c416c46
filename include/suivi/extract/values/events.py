"""Trainings, workshops and missions with their days."""

from __future__ import annotations

from datetime import date

from suivi.models import Event, Reading


def find(reading: Reading, meeting_date: date | None, language: str = "fr") -> tuple[Event, ...]:
    """Dated events of a document."""
    return ()
