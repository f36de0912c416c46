"""Figures: quantities with a humanitarian or programme meaning, each with its unit as written and its places.

A number is a figure when a unit stands beside it: after it ("10 116 déplacés"), before it ("ménages : 245", "le nombre
de cas est de 12"), or carried over from the figure before ("12 sites à Gao, 5 à Ansongo"). What only numbers a page, a
list, a room, a law or an hour never is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from suivi.extract.values import numbers, units
from suivi.extract.values.context import asserted, as_of, said_by
from suivi.extract.values.date_grammar import joined, spans
from suivi.extract.values.numbers import NumberFound
from suivi.extract.values.sentences import Sentence, sentence_at
from suivi.extract.values.text import block_at, fold, found
from suivi.extract.values.tied import places_of
from suivi.extract.values.units import Unit
from suivi.extract.values.words import alternatives, both
from suivi.models import Figure, Reading

EMIT_FROM = 0.6  # confidence below which a number is no figure
_LABELS = re.compile(
    rf"(?:(?<![a-z])(?:{alternatives(both('figures', 'labels'))})s?\.?\s*(?:n[°o]s?\.?\s*)?(?P<colon>[:#-]\s*)?|n[°o]s?\.?\s*|[#§№]\s*)\Z"
)
_LISTED = re.compile(r"\s*(?:[.)]\s|[.)]?\t)")
_PAGE = re.compile(r"\s?(?:/|of|sur|de)\s?\d+(?![\d ]*[a-z%])")
_PER_ONE = re.compile(r"\d+\s+[a-z]+\s+(?:de|of)\s+\Z")
_ATTENDED = re.compile(rf"[\s•*-]*(?:(?:nombre|number)\s+(?:de\s+|des\s+|of\s+))?(?:{alternatives(both('figures', 'attendance'))})\s*[:(]")
_AWAY = re.compile(r"(?:(?<![a-z])(?:situee?s?|distants?|distance|located)\s+(?:a|de|of|at)?\s*(?:environ\s+|about\s+)?)\Z")
_PAGED = re.compile(r"\d\s?/\s?\Z")
_LINKS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|\S+\.(?:docx?|pdf|xlsx?|pptx?|odt)\b|(?:\+|00)\d[\d .()-]{7,}\d|(?:\d\d[ .-]){3,}\d\d(?!\d)")
_CLOCK = re.compile(r"\s?(?:h(?:\d\d|eures?|rs?)?(?![a-z])|:\d\d|[ap]\.?m(?![a-z])|gmt|utc)")
_SURE = {"after": 1.0, "before": 0.9, "carried": 0.85}


@dataclass(frozen=True, slots=True)
class _Counted:
    number: NumberFound
    unit: Unit
    way: str
    sentence: Sentence


def find(reading: Reading, meeting_date: date | None, language: str = "fr") -> tuple[Figure, ...]:
    """The figures of a document in reading order; dates without year are the nearest to `meeting_date`."""
    text, folded = reading.text, fold(reading.text)
    dated = joined(folded, spans(text, folded))
    shut = sorted([(span.start, span.end) for span in dated] + [match.span() for match in _LINKS.finditer(folded)])
    sure: list[tuple[_Counted, float]] = []
    last = None
    for number in numbers.find(text, language):
        if _overlaps(number, shut) or _only_numbers(reading, folded, number, language):
            continue
        counted = _counted(reading, folded, number, last, language)
        if counted is None:
            continue
        last = counted
        confidence = _confidence(counted, folded)
        if confidence >= EMIT_FROM:
            sure.append((counted, confidence))
    places = _places(reading, [counted for counted, _ in sure])
    return tuple(
        _figure(reading, counted, confidence, where, meeting_date)
        for (counted, confidence), where in zip(sure, places, strict=True)
    )


def _places(reading: Reading, counted: list[_Counted]) -> Iterator[tuple[str, ...]]:
    for sentence, group in groupby(counted, key=lambda one: one.sentence):
        yield from places_of(reading, sentence, [one.number.start for one in group])


def _overlaps(number: NumberFound, shut: list[tuple[int, int]]) -> bool:
    return any(start < number.end and number.start < end for start, end in shut)


def _only_numbers(reading: Reading, folded: str, number: NumberFound, language: str) -> bool:
    """Whether the number counts nothing: a list, page, law, phase, hour or year."""
    line = max(folded.rfind("\n", 0, number.start), folded.rfind("\t", 0, number.start)) + 1
    before = folded[max(line, number.start - 30) : number.start]
    label = _LABELS.search(folded, max(0, number.start - 30), number.start)
    if label and not (label["colon"] and units.after(reading.text, folded, number.end, number.value, language)):
        return True
    if _ATTENDED.match(folded, line) or _AWAY.search(before):
        return True
    if _PAGED.search(before) or _CLOCK.match(folded, number.end):
        return True
    if number.kind != "digits":
        return False
    written = folded[number.start : number.end]
    if _PAGE.match(folded, number.end) and number.value < 1000:
        return True
    block = block_at(reading, number.start)
    starts = not before.strip("-–•*○●▪ o=#|") or (block is not None and block.start == number.start)
    following = reading.text[number.end : number.end + 2]
    if starts and _LISTED.match(folded, number.end):
        return True
    if starts and number.value < 200 and following[1:].isupper() and not units.known(folded, number.end + 1):
        return True
    if number.value < 10 and _PER_ONE.search(folded, max(0, number.start - 40), number.start):
        return True
    return len(written) == 4 and written.isdigit() and 1950 <= number.value <= 2049 and not _follows_unit(reading.text, number)


def _follows_unit(text: str, number: NumberFound) -> bool:
    return re.match(r" (?:personnes|people|ménages|households|déplacés|IDPs|individus|individuals|enfants|children)\b", text[number.end :]) is not None


def _counted(
    reading: Reading, folded: str, number: NumberFound, last: _Counted | None, language: str
) -> _Counted | None:
    """The number with its unit, looked for after it, before it, then in the figure before."""
    text = reading.text
    sentence = sentence_at(reading, number.start)
    if currency := _CURRENCY.search(folded, sentence.start, number.start):
        return _Counted(number, Unit(currency.start(), currency.end(), text[slice(*currency.span("name"))], "money"), "before", sentence)
    second = _RANGE.match(folded, number.end)
    if second and second["and_"] and not _BETWEEN.search(folded, sentence.start, number.start):
        second = None
    unit = units.after(text, folded, second.end() if second else number.end, number.value, language)
    if unit and unit.kind == "never":
        return None
    if unit and unit.start < sentence.end:
        return _Counted(number, unit, "after", sentence)
    if asserted(folded, sentence.start, number):
        unit = units.before(text, folded, sentence.start, number.start, language)
        if unit and number.start - unit.end <= _NEAR and fold(unit.text) not in _ATTENDANCE:
            return _Counted(number, unit, "before", sentence)
    if last and _carried(reading, folded, last, number, sentence):
        return _Counted(number, last.unit, "carried", sentence)
    return None


_CURRENCY = re.compile(r"(?<![a-z])(?P<name>us\$|usd|eur|\$|€|f?cfa)\s?\Z")
_RANGE = re.compile(
    rf"\s?(?:-|(?<=\s)(?:(?P<and_>et|and)|{alternatives(both('figures', 'range'))})\s)\s?\d[\d ]*(?:[.,]\d+)?(?![\d])(?=\s?[a-z(])"
)
_BETWEEN = re.compile(r"(?<![a-z])(?:entre|between)\s+\Z")
_NEAR = 70  # characters between a unit and the number that counts it
_ATTENDANCE = frozenset(fold(word) for word in both("figures", "attendance"))
_CARRIES = re.compile(rf"(?:[,;:(]|(?<![a-z])(?:{alternatives(both('figures', 'carriers'))}))\s*\Z")
_CARRIED_ON = re.compile(rf"\s*(?:[,;.)]|\Z|(?<=\s)(?:{alternatives(both('figures', 'carried_on'))})(?![a-z]))")


def _carried(reading: Reading, folded: str, last: _Counted, number: NumberFound, sentence: Sentence) -> bool:
    """Whether a bare number counts what the figure before counts ("12 sites à Gao, 5 à Ansongo")."""
    if last.unit.kind in ("money", "measures") or "percent" in (number.kind, last.number.kind):
        return False
    if not _CARRIED_ON.match(folded, number.end):
        return False
    if last.sentence == sentence:
        return bool(_CARRIES.search(folded, last.number.end, number.start))
    between = folded[last.sentence.end : sentence.start]
    return len(between) < _NEAR and _heads(folded, last.sentence, last.number) and _heads(folded, sentence, number)


def _heads(folded: str, sentence: Sentence, number: NumberFound) -> bool:
    """Whether a number opens its sentence or list item."""
    return not folded[sentence.start : number.start].strip(" \n\t-–•*○●▪o")


def _confidence(counted: _Counted, folded: str) -> float:
    """How sure it is that this is a figure of the document, by unit, size and way of finding it."""
    number, kind = counted.number, counted.unit.kind
    if number.kind == "percent":
        score = 0.72 if kind in _STRONG and counted.unit.linked else 0.4
    elif kind == "money":
        score = 0.7 if _FUNDING.search(folded, counted.sentence.start, counted.sentence.end) else 0.4
    elif kind == "measures":
        score = 0.8 if number.value >= 10 or number.value % 1 else 0.5
    else:
        size = max(number.value, 10.0) if counted.way == "carried" else number.value
        score = _by_size(replace(number, value=size), kind)
    if _RATE.match(folded, counted.unit.end):
        score *= 0.6 if kind == "measures" else 0.85
    return score * _SURE[counted.way] - 0.05 * number.about


def _by_size(number: NumberFound, kind: str | None) -> float:
    small, spelt, five, ten, hundred = _SCORES[kind]
    if number.value < 2:
        return 0.3
    if number.value < 5:
        return spelt if number.kind == "words" else small
    return five if number.value < 10 else ten if number.value < 100 else hundred


_RATE = re.compile(rf"\s(?:par|per)\s(?:{alternatives(both('figures', 'rates'))})")
_STRONG = ("people", "cases", "goods", "structures")
_SCORES: dict[str | None, tuple[float, float, float, float, float]] = {
    # confidence of 2…4 in digits, 2…4 in words, then from 5, from 10, from 100
    "people": (0.7, 0.55, 0.88, 0.95, 0.97),
    "cases": (0.72, 0.64, 0.9, 0.95, 0.97),
    "goods": (0.62, 0.5, 0.85, 0.93, 0.96),
    "structures": (0.62, 0.5, 0.85, 0.93, 0.96),
    "programme": (0.45, 0.35, 0.7, 0.85, 0.9),
    None: (0.35, 0.3, 0.35, 0.65, 0.74),
}
_FUNDING = re.compile(rf"(?<![a-z])(?:{alternatives(both('figures', 'funding'))})")


def _figure(
    reading: Reading, counted: _Counted, confidence: float, places: tuple[str, ...], meeting: date | None
) -> Figure:
    number, unit, sentence = counted.number, counted.unit, counted.sentence
    if number.other is not None and unit.kind == "measures":
        number = replace(number, value=number.other)
    end = unit.end if counted.way == "after" else number.end
    start = unit.start if counted.way == "before" else number.start
    return Figure(
        number.value,
        f"% {unit.text}" if number.kind == "percent" else unit.text,
        places,
        found(reading, start, end, f"number_{counted.way}", confidence),
        as_of=as_of(reading.text, sentence, end, meeting),
        said_by=said_by(reading.text, sentence, number.start),
    )
