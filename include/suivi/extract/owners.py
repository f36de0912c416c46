"""Is this somebody? How much a piece of text looks like the owners of an action."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from suivi.extract.grammar import Grammar, key
from suivi.extract.values import parties
from suivi.extract.values.names import known, organisation_names
from suivi.extract.values.text import fold

SURE = 0.8  # from here on a bracket or tail is taken as an owner without further evidence
LIKELY = 0.6
_ACRONYM = re.compile(r"[A-ZÀ-Þ][A-Z0-9À-Þ&.-]{1,14}s?$")
_MIXED = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Z][A-Za-z0-9]{1,10}(?:-[A-Z][A-Za-z0-9]+)*$")
_INITIAL_NAME = re.compile(r"(?:[A-ZÀ-Þ][a-z]?\.?\s?-?){1,3}\s?(?:(?:de|du|le|la|van|von|el|al)\s)?[A-ZÀ-Þ][\w'’-]+$")
_TITLED = re.compile(r"(?:M|Mr|Mme|Mlle|Mrs|Ms|Dr|Pr)\.?\s+[A-ZÀ-Þ][\w'’ -]+$")
_NAME = re.compile(
    r"[A-ZÀ-Þ][\w'’-]+(?:\s+(?:de|du|dite?|le|la|van|von|el|al|[A-ZÀ-Þ]\.?))*(?:\s+[A-ZÀ-Þ][\w'’-]+){1,3}$"
)
_WORD = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ'’-]+$")
_LIST_NUMBER = re.compile(r"[A-Z]{0,4}\d{2,}|n°|\d")
_INSIDE = re.compile(r"\s*\(([^()]{1,40})\)")
_BETWEEN = re.compile(r"[\s.,][\s.,]*")
_JOINTS = re.compile(r"[\s-]+")
_SMALL = re.compile(r"(?<![\w'’])[a-zà-ÿ]+(?![\w'’])")
_LONGEST = 160


@cache
def _every(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"(?:{grammar.shape('every')})\s+(?=\w)")


@dataclass(slots=True)
class People:
    """Who is named in the document's header: an owner by first name or initials is one of them."""

    words: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)  # as `key` makes them

    def add(self, name: str) -> None:
        parts = zip(_BETWEEN.split(name), _BETWEEN.split(fold(name)), strict=False)
        self.words.update(folded for part, folded in parts if len(part) > 1 and part[0].isupper())
        capitals = "".join(part[0] for part in _JOINTS.split(name) if part[:1].isupper())
        if len(capitals) >= 2:
            self.words.update({fold(capitals), fold(capitals[0] + capitals[-1])})


def likeness(text: str, grammar: Grammar, people: People) -> float:
    """0…1: how much every party of a text looks like an owner; the least likely one decides."""
    text = text.strip(" .;:*")
    if not text or len(text) > _LONGEST:
        return 0.0
    split = parties.split(text)
    if not split or len(split) > 12 or _says(text, grammar):
        return 0.0
    return min(_one(party, grammar, people) for party in split)


def _says(text: str, grammar: Grammar) -> bool:
    """Whether a text holds a verb: then it is a sentence, not a name."""
    return not grammar.words("not_subject").isdisjoint(_SMALL.findall(text))


def split(text: str, grammar: Grammar, people: People) -> tuple[str, ...]:
    """The single parties of an owner text: also who stands in brackets, and who the header names beside another."""

    def opened(match: re.Match[str]) -> str:
        inside = match[1].strip()
        if inside.islower() and _role_noun(key(inside), grammar):
            return " "  # "ORG (lead)": the part it has, nobody else
        return (
            f", {inside}"
            if (likeness(inside, grammar, people) >= SURE and not match[1].isupper()) or fold(inside) in people.words
            else match.group()
        )

    text = _INSIDE.sub(opened, text)
    found: list[str] = []
    for party in parties.split(text):
        found.extend(_neighbours(party, people))
    return tuple(dict.fromkeys(found))


def _neighbours(party: str, people: People) -> list[str]:
    """A party and an organisation of the header written behind it without a sign ("Project team Acme")."""
    words = party.split()
    if len(words) < 2 or key(party) in people.organisations:
        return [party]
    for cut in range(1, len(words)):
        tail = " ".join(words[cut:])
        before = words[cut - 1]
        if (
            key(tail) in people.organisations
            and len(tail) > 3
            and not before.islower()
            and before not in ("–", "-", "&")
        ):
            return [*_neighbours(" ".join(words[:cut]), people), tail]
    return [party]


def _one(party: str, grammar: Grammar, people: People) -> float:
    folded, words = fold(party), key(party)
    if not words or len(party) > 90:
        return 0.0
    if words in grammar.words("everyone") or folded in people.words or words in people.organisations:
        return 0.95
    if (every := _every(grammar).match(fold(party))) and len(words.split()) <= 6:
        return 0.85 if party[every.end() :][:1].isupper() else max(0.6, 0.85 * _role_noun(words, grammar))
    name = next(iter(known(organisation_names(), party)), None)
    if name and name.start == 0 and name.end >= len(party) - 1:
        return 0.95
    if _INITIAL_NAME.match(party) or _TITLED.match(party):
        return 0.9
    count = len(words.split())
    noun = _role_noun(words, grammar)
    if noun and count <= 10:
        return 0.9 if count <= 5 else 0.8 if count <= 7 else 0.4
    if _ACRONYM.match(party) and not _LIST_NUMBER.match(party):
        return 0.85
    if name and name.start == 0 and count <= 6:
        return 0.8
    if all(_ACRONYM.match(word) or _MIXED.match(word) or fold(word) in people.words for word in party.split()):
        return 0.8
    if _NAME.match(party):
        return 0.8 if any(fold(word) in people.words for word in party.split()) else 0.65
    if _MIXED.match(party):
        return 0.7
    if count <= 4 and all(fold(word) in people.words or word[:1].isupper() for word in party.split()):
        return 0.75 if any(fold(word) in people.words for word in party.split()) else 0.3
    return 0.5 if _WORD.match(party) else 0.2 if count <= 4 and party[:1].isupper() else 0.0


def _role_noun(words: str, grammar: Grammar) -> bool:
    nouns = grammar.words("role_nouns")
    parts = words.split()
    every = _every(grammar).match(words)
    parts = words[every.end() :].split() if every else parts
    return any(" ".join(parts[: size + 1]) in nouns for size in range(min(4, len(parts)))) or (
        len(parts) <= 4 and bool(parts) and (parts[-1] in nouns or " ".join(parts[-2:]) in nouns)
    )
