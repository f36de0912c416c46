"""How sure an action is: a probability from a few things that anybody can check, and the line below which it is held.

A logistic model over the features of `features`; its weights are fitted by `suivi evaluate` on gold minutes, one
document left out at a time, and kept in `confidence.yaml` beside this module.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from suivi.extract.drafts import Draft
from suivi.extract.grammar import Grammar
from suivi.extract.verbs import acts

WEIGHTS = Path(__file__).with_name("confidence.yaml")
FAMILIES = ("table", "recap", "review", "marker", "checkbox", "arrow", "owner", "prose")
FEATURES = (*FAMILIES, "owner_found", "owner_beside", "dated", "acts", "twice", "short", "long", "decided", "strong")
_SHORT, _LONG = 25, 350  # characters of an action's text
_BESIDE = frozenset({"column", "label", "bracket", "slash", "dash", "heading"})
_STRONG = frozenset({"prose.invited", "prose.asked", "prose.willing", "prose.engaged", "prose.decided", "prose.frozen"})

REASONS = {
    "prose": "engagement déduit d'une phrase",
    "owner": "ligne qui nomme un responsable, hors de toute liste",
    "arrow": "flèche dans le texte",
    "text": "paragraphe sans puce sous un titre d'actions",
}


def features(made: Draft, grammar: Grammar) -> dict[str, float]:
    """What speaks for and against an action, each 0 or 1."""
    family = made.rule.split(".")[0]
    seen = {
        family: 1.0,
        "owner_found": float(bool(made.owners)),
        "owner_beside": float(made.how in _BESIDE),
        "dated": float(bool(made.deadline)),
        "acts": float(acts(made.text, grammar)),
        "twice": float(made.twice),
        "short": float(len(made.text) < _SHORT),
        "long": float(len(made.text) > _LONG),
        "decided": float(made.kind == "decision"),
        "strong": float(made.rule in _STRONG),
    }
    return {name: seen.get(name, 0.0) for name in FEATURES}


@cache
def model() -> dict[str, Any]:
    """The fitted weights: `bias`, `weights` by feature, `threshold`."""
    loaded: dict[str, Any] = YAML(typ="safe").load(WEIGHTS.read_text(encoding="utf-8"))
    return loaded


def rate(made: Draft, grammar: Grammar) -> float:
    """The probability that a careful reader takes the same action from the document."""
    fitted = model()
    score = fitted["bias"] + sum(fitted["weights"][name] * value for name, value in features(made, grammar).items())
    return round(1 / (1 + math.exp(-score)), 3)


def verdict(rated: float, made: Draft) -> tuple[bool, str]:
    """Whether an action waits for somebody to look at it, and why."""
    if rated >= model()["threshold"]:
        return False, ""
    family, _, detail = made.rule.partition(".")
    return True, REASONS.get(family) or REASONS.get(detail) or "peu d'indices qu'il s'agit d'une action"
