"""What numbers that count nothing look like: those of lists, pages, laws, rooms, hours, years, links and phones."""

from __future__ import annotations

import re

from suivi.extract.values import units
from suivi.extract.values.numbers import NumberFound
from suivi.extract.values.text import block_at, ends_with, fold
from suivi.extract.values.words import alternatives, both
from suivi.models import Reading

_LABELS = frozenset(fold(word) for word in both("figures", "labels"))
_SIGNS = ("n°", "no", "nos", "n°s", "n o", "#", "§", "№")
_ATTENDED = re.compile(
    rf"[\s•*-]*(?:(?:nombre|number)\s+(?:de\s+|des\s+|of\s+))?(?:{alternatives(both('figures', 'attendance'))})\s*[:(]"
)
_AWAY = re.compile(r"(?<![a-z])(?:situee?s?|distants?|distance|located)\s+(?:a|de|of|at)?\s*(?:environ\s+|about\s+)?\Z")
_LISTED = re.compile(r"\s*(?:[.)]\s|[.)]?\t)")
_PAGE = re.compile(r"\s?/\s?\d+(?![\d ]*[a-z%])")
_PAGES = re.compile(r"\s(?:of|sur|de)\s\d+\s*$", re.MULTILINE)
_PAGED = re.compile(r"\d\s?/\s?\Z")
_PER_ONE = re.compile(r"\d+\s+[a-z]+\s+(?:de|of)\s+\Z")
_CLOCK = re.compile(r"\s?(?:h(?:\d\d|eures?|rs?)?(?![a-z])|:\d\d|[ap]\.?m(?![a-z])|gmt|utc)")
_PHONE = re.compile(r"(?:\+|00)\d[\d .()-]{7,}\d|(?:\d\d[ .-]){3,}\d\d(?!\d)")
_LINK = re.compile(r"://|www\.|@|\.(?:docx?|pdf|xlsx?|pptx?|odt)\b")
_PEOPLE = re.compile(r" (?:personnes|people|menages|households|deplaces|idps|individus|individuals|enfants|children)\b")
_AROUND = 30  # characters that are looked at before a number
_LABEL = 24  # characters of the longest label
_IN_PHONE = 24  # characters of a phone number on either side


def counts_nothing(reading: Reading, folded: str, number: NumberFound, language: str) -> bool:
    """Whether a number names its thing (page 3, 10 h, 2017) instead of counting."""
    before = folded[max(0, number.start - _AROUND) : number.start]
    if (
        _is_labelled(reading, folded, number, before, language)
        or _CLOCK.match(folded, number.end)
        or _AWAY.search(before)
    ):
        return True
    line = _line(folded, number)
    if _ATTENDED.match(folded, line) or _in_link(folded, number):
        return True
    return number.kind == "digits" and _in_digits(reading, folded, number, before, line)


def is_no_count(reading: Reading, folded: str, number: NumberFound) -> bool:
    """Whether a number by its looks alone is a year or that of a list item: known before a unit is looked for."""
    if number.kind != "digits":
        return False
    if _is_year(number, folded):
        return True
    listed = _LISTED.match(folded, number.end) is not None
    return listed and _opens(reading, folded, number, _line(folded, number))


def _line(folded: str, number: NumberFound) -> int:
    """Where the line, or the cell of a line in columns, begins that a number stands in."""
    line = folded.rfind("\n", 0, number.start) + 1
    return max(line, folded.rfind("\t", line, number.start) + 1)


def _opens(reading: Reading, folded: str, number: NumberFound, line: int) -> bool:
    if not folded[line : number.start].strip("-–•*○●▪ o=#|"):
        return True
    block = block_at(reading, number.start)
    return block is not None and block.start == number.start


def _is_year(number: NumberFound, folded: str) -> bool:
    year = number.end - number.start == 4 and 1950 <= number.value <= 2049
    return year and not _PEOPLE.match(folded, number.end)


def _is_labelled(reading: Reading, folded: str, number: NumberFound, before: str, language: str) -> bool:
    """Whether a word before the number says what it is the number of; "Action: 12 kits" counts kits all the same."""
    tail = before.rstrip(" .\n\t")
    colon = tail[-1:] in (":", "-")
    tail = tail.rstrip(" :-.\n\t")
    if ends_with(tail, _SIGNS):
        return True
    words = tail[-_LABEL:].replace("(", " ").split()
    if not any(name in _LABELS or name.removesuffix("s") in _LABELS for name in (*words[-1:], " ".join(words[-2:]))):
        return False
    unit = units.after(reading.text, folded, number.end, number.value, language)
    return unit is None or not (colon or unit.kind in units.STRONG)


def _in_link(folded: str, number: NumberFound) -> bool:
    start = max(folded.rfind(" ", 0, number.start), folded.rfind("\n", 0, number.start)) + 1
    end = min(
        (at for at in (folded.find(" ", number.end), folded.find("\n", number.end)) if at >= 0), default=len(folded)
    )
    if end - start > number.end - number.start + 2 and _LINK.search(folded, start, end):
        return True
    return any(
        match.start() < number.end and number.start < match.end()
        for match in _PHONE.finditer(folded, max(0, number.start - _IN_PHONE), number.end + _IN_PHONE)
    )


def _in_digits(reading: Reading, folded: str, number: NumberFound, before: str, line: int) -> bool:
    if number.value < 1000 and (_PAGE.match(folded, number.end) or _PAGED.search(before)):
        return True
    if number.value < 10 and _PER_ONE.search(before):
        return True
    opens = _opens(reading, folded, number, line)
    if opens and _PAGES.match(folded, number.end):
        return True
    capital = reading.text[number.end + 1 : number.end + 2].isupper()
    return opens and capital and number.value < 200 and not units.known(folded, number.end + 1)
