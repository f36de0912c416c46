"""Names of places found in running text, with the level that the words around them give.

The list is reference/places.csv: countries, regions (admin1), cercles (admin2) and communes (admin3). One name
may stand for all of them (Mopti is a region, a cercle and a commune): the introducing word decides
("commune de Mopti"), else the widest place that bears the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import ahocorasick

from suivi.reference import load_csv
from suivi.sharing.wording import flatten, fold, words

# Introducing words → level of the place that they introduce. 4 = below the commune: never in the list.
INTRODUCED = {
    1: "region|regions|gouvernorat|gouvernorats|governorate|adm1|admin1",
    2: "cercle|cercles|district|districts|departement|departements|prefecture|prefectures|adm2|admin2",
    3: "commune|communes|communale|municipality|mairie|arrondissement|arrondissements|sous prefecture",
    4: "village|villages|hameau|hameaux|quartier|quartiers|localite|localites|fraction|neighbourhood|neighborhood"
    "|hamlet|locality|secteur|campement|aire de sante|health area",
}
_LEVEL = {word: level for level, words in INTRODUCED.items() for word in words.split("|")}
_LINK = r"(?:(?:rurales?|urbaines?|de|du|des|d|la|le|les|l|dit|of|the|called)\s+)*"
_LINKING = frozenset(("rurale", "rurales", "urbaine", "urbaines", "de", "du", "des", "d", "la", "le", "les", "l"))
_LINKING |= {"dit", "of", "the", "called"}
_LONGER = {name.split()[-1]: name for name in _LEVEL if " " in name}  # "sante" → "aire de sante"
_AFTER = re.compile(rf"\s+({'|'.join(_LEVEL)})\b")
_LIST = re.compile(r"^[\s,;/]*(?:et|and|ou|or|de|du|d|l)?[\s]*$")
# "village de Xxx", "Xxx village": a place below the commune whatever its name is.
_SMALL = re.compile(rf"\b(?:{INTRODUCED[4]}|{INTRODUCED[3]})\s+{_LINK}(?=\w)")
_SMALL_AFTER = re.compile(r"\b(\w+)\s+(?:village|hamlet|neighbou?rhood|locality|municipality|commune)\b")
_SMALL_WORDS = frozenset(name.split()[0] for level in (3, 4) for name in INTRODUCED[level].split("|"))


@dataclass(frozen=True, slots=True)
class Place:
    """A row of reference/places.csv."""

    pcode: str
    name: str
    level: int
    parent: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text: where, what it may be, and the level that its introducing word gives, if any."""

    start: int
    end: int
    places: tuple[Place, ...]
    introduced: int | None


class Gazetteer:
    """Places by code and by folded name."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.by_code = {place.pcode: place for place in places}
        self.by_name: dict[str, tuple[Place, ...]] = {}
        for place in sorted(self.by_code.values(), key=lambda p: (p.level, p.pcode)):
            for name in {fold(place.name), *map(fold, place.aliases)}:
                self.by_name[name] = (*self.by_name.get(name, ()), place)
        self._names = ahocorasick.Automaton()
        for name, found in self.by_name.items():
            self._names.add_word(name, (len(name), found))
        self._names.make_automaton()

    def named(self, name: str) -> tuple[Place, ...]:
        """Places that bear the name, widest first."""
        return self.by_name.get(fold(name), ())

    def parent(self, place: Place, level: int) -> Place | None:
        """The place of that level in which the place lies (itself included)."""
        current: Place | None = place
        while current is not None and current.level > level:
            current = self.by_code.get(current.parent)
        return current if current is not None and current.level == level else None

    @lru_cache(maxsize=65536)  # noqa: B019 (one gazetteer a process)
    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Places named in the text with a capital, in reading order, longest name first where they overlap."""
        flat = flatten(text)
        spans: list[tuple[int, int, tuple[Place, ...]]] = []
        for last, (length, places) in self._names.iter(flat):
            start, end = last - length + 1, last + 1
            if (start and flat[start - 1] != " ") or (end < len(flat) and flat[end] != " "):
                continue
            if text[start].isupper():
                spans.append((start, end, places))
        if not spans:
            return ()
        spans.sort(key=lambda span: (span[0], -span[1]))
        return tuple(self._with_levels(flat, _outermost(spans)))

    def _with_levels(self, flat: str, spans: list[tuple[int, int, tuple[Place, ...]]]) -> list[Mention]:
        mentions: list[Mention] = []
        for start, end, places in spans:
            level = _introduced_before(flat[max(0, start - 60) : start])
            if level is None and (after := _AFTER.match(flat, end)):
                level = _LEVEL[after[1]]
            if level is None and mentions and _LIST.match(flat[mentions[-1].end : start]):
                level = mentions[-1].introduced  # "cercles de Macina, Niono et Tenenkou"
            mentions.append(Mention(start, end, places, level))
        return mentions


def _introduced_before(before: str) -> int | None:
    """The level of the introducing word that ends a text, articles and "rurale" apart."""
    words = before.split()
    while words and words[-1] in _LINKING:
        words.pop()
    if not words or not before.endswith(" "):
        return None
    longer = _LONGER.get(words[-1])
    if longer and " ".join(words).endswith(longer):
        return _LEVEL[longer]
    return _LEVEL.get(words[-1])


def _outermost(
    spans: Sequence[tuple[int, int, tuple[Place, ...]]],
) -> list[tuple[int, int, tuple[Place, ...]]]:
    kept: list[tuple[int, int, tuple[Place, ...]]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


@cache
def gazetteer() -> Gazetteer:
    """The places that ship (reference/places.csv)."""
    return Gazetteer(
        Place(
            row["pcode"], row["name"], int(row["level"]), row["parent"], tuple(filter(None, row["aliases"].split("|")))
        )
        for row in load_csv("places.csv")
    )


@lru_cache(maxsize=65536)
def below_admin2(text: str) -> str:
    """The words that name a place below admin2, or "" when none does.

    A commune whose name a region or cercle bears too counts only when it is introduced as one; so do communes
    whose name is an everyday word or very short ("Sahel", "Logo", "Ber").
    """
    flat = flatten(text)
    if not _SMALL_WORDS.isdisjoint(flat.split()):
        small = next((match for match in _SMALL.finditer(flat) if text[match.end()].isupper()), None)
        if small:
            return _words(text, small.start(), small.end())
        after = next((match for match in _SMALL_AFTER.finditer(flat) if text[match.start(1)].isupper()), None)
        if after and flat[after.start(1) : after.end(1)] not in _SENTENCE_STARTS:
            return text[after.start() : after.end()]
    for mention in gazetteer().mentions(text):
        if mention.introduced == 3 or _only_small(mention, flat):
            return text[mention.start : mention.end]
    return ""


_SENTENCE_STARTS = frozenset(words("not_villages"))
_AT = re.compile(r"\b(?:a|de|in|at|of|near|from|depuis|vers)\s+$")
_EVERYDAY = frozenset(words("everyday_communes"))


def _only_small(mention: Mention, flat: str) -> bool:
    name = flat[mention.start : mention.end].strip()
    if min(place.level for place in mention.places) < 3 or mention.introduced in (1, 2):
        return False
    if name in _EVERYDAY:
        return False
    return len(name) > 4 or _AT.search(flat, 0, mention.start) is not None


def _words(text: str, start: int, end: int) -> str:
    match = re.compile(r"[\w'’-]+").match(text, end)
    return text[start : match.end() if match else end]
