"""Figures: quantities with a humanitarian or programme meaning, each with its unit as written and its places.

A number is a figure when a unit stands beside it: after it ("10 116 déplacés"), before it ("ménages : 245", "le nombre
de cas est de 12"), or carried over from the figure before ("12 sites à Gao, 5 à Ansongo"). What only numbers a page, a
list, a room, a law or an hour never is one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Literal, NamedTuple

from suivi.extract.values import numbers, units
from suivi.extract.values.context import as_of, asserted, said_by
from suivi.extract.values.date_grammar import find as find_dates
from suivi.extract.values.language import of as language_of
from suivi.extract.values.numbering import counts_nothing, is_no_count
from suivi.extract.values.numbers import NumberFound
from suivi.extract.values.scan import scan
from suivi.extract.values.sentences import Sentence, Sentences
from suivi.extract.values.spans import DateFound
from suivi.extract.values.tabled import figures_in_tables
from suivi.extract.values.text import ends_with, fold, found
from suivi.extract.values.tied import Tied, places_of
from suivi.extract.values.units import Unit
from suivi.extract.values.words import LANGUAGES, alternatives, both, folded_words, section, spoken
from suivi.models import Figure, Reading

EMIT_FROM = 0.6  # confidence below which a number is no figure
Way = Literal["after", "before", "carried"]
_SURE: dict[Way, float] = {"after": 1.0, "before": 0.9, "carried": 0.93}
_QUOTE = 220  # characters of a quote that shows a figure with its places
_NEAR = 70  # characters between a unit and the number that counts it
_SCORES: dict[str | None, tuple[float, float, float, float, float]] = {
    # confidence of 2…4 in digits, 2…4 in words, then from 5, from 10, from 100
    "people": (0.7, 0.61, 0.88, 0.95, 0.97),
    "cases": (0.72, 0.64, 0.9, 0.95, 0.97),
    "goods": (0.62, 0.61, 0.85, 0.93, 0.96),
    "structures": (0.62, 0.61, 0.85, 0.93, 0.96),
    "programme": (0.45, 0.35, 0.7, 0.85, 0.9),
    None: (0.35, 0.3, 0.35, 0.65, 0.74),
}
_ANYBODY = frozenset(("personnes", "people", "persons"))  # "par deux personnes" counts little
_DEFINITE = re.compile(r"(?<![a-z])(?:les|des|ces|aux|the|these|those)\s\Z")
_CURRENCY = re.compile(r"(?<![a-z])(?P<name>us\$|usd|eur|\$|€|f?cfa)\s?\Z")
_CURRENCY_ENDS = ("$", "d", "r", "€", "a")
_RANGE = re.compile(
    rf"\s?(?:-|(?<=\s)(?:(?P<and>et|and)|{alternatives(both('figures', 'range'))})\s)\s?"
    r"\d[\d ]*(?:[.,]\d+)?(?![\d])(?=\s?[a-z(])"
)
_COPULA = re.compile(r"\s+(?:were|are|sont|etaient)\s+(?:des\s+)?")  # "dont 45 sont des femmes"
_BETWEEN = re.compile(r"(?<![a-z])(?:entre|between)\s+\Z")
_ATTENDANCE = frozenset(fold(word) for word in both("figures", "attendance"))
_CARRIERS = folded_words("figures", "carriers")
_VERBS = {language: section(language, "figures")["became"] for language in LANGUAGES}
_CARRIED_ON = {
    language: re.compile(rf"\s*(?:[,;.)]|\Z|(?<=\s)(?:{alternatives(both('figures', 'carried_on'))}|{verbs})(?![a-z]))")
    for language, verbs in _VERBS.items()
}
_FUNDING = re.compile(rf"(?<![a-z])(?:{alternatives(both('figures', 'funding'))})")
_RATE = re.compile(rf"\s(?:par|per)\s(?:{alternatives(both('figures', 'rates'))})")


class _Counted(NamedTuple):
    number: NumberFound
    unit: Unit
    way: Way
    sentence: Sentence


def find(reading: Reading, meeting_date: date | None, language: str | None = None) -> tuple[Figure, ...]:
    """The figures of a document in reading order; dates without year are the nearest to `meeting_date`."""
    return _Finder(reading, meeting_date, spoken(language or language_of(reading.text))).figures()


class _Finder:
    """The figures of one document."""

    def __init__(self, reading: Reading, meeting_date: date | None, language: str) -> None:
        self._reading, self._text, self._language = reading, reading.text, language
        self._scan = scan(reading.text)
        self._folded = self._scan.folded
        self._split = Sentences(reading)
        self._dated = find_dates(reading.text, meeting_date)
        self._date_starts = [day.start for day in self._dated]

    def figures(self) -> tuple[Figure, ...]:
        rated = [(counted, self._confidence(counted)) for counted in self._all_counted()]
        sure = [(counted, confidence) for counted, confidence in rated if confidence >= EMIT_FROM]
        places = self._places([counted for counted, _ in sure])
        told = {
            counted.number.start: self._figure(counted, confidence, where)
            for (counted, confidence), where in zip(sure, places, strict=True)
        }
        for figure in figures_in_tables(self._reading, self._scan, self._language):
            told.setdefault(figure.found.source.start, figure)
        return tuple(told[start] for start in sorted(told))

    def _all_counted(self) -> Iterator[_Counted]:
        last = None
        for number in numbers.find(self._text, self._language):
            if self._is_of_a_date(number) or is_no_count(self._reading, self._folded, number):
                continue
            counted = self._counted(number, last)
            if counted and not counts_nothing(self._reading, self._folded, number, self._language):
                last = counted
                yield counted

    def _is_of_a_date(self, number: NumberFound) -> bool:
        index = bisect_right(self._date_starts, number.end - 1) - 1
        return index >= 0 and self._dated[index].end > number.start

    def _counted(self, number: NumberFound, last: _Counted | None) -> _Counted | None:
        """The number with its unit, looked for after it, before it, then in the figure before."""
        text, folded = self._text, self._folded
        sentence = self._split.at(number.start)
        ahead = folded[max(sentence.start, number.start - 6) : number.start].rstrip()
        if ahead.endswith(_CURRENCY_ENDS) and (
            currency := _CURRENCY.search(folded, max(sentence.start, number.start - 6), number.start)
        ):
            name = text[slice(*currency.span("name"))]
            return _Counted(number, Unit(currency.start(), currency.end(), name, "money"), "before", sentence)
        second = _RANGE.match(folded, number.end)
        if second and second["and"] and not _BETWEEN.search(folded, max(0, number.start - 10), number.start):
            second = None
        unit = units.after(text, folded, second.end() if second else number.end, number.value, self._language)
        if unit and unit.kind == "never":
            return None
        if (
            unit
            and last
            and unit.kind is None
            and self._is_participle(unit)
            and self._is_carried(last, number, sentence)
        ):
            return _Counted(number, last.unit, "carried", sentence)
        if unit and unit.start < sentence.end:
            return _Counted(number, unit, "after", sentence)
        if copula := _COPULA.match(folded, number.end, sentence.end):
            unit = units.after(text, folded, copula.end(), number.value, self._language)
            if unit and unit.kind == "people":
                return _Counted(number, unit, "after", sentence)
        if asserted(folded, sentence.start, number):
            unit = units.before(text, folded, sentence.start, number.start, self._language)
            if unit and number.start - unit.end <= _NEAR and fold(unit.text) not in _ATTENDANCE:
                return _Counted(number, unit, "before", sentence)
        if last and self._is_carried(last, number, sentence):
            return _Counted(number, last.unit, "carried", sentence)
        return None

    def _is_participle(self, unit: Unit) -> bool:
        """Whether a unit only says what became of the things counted before: "37 enfants …, 29 réunifiés"."""
        endings = tuple(section(self._language, "figures")["participle_endings"])
        return unit.kind is None and bool(endings) and unit.text.split(" ")[0].endswith(endings)

    def _is_carried(self, last: _Counted, number: NumberFound, sentence: Sentence) -> bool:
        """Whether a bare number counts what the figure before counts ("12 sites à Gao, 5 à Ansongo")."""
        if last.unit.kind in ("money", "measures") or number.kind == "percent":
            return False
        if not _CARRIED_ON[self._language].match(self._folded, number.end):
            return False
        if last.sentence == sentence:
            before = self._folded[max(last.number.end, number.start - 30) : number.start].rstrip()
            if last.number.kind == "percent":  # "98 % des écoles … (412 sur 420)"
                return self._folded[number.start - 1] == "("
            listed = before.endswith((",", ";", ":", "(")) and not before[-2:-1].isdigit()
            return listed or bool(ends_with(before, _CARRIERS))
        if sentence.start - last.sentence.end >= _NEAR:
            return False
        return self._opens(last.sentence, last.number) and self._opens(sentence, number)

    def _opens(self, sentence: Sentence, number: NumberFound) -> bool:
        """Whether a number opens its sentence or list item."""
        return not self._folded[sentence.start : number.start].strip(" \n\t-–•*○●▪o")

    def _confidence(self, counted: _Counted) -> float:
        """How sure it is that this is a figure of the document, by unit, size and way of finding it."""
        number, kind = counted.number, counted.unit.kind
        if number.kind == "percent":
            score = 0.72 if kind in units.STRONG and counted.unit.linked else 0.4
        elif kind == "money":
            score = 0.7 if _FUNDING.search(self._folded, *counted.sentence) else 0.4
        elif kind == "measures":
            score = 0.8 if number.value >= 10 or number.value % 1 else 0.5
        else:
            size = max(number.value, 10.0) if counted.way == "carried" and kind else number.value
            score = _by_size(size, number.kind == "words", kind)
            if number.value < 5 and (fold(counted.unit.text) in _ANYBODY or self._is_definite(number)):
                score -= 0.1
        if _RATE.match(self._folded, counted.unit.end):
            score *= 0.6 if kind in ("measures", "goods") else 0.85
        return score * _SURE[counted.way] - 0.05 * number.about

    def _quoted(self, start: int, end: int, places: Tied) -> tuple[int, int]:
        """From the figure to its places, so that the quote shows which level of place is meant."""
        if places.start is None or places.end is None:
            return start, end
        low, high = min(start, places.start), max(end, places.end)
        return (low, high) if high - low <= _QUOTE else (start, end)

    def _is_definite(self, number: NumberFound) -> bool:
        """Whether a few known things are spoken of ("dans les trois centres"), not counted."""
        return _DEFINITE.search(self._folded, max(0, number.start - 8), number.start) is not None

    def _places(self, counted: list[_Counted]) -> Iterator[Tied]:
        for sentence, group in groupby(counted, key=lambda one: one.sentence):
            starts = [one.number.start for one in group]
            yield from places_of(self._reading, self._scan, self._split, sentence, starts)

    def _figure(self, counted: _Counted, confidence: float, places: Tied) -> Figure:
        number, unit, sentence = counted.number, counted.unit, counted.sentence
        value = number.value
        if number.other is not None and unit.kind == "measures":
            value = number.other  # 1,250 km is little more than one in French
        start = unit.start if counted.way == "before" else number.start
        end = unit.end if counted.way == "after" else number.end
        dated: list[DateFound] = self._dated
        return Figure(
            value,
            f"% {unit.text}" if number.kind == "percent" else unit.text,
            places.names,
            found(self._reading, *self._quoted(start, end, places), f"number_{counted.way}", confidence),
            as_of=as_of(self._scan, sentence, end, dated),
            said_by=said_by(self._scan, sentence, number.start),
        )


def _by_size(value: float, spelt: bool, kind: str | None) -> float:
    digits, words, five, ten, hundred = _SCORES[kind]
    if value < 2:
        return 0.3
    if value < 5:
        return words if spelt else digits
    return five if value < 10 else ten if value < 100 else hundred
