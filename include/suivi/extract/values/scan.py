"""One pass over a text finds every word and name that the finders start from (Aho-Corasick); they look around those."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, cached_property, lru_cache
from typing import Any

import ahocorasick

from suivi.extract.values.names import NameFound, fits, organisation_entries, place_entries
from suivi.extract.values.text import fold
from suivi.extract.values.words import LANGUAGES, both, section

_DIGITS = re.compile(r"\d\d*")  # not \d+: a search is twice as fast where a pattern opens with one character
_AFTER_DAY = ("quarter", "semester", "week_word", "fortnight")
_PARTS = ("begin", "middle", "end", "in_the_course_of")


@cache
def _lexicon() -> Any:
    """Folded word → its length, the kinds of word it is, and the names it spells."""
    kinds: dict[str, set[str]] = {}
    names: dict[str, list[tuple[str, str, str]]] = {}

    def add(kind: str, words: Any) -> None:
        for word in words:
            kinds.setdefault(fold(str(word)), set()).add(kind)

    for language in LANGUAGES:
        counted = {*section(language, "numbers")["words"], *section(language, "numbers")["one"]}
        dated = section(language, "dates")
        for kind, group in (("month", "months"), ("weekday", "weekdays"), ("of_date", "months")):
            for words in dated[group].values():
                add(kind, words)
        for words in dated["numerals"].values():
            add("nth", set(words) - counted)
        add(f"number_{language}", counted - set(section(language, "numbers")["one"]))
        for words in section(language, "numbers")["round"].values():
            add("round", words)
    for group in _PARTS:
        add("part", both("dates", group))
    add("nth", both("dates", "last"))
    for group in _AFTER_DAY:
        add("of_date", both("dates", group))
    add("place", both("places", "introducers"))
    add("place_after", both("places", "after"))
    add("event", both("events", "nouns"))
    add("doer", both("presence", "doers"))
    for spelling, key, kind in (*organisation_entries(), *place_entries()):
        names.setdefault(fold(spelling), []).append((spelling, key, kind))
    automaton = ahocorasick.Automaton()
    for word in kinds.keys() | names.keys():
        automaton.add_word(word, (len(word), tuple(kinds.get(word, ())), tuple(names.get(word, ()))))
    automaton.make_automaton()
    return automaton


class Scan:
    """A text, folded, with the offsets of the words and names in it, each list in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = folded = fold(text)
        self.words: dict[str, list[tuple[int, int]]] = {}
        organisations: list[NameFound] = []
        places: list[NameFound] = []
        size = len(folded)
        for last, (length, kinds, names) in _lexicon().iter(folded):
            start, end = last - length + 1, last + 1
            if (start and folded[start - 1].isalnum()) or (end < size and folded[end].isalnum()):
                continue
            for kind in kinds:
                self.words.setdefault(kind, []).append((start, end))
            written = text[start:end]
            for spelling, key, kind in names:
                if fits(written, spelling, kind):
                    hits = places if kind in "0123" else organisations
                    hits.append(NameFound(start, end, written, key, kind))
                    break
        self.organisations = longest(organisations)
        self.places = longest(places)
        for found in self.words.values():
            found.sort()

    @cached_property
    def digits(self) -> list[int]:
        """Where digits in a row start."""
        return [match.start() for match in _DIGITS.finditer(self.folded)]

    def starts(self, kind: str, low: int = 0, high: int | None = None) -> list[tuple[int, int]]:
        """The offsets of the words of a kind that start between `low` and `high`."""
        found = self.words.get(kind, [])
        return found[bisect_left(found, (low,)) : bisect_left(found, (len(self.text) if high is None else high,))]

    def any(self, kind: str, low: int, high: int) -> bool:
        """Whether a word of a kind starts between `low` and `high`."""
        found = self.words.get(kind, ())
        first = bisect_left(found, (low,))
        return first < len(found) and found[first][0] < high


def longest(hits: list[NameFound]) -> list[NameFound]:
    """Hits in order, the longest where several start together or overlap."""
    if len(hits) < 2:
        return hits
    hits.sort(key=_order)
    kept: list[NameFound] = []
    position = 0
    for hit in hits:
        if hit.start >= position:
            kept.append(hit)
            position = hit.end
    return kept


def between(hits: list[NameFound], low: int, high: int) -> list[NameFound]:
    """The hits that lie between two offsets."""
    found = []
    for index in range(bisect_left(hits, (low,)), len(hits)):
        hit = hits[index]
        if hit.end > high:
            break
        found.append(hit)
    return found


def _order(hit: NameFound) -> tuple[int, int]:
    return hit.start, -hit.end


@lru_cache(maxsize=32)
def scan(text: str) -> Scan:
    """The scan of a text; the last ones are kept."""
    return Scan(text)
