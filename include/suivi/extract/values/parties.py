"""Who an action is given to: the owner as written, split into single parties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from suivi.extract.values.deadlines import deadline
from suivi.extract.values.names import NameFound, known, organisation_names, place_names
from suivi.extract.values.text import fold
from suivi.extract.values.words import alternatives, both

_NONE = frozenset(fold(word).strip("- ") for word in both("parties", "none"))
_HELP = re.compile(rf"(?:{alternatives(both('parties', 'with_help'))})(?![a-z])")
_HELP_TAIL = re.compile(rf"[\s,(]+(?:{alternatives(both('parties', 'with_help'))})(?![a-z]).*", re.DOTALL)
_TOGETHER = alternatives(both("parties", "together"))
_SEPARATOR = re.compile(rf"\s*(?:[;,/&+\n|•\t]|(?<=\s)(?:{_TOGETHER})(?=\s)|\s[-]\s?|[-]\s)\s*")
_AND = re.compile(rf"\s*(?:{_TOGETHER})(?=\s)\s*")
_HYPHEN = re.compile(r"-")
_ARTICLE = re.compile(rf"(?:{alternatives(both('parties', 'articles'))})\s+|l'\s?")
_LABEL = re.compile(rf"\s*(?:{alternatives(both('parties', 'labels'))})\s*[:;/.-]*\s*(?=\S)")
_GROUP = re.compile(rf"(?:{alternatives(both('parties', 'groups'))})(?![a-z])")
_GROUP_WORD = re.compile(rf"(?<![a-z])(?:{alternatives(both('parties', 'group_words'))})(?![a-z])")
_FUNCTION = re.compile(rf"(?:{alternatives(both('parties', 'functions'))})(?![a-z])")
_SERVICE = re.compile(rf"\s*(?:[-,:]\s*)?(?:{alternatives(both('parties', 'services'))})(?![a-z])")
_INITIALS = re.compile(rf"\s*[a-z]{{2,4}}(?:\s*(?:[,;/&+]|(?<=\s)(?:{_TOGETHER})(?=\s))\s*[a-z]{{2,4}})+\s*")
_NO_WORD = re.compile(r"(?<![a-z])[bcdfghjklmnpqrstvwxz]{2,4}(?![a-z])")
_SOME_DAY = date(2000, 1, 3)  # only whether there is a deadline counts, not which day it is
_DUE = re.compile(rf"[\s,;(–-]+(?:{alternatives(both('parties', 'due'))})(?![a-z])\s*")
_BRACKET = re.compile(r"\s*\(([^()]*)\)?")
_UNITS = re.compile(r"[A-Z][A-Z0-9&/-]+(?:\s*[,;/]\s*[A-Z][A-Z0-9&/-]+)*")
_EDGE = " \t\n\r.,;:/-–—•*_|()[]"


@lru_cache(maxsize=2048)
def split(text: str) -> tuple[str, ...]:
    """The single parties in order, without article, function, service or town; each once."""
    if fold(text).strip(_EDGE) in _NONE or not text.strip(_EDGE):
        return ()
    parts: list[str] = []
    for piece in _pieces(_without_deadline(_without_help(_unlabelled(text)))):
        cleaned = _cleaned(piece)
        if not cleaned or fold(cleaned) in _NONE:
            continue
        if parts and not any(known(organisation_names(), cleaned)) and _adds_to(parts[-1], fold(cleaned)):
            continue
        parts.append(cleaned)
    return tuple(dict.fromkeys(parts))


def _adds_to(party: str, folded: str) -> bool:
    """Whether a piece only says more of the party before it: a person's function, an organisation's office."""
    if _GROUP_WORD.search(folded):
        return False
    if _FUNCTION.match(folded):
        return True
    return any(known(organisation_names(), party)) and bool(_SERVICE.match(folded))


def _unlabelled(text: str) -> str:
    label = _LABEL.match(fold(text))
    return text[label.end() :] if label and re.search(r"[:;/-]", text[: label.end()]) else text


def _without_help(text: str) -> str:
    return _cut(text, _HELP_TAIL)


def _without_deadline(text: str) -> str:
    """The text up to "avant fin mai", "by 5 May": a day is no part of a name."""
    due = _DUE.search(fold(text))
    return text[: due.start()] if due and due.start() and deadline(text[due.end() :], _SOME_DAY) else text


def _cut(text: str, pattern: re.Pattern[str]) -> str:
    match = pattern.search(fold(text))
    return text[: match.start()] if match else text


def _pieces(text: str) -> Iterator[str]:
    text, bracketed = _unbracketed(text)
    names = [*known(organisation_names(), text)]
    start = 0
    for cut_from, cut_to in _cuts(text, names):
        yield text[start:cut_from]
        start = cut_to
    yield text[start:]
    yield from bracketed


def _unbracketed(text: str) -> tuple[str, list[str]]:
    """The text without what brackets add, and the organisations that stand in them after a person."""
    others: list[str] = []

    def replace(match: re.Match[str]) -> str:
        inside = match[1].strip()
        before = text[: match.start()].rstrip()
        head = re.split(r"[,;/\n)]|\s(?:et|and)\s", before)[-1]
        if not inside or _HELP.match(fold(inside)):
            return " "
        if any(known(organisation_names(), inside)) and not any(known(organisation_names(), head)):
            others.extend(_pieces(inside))
            return " "
        return match.group() if _UNITS.fullmatch(inside) and "(" in match.group() else " "

    return _BRACKET.sub(replace, text), others


def _cuts(text: str, names: list[NameFound]) -> list[tuple[int, int]]:
    """Where one party ends and the next begins; nothing inside a known name or brackets is cut."""
    folded = fold(text)
    shut = [(name.start, name.end) for name in names]
    shut += [match.span() for match in _BRACKET.finditer(text)]
    starts, ends = {name.start for name in names}, {name.end for name in names}
    initials = _INITIALS.fullmatch(folded) is not None and _NO_WORD.search(folded) is not None
    cuts = []
    for match in _SEPARATOR.finditer(folded):
        if any(start <= match.start() and match.end() <= end for start, end in shut):
            continue
        if _AND.fullmatch(match.group()) and not initials and not _divides(text, folded, match.end(), starts):
            continue
        cuts.append(match.span())
    for match in _HYPHEN.finditer(folded):
        if match.start() in ends and match.end() in starts:
            cuts.append(match.span())
    return sorted(cuts)


def _divides(text: str, folded: str, after: int, starts: set[int]) -> bool:
    """An "and" divides where a name, a capital or a group follows, not inside "Affaires sociales et genre"."""
    article = _ARTICLE.match(folded, after)
    start = article.end() if article else after
    return start in starts or text[start : start + 1].isupper() or bool(_GROUP.match(folded, start))


def _cleaned(piece: str) -> str:
    piece = re.sub(r"\s+", " ", piece).strip(_EDGE if "(" not in piece else _EDGE.replace(")", ""))
    article = _ARTICLE.match(fold(piece))
    if article and article.end() < len(piece):
        piece = piece[article.end() :]
    first = next(iter(known(organisation_names(), piece)), None)
    if first and first.start == 0 and first.end < len(piece):
        rest = piece[first.end :]
        place = next(iter(known(place_names(), rest)), None)
        town = place is not None and not rest[: place.start].strip(" -/,:")
        if _SERVICE.match(fold(rest)) or town:
            return piece[: first.end]
    return piece
