"""Organisations of a header list, as written, each with its own brackets."""

from __future__ import annotations

import re

from suivi.extract.values.names import known, organisation_names
from suivi.extract.values.text import fold
from suivi.extract.values.words import alternatives, both

_SEPARATOR = re.compile(r",?\s+(?:et|and)\s+|\s*(?:[;\n•|\t]|,)\s*|\s*[/&+]\s*|\s+-\s+")
_BRACKET = re.compile(r"\(([^()]*)\)?")
_TITLE = re.compile(rf"(?:{alternatives(both('organisations', 'titles'))})\.?\s")
_NOISE = re.compile(rf"(?:{alternatives(both('organisations', 'noise'))})\s*[:.]?\s*")
_EMPTY = frozenset(fold(word) for word in both("organisations", "empty"))
_COUNT = re.compile(r"\s*(?:\(\s*\d+\s*(?:[a-z]+\s*)?\)|[:x]\s*\d+(?:\s*\w+)?)\s*$", re.IGNORECASE)
_EDGE = " \t\n\r.,;:-–—•*_|"


def split(text: str) -> tuple[str, ...]:
    """The organisations in order, each once; sub-units in brackets stay with theirs, people give way to their own."""
    found: list[str] = []
    for piece in _pieces(text):
        name = _organisation(piece)
        if name:
            found.append(name)
    return tuple(dict.fromkeys(found))


def _pieces(text: str) -> list[str]:
    folded = fold(text)
    names = [*known(organisation_names(), text)]
    shut = [(name.start, name.end) for name in names] + [match.span() for match in _BRACKET.finditer(text)]
    starts, ends = {name.start for name in names}, {name.end for name in names}
    pieces, start = [], 0
    for match in _SEPARATOR.finditer(folded):
        if any(low < match.end() and match.start() < high for low, high in shut):
            continue
        if not _divides(match.group().strip(), text, match, starts, ends):
            continue
        pieces.append(text[start : match.start()])
        start = match.end()
    return [*pieces, text[start:]]


def _divides(sign: str, text: str, match: re.Match[str], starts: set[int], ends: set[int]) -> bool:
    before, after = match.start(), match.end()
    named = after in starts
    if sign in ("/", "&", "+"):
        return named and before in ends
    if sign == ",":
        return named or not text[after : after + 1].islower()
    if sign.startswith(",") and sign != ",":
        return True  # ", and": the last of a list
    if sign in ("et", "and"):
        return named or (before in ends and text[after : after + 1].isupper()) or text[after : after + 2].isupper()
    return True


def _organisation(piece: str) -> str | None:
    piece = re.sub(r"\s+", " ", piece).strip(_EDGE)
    piece = _COUNT.sub("", piece).strip(_EDGE)
    if noise := _NOISE.match(fold(piece)):
        piece = piece[noise.end() :].strip(_EDGE)
    bracket = _BRACKET.search(piece)
    if bracket and bracket[1].strip():
        head = piece[: bracket.start()]
        if _TITLE.match(fold(head)) or (
            any(known(organisation_names(), bracket[1]))
            and not any(known(organisation_names(), head))
            and head.istitle()
        ):
            return bracket[1].strip()
    if _TITLE.match(fold(piece)) or fold(piece) in _EMPTY:
        return None
    return piece or None
