"""Organisations as the subject of a sentence or the members of a list."""

from __future__ import annotations

import re
from functools import lru_cache

from suivi.extract.values.names import NameFound, known, organisation_names
from suivi.extract.values.text import fold
from suivi.extract.values.words import alternatives, both

_ACRONYM = re.compile(r"(?<![\w/-])[A-Z][A-Z0-9]{2,9}(?:[-/][A-Z0-9]{2,9})?(?![\w-])")
_BRANCH = re.compile(r"[ -][A-Z](?![\w'’])")  # the section of a movement: "MSF F"
_NEVER = frozenset(word.upper() for word in both("presence", "no_organisations"))
_JOIN = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:[,;/&]|(?<=\s)(?:et|and|ainsi que|as well as))+\s*(?:et\s|and\s)?\s*(?:l'|le\s|la\s|les\s|the\s|l'ong\s|ong\s)*")
_OF_OTHERS = re.compile(rf"(?<![a-z])(?:{alternatives(both('presence', 'no_subject'))})\s*(?:l'|le\s|la\s|les\s|the\s)*\Z")


@lru_cache(maxsize=256)
def organisations_in(text: str) -> tuple[NameFound, ...]:
    """Known organisations and roles that are none left out, with acronyms that no list knows (kind "acronym")."""
    hits = [hit for hit in known(organisation_names(), text) if hit.kind == "organisation"]
    taken = [(hit.start, hit.end) for hit in hits]
    for match in _ACRONYM.finditer(text):
        free = not any(start < match.end() and match.start() < end for start, end in taken)
        if free and match.group() not in _NEVER:
            hits.append(NameFound(match.start(), match.end(), match.group(), "", "acronym"))
    return tuple(sorted(hits, key=lambda hit: hit.start))


def subject_before(text: str, position: int, low: int = 0, reach: int = 45) -> list[NameFound]:
    """The organisations, joined by "," and "et", that stand right before a verb at `position`."""
    folded = fold(text)
    before = [hit for hit in organisations_in(text) if low <= hit.start and hit.end <= position]
    if not before or position - before[-1].end > reach:
        return []
    if re.search(r"[.;:\n]|(?<![a-z])(?:que|that|qui|who)\s", folded[before[-1].end : position]):
        return []
    subject = [before.pop()]
    while before and _JOIN.fullmatch(folded, before[-1].end, subject[0].start):
        subject.insert(0, before.pop())
    return [] if _OF_OTHERS.search(folded, low, subject[0].start) else subject


def members_after(text: str, position: int, high: int) -> list[NameFound]:
    """The organisations of a list that starts at `position`, as far as it goes."""
    folded = fold(text)
    members: list[NameFound] = []
    for hit in organisations_in(text):
        if hit.start < position or hit.end > high or text.count("(", position, hit.start) > text.count(")", position, hit.start):
            continue  # what stands in brackets explains the member before it
        gap = folded[members[-1].end if members else position : hit.start]
        if re.search(r"[.:]\s", gap) or len(gap) > 60:
            break
        branch = _BRANCH.match(text, hit.end)
        end = branch.end() if branch else hit.end
        members.append(NameFound(hit.start, end, text[hit.start : end], hit.key, hit.kind))
    return members
