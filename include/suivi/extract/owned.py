"""Lines outside any list that end in their owner: "Responsable : X", "…/X"."""

from __future__ import annotations

import re
from functools import cache

from suivi.extract.drafts import Draft, Scene, draft
from suivi.extract.grammar import Ending, Grammar
from suivi.extract.layout import Entry
from suivi.extract.owners import LIKELY, likeness
from suivi.extract.sections import names_field
from suivi.extract.verbs import acts

_SIGN = re.compile(r"[:;/=]")
_STOP = re.compile(r"[.!?]\s+(?=[A-ZÀ-Þ])")
_NAMED = 0.95  # likeness of parties that are all known
_LONGEST = 700
_LABEL = 45  # characters of the longest label of an owner


@cache
def _owner_word(grammar: Grammar) -> Ending:
    return Ending(grammar.listing("owner"), r"\s*")


def _names_owner(scene: Scene, entry: Entry) -> bool:
    """A cheap look before a dear one: an owner's label, or a slash with a short end behind it."""
    slash = scene.page.text.rfind("/", max(entry.end - 70, entry.body), entry.end)
    behind = scene.page.text[slash + 1 : entry.end].strip(" *\n") if slash > 0 else ""
    if behind[:1].isupper():
        return True
    plain, word = scene.page.plain, _owner_word(scene.grammar)
    return any(
        word.search(plain[max(sign.start() - _LABEL, entry.body) : sign.start()])
        for sign in _SIGN.finditer(plain, entry.body, entry.end)
    )


def _last_order(scene: Scene, entry: Entry) -> int:
    """Where the last sentence begins that is an order, behind sentences that only tell."""
    text = scene.page.text
    if acts(text[entry.body : entry.end], scene.grammar):
        return entry.body
    starts = [match.end() for match in _STOP.finditer(text, entry.body, entry.end)]
    orders = [start for start in starts if acts(text[start : entry.end], scene.grammar)]
    return orders[-1] if orders else entry.body


def owned(scene: Scene, entry: Entry) -> Draft | None:
    """A paragraph that ends in its owner: "Responsable : X" or "…/X"."""
    first = scene.outline.topics[0].start if scene.outline.topics else 0
    if (
        entry.end - entry.start > _LONGEST
        or entry.kind == "heading"
        or entry.start < first
        or names_field(entry, scene)
    ):
        return None
    if not _names_owner(scene, entry):
        return None
    made = draft(scene, _last_order(scene, entry), entry.end, "owner.line")
    if made is None or made.how not in ("label", "slash") or not made.owners:
        return None
    if len(made.text) < (12 if acts(made.text, scene.grammar) else 20):
        return None
    named = likeness(made.owner_written or "", scene.grammar, scene.people) >= _NAMED
    if made.how == "slash" and not named and not acts(made.text, scene.grammar):
        return None
    if made.how == "label" and likeness(made.owner_written or "", scene.grammar, scene.people) < LIKELY:
        return None
    made.rule = f"owner.{made.how}"
    return made
