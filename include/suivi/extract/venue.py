"""Where a meeting was held, by what stands beside its date in a title line."""

from __future__ import annotations

import re

from suivi.extract.grammar import Grammar
from suivi.extract.values import dates
from suivi.extract.values.text import fold

_BESIDE = r"\s*(?:[,|–—-]|\s(?:à la|à|au|a|at the|at|in)\s)\s*(?:the |l'|la )?"  # between a date and its place
_HOURS = re.compile(r"^[\s,;|]*\d{1,2}\s?[:hH]\s?\d{0,2}(?:\s*(?:[-–]|à|to)\s*\d{1,2}\s?[:hH]\s?\d{0,2})?(?=[\s,;|–-])")
_HOURS_ONLY = re.compile(
    r"^[\s,;|–-]*(?:(?:à|at|de|from)\s)?\d{1,2}\s?[:hH]\s?\d{0,2}(?:\s*(?:[-–]|à|to)\s*\d{1,2}\s?[:hH]\s?\d{0,2})?\s*$"
)
_LINE = 60  # characters of a title line that is nothing but a place
_SERIAL = re.compile(r"\b(?:n\s?[°ºo]|no\.|#)\s?\d{1,3}\s*(?=[–—-])")


def days(text: str) -> list[dates.DateFound]:
    """The dates of a line; the serial number of a meeting ("réunion n° 7 – 9 mars") is no first day of a range."""
    return dates.find(_SERIAL.sub(lambda match: " " * len(match.group()), text))


def beside(text: str, grammar: Grammar) -> str | None:
    """The place of a line with a date: "15 March, Town", "du 25 mai – Paris", "(Town, 21 January)", "… | Office X"."""
    found = next(iter(days(text)), None)
    if found is None:
        return None
    words = grammar.shape("venue")
    rest = _HOURS.sub("", text[found.end :])
    after = (
        re.match(rf"{_BESIDE}([A-ZÀ-Þ][^:\d]{{2,60}}|(?i:{words})\b[^:\d]{{2,60}})$", rest)
        or re.match(rf"\s*\(((?i:{words})\b[^()\d]{{2,60}})\)\s*\.?$", rest)
        or re.match(
            r"\s*\((?:[^(),]{2,20}\s(?:et|and)\s)?(?:à |au |at )(?:l'|la |the )?([A-ZÀ-Þ][^()\d]{2,60})\)$", rest
        )
    )
    behind = re.match(rf"\s+(?=(?:{words})\b)", fold(text[found.end :]))
    if not after and behind and len(text) - found.end < 60:
        after = re.match(r"\s+([^:()\d]{2,60})$", text[found.end :])
    before = re.match(r"^\(([A-ZÀ-Þ][^()\d]{2,60}?),\s*$", text[: found.start]) or (
        re.match(r"^([A-ZÀ-Þ][\w'’ /-]{2,40}?)\s*,\s*(?:le\s|the\s|on\s)?\s*$", text[: found.start])
        if not _HOURS_ONLY.sub("", text[found.end :]).strip(" .")
        else None
    )
    match = after or before
    return match[1].strip(" ,.-–") if match else None


def alone(text: str, grammar: Grammar) -> str | None:
    """A title line that is nothing but a place: "ORG Country office", "Salle X, Ville"."""
    text = text.strip(" .,*_")
    words = grammar.shape("venue")
    if len(text) > _LINE or ":" in text or not text[:1].isupper() or days(text):
        return None
    plain = fold(text)
    opens = re.match(rf"(?:{words})\s", plain)
    ends = re.search(rf"\s(?:{words})(?:\s*,\s*[^,]+)?$", plain)
    return text if opens or ends else None
