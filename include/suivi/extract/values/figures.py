"""Figures: quantities with a humanitarian or programme meaning, each with its unit as written and its places."""

from __future__ import annotations

from datetime import date

from suivi.extract.values import numbers
from suivi.extract.values.date_grammar import joined, spans
from suivi.extract.values.numbers import NumberFound
from suivi.extract.values.places import located
from suivi.extract.values.sentences import sentence_at
from suivi.extract.values.text import fold, found
from suivi.extract.values.units import Unit, unit_after
from suivi.models import Figure, Reading

EMIT_FROM = 0.6  # confidence below which a number is no figure


def find(reading: Reading, meeting_date: date | None, language: str = "fr") -> tuple[Figure, ...]:
    """The figures of a document in reading order."""
    text = reading.text
    folded = fold(text)
    dated = [(span.start, span.end) for span in joined(folded, spans(text, folded))]
    result = []
    for number in numbers.find(text, language):
        if any(start < number.end and number.start < end for start, end in dated):
            continue
        unit = unit_after(text, folded, number, language)
        if unit is None:
            continue
        confidence = _confidence(number, unit)
        if confidence >= EMIT_FROM:
            result.append(_figure(reading, number, unit, confidence))
    return tuple(result)


def _confidence(number: NumberFound, unit: Unit) -> float:
    score = 0.9 if unit.known else 0.5
    if number.value >= 10:
        score += 0.15
    if number.value < 5:
        score -= 0.3
    if number.kind == "words":
        score -= 0.1
    if number.kind == "percent":
        score -= 0.2
    return min(score, 0.97)


def _figure(reading: Reading, number: NumberFound, unit: Unit, confidence: float) -> Figure:
    sentence = sentence_at(reading, number.start)
    places = tuple(dict.fromkeys(hit.name for hit in located(reading.text[sentence.start : sentence.stop])))
    origin = found(reading, number.start, unit.end, "number_unit", confidence)
    return Figure(number.value, ("% " if number.kind == "percent" else "") + unit.text, places, origin)
