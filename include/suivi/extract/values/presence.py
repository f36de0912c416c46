"""Who does what where, as sentences and lists state it."""

from __future__ import annotations

from suivi.models import Presence, Reading


def find(reading: Reading, language: str = "fr") -> tuple[Presence, ...]:
    """Activities of organisations at named places that are done, going on or planned."""
    return ()
