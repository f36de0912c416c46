"""What the sentence around a figure adds: who says it, and of which day it is."""

from __future__ import annotations

import re
from datetime import date

from suivi.extract.values.date_grammar import find as find_dates
from suivi.extract.values.names import known, organisation_names
from suivi.extract.values.numbers import NumberFound
from suivi.extract.values.sentences import Sentence
from suivi.extract.values.text import fold
from suivi.extract.values.words import alternatives, both

_SAID = re.compile(
    rf"(?<![a-z])(?:{alternatives(both('figures', 'according_to'))})\s*:?\s*(?:l'|le\s+|la\s+|les\s+|the\s+|donnees\s+(?:de\s+)?)*\Z"
)
_HEADS, _COLON = re.compile(r"[\s•*○●▪-]*"), re.compile(r"\s?:\s")
_SAYS = re.compile(rf"[^.;:]{{0,40}}?(?<![a-z])(?:{alternatives(both('figures', 'says'))})(?![a-z])")
_AS_OF = re.compile(rf"(?<![a-z])(?:{alternatives(both('figures', 'as_of'))})\s*(?:le\s+|the\s+)?\Z")
_ABOUT = f"(?:{alternatives(both('figures', 'about'))})"
_IN = re.compile(r"(?<![a-z])(?:en|in|pour|for|de|au mois de|durant|during)\s*\Z")
_ASSERTS = re.compile(rf"(?:[:=(]|(?<![a-z])(?:{alternatives(both('figures', 'asserts'))}))\s*(?:{_ABOUT}\s*)?\Z")
_ASSERTS_NUMBER = re.compile(rf"(?<![a-z])(?:{alternatives(both('figures', 'asserts_number'))})\s*(?:{_ABOUT}\s*)?\Z")
_NUMBER_OF = re.compile(rf"(?<![a-z])(?:{alternatives(both('figures', 'number_of'))})(?![a-z])")
_CHANGES = re.compile(rf"(?<![a-z])(?:{alternatives(both('figures', 'changes'))})(?![a-z])")
_FROM_TO = re.compile(r"(?<![a-z])(?:de|from|a|to|at)\s*\Z")


def said_by(text: str, sentence: Sentence, position: int) -> str | None:
    """The organisation that the sentence names as the source of a figure."""
    part = text[sentence.start : sentence.end]
    folded = fold(part)
    for name in known(organisation_names(), part):
        if _HEADS.fullmatch(folded, 0, name.start) and _COLON.match(folded, name.end):
            return name.name
        if _SAID.search(folded, 0, name.start):
            return name.name
        if name.start + sentence.start < position and _SAYS.match(folded, name.end, position - sentence.start):
            return name.name
    return None


def as_of(text: str, sentence: Sentence, end: int, meeting: date | None) -> str | None:
    """The day (ISO) that a figure is of: "au 31 mars", "as of 31 March", or the month said right after it."""
    part = text[sentence.start : sentence.end]
    folded = fold(part)
    for day in find_dates(part, meeting):
        if day.last is None:
            continue
        near = 0 <= day.start - (end - sentence.start) <= 12
        if _AS_OF.search(folded, 0, day.start):
            return day.last.isoformat()
        if near and day.kind != "day" and _IN.search(folded, 0, day.start):
            return day.last.isoformat()
    return None


def asserted(folded: str, start: int, number: NumberFound) -> bool:
    """Whether the words of a sentence before a number say that it counts what stands before it."""
    if _ASSERTS.search(folded, start, number.start):
        return True
    if _FROM_TO.search(folded, start, number.start) and _CHANGES.search(folded, start, number.start):
        return True
    if not _NUMBER_OF.search(folded, start, number.start):
        return False
    return _ASSERTS_NUMBER.search(folded, start, number.start) is not None
