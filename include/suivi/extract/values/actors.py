"""Organisations as the subject of a sentence or the members of a list."""

from __future__ import annotations

import re
from functools import lru_cache

from suivi.extract.values.names import NameFound
from suivi.extract.values.scan import Scan, longest
from suivi.extract.values.words import alternatives, both

_ACRONYM = re.compile(r"[A-Z][A-Z0-9]{2,9}(?:[-/][A-Z0-9]{2,9})?(?![\w-])")
_NEVER = frozenset(word.upper() for word in both("presence", "no_organisations"))
_BRANCH = re.compile(r"[ -][A-Z](?![\w'’])")  # the section of a movement: "MSF F"
_JOIN = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:[,;/&]|(?<=\s)(?:et|and|ainsi que|as well as))+\s*(?:et\s|and\s)?\s*"
    r"(?:l'|le\s|la\s|les\s|the\s|l'ong\s|ong\s)*"
)
_OF_OTHERS = re.compile(
    rf"(?<![a-z])(?:{alternatives(both('presence', 'no_subject'))})\s*(?:l'|le\s|la\s|les\s|the\s)*\Z"
)
_BREAK = re.compile(r"[.;:\n]|(?<![a-z])(?:que|that|qui|who)\s")
_REACH = 45  # characters between a subject and its verb
_APART = 60  # characters between two members of a list
_ASIDE = 80  # characters of an aside ("ORG, en partenariat avec ORG, …")
_LOOK_BACK = 40


@lru_cache(maxsize=8)
def actors(scanned: Scan) -> list[NameFound]:
    """Known organisations of a text in order, with acronyms that no list knows (kind "acronym")."""
    text = scanned.text
    hits = [hit for hit in scanned.organisations if hit.kind == "organisation"]
    for match in _ACRONYM.finditer(text):
        start, end = match.span()
        glued = start and (text[start - 1].isalnum() or text[start - 1] in "-/_")
        if not glued and match.group() not in _NEVER:
            hits.append(NameFound(start, end, match.group(), "~", "acronym"))
    return longest(hits)


def subject_before(folded: str, hits: list[NameFound], low: int, position: int) -> list[NameFound]:
    """Those of the organisations, joined by "," and "et", that stand right before a verb at `position`."""
    before = [hit for hit in hits if low <= hit.start and hit.end <= position]
    if not before or position - before[-1].end > _REACH or _BREAK.search(folded, before[-1].end, position):
        return []
    subject = [before.pop()]
    while before and _JOIN.fullmatch(folded, before[-1].end, subject[0].start):
        subject.insert(0, before.pop())
    if not _is_of_others(folded, low, subject[0]):
        return subject
    if len(subject) > 1 and "," in folded[subject[-2].end : subject[-1].start]:
        return subject[-1:]  # "avec l'appui de ORG, ORG assure …"
    aside = before and "," in folded[before[-1].end : subject[0].start] and position - before[-1].end <= _ASIDE
    return before[-1:] if aside and not _is_of_others(folded, low, before[-1]) else []


def _is_of_others(folded: str, low: int, name: NameFound) -> bool:
    """Whether a word before an organisation says that it is not the one that acts ("par", "avec", "selon")."""
    return _OF_OTHERS.search(folded, max(low, name.start - _LOOK_BACK), name.start) is not None


def members_after(scanned: Scan, hits: list[NameFound], position: int, high: int) -> list[NameFound]:
    """The organisations of a list that starts at `position`, as far as it goes, each with its section."""
    text, members = scanned.text, list[NameFound]()
    for hit in hits:
        if hit.start < position or hit.end > high:
            continue
        if text.count("(", position, hit.start) > text.count(")", position, hit.start):
            continue  # what stands in brackets explains the member before it
        gap = text[members[-1].end if members else position : hit.start]
        if re.search(r"[.:]\s", gap) or len(gap) > _APART:
            break
        branch = _BRANCH.match(text, hit.end)
        end = branch.end() if branch else hit.end
        members.append(NameFound(hit.start, end, text[hit.start : end], hit.key, hit.kind))
    return members
