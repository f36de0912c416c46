"""Places as written: names of the reference list, and what "cercle de", "district of", "à" … introduce."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from suivi.extract.values.names import NameFound, known, organisation_names, place_names
from suivi.extract.values.text import fold
from suivi.extract.values.words import alternatives, both

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_NAME = rf"{_CAPITAL}(?:[ -](?:(?:de|du|des|la|le|el|al|of)[ -])?{_CAPITAL}){{0,2}}"
_OF = r"(?:de\s+la\s+|de\s+l'|du\s+|des\s+|de\s+|d'|of\s+|the\s+)?"
_INTRODUCER = re.compile(rf"(?<![a-z])(?:{alternatives(both('places', 'introducers'))})\s+{_OF}(?:{_OF})")
_LOCATIVE = re.compile(rf"(?<![^\s(])(?:{alternatives(both('places', 'locatives'))})\s+(?:la\s+|l'|the\s+)?")
_LISTED = re.compile(
    rf"(?P<name>{_NAME})(?P<join>\s*[,/;]\s*(?:(?:de|à)\s+)?|\s+(?:et|and|ou|or|&)\s+(?:(?:à|de|du|in)\s+|d['’])?)?"
)
_AFTER = re.compile(rf"(?P<name>{_NAME})\s+(?i:{alternatives(both('places', 'after'))})(?!\w)") if both("places", "after") else None
_NO_PLACE = frozenset(fold(word) for word in both("places", "no_place"))
_LIST_GOES_ON = re.compile(r"\s*(?:[,;.)/]|\Z|(?:et|and|ou|or)\s)")


def find(text: str) -> tuple[str, ...]:
    """Names of places in the text, as written, each once.

    A commune of the reference list counts only after a word that says that a place follows: many are common words.
    """
    return tuple(dict.fromkeys(hit.name for hit in located(text)))


@lru_cache(maxsize=256)
def located(text: str, loose: bool = False) -> tuple[NameFound, ...]:
    """Places with their offsets, in order. `loose` takes any capitalised name after "à", "in" … too."""
    hits = [*_introduced(text), *_followed(text)]
    if loose:
        hits += _lists(text, _LOCATIVE, sure=False)
    hits += [hit for hit in known(place_names(), text) if hit.kind != "3"]
    result: list[NameFound] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not result or hit.start >= result[-1].end:
            result.append(hit)
    return tuple(result)


def _introduced(text: str) -> Iterator[NameFound]:
    return _lists(text, _INTRODUCER, sure=True)


def _lists(text: str, introducer: re.Pattern[str], *, sure: bool) -> Iterator[NameFound]:
    """The names after an introducer, and those that "," and "et" join to them."""
    for match in introducer.finditer(fold(text)):
        position, first = match.end(), True
        while name := _LISTED.match(text, position):
            hit = NameFound(name.start(), name.end("name"), name["name"], "", "named")
            if not _may_be(hit, text, sure=sure and first, first=first):
                break
            yield hit
            if not name["join"]:
                break
            position, first = name.end(), False


def _may_be(hit: NameFound, text: str, *, sure: bool, first: bool) -> bool:
    if fold(hit.name.split()[0]) in _NO_PLACE:
        return False
    if not sure and (hit.name.isupper() or _is_organisation(hit.name)) and not _is_listed(hit.name):
        return False
    return first or _is_listed(hit.name) or bool(_LIST_GOES_ON.match(text, hit.end))


def _is_organisation(name: str) -> bool:
    return any(hit.start == 0 for hit in known(organisation_names(), name))


def _is_listed(name: str) -> bool:
    return any(hit.start == 0 and hit.end == len(name) for hit in known(place_names(), name))


def _followed(text: str) -> Iterator[NameFound]:
    """Names before "district", "region" … as English has them."""
    if _AFTER is None:
        return
    for match in _AFTER.finditer(text):
        start = match.start()
        words = match["name"].split(" ")
        while words and fold(words[0]) in _NO_PLACE:
            start += len(words.pop(0)) + 1
        if words:
            yield NameFound(start, match.end("name"), text[start : match.end("name")], "", "named")
