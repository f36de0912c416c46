"""What a meeting calls itself: its title, the body that met, its level, draft or validated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from suivi.extract.grammar import Grammar, alternatives, key
from suivi.extract.values.text import fold

_LONGEST = 160  # characters of a line that may name the body
_WORDS = 7  # words of a body's name beside its noun
_TOKEN = re.compile(r"\s*(?P<word>[\w'’&.-]*[\w'’&])\s*(?P<sign>[/&]|,(?=\s[A-ZÀ-Þ])|)")
_QUOTES = str.maketrans(dict.fromkeys('"“”«»', " "))
_BEFORE = re.compile(
    r"(?:[A-ZÀ-Þ][\w'’&.-]*(?:\s*[/&]\s*|,\s|\s+(?:and|of|for|in|the|et|de)\s+|\s+))+(?:\([A-Z]{2,6}\)\s+)?$"
)
_LINKS = frozenset(
    ["de", "du", "des", "la", "le", "les", "et", "of", "and", "for", "the", "in", "sur", "en", "a", "l", "d"]
)
_STOPS = re.compile(r"\s*(?:[–—:;|()\[\]]|-\s|\d)|\s*,\s*[^A-ZÀ-Þ]")


@cache
def _noun(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{alternatives(grammar.listing('body_words'))})(?![\w-])")


@cache
def _ends(grammar: Grammar) -> re.Pattern[str]:
    """Words at which a name behind its noun is over: "de la réunion", "tenue", "meeting"."""
    return re.compile(rf"\s*(?:{grammar.shape('body_ends')})(?!\w)")


def body(lines: Iterable[str], grammar: Grammar) -> str | None:
    """The body that the first lines name, as written: "Cluster Protection Mopti", "Nutrition Sub-Cluster"."""
    found = [name for line in lines if len(line) < _LONGEST for name in _names(line, grammar)]
    named = [name for name in found if len(key(name).split()) > 1]
    return next(iter(named or found), None)


def _names(line: str, grammar: Grammar) -> Iterable[str]:
    line = line.translate(_QUOTES)
    plain = fold(line)
    for noun in _noun(grammar).finditer(plain):
        before = _BEFORE.search(line, 0, noun.start())
        start = noun.start()
        if before and not _ends(grammar).match(plain[before.start() : before.end()].split()[-1]):
            start = before.start() + _lead(plain[before.start() : before.end()], grammar)
        end = (
            noun.end()
            if start < noun.start() and not _goes_on(line, noun.end())
            else _name_end(line, plain, noun, grammar)
        )
        yield " ".join(line[start:end].split()).strip(" -–,'’")


def _lead(words: str, grammar: Grammar) -> int:
    """How much of the capitals before a noun only leads in: "MINUTES OF THE NUTRITION CLUSTER"."""
    last = 0
    for stop in re.finditer(rf"\b(?:{grammar.shape('body_leads')})\s+", words):
        last = stop.end()
    return last


def _goes_on(line: str, end: int) -> bool:
    return bool(re.match(r"\s+[A-ZÀ-Þ]", line[end:]))


def _name_end(line: str, plain: str, noun: re.Match[str], grammar: Grammar) -> int:
    """The end of the name behind its noun: as long as words follow that may belong to one."""
    place = end = noun.end()
    for _ in range(_WORDS):
        if _STOPS.match(line, place) or _ends(grammar).match(plain, place):
            break
        token = _TOKEN.match(line, place)
        if not token or not token["word"]:
            break
        place = token.end()
        if key(token["word"]) not in _LINKS and len(token["word"]) > 1:
            end = token.end("word")
    return end


def first_kind(lines: list[str], table: dict[str, tuple[str, ...]], kinds: Iterable[str] = ()) -> str | None:
    """The kind whose words the lines hold, in the order of `kinds` or of the table."""
    folded = f" {' | '.join(key(line) for line in lines)} "
    asked = [kind for kind in kinds if kind in table] or list(table)
    return next((kind for kind in asked if any(word in folded for word in table[kind])), None)
