"""Passages that were taken back: known by a digest of their wording, so that the wording itself need not be kept."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace

from suivi.models import Minutes


def digest(quote: str) -> str:
    """Digest of a passage, spaces folded."""
    return hashlib.sha256(" ".join(quote.split()).encode()).hexdigest()


def without(minutes: Minutes, digests: Collection[str]) -> Minutes:
    """The minutes without the records that were taken from these passages."""
    if not digests:
        return minutes
    return replace(
        minutes,
        actions=tuple(a for a in minutes.actions if digest(a.found.source.quote) not in digests),
        figures=tuple(f for f in minutes.figures if digest(f.found.source.quote) not in digests),
        presence=tuple(p for p in minutes.presence if digest(p.found.source.quote) not in digests),
        events=tuple(e for e in minutes.events if digest(e.found.source.quote) not in digests),
        more=tuple(without(other, digests) for other in minutes.more),
    )
