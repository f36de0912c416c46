"""Hyphens at a line's end: undone where they only parted a word, kept where they belong to it ("sous-groupe")."""

from __future__ import annotations

import re
from collections.abc import Iterable

from suivi.documents.pieces import Cell, Paragraph, Piece, Table

MARK = "\x1f"  # stands for a hyphen at a line's end until the whole document is known
BREAK = "\x1e"  # stands where a word may have been broken without one: in a column narrower than the word

_PARTED = re.compile(rf"([^\W\d_]+(?:-[^\W\d_]+)*){MARK}([^\W\d_]+(?:-[^\W\d_]+)*)")
_BROKEN = re.compile(rf"([^\W\d_]+){BREAK}([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+|[^\W\d_]+")
_LEADS = frozenset(
    """sous sur non vice co ex mi demi semi semi auto contre avant après inter intra multi pré post anti quasi ci là
    compte rendez vis peut tout toute celui celle ceux elle lui eux nous vous moyen long court bien mal grand porte
    chef lieu plan mid self well follow cross part full high low long short re sub half all on off up""".split()  # noqa: SIM905
)
_TAILS = frozenset("ci là dire vous nous moi lui elle même mêmes être il ils elles on ce up off based related".split())  # noqa: SIM905

_SHORT = frozenset("a à y au aux de du des la le les et ou en un une par sur of to in on or and by at is as".split())  # noqa: SIM905


def undo(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces with every mark decided: by the document's other words, then by the parts of the word itself."""
    pieces = list(pieces)
    texts: list[Paragraph | Cell] = []
    for piece in pieces:
        texts += piece.cells if isinstance(piece, Table) else [piece] if isinstance(piece, Paragraph) else []
    marked = [part for part in texts if MARK in part.text or BREAK in part.text]
    if marked:
        known = {word.lower() for part in texts for word in _WORD.findall(_BROKEN.sub(" ", part.text))}
        for part in marked:
            part.text = _PARTED.sub(lambda match: _whole(match[1], match[2], known), part.text).replace(MARK, "-")
            part.text = _BROKEN.sub(lambda match: _healed(match[1], match[2], known), part.text).replace(BREAK, " ")
    return pieces


def _healed(above: str, below: str, known: set[str]) -> str:
    """One word where the document knows it, or knows neither half; else two."""
    halves = above.lower() in known or below in _SHORT or (len(below) > 2 and below.lower() in known)
    joined = (above + below).lower() in known or not halves
    return above + below if joined else f"{above} {below}"


def _whole(above: str, below: str, known: set[str]) -> str:
    joined, hyphened = above + below, f"{above}-{below}"
    if hyphened.lower() in known:
        return hyphened
    if joined.lower() in known:
        return joined
    lead, tail = above.rpartition("-")[2].lower(), below.partition("-")[0].lower()
    whole_parts = lead in known and tail in known and len(lead) > 3 and len(tail) > 3
    if lead in _LEADS or tail in _TAILS or below[0].isupper() or "-" in above or whole_parts:
        return hyphened
    return joined
