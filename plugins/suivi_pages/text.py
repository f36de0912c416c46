"""The source text of a document with the passages that values were taken from marked in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from suivi.documents import read_isolated
from suivi.errors import SuiviError
from suivi.models import Found, Minutes
from suivi.store import Store

LONGEST = 400_000  # characters shown


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `marks` are the anchors of the values taken from it."""

    text: str
    marks: tuple[str, ...] = ()


def source_text(store: Store, store_key: str, name: str) -> str:
    """The document's text as its reader gives it; empty where the bytes are gone."""
    try:
        return read_isolated(store.get(store_key), name, seconds=30, megabytes=1000).text[:LONGEST]
    except SuiviError:
        return ""


def anchors(minutes: Minutes) -> dict[str, Found]:
    """Anchor → where a value stands: a1… for actions, f1… for figures, p1… for presence."""
    found = {f"a{n}": action.found for n, action in enumerate(minutes.actions, start=1)}
    found |= {f"f{n}": figure.found for n, figure in enumerate(minutes.figures, start=1)}
    found |= {f"p{n}": presence.found for n, presence in enumerate(minutes.presence, start=1)}
    return found


def placed(text: str, found: dict[str, Found]) -> dict[str, Found]:
    """The marks where the text has their quotes: a reader newer than the extraction may have moved them."""
    kept = {}
    for anchor, mark in found.items():
        source = mark.source
        if text[source.start : source.end] == source.quote:
            kept[anchor] = mark
        elif source.quote and (start := text.find(source.quote)) >= 0:
            kept[anchor] = replace(mark, source=replace(source, start=start, end=start + len(source.quote)))
    return kept


def pieces(text: str, found: dict[str, Found]) -> list[Piece]:
    """The text cut where marks begin and end."""
    cuts = sorted({0, len(text), *(min(p, len(text)) for f in found.values() for p in (f.source.start, f.source.end))})
    return [
        Piece(
            text[start:end],
            tuple(anchor for anchor, f in found.items() if f.source.start <= start and end <= f.source.end),
        )
        for start, end in pairwise(cuts)
    ]
