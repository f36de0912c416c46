"""One action, printed twice: inline and in the recap, in a cell and under "next steps"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

from suivi.extract.drafts import Draft
from suivi.extract.grammar import key

SAME = 88  # of 100
_WITHIN = 95  # of 100: the shorter stands in the longer
_SHORTEST = 3  # words an action needs before a partial likeness counts
_NUMBERS = re.compile(r"\d+")


def alike(one: str, other: str) -> bool:
    """Whether two folded texts are the same action: the same words, or one with a tail."""
    if one == other:
        return True
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if not short or len(short) < 0.5 * len(long) or _numbers(one) != _numbers(other):
        return False
    if fuzz.token_sort_ratio(one, other, score_cutoff=SAME):
        return True
    return len(short.split()) > _SHORTEST and fuzz.partial_ratio(short, long, score_cutoff=_WITHIN) > 0


@lru_cache(maxsize=1024)
def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBERS.findall(text))


@lru_cache(maxsize=1024)
def _keys(owners: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(key, owners))


def merge(drafts: Iterable[Draft]) -> list[Draft]:
    """Drafts in order, each action once: the first mention stays, what it lacks comes from the other."""
    kept: list[Draft] = []
    texts: list[str] = []
    for made in drafts:
        words = key(made.text)
        place = next((i for i, other in enumerate(kept) if _same(other, texts[i], made, words)), None)
        if place is None:
            kept.append(made)
            texts.append(words)
            continue
        kept[place] = _joined(kept[place], made)
        texts[place] = key(kept[place].text)
    return kept


def _same(one: Draft, text: str, other: Draft, words: str) -> bool:
    if one.number and other.number and not one.number.isdigit():
        return (one.number == other.number and alike(text, words)) or (
            one.number == other.number and one.review == other.review and not one.review
        )
    if one.place is not None and one.place == other.place and text != words:
        return False
    if one.owners and other.owners and _keys(one.owners).isdisjoint(_keys(other.owners)):
        return False
    return alike(text, words)


def _joined(first: Draft, second: Draft) -> Draft:
    """The better mention, completed by the other; printed in a list of its own it is better than in prose."""
    better, other = (
        (second, first) if first.rule.startswith("prose") and not second.rule.startswith("prose") else (first, second)
    )
    better.owners = better.owners or other.owners
    better.owner_written = better.owner_written or other.owner_written
    better.how = better.how or other.how
    better.deadline = better.deadline or other.deadline
    better.status = better.status or other.status
    better.agenda = better.agenda or other.agenda
    better.number = better.number or other.number
    better.review = better.review and other.review
    better.permanent = better.permanent or other.permanent
    better.twice = True
    return better
