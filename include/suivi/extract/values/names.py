"""Names that the reference lists know."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, NamedTuple

import ahocorasick

from suivi.extract.values.text import fold
from suivi.extract.values.words import both
from suivi.reference import load_csv

_LOOSE_FROM = 8  # letters: a name this long is no common word, so its case does not matter
Entry = tuple[str, str, str]  # spelling, key, kind


class NameFound(NamedTuple):
    """A known name in a text; `name` as written, `key` what the list calls it, `kind` which list."""

    start: int
    end: int
    name: str
    key: str
    kind: str


@cache
def organisation_entries() -> tuple[Entry, ...]:
    """Acronyms, names and aliases of reference/organisations.csv, and the roles that stand for one."""
    entries: list[Entry] = []
    for row in load_csv("organisations.csv"):
        key = row["acronym"] or row["name"]
        names = [row["acronym"], row["name"], row.get("name_en") or "", *(row.get("aliases") or "").split("|")]
        entries += [(name.strip(), key, "organisation") for name in names if len(name.strip()) > 1]
    return (*entries, *((word, word, "role") for word in both("parties", "roles")))


@cache
def place_entries() -> tuple[Entry, ...]:
    """Names and aliases of reference/places.csv; the kind is the administrative level, "0" to "3"."""
    entries: list[Entry] = []
    for row in load_csv("places.csv"):
        names = [row["name"], *(row.get("aliases") or "").split("|")]
        entries += [(name.strip(), row["pcode"], row["level"]) for name in names if len(name.strip()) > 1]
    return tuple(entries)


def _automaton(entries: Iterable[Entry]) -> Any:
    table: dict[str, list[Entry]] = {}
    for entry in entries:
        table.setdefault(fold(entry[0]), []).append(entry)
    automaton = ahocorasick.Automaton()
    for folded, spellings in table.items():
        automaton.add_word(folded, (len(folded), spellings))
    automaton.make_automaton()
    return automaton


@cache
def organisation_names() -> Any:
    """The automaton of the organisations, for `known`."""
    return _automaton(organisation_entries())


@cache
def place_names() -> Any:
    """The automaton of the places, for `known`."""
    return _automaton(place_entries())


def fits(written: str, spelling: str, kind: str) -> bool:
    """Whether the case of a word in a text lets it be this name, not a common word."""
    if written == spelling:
        return True
    if kind in "0123":
        return written[0].isupper() and (len(written) > 4 or not written.isupper())
    if len(written) >= 5 and written.istitle() and spelling.isupper():
        return True  # Unicef, Minusma
    return len(written) >= _LOOSE_FROM or (len(written) > 3 and written.isupper() and written == spelling.upper())


@lru_cache(maxsize=4096)
def known(automaton: Any, text: str) -> tuple[NameFound, ...]:
    """Known names of a short text in order, the longest where several start or overlap; the last ones are kept."""
    folded = fold(text)
    hits: list[NameFound] = []
    for last, (length, spellings) in automaton.iter(folded):
        start, end = last - length + 1, last + 1
        if (start and folded[start - 1].isalnum()) or (end < len(folded) and folded[end].isalnum()):
            continue
        written = text[start:end]
        for spelling, key, kind in spellings:
            if fits(written, spelling, kind):
                hits.append(NameFound(start, end, written, key, kind))
                break
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[NameFound] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return tuple(kept)
