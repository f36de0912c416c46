"""What the sentence around a figure adds: who says it, and of which day it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import attrgetter

from suivi.extract.values.numbers import NumberFound
from suivi.extract.values.scan import Scan, between
from suivi.extract.values.sentences import Sentence
from suivi.extract.values.spans import DateFound
from suivi.extract.values.text import ends_with
from suivi.extract.values.words import alternatives, both, folded_words

_SAID = re.compile(
    rf"(?<![a-z])(?:{alternatives(both('figures', 'according_to'))})\s*:?\s*"
    r"(?:l'|le\s+|la\s+|les\s+|the\s+|donnees\s+(?:de\s+)?)*\Z"
)
_HEADS, _COLON = re.compile(r"[\s•*○●▪-]*"), re.compile(r"\s?:\s")
_SAYS = re.compile(rf"[^.;:]{{0,40}}?(?<![a-z])(?:{alternatives(both('figures', 'says'))})(?![a-z])")
_AS_OF = re.compile(rf"(?<![a-z])(?:{alternatives(both('figures', 'as_of'))})\s*(?:le\s+|the\s+)?\Z")
_ABOUT = folded_words("figures", "about")
_IN = re.compile(r"(?<![a-z])(?:en|in|pour|for|de|au mois de|durant|during)\s*\Z")
_ASSERTS = (*folded_words("figures", "asserts"), ":", "=", "(")
_ASSERTS_NUMBER = folded_words("figures", "asserts_number")
_NUMBER_OF = re.compile(rf"(?<![a-z])(?:{alternatives(both('figures', 'number_of'))})(?![a-z])")
_CHANGES = re.compile(rf"(?<![a-z])(?:{alternatives(both('figures', 'changes'))})(?![a-z])")
_FROM_TO = ("de", "from", "a", "to", "at")


_WINDOW = 60  # characters before a name or date in which a word can speak of it


def said_by(scanned: Scan, sentence: Sentence, position: int) -> str | None:
    """The organisation that the sentence names as the source of a figure, the nearest before it first."""
    folded = scanned.folded
    names = between(scanned.organisations, sentence.start, sentence.end)
    for name in names:
        low = max(sentence.start, name.start - _WINDOW)
        if _SAID.search(folded, low, name.start):
            return name.name
    before = [name for name in names if name.end <= position]
    saying = [name for name in before if _SAYS.match(folded, name.end, position)]
    if before and saying and not folded[before[-1].end : position].strip(" ,:"):
        return before[-1].name  # "ORG a sensibilisé 705 personnes et ORG 41": the verb holds for both
    if saying:
        return saying[-1].name
    heading = names and _HEADS.fullmatch(folded, sentence.start, names[0].start) and _COLON.match(folded, names[0].end)
    return names[0].name if heading else None


def as_of(scanned: Scan, sentence: Sentence, end: int, dated: list[DateFound]) -> str | None:
    """The day (ISO) that a figure is of: "au 31 mars", "as of 31 March", or the month said right after it."""
    for day in dated[bisect_left(dated, sentence.start, key=attrgetter("start")) :]:
        if day.start >= sentence.end:
            return None
        if day.last is None:
            continue
        low = max(sentence.start, day.start - _WINDOW)
        if _AS_OF.search(scanned.folded, low, day.start):
            return day.last.isoformat()
        if 0 <= day.start - end <= 12 and day.kind != "day" and _IN.search(scanned.folded, low, day.start):
            return day.last.isoformat()
    return None


def asserted(folded: str, start: int, number: NumberFound) -> bool:
    """Whether the words of a sentence before a number say that it counts what stands before it."""
    before = folded[max(start, number.start - _WINDOW) : number.start].rstrip()
    while about := ends_with(before, _ABOUT):
        before = before[: -len(about)].rstrip()
    if ends_with(before, _ASSERTS):
        return True
    if ends_with(before, _FROM_TO) and _CHANGES.search(folded, start, number.start):
        return True
    return bool(ends_with(before, _ASSERTS_NUMBER)) and _NUMBER_OF.search(folded, start, number.start) is not None
