"""Sharing rules as data (reference/sharing_rules.yaml): what in a text raises its row to `interne`, and why."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import ahocorasick

from suivi.reference import load_yaml
from suivi.sharing.gazetteer import below_admin2, gazetteer
from suivi.sharing.persons import personal
from suivi.sharing.wording import fold


@dataclass(frozen=True, slots=True)
class Rule:
    """A class of DESIGN.md's *Do no harm*."""

    id: str
    kind: str
    reason: dict[str, str]
    any: re.Pattern[str] | None = None
    to_do: re.Pattern[str] | None = None
    at_place: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: tuple[Rule, ...]
    triggers: Any  # an automaton: beginning of a word → ids of rules


@cache
def _rules() -> _Rules:
    table = load_yaml("sharing_rules.yaml")
    macros = dict(table["macros"])
    triggers: dict[str, set[str]] = {}
    for plain in table["rules"]:
        for trigger in plain.get("triggers", ()):
            triggers.setdefault(f" {trigger}", set()).add(plain["id"])
    automaton = ahocorasick.Automaton()
    for trigger, ids in triggers.items():
        automaton.add_word(trigger, frozenset(ids))
    automaton.make_automaton()
    return _Rules(tuple(_rule(plain, macros) for plain in table["rules"]), automaton)


def _rule(plain: dict[str, Any], macros: dict[str, str]) -> Rule:
    def compiled(patterns: list[str]) -> re.Pattern[str] | None:
        return re.compile("|".join(f"(?:{_filled(pattern, macros)})" for pattern in patterns)) if patterns else None

    patterns = plain.get("any") or ([plain["words"]] if "words" in plain else [])
    return Rule(
        id=plain["id"],
        kind=plain["kind"],
        reason=plain["reason"],
        any=compiled(patterns),
        to_do=compiled([*patterns, *plain.get("any_to_do", ())]),
        at_place=compiled(plain.get("any_at_place", [])),
        unless=compiled([rf"\b(?:{text})\b" for text in plain.get("unless", ())]),
        organisations=tuple(plain.get("organisations", ())),
    )


def _filled(pattern: str, macros: dict[str, str]) -> str:
    """The pattern with its macros; a macro may use those that stand after it."""
    for name, text in macros.items():
        pattern = pattern.replace("{" + name + "}", text)
    return pattern


def rules() -> tuple[Rule, ...]:
    """The rules in the order of the file."""
    return _rules().rules


def rule(identifier: str) -> Rule:
    """One rule by id; `KeyError` for an unknown one."""
    return _by_id()[identifier]


@cache
def _by_id() -> dict[str, Rule]:
    return {each.id: each for each in rules()}


@lru_cache(maxsize=65536)
def raised_by_wording(text: str, to_do: bool = False) -> tuple[str, ...]:
    """Ids of the pattern rules that the text breaks."""
    folded = fold(text)
    wanted = _triggered(folded)
    if not wanted:
        return ()
    found = [each.id for each in rules() if each.id in wanted and _breaks(each, folded, to_do)]
    if to_do:
        found += [each.id for each in rules() if each.id in wanted - set(found) and _breaks_there(each, folded, text)]
    return tuple(found)


def _breaks_there(each: Rule, folded: str, text: str) -> bool:
    """Whether a text breaks the rule because it also says where: a region, cercle or commune of the gazetteer."""
    if each.at_place is None:
        return False
    left = each.unless.sub(" ", folded) if each.unless else folded
    if not each.at_place.search(left):
        return False
    return any(place.level for mention in gazetteer().mentions(text) for place in mention.places)


@lru_cache(maxsize=65536)
def _triggered(folded: str) -> frozenset[str]:
    """Ids of the rules of which a word of the text has a trigger."""
    wanted: set[str] = set()
    for _, ids in _rules().triggers.iter(f" {folded}"):
        wanted |= ids
    return frozenset(wanted)


def _breaks(each: Rule, folded: str, to_do: bool) -> bool:
    pattern = each.to_do if to_do else each.any
    if pattern is None or each.kind != "pattern":
        return False
    return pattern.search(each.unless.sub(" ", folded) if each.unless else folded) is not None


def raised(text: str, known: Collection[str] = (), consent: Collection[str] = (), to_do: bool = False) -> list[str]:
    """Ids of all rules that a text breaks.

    `known`: folded names of people (`persons.known_names`); `consent`: organisations of the consent list that agreed
    in writing to be shown; `to_do`: the text is an action's.
    """
    if not text:
        return []
    found = []
    if personal(text, known):
        found.append("personal")
    if below_admin2(text):
        found.append("small_place")
    if names_without_consent(text, consent):
        found.append("consent_list")
    return [*found, *raised_by_wording(text, to_do)]


def without_consent(consent: Collection[str]) -> frozenset[str]:
    """Organisations of the consent list that did not agree; an agreement of MSF covers its sections."""
    return _without_consent(tuple(consent))


@lru_cache(maxsize=64)
def _without_consent(consent: tuple[str, ...]) -> frozenset[str]:
    agreed = {fold(name) for name in consent}
    listed = rule("consent_list").organisations
    pairs = {"cicr": "icrc", "icrc": "cicr"}
    return frozenset(
        name
        for name in listed
        if fold(name) not in agreed and pairs.get(fold(name)) not in agreed and fold(name).split()[0] not in agreed
    )


def names_without_consent(text: str, consent: Collection[str]) -> bool:
    """Whether the text names an organisation of the consent list that did not agree."""
    each, folded = rule("consent_list"), fold(text)
    if each.any is None or each.id not in _triggered(folded):
        return False
    families = _families_without_consent(tuple(consent))
    return any(_family(match[0]) in families for match in each.any.finditer(folded))


@lru_cache(maxsize=64)
def _families_without_consent(consent: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_family(fold(name)) for name in _without_consent(consent))


def _family(folded: str) -> str:
    return "msf" if folded.startswith(("msf", "medecin", "doctors")) else "cicr"
