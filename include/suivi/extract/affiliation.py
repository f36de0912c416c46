"""The organisations in an attendance column: what a person's function, service or country adds is cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache

from suivi.extract.grammar import Grammar, alternatives, key
from suivi.extract.values.names import known, organisation_names
from suivi.extract.values.text import fold
from suivi.reference import load_csv

_SIGNS = re.compile(r"\s*(?:/|\s-\s|\s[–—]\s|,(?=\s)|;)\s*|\s+(?:et|and)\s+(?=[A-ZÀ-Þ])")
_SHORT = re.compile(r"[A-Z0-9]{1,4}")
_ACRONYM = re.compile(r"[A-ZÀ-Þ]{4,}\d*")
_ABBREVIATION = re.compile(r"(?<=[A-ZÀ-Þ0-9a-z])\s+[a-zà-ÿ]+\.")
_BRACKET = re.compile(r"\s*\([^()]*\)\s*$")
_EDGE = " \t,;.:-–—/?*"


@cache
def _function(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{alternatives(grammar.listing('functions'))})(?![\w'])")


def organisations_of(cells: Iterable[str], grammar: Grammar) -> list[tuple[str, ...]]:
    """The organisations of each cell of one column; what stands alone elsewhere in the column is one of them."""
    texts = _behind_posts(list(cells))
    alone = Counter(key(_cut(text, grammar)) for text in texts if not _SIGNS.search(text))
    firsts = Counter(key(_cut(_SIGNS.split(text)[0], grammar)) for text in texts)
    return [_cell(text, grammar, set(alone) | set(firsts)) for text in texts]


def _behind_posts(texts: list[str]) -> list[str]:
    """The column without posts, where most cells say "Post/ORG": what stands behind the slash."""
    pairs = [(text, *text.rsplit("/", 1)) for text in texts if text.count("/") == 1]
    posted = [pair for pair in pairs if _is_written_as_body(pair[2]) and not _is_written_as_body(pair[1])]
    if len(posted) < 2 or len(posted) * 2 <= sum(bool(text.strip()) for text in texts):
        return texts
    return [text.rsplit("/", 1)[1] if text.count("/") == 1 else text for text in texts]


def _is_written_as_body(text: str) -> bool:
    text = text.strip(_EDGE)
    return text.replace("-", "").isupper() or any(hit.start == 0 for hit in known(organisation_names(), text))


def _cell(text: str, grammar: Grammar, named: set[str]) -> tuple[str, ...]:
    text = " ".join(text.split()).strip(_EDGE)
    if not text:
        return ()
    pieces = [piece.strip(_EDGE) for piece in _SIGNS.split(text) if piece.strip(_EDGE)]
    if len(pieces) == 2 and "/" in text and all(_SHORT.fullmatch(piece) for piece in pieces):
        return (text,)
    found: list[str] = []
    for index, piece in enumerate(pieces):
        name = _cut(piece, grammar)
        if not re.search(r"[^\W\d_]{2}", name) or _is_country(name):
            continue
        if index == 0 or not found or _own(name, piece, named):
            found.append(name)
    return tuple(dict.fromkeys(found))


def _own(name: str, piece: str, named: set[str]) -> bool:
    """Whether a later piece of a cell is an organisation of its own, not a service of the first."""
    if key(name) in named and name == piece:
        return True
    hit = next(iter(known(organisation_names(), name)), None)
    return (
        bool(hit and hit.start == 0)
        or bool(_ACRONYM.fullmatch(name))
        or bool(re.fullmatch(r"[A-Z][a-z]+\d[A-Z]\w+", name))
    )


@lru_cache(maxsize=1024)
def _cut(piece: str, grammar: Grammar) -> str:
    """A piece up to the function or abbreviated service written behind the organisation."""
    piece = piece.strip(_EDGE)
    function = _function(grammar).search(fold(piece))
    if function and function.start() == 0:
        after = re.match(r"\s*(?:du|de la|de l'|des|of the|of)\s+(?=[A-ZÀ-Þ]{2})", piece[function.end() :])
        return piece[function.end() + after.end() :].strip(_EDGE) if after else ""
    if function:
        piece = piece[: function.start()]
    short = _ABBREVIATION.search(piece)
    if short and (piece[: short.start()].split() or [""])[-1][:1].isupper():
        piece = piece[: short.start()]
    return piece.strip(_EDGE)


@cache
def _countries() -> frozenset[str]:
    return frozenset(key(row[language]) for row in load_csv("countries.csv") for language in ("fr", "en"))


def _is_country(name: str) -> bool:
    return key(name) in _countries()
