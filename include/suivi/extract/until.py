"""Deadlines inside words: "d'ici vendredi", "by 31/May", "avant la prochaine réunion", and what is a date at all."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache

from suivi.extract.grammar import Grammar, alternatives
from suivi.extract.values import dates
from suivi.extract.values.text import fold

_YEARLESS = re.compile(r"\d|[a-z]{3}")
_BARE_YEAR = re.compile(r"(?:19|20)\d\d\W*$")
_PERIOD = 20  # days from which on a date is a period, which may name a thing ("le bilan du deuxième trimestre")


@cache
def _until(grammar: Grammar) -> tuple[re.Pattern[str], re.Pattern[str]]:
    sure = alternatives(grammar.listing("until_sure"))
    loose = alternatives(grammar.listing("until"))
    return re.compile(rf"(?<![\w'])(?:{sure})[\s']*$"), re.compile(rf"(?<![\w'])(?:{loose})[\s']*$")


@cache
def _soon(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{grammar.shape('next_time')}|{grammar.shape('soon')})(?![\w'])")


@cache
def _phrase(grammar: Grammar) -> re.Pattern[str]:
    sure = alternatives(grammar.listing("until_sure"))
    return re.compile(rf"(?<![\w'])(?:(?:{sure})[\s']+|{grammar.shape('within')})[^,.;:()\[\]]{{2,40}}")


@cache
def _within(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(grammar.shape("within"))


@cache
def _each_time(grammar: Grammar) -> re.Pattern[str]:
    """What makes a day one of every month: "de chaque mois"."""
    return re.compile(rf"\s*(?:{grammar.shape('each_time')})(?!\w)")


@cache
def _naming(grammar: Grammar) -> re.Pattern[str]:
    """What stands before a period that names a thing or tells when it takes place: "du", "for", "prévu en"."""
    return re.compile(rf"(?<![\w'])(?:{grammar.shape('of_period')})\s*$")


@lru_cache(maxsize=1024)
def is_when(part: str, grammar: Grammar, meeting: date | None) -> bool:
    """Whether a part says when and little else."""
    plain = fold(part)
    if _soon(grammar).search(plain):
        return True
    if len(part) > 45 or not _YEARLESS.search(plain):
        return False
    found = dates.find(part, meeting)
    covered = sum(item.end - item.start for item in found)
    return covered >= 0.4 * len(part.strip()) or (dates.deadline(part, meeting, None) is not None and len(part) < 30)


def stated(text: str, start: int, end: int, grammar: Grammar, meeting: date | None) -> tuple[int, int, bool] | None:
    """Where a text states its deadline: a date that words like "d'ici" or "by" open or that ends it, else a phrase.

    The third value says that the words open it for sure and nothing follows: then it is no part of the action.
    """
    plain = fold(text)
    sure, _ = _until(grammar)
    best = _dated(text, plain, start, end, grammar, meeting) or _phrased(text, plain, start, end, grammar, meeting)
    if best is None and (soon := _soon(grammar).search(plain, start, end)):
        best = soon.start(), soon.end(), not text[soon.end() : end].strip(" .;)")
    if best is None:
        return None
    if each := _each_time(grammar).match(plain, best[1], end):
        best = best[0], each.end(), False
    opens = sure.search(plain[best[0] : best[1]].split()[0]) or _within(grammar).match(plain, best[0])
    return best[0], best[1], best[2] and bool(opens)


def _dated(
    text: str, plain: str, start: int, end: int, grammar: Grammar, meeting: date | None
) -> tuple[int, int, bool] | None:
    """A date inside or at the end of the sentence, where words like "d'ici" or "by" make it a deadline."""
    sure, loose = _until(grammar)
    best: tuple[int, int, bool] | None = None
    for found in dates.find(text[:end], meeting):
        if found.start < start:
            continue
        before = plain[max(found.start - 40, 0) : found.start]
        at_end = not text[found.end : end].strip(" .;)")
        opener = sure.search(before)
        if not opener and _names(found, before, grammar):
            continue
        starts = found.start - (len(before) - opener.start()) if opener else found.start
        apart = not _long(found) or before.rstrip()[-1:] in "–—-,(;:/"
        loosely = at_end and (loose.search(before) or (apart and found.start - start > 8))
        if (opener or loosely or sure.match(plain[found.start : found.end])) and (
            best is None or opener or not best[2]
        ):
            best = (starts, found.end, at_end)
    return best


def _names(found: dates.DateFound, before: str, grammar: Grammar) -> bool:
    """Whether a period only names something: "la réunion de janvier", "les données du deuxième trimestre"."""
    return _long(found) and bool(_naming(grammar).search(before))


def _long(found: dates.DateFound) -> bool:
    """Whether a date is a period as a whole, not the part of one that a deadline names ("end of 2024")."""
    return found.kind != "part" and bool(found.first and found.last and (found.last - found.first).days >= _PERIOD)


def _phrased(
    text: str, plain: str, start: int, end: int, grammar: Grammar, meeting: date | None
) -> tuple[int, int, bool] | None:
    """A deadline in words: "d'ici vendredi", "by the end of the month"."""
    for match in _phrase(grammar).finditer(plain, start, end):
        words = list(re.finditer(r"\S+", text[match.start() : match.end()]))
        for size in range(min(len(words), 7), 1, -1):
            last = match.start() + words[size - 1].end()
            if _BARE_YEAR.search(text[match.start() : last]):
                continue  # "pour le plan 2027": where a year is a date, it has been found as one
            if dates.deadline(text[match.start() : last], meeting, None):
                return match.start(), last, not text[last:end].strip(" .;)")
    return None
