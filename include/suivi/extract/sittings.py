"""One file, several meetings: where the next one starts."""

from __future__ import annotations

from suivi.models import Reading


def sittings(reading: Reading) -> list[Reading]:
    return [reading]
