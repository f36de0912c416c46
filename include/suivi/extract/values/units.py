"""The unit of a number: the noun phrase that follows it, as written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from suivi.extract.values.numbers import NumberFound
from suivi.extract.values.text import fold
from suivi.extract.values.words import section

_WORD = re.compile(r"[^\W\d_](?:[\w’'.&-]*[\w])?")
_GAP = re.compile(r"[ \t]*\n?[ \t]*(?:d['’]|(?:de|des|du|of|of the)\s+)?(?=[^\W\d_])", re.IGNORECASE)
_LONGEST = 6  # words of a unit phrase


@dataclass(frozen=True, slots=True)
class Unit:
    start: int
    end: int
    text: str
    known: bool


@dataclass(frozen=True, slots=True)
class _Words:
    known: frozenset[str]
    never: frozenset[str]
    stop: frozenset[str]
    link: frozenset[str]
    front: frozenset[str]


@cache
def _words(language: str) -> _Words:
    words = section(language, "figures")
    return _Words(
        *(frozenset(fold(str(word)) for word in words[key]) for key in ("units", "never", "stop", "link", "front"))
    )


def unit_after(text: str, folded: str, number: NumberFound, language: str) -> Unit | None:
    """The noun phrase right after a number, `None` where none stands there or it is never a figure's unit."""
    words = _words(language)
    gap = _GAP.match(text, number.end)
    if not gap:
        return None
    tokens = _phrase(text, folded, gap.end(), words)
    if not tokens or any(folded[start:end] in words.never for start, end in tokens[:2]):
        return None
    heads = [index for index, (start, end) in enumerate(tokens) if _plural(text[start:end], words)]
    if not heads or (language == "fr" and heads[0] > 1):
        return None
    start, end = tokens[0][0], tokens[-1][1] if language == "fr" else tokens[heads[0]][1]
    known = any(folded[low:high] in words.known for low, high in tokens)
    return Unit(start, end, re.sub(r"\s+", " ", text[start:end]), known)


def _plural(word: str, words: _Words) -> bool:
    folded = fold(word)
    return folded in words.known or folded.endswith(("s", "x")) or (word.isupper() and len(word) > 1)


def _phrase(text: str, folded: str, start: int, words: _Words) -> list[tuple[int, int]]:
    tokens: list[tuple[int, int]] = []
    while len(tokens) < _LONGEST and (match := _WORD.match(text, start)):
        if folded[match.start() : match.end()] in words.stop:
            break
        tokens.append(match.span())
        space = re.compile(r"[ \t]*\n?[ \t]*").match(text, match.end())
        if not space or space.end() == match.end():
            break
        start = space.end()
    while tokens and folded[slice(*tokens[-1])] in words.link:
        tokens.pop()
    return tokens
