"""Names that the reference lists know, found in one pass over a text (Aho-Corasick)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import ahocorasick
from suivi.extract.values.text import fold
from suivi.extract.values.words import both
from suivi.reference import load_csv

_LOOSE_FROM = 8  # letters: a name this long is no common word, so its case does not matter


@dataclass(frozen=True, slots=True)
class NameFound:
    """A known name in a text; `name` as written, `key` what the list calls it, `kind` which list."""

    start: int
    end: int
    name: str
    key: str
    kind: str


def _automaton(entries: Iterable[tuple[str, str, str]]) -> Any:
    """Folded name → its spellings; entries are (spelling, key, kind)."""
    table: dict[str, list[tuple[str, str, str]]] = {}
    for spelling, key, kind in entries:
        if len(spelling) > 1:
            table.setdefault(fold(spelling), []).append((spelling, key, kind))
    automaton = ahocorasick.Automaton()
    for folded, spellings in table.items():
        automaton.add_word(folded, (len(folded), spellings))
    automaton.make_automaton()
    return automaton


@cache
def organisation_names() -> Any:
    """Acronyms, names and aliases of reference/organisations.csv, and the roles that stand for one."""
    entries = []
    for row in load_csv("organisations.csv"):
        key = row["acronym"] or row["name"]
        names = [row["acronym"], row["name"], row.get("name_en") or "", *(row.get("aliases") or "").split("|")]
        entries += [(name.strip(), key, "organisation") for name in names if name.strip()]
    entries += [(word, word, "role") for word in both("parties", "roles")]
    return _automaton(entries)


@cache
def place_names() -> Any:
    """Names and aliases of reference/places.csv; the kind is the administrative level, "0" to "3"."""
    entries = []
    for row in load_csv("places.csv"):
        names = [row["name"], *(row.get("aliases") or "").split("|")]
        entries += [(name.strip(), row["pcode"], row["level"]) for name in names if name.strip()]
    return _automaton(entries)


def _fits(written: str, spelling: str, kind: str) -> bool:
    if written == spelling:
        return True
    if kind in "0123":
        return written[0].isupper() and (len(written) > 4 or not written.isupper())
    if len(written) >= 5 and written.istitle() and spelling.isupper():
        return True  # Unicef, Minusma
    return len(written) >= _LOOSE_FROM or (written.upper() == spelling.upper() and written.isupper() and len(written) > 3)


def known(automaton: Any, text: str) -> Iterator[NameFound]:
    """Known names in order, the longest where several start or overlap."""
    folded = fold(text)
    hits: list[NameFound] = []
    for last, (length, spellings) in automaton.iter(folded):
        start, end = last - length + 1, last + 1
        if (start and folded[start - 1].isalnum()) or (end < len(folded) and folded[end].isalnum()):
            continue
        written = text[start:end]
        fitting = [entry for entry in spellings if _fits(written, entry[0], entry[2])]
        if fitting:
            hits.append(NameFound(start, end, written, fitting[0][1], fitting[0][2]))
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    position = 0
    for hit in hits:
        if hit.start >= position:
            yield hit
            position = hit.end
