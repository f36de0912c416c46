"""Places as written: names of the reference list, and what "cercle de", "district of", "à" … introduce."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from suivi.extract.values.names import NameFound, known, organisation_names, place_names
from suivi.extract.values.scan import Scan, between, longest, scan
from suivi.extract.values.text import fold
from suivi.extract.values.words import both

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_NAME = rf"{_CAPITAL}(?:[ -](?:(?:de|du|des|la|le|el|al|of)[ -])?{_CAPITAL}){{0,2}}"
_OF = re.compile(r"\s+(?:(?:de\s+la\s+|de\s+l'|du\s+|des\s+|de\s+|d'|of\s+|the\s+){1,2})?")
_LOCATIVES = frozenset(fold(word) for word in both("places", "locatives"))
_ARTICLES = frozenset(("la", "l", "the"))
_LAST_LETTERS = "".join(sorted({word[-1] for word in (*both("places", "locatives"), *_ARTICLES)}))
# A name in capitals, only where the letter before it ends a locative or an article: that spares most of them.
_CAPITALS = re.compile(rf"[A-ZÀ-ÖØ-Þ](?<=[{_LAST_LETTERS}{_LAST_LETTERS.upper()}\s][\s’'‘ʼ`´].)[\w’'-]+")
_LISTED = re.compile(
    rf"(?P<name>{_NAME})(?P<join>\s*[,/;]\s*(?:(?:de|à)\s+)?|\s+(?:et|and|ou|or|&)\s+(?:(?:à|de|du|in)\s+|d['’])?)?"
)
_NAME_BEFORE = re.compile(rf"(?<!\w)(?P<name>{_NAME})\s\Z")
_NO_PLACE = frozenset(fold(word) for word in both("places", "no_place"))
_LIST_GOES_ON = re.compile(r"\s*(?:[,;.)/]|\Z|(?:et|and|ou|or)\s)")


def find(text: str) -> tuple[str, ...]:
    """Names of places in the text, as written, each once.

    A commune of the reference list counts only after a word that says that a place follows: many are common words.
    """
    return tuple(dict.fromkeys(hit.name for hit in located(text)))


def located(text: str) -> tuple[NameFound, ...]:
    """Places of a text with their offsets, in order."""
    return tuple(located_in(scan(text), 0, len(text)))


@lru_cache(maxsize=1024)
def located_in(scanned: Scan, low: int, high: int, *, loose: bool = False) -> list[NameFound]:
    """Places between two offsets of a text. `loose` takes any capitalised name after "à", "in" … too.

    Kept, since the finders ask for the same sentences; do not change what comes back.
    """
    if not may_name(scanned, low, high):
        return []
    hits = [hit for _, after in scanned.starts("place", low, high) for hit in _introduced(scanned, after, high)]
    hits += _followed(scanned, low, high)
    if loose:
        hits += _after_locative(scanned, low, high)
    hits += [hit for hit in between(scanned.places, low, high) if hit.kind != "3"]
    return longest(hits)


def may_name(scanned: Scan, low: int, high: int) -> bool:
    """Whether anything between two offsets can be, or introduce, a place: most sentences have none."""
    cues = _cues(scanned)
    first = bisect_left(cues, low)
    return first < len(cues) and cues[first] < high


@lru_cache(maxsize=8)
def _cues(scanned: Scan) -> list[int]:
    words = [start for kind in ("place", "place_after") for start, _ in scanned.words.get(kind, ())]
    names = [hit.start for hit in scanned.places if hit.kind != "3"]
    return sorted((*words, *names, *_after_locatives(scanned)))


@lru_cache(maxsize=8)
def _after_locatives(scanned: Scan) -> list[int]:
    return [
        at for match in _CAPITALS.finditer(scanned.text) if _is_after_locative(scanned.folded, at := match.start(), 0)
    ]


def _is_after_locative(folded: str, start: int, low: int) -> bool:
    """Whether "à", "in" … stands before a word, perhaps with an article between them."""
    words = folded[max(low, start - 12) : start].replace("'", " ").split()
    while words and words[-1] in _ARTICLES:
        words.pop()
    return bool(words) and words[-1] in _LOCATIVES


def _introduced(scanned: Scan, position: int, high: int) -> Iterator[NameFound]:
    of = _OF.match(scanned.folded, position, high)
    return _list(scanned.text, of.end(), high, sure=True) if of else iter(())


def _after_locative(scanned: Scan, low: int, high: int) -> Iterator[NameFound]:
    starts = _after_locatives(scanned)
    for start in starts[bisect_left(starts, low) : bisect_left(starts, high)]:
        if _is_after_locative(scanned.folded, start, low):
            yield from _list(scanned.text, start, high, sure=False)


def _list(text: str, position: int, high: int, *, sure: bool) -> Iterator[NameFound]:
    """The name at `position`, and those that "," and "et" join to it."""
    first = True
    while name := _LISTED.match(text, position, high):
        written = _known_part(name["name"])
        hit = NameFound(name.start(), name.start() + len(written), written, "", "named")
        if not _may_be(hit, text, sure=sure and first, first=first):
            return
        yield hit
        if not name["join"] or len(written) < len(name["name"]):
            return
        position, first = name.end(), False


def _known_part(name: str) -> str:
    """The listed place that a longer run of capitalised words begins with ("Mopti Transmettre …"), else all of it."""
    words = name.split(" ")
    if len(words) == 1 or _is_listed(name):
        return name
    return next((part for size in range(len(words) - 1, 0, -1) if _is_listed(part := " ".join(words[:size]))), name)


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


def _followed(scanned: Scan, low: int, high: int) -> Iterator[NameFound]:
    """Names before "district", "region" … as English has them."""
    text = scanned.text
    for position, _ in scanned.starts("place_after", low, high):
        before = _NAME_BEFORE.search(text, max(low, position - 60), position)
        if not before:
            continue
        words = before["name"].split(" ")
        start = before.start("name")
        while words and fold(words[0]) in _NO_PLACE:
            start += len(words.pop(0)) + 1
        if words:
            yield NameFound(start, before.end("name"), text[start : before.end("name")], "", "named")
