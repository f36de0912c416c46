"""How far an action is: the words of a status cell, a remark or a box."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import cast

from rapidfuzz.distance import Levenshtein

from suivi.extract.grammar import Grammar, alternatives, key, variants
from suivi.extract.values.text import fold
from suivi.models import Status

_KINDS = ("open", "cancelled", "in_progress", "done")
_LONG = 8  # letters of a status word in which one wrong letter is forgiven
_LAST = re.compile(r"[.!]\s+(?=[A-ZÀ-Þ])")
_PERCENT = re.compile(r"\b(\d{1,3})\s?%")


@cache
def _words(grammar: Grammar) -> re.Pattern[str]:
    kinds = "|".join(f"(?P<{kind}>{alternatives(grammar.statuses.get(kind, ()))})" for kind in _KINDS)
    return re.compile(rf"(?<![\w-])(?:{kinds})(?![\w-])")


@cache
def _permanent(grammar: Grammar) -> frozenset[str]:
    return frozenset(key(word) for word in grammar.statuses.get("permanent", ()))


@lru_cache(maxsize=1024)
def read_status(text: str, grammar: Grammar, *, whole: bool = False) -> tuple[Status | None, bool]:
    """The status that a text states, and whether the action has no end; `whole`: only where it says little else."""
    plain = fold(text)
    found = list(_words(grammar).finditer(plain)) or list(_words(grammar).finditer(_respelt(plain.strip(), grammar)))
    if not found:
        return _by_percent(plain), False
    first = max(found, key=lambda match: (match.start() == found[0].start(), len(match.group())))
    if whole and len(first.group()) < 0.5 * len(plain.strip()) and first.start() > 6:
        return None, False
    if whole and len(plain.strip()) > 45:
        return None, False
    longest = next(
        (kind for kind in _KINDS if any(m.lastgroup == kind and m.start() == first.start() for m in found)), None
    )
    status = cast(Status, longest or first.lastgroup)
    return status, key(first.group()) in _permanent(grammar)


def _respelt(word: str, grammar: Grammar) -> str:
    """The status word that a long word is but for one letter ("permanant"); nothing where it is none."""
    if len(word) < _LONG or not word.isalpha():
        return ""
    known = {variant for kind in _KINDS for phrase in grammar.statuses.get(kind, ()) for variant in variants(phrase)}
    return next((one for one in sorted(known) if len(one) >= _LONG and Levenshtein.distance(one, word) == 1), "")


def _by_percent(plain: str) -> Status | None:
    match = _PERCENT.search(plain)
    if not match:
        return None
    share = int(match[1])
    return "done" if share >= 100 else "open" if share == 0 else "in_progress"


def remarked(text: str, grammar: Grammar) -> Status | None:
    """The status that a remark after the action's words gives: "AI4 – closed", "… : fait"."""
    for sign in ("–", "—", ":", " - "):
        if sign in text:
            status, _ = read_status(text.split(sign, 1)[1][:60], grammar)
            if status:
                return status
    last = _LAST.split(text)[1:][-1:]  # "X to share the list. It has been shared."
    return read_status(last[0][:80] if last else text, grammar, whole=not last)[0]


def concluded(text: str, grammar: Grammar) -> Status | None:
    """The status in the last sentence about an action ("→ action item completed", "Action remains open")."""
    match = list(re.finditer(r"(?:action(?: item| point)?s?|point d'action|recommandation)\s+(?:\w+\s)?", fold(text)))
    if not match:
        return None
    return read_status(text[match[-1].start() : match[-1].start() + 60], grammar)[0]
