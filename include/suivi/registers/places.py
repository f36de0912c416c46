"""Places as written → P-codes of COD-AB, code and name together.

A name that a region, a cercle and a commune share: the introducing word in the sentence decides, else the region.
Spelling is forgiven only above a high bar and only within a region that the same row names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from suivi.registers.new_regions import cercles_of
from suivi.sharing.gazetteer import Gazetteer, Mention, Place, gazetteer
from suivi.sharing.wording import fold

_CODE = re.compile(r"\b(?:MLI|ML)-?(\d{2}(?:\d{2}){0,2})\b")
_NEAR = 87.0  # ratio of folded names; one letter in eight
_SHORTEST = 5
_NOISE = re.compile(
    r"\b(?:zones?|nord|sud|est|ouest|centre|north|south|east|west|areas?|site|sites|camp|camps|ville|city|town|pays|"
    r"country|bureau|region|regions|cercle|cercles|commune|communes|village|villages|district|districts|de|du|des|d|"
    r"la|le|les|l|of|the|in|a|au|aux|et|and)\b"
)


@dataclass(frozen=True)
class Resolved:
    """P-codes of one row. `below` = something named lies below admin2; `unknown` stays as written, for an issue."""

    admin1: tuple[Place, ...] = ()
    admin2: tuple[Place, ...] = ()
    countries: tuple[Place, ...] = ()
    below: bool = False
    unknown: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    old_codes: tuple[str, ...] = ()
    new_regions: tuple[str, ...] = ()  # regions of 2023, read as their cercles

    @property
    def admin1_codes(self) -> tuple[str, ...]:
        return tuple(place.pcode for place in self.admin1)

    @property
    def admin2_codes(self) -> tuple[str, ...]:
        return tuple(place.pcode for place in self.admin2)

    @property
    def shown(self) -> tuple[str, ...]:
        """Names to read: cercles, and regions of which no cercle is named."""
        regions = {place.parent for place in self.admin2}
        return tuple(p.name for p in (*self.admin2, *(r for r in self.admin1 if r.pcode not in regions)))

    @cached_property
    def codes(self) -> frozenset[str]:
        """The narrowest codes: what two mentions of one action are compared by."""
        regions = {place.parent for place in self.admin2}
        return frozenset((*self.admin2_codes, *(code for code in self.admin1_codes if code not in regions)))


@lru_cache(maxsize=65536)
def resolve(written: tuple[str, ...], sentence: str = "", region: str | None = None) -> Resolved:
    """Places as written, with the sentence they stand in; `region` (a P-code) = where the body works."""
    known = gazetteer()
    found: list[Place] = []
    unknown, ambiguous, old, new = [], [], [], []
    pieces = [piece for name in written for piece in _pieces(name)]
    context = _context(pieces, region, known)
    introduced = _introductions(sentence, known)
    for piece in pieces:
        if code := _CODE.search(piece):
            place, was_old = _coded(code, known)
            old += [piece] if was_old else []
        elif parts := _region_of_2023(piece, introduced, known):
            new.append(piece)
            found += [place for place in parts if place not in found]
            continue
        else:
            place, doubtful = _named(piece, introduced, context, known)
            ambiguous += [piece] if doubtful else []
        if place is None:
            unknown.append(piece)
        elif place not in found:
            found.append(place)
    return replace(
        _gathered(found, known),
        unknown=tuple(unknown),
        ambiguous=tuple(ambiguous),
        old_codes=tuple(old),
        new_regions=tuple(new),
    )


def _pieces(name: str) -> list[str]:
    """ "cercles de Macina, Niono et Tenenkou" → three; the introducing word stays with the first."""
    known = gazetteer()
    mentions = known.mentions(name)
    if len(mentions) < 2:
        return [name.strip()] if name.strip() else []
    pieces, start = [], 0
    for mention in mentions:
        word = {1: "région ", 2: "cercle ", 3: "commune ", 4: "village "}.get(mention.introduced or 0, "")
        pieces.append(word + name[mention.start : mention.end])
        start = mention.end
    return pieces if start else [name]


def _context(pieces: Sequence[str], region: str | None, known: Gazetteer) -> frozenset[str]:
    regions = {region} if region else set()
    for piece in pieces:
        for place in known.named(_core(piece)):
            if place.level in (1, 2) and (parent := known.parent(place, 1)):
                regions.add(parent.pcode)
    return frozenset(regions)


def _core(piece: str) -> str:
    return " ".join(_NOISE.sub(" ", fold(piece)).split())


def _introductions(sentence: str, known: Gazetteer) -> dict[str, int]:
    """Folded name → level that its introducing word gives it in the sentence."""
    found: dict[str, int] = {}
    for mention in known.mentions(sentence) if sentence else ():
        if mention.introduced:
            found.setdefault(fold(sentence[mention.start : mention.end]), mention.introduced)
    return found


def _region_of_2023(piece: str, introduced: dict[str, int], known: Gazetteer) -> tuple[Place, ...]:
    """The cercles of "région de Koutiala": COD-AB knows no region of this name."""
    name = _core(piece)
    said = fold(piece).split()
    if introduced.get(name) != 1 and not {"region", "regions"} & set(said):
        return ()
    return () if any(place.level == 1 for place in known.named(name)) else cercles_of(name)


def _named(
    piece: str, introduced: dict[str, int], context: frozenset[str], known: Gazetteer
) -> tuple[Place | None, bool]:
    capital = piece[:1].upper() + piece[1:]
    inside: Sequence[Mention] = known.mentions(capital)
    name = fold(piece) if known.named(piece) else _core(piece)
    level = next((mention.introduced for mention in inside if mention.introduced), None) or introduced.get(name)
    candidates = known.named(name)
    if not candidates:
        return _similar(name, context, known), False
    if level is not None:
        fitting = [place for place in candidates if place.level == min(level, 3)]
        if fitting:
            return _closest(fitting, context, known), False
        if level == 4:
            return None, False  # a village that bears the name of a cercle is neither
    widest = [place for place in candidates if place.level == candidates[0].level]
    # Names of both a region and one of its cercles are read as the region, and said so.
    inner = [p for p in candidates if p.level == 2]
    doubtful = level is None and widest[0].level == 1 and any(_has_sisters(place, known) for place in inner)
    return _closest(widest, context, known), doubtful


@lru_cache(maxsize=512)
def _has_sisters(cercle: Place, known: Gazetteer) -> bool:
    """Whether the region holds other cercles (Bamako and its only cercle are the same ground)."""
    return sum(place.parent == cercle.parent and place.level == 2 for place in known.by_code.values()) > 1


def _closest(places: Sequence[Place], context: frozenset[str], known: Gazetteer) -> Place | None:
    if len(places) == 1:
        return places[0]
    near = [place for place in places if (parent := known.parent(place, 1)) and parent.pcode in context]
    return near[0] if len(near) == 1 else None


def _similar(name: str, context: frozenset[str], known: Gazetteer) -> Place | None:
    if len(name) < _SHORTEST or not context:
        return None
    scored = sorted(
        (
            (fuzz.ratio(name, known_name), place.pcode, place)
            for known_name, places in known.by_name.items()
            for place in places
            if place.level in (1, 2)
            and (parent := known.parent(place, 1))
            and parent.pcode in context
            and abs(len(known_name) - len(name)) < 3
        ),
        reverse=True,
    )
    best = [each for each in scored if each[0] >= _NEAR]
    if not best or (len(best) > 1 and best[0][0] == best[1][0] and best[0][1] != best[1][1]):
        return None
    return best[0][2]


def _coded(match: re.Match[str], known: Gazetteer) -> tuple[Place | None, bool]:
    code = f"ML{match[1]}"
    was_old = match[0] != code
    while code not in known.by_code and len(code) > 4:
        code, was_old = code[:-2], True
    return known.by_code.get(code), was_old


def _gathered(found: Iterable[Place], known: Gazetteer) -> Resolved:
    admin1: dict[str, Place] = {}
    admin2: dict[str, Place] = {}
    countries: dict[str, Place] = {}
    below = False
    for place in found:
        if place.level == 0:
            countries[place.pcode] = place
        below = below or place.level == 3
        if region := known.parent(place, 1):
            admin1[region.pcode] = region
        if cercle := known.parent(place, 2):
            admin2[cercle.pcode] = cercle
    return Resolved(tuple(admin1.values()), tuple(admin2.values()), tuple(countries.values()), below)


def agree(code: str, name: str) -> bool:
    """Whether a P-code and a name mean the same place: the check of imported workbooks."""
    place = gazetteer().by_code.get(_CODE.sub(r"ML\1", code.strip()))
    if place is None:
        return False
    names = {fold(place.name), *map(fold, place.aliases)}
    return not name.strip() or fold(name) in names or max(fuzz.ratio(fold(name), known) for known in names) >= _NEAR


def place_cells(places: Resolved) -> dict[str, tuple[str, ...]]:
    """The five place columns of a register whose places are lists."""
    return {
        "admin1_pcode": places.admin1_codes,
        "admin1_name": tuple(place.name for place in places.admin1),
        "admin2_pcode": places.admin2_codes,
        "admin2_name": places.shown,
    }
