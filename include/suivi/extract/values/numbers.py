"""Numbers as minutes write them: 10116, "10 116", "10,116", "1,5 million", "2.3K", "40 %", "trois cents"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from text_to_num import text2num

from suivi.extract.values.scan import Scan, scan
from suivi.extract.values.text import fold
from suivi.extract.values.words import LANGUAGES, alternatives, section, spoken

Kind = Literal["digits", "words", "percent"]


class NumberFound(NamedTuple):
    """A number in a text. `other` is its second reading, where a mark may part thousands or decimals (10,116)."""

    start: int
    end: int
    value: float
    kind: Kind = "digits"
    other: float | None = None
    about: bool = False  # a round word ("une centaine"), not a count


_DIGITS = re.compile(r"\d(?:\d?\d?(?P<gap>[ .,'])\d{3}(?!\d)(?:(?P=gap)\d{3}(?!\d))*(?:[.,]\d+)?|\d*(?:[.,]\d+)?)")
_GLUED_BEFORE = re.compile(r"(?:[^\W\d_]|[^\W\d_][-_/.]|\d[/:.,°]|[-/:.,]\d+-|[a-z]\d+-|[#°@_/\\])\Z")
_GLUED_AFTER = re.compile(r"(?:[^\W\d_]|[/:_°'][\d]|-\d+[-/:.,a-z]|[-_][a-z]|[.,]\d|\s?°)")
_ORDINAL = re.compile(r"\s?\^?\{?(?:ers?|eres?|emes?|e|nd|nde|st|rd|th|iemes?|°)\}?(?![a-z])")
_OPENS_ORDINAL = frozenset("^{enrsti°")
_APART = " \n\t("  # what stands beside a number that nothing is glued to
_PERCENT = re.compile(r"\s?(?:%|pour\s?cent(?!\w)|per\s?cent(?!\w)|p\.\s?100)")
_SCALES = {
    fold(word): 10**power
    for language in LANGUAGES
    for power, words in section(language, "numbers")["scales"].items()
    for word in words
}
_SCALE = re.compile(
    rf"\s?(?P<word>{alternatives(word for word in _SCALES if len(word) > 2)})(?![a-z])|(?P<letter>k|m|md|bn)(?![a-z])"
)
_OPENS_SCALE = frozenset(word[0] for word in (*_SCALES, "%", "p"))
_WORDS = {language: [fold(word) for word in section(language, "numbers")["words"]] for language in LANGUAGES}
_ROUND = {
    fold(word): value
    for language in LANGUAGES
    for value, words in section(language, "numbers")["round"].items()
    for word in words
}
_RUN = {
    language: re.compile(
        rf"(?<![a-z\d-])(?:{alternatives(words)})(?:(?:\s+|-|\s+(?:et|and)\s+|-et-)(?:{alternatives(words)}))*(?![a-z-])"
    )
    for language, words in _WORDS.items()
}
_ARTICLE = re.compile(r"(?<![a-z])(?:une?|an?)\s\Z")
_AGAIN = re.compile(r"\s?\(\s?(?P<digits>\d[\d ]*)\s?\)")


def find(text: str, language: str = "fr") -> list[NumberFound]:
    """Every cardinal number of a text, in order; ordinals and numbers glued to letters (GT7, ML04) are none."""
    scanned = scan(text)
    found = [*_digits(scanned, language), *_words(scanned, language), *_rounds(scanned)]
    found.sort(key=lambda number: (number.start, -number.end))
    kept: list[NumberFound] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return kept


def _digits(scanned: Scan, language: str) -> Iterator[NumberFound]:
    folded, end = scanned.folded, 0
    for start in scanned.digits:
        match = _DIGITS.match(folded, start) if start >= end else None
        if match is None:
            continue
        end = match.end()
        if start and folded[start - 1] not in _APART and _GLUED_BEFORE.search(folded, max(0, start - 6), start):
            continue
        following = folded[end : end + 2].lstrip()[:1]
        if following in _OPENS_ORDINAL and _ORDINAL.match(folded, end):
            continue
        value, other = _value(match.group(), match["gap"], language)
        number = _scaled(NumberFound(start, end, value, other=other), folded)
        glued = following == "°" or folded[end : end + 1] not in _APART
        if number.end == end and glued and _GLUED_AFTER.match(folded, end) and not _UNIT_GLUED.match(folded, end):
            continue
        yield number


_UNIT_GLUED = re.compile(r"(?:km2?|m2|m3|kg|ha|t|l|g|usd|eur|cfa|fcfa)(?![a-z\d])")


def _scaled(number: NumberFound, folded: str) -> NumberFound:
    if folded[number.end : number.end + 2].lstrip()[:1] not in _OPENS_SCALE:
        return number
    if scale := _SCALE.match(folded, number.end):
        factor = _SCALES[re.sub(r"\s+", " ", scale["word"] or scale["letter"])]
        value = float(str(number.value if number.other is None else number.other))
        return number._replace(end=scale.end(), value=round(value * factor, 6), other=None)
    if percent := _PERCENT.match(folded, number.end):
        value = number.value if number.other is None else number.other
        return number._replace(end=percent.end(), value=value, kind="percent", other=None)
    return number


def _value(digits: str, gap: str | None, language: str) -> tuple[float, float | None]:
    """The value, and the other reading of one mark before exactly three digits."""
    if gap in (" ", "'"):
        return float(digits.replace(gap, "").replace(",", ".")), None
    if gap:
        decimal = "," if gap == "." else "."
        whole = float(digits.replace(gap, "").replace(decimal, "."))
        if digits.count(gap) > 1 or decimal in digits:
            return whole, None
        fraction = float(digits.replace(gap, "."))
        if digits.startswith("0"):
            return fraction, None
        return whole, fraction if gap == section(spoken(language), "numbers")["decimal"] else None
    return float(digits.replace(",", ".")), None


@lru_cache(maxsize=512)
def _spelt(words: str, language: str) -> float | None:
    try:
        return float(text2num(words, language))
    except ValueError:
        return None


def _words(scanned: Scan, language: str) -> Iterator[NumberFound]:
    folded, language = scanned.folded, spoken(language)
    position = 0
    for start, _ in scanned.starts(f"number_{language}"):
        match = _RUN[language].match(folded, start) if start >= position else None
        if not match:
            continue
        position = match.end()
        value = _spelt(re.sub(r"\s+", " ", match.group()), language)
        if value is None:
            continue
        again = _AGAIN.match(folded, match.end())
        if again and float(again["digits"].replace(" ", "")) == value:
            yield NumberFound(match.start(), again.end(), value, "words")
        else:
            yield _scaled(NumberFound(match.start(), match.end(), value, "words"), folded)


def _rounds(scanned: Scan) -> Iterator[NumberFound]:
    folded = scanned.folded
    for start, end in scanned.starts("round"):
        article = _ARTICLE.search(folded, max(0, start - 4), start)
        yield NumberFound(
            article.start() if article else start, end, float(_ROUND[folded[start:end]]), "words", about=True
        )
