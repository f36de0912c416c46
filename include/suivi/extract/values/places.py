"""Places as written: names of the reference list, and whatever "cercle de", "district of" … introduces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from suivi.extract.values.names import NameFound, known, place_names
from suivi.extract.values.sentences import Sentence, sentence_before
from suivi.extract.values.text import fold
from suivi.extract.values.words import alternatives, both
from suivi.models import Reading

_SENTENCES_BACK = 3  # a place named this many sentences before still holds
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'.-]*"
_NAME = rf"{_CAPITAL}(?:[ -](?:(?:de|du|des|la|le|el|al|of)[ -])?{_CAPITAL}){{0,2}}"
_INTRODUCERS = alternatives(both("places", "introducers"))
_INTRODUCER = re.compile(rf"(?<![a-z])(?:{_INTRODUCERS})\s+(?:de\s+la\s+|de\s+l'|du\s+|des\s+|de\s+|d'|of\s+|the\s+)?")
_LISTED = re.compile(rf"(?P<name>{_NAME})(?P<join>\s*,\s*|\s*/\s*|\s*;\s*|\s+(?:et|and|ou|&)\s+(?:de\s+|d['’])?)?")
_AFTER = re.compile(rf"(?P<name>{_NAME})\s+(?:{alternatives(both('places', 'after'))})(?![a-z])", re.IGNORECASE)


def find(text: str) -> tuple[str, ...]:
    """Names of places in the text, as written, each once."""
    return tuple(dict.fromkeys(hit.name for hit in located(text)))


def located(text: str) -> list[NameFound]:
    """Places with their offsets, in order. A commune counts only after a word that says it is a place."""
    introduced = list(_introduced(text))
    spans = {(hit.start, hit.end) for hit in introduced}
    hits = [hit for hit in known(place_names(), text) if hit.kind != "3" and (hit.start, hit.end) not in spans]
    result: list[NameFound] = []
    for hit in sorted([*introduced, *hits], key=lambda hit: (hit.start, -hit.end)):
        if not result or hit.start >= result[-1].end:
            result.append(hit)
    return result


def for_figure(reading: Reading, sentence: Sentence, start: int, end: int) -> tuple[str, ...]:
    """The places that a figure is tied to: those between it and the next figure, else of its sentence, else named before."""
    scope: Sentence | None = sentence
    for _ in range(_SENTENCES_BACK):
        if scope is None:
            break
        names = [hit.name for hit in located(reading.text[scope.start : scope.end])]
        if names:
            return tuple(dict.fromkeys(names))
        scope = sentence_before(reading, scope)
    return ()


def _introduced(text: str) -> Iterator[NameFound]:
    for match in _INTRODUCER.finditer(fold(text)):
        position = match.end()
        while name := _LISTED.match(text, position):
            end = name.end("name") - (name["name"].endswith("."))
            yield NameFound(name.start(), end, text[name.start() : end], "", "named")
            if not name["join"]:
                break
            position = name.end()
