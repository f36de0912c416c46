"""Initials that stand for a person in running text: "M. K. fera le point", "AS to share the list".

Minutes write their regulars so. Capitals alone are mostly an acronym: they count only where the attendance list has
somebody of these initials, no list of ours has the acronym, and a person's verb or preposition stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

from suivi.reference import load_csv
from suivi.sharing.wording import flatten, fold, words

_DOTTED = re.compile(r"(?<![\w.])(?:[A-ZÀ-Ý]\.[ \u00a0]?-?){1,3}[A-ZÀ-Ý]\.?(?![\w])")
_CAPITALS = re.compile(r"(?<![\w./-])[A-Z]{2,3}(?![\w/-])")
# Both look at the flattened text, which keeps positions.
_BEFORE = re.compile(r"(?:^|\s)(?:par|avec|aupres de?|contacter|appeler|voir|by|with|ask|contact|call)\s+$")
_AFTER = re.compile(
    r"\s*(?:(?:se|s|en|y|le|la|les|lui|leur)\s+)*"
    r"(?:va|vont|doit|devra|est charge\w*|a (?:propose|indique|informe|rappele|partage|annonce)|(?:en )?charge|"
    r"engage|to|will|shall|is to|has to|has (?:agreed|proposed|shared)|[a-z]{2,}(?:era|ira|ra|ront))\b"
)
_LABELLED = re.compile(r"(?:(?:responsables?|faire|suivi|action|lead|owner|par|by|qui|who)\s*:\s*$)", re.I)


def initials(text: str, known: Collection[str] = ()) -> Iterator[str]:
    """Initials of people in a text; `known` are those of the attendance list, folded ("mk")."""
    for match in _DOTTED.finditer(text) if "." in text else ():
        letters = fold(match[0]).replace(" ", "")
        if letters in _everyday():
            continue
        if letters in known or (letters not in _acronyms() and _of_a_person(text, match)):
            yield match[0]
    if known:
        for match in _CAPITALS.finditer(text):
            letters = match[0].lower()
            if letters in known and letters not in _acronyms() and _of_a_person(text, match):
                yield match[0]


def _of_a_person(text: str, match: re.Match[str]) -> bool:
    flat = flatten(text)
    return bool(
        _BEFORE.search(flat, 0, match.start())
        or _AFTER.match(flat, match.end())
        or _LABELLED.search(text, 0, match.start())
        or text[match.end() :].lstrip().startswith("(")
    )


@cache
def _acronyms() -> frozenset[str]:
    """Acronyms of organisations, clusters and groups, and what people abbreviate every day (`_everyday`)."""
    listed = [row[key] for row in load_csv("organisations.csv") for key in ("acronym", "aliases")]
    listed += [row[key] for row in load_csv("clusters.csv") for key in ("code", "aliases")]
    listed += [row["aliases"] for row in load_csv("owner_groups.csv")]
    names = (fold(name).replace(" ", "") for text in listed for name in text.split("|"))
    return frozenset(names) | _everyday()


@cache
def _everyday() -> frozenset[str]:
    return frozenset(words("abbreviations"))
