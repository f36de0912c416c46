"""Who led the meeting and who wrote it down: labelled, beside a name of the attendance list, or told in a sentence."""

from __future__ import annotations

import re
from functools import cache

from suivi.extract.attendance import Roll
from suivi.extract.grammar import Grammar, alternatives, key
from suivi.extract.labels import Value
from suivi.extract.layout import Entry, Page
from suivi.extract.outline import Outline
from suivi.extract.owners import SURE, People, likeness

_TITLES = r"(?:M|Mr|Mme|Mlle|Mrs|Ms|Dr|Pr|Monsieur|Madame|Mademoiselle)\.?\s+"
_PERSON = rf"(?:{_TITLES})?[A-ZÀ-Þ][\w'’-]+(?:\s(?:de|du|el|al|ag|ould|van)\s?)?(?:\s[A-ZÀ-Þ][\w'’-]+){{1,3}}"
_NAMED = re.compile(rf"{_PERSON}|{_TITLES}[A-ZÀ-Þ][\w'’-]+")
_OFFICE = re.compile(  # "le Préfet, M. Untel": an office, then who holds it
    rf"(?:le|la|the)\s[^,;:]{{3,60}},\s*(?P<name>{_TITLES}[A-ZÀ-Þ][^,;(]{{2,40}})"
)
_SENTENCE_END = r"(?<!Mr)(?<!Mrs)(?<!Mme)(?<!Mlle)(?<!Dr)(?<!Pr)(?<!Ms)(?<=[a-zà-ÿ]{2})[.]\s+(?=[A-ZÀ-Þ][a-zà-ÿ]{3,})"
_TITLED = re.compile(
    rf"(?P<name>{_TITLES}[^,;:]{{3,40}}),\s*[A-ZÀ-Þ]?[a-zà-ÿ]+\s*(?:,|$)"
)  # "Mme P. Untel, Secrétaire, …"
_NAME_END = re.compile(rf"\s*[,;(\n]|\s[-–]\s|{_SENTENCE_END}")
_BEHIND = re.compile(r"\s*(?:,|:|/|\s[-–])\s*")
_CLOCK = re.compile(r"\d{1,2}\s?[:hH]\s?\d{2}|\d{1,2}\s?[hH]\b")
_FIRST = 6000  # characters in which a sentence may tell a role


@cache
def _served(grammar: Grammar, role: str) -> re.Pattern[str]:
    """ "X agreed to serve as the rapporteur"; on the folded text."""
    words = alternatives(grammar.roles.get(role, []))
    return re.compile(rf"(?:{grammar.shape('served')})(?: as| comme)?(?: the| a)?\s+(?:{words})(?!\w)")


@cache
def _told_by(grammar: Grammar, role: str) -> tuple[str, ...]:
    return tuple(word for word in grammar.table("labels").get(role, ()) if word.endswith((" by", " par", " de")))


@cache
def _by_whom(grammar: Grammar, role: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{alternatives(_told_by(grammar, role))})\s+(?:the |le |la |l')?(?=[a-z])")


@cache
def _ending_in(grammar: Grammar, role: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(grammar.roles.get(role, []))})$")


class OfficerReader:
    """Reads the roles of one page; `values` takes where each was found."""

    def __init__(self, page: Page, outline: Outline, grammar: Grammar, values: dict[str, Value], roll: Roll) -> None:
        self.page, self.outline, self.grammar = page, outline, grammar
        self.values, self.roll = values, roll

    def read(self, role: str) -> str | None:
        """Who held a role: "chair", "facilitator" or "rapporteur"."""
        value = self.values.get(role)
        if value and (name := name_of(value.text, self.grammar)):
            return name
        if role in self.roll.roles:
            return self.roll.roles[role]
        told = self._told(role)
        if told:
            return told
        known = any(word in self.page.plain for word in self.grammar.roles.get(role, ()))
        served = _served(self.grammar, role).search(self.page.plain) if known else None
        before = list(_NAMED.finditer(self.page.text, max(served.start() - 60, 0), served.start())) if served else []
        return before[-1].group() if before else self._designated(role)

    def _told(self, role: str) -> str | None:
        """A role told in a sentence: "chaired by Ms Ruth Oland", "sous la présidence de M. Sy"."""
        first = self.outline.topics[0].end if self.outline.topics else len(self.page.plain)
        plain = self.page.plain[: min(first, _FIRST)]
        if not any(words in plain for words in _told_by(self.grammar, role)):
            return None
        match = _by_whom(self.grammar, role).search(plain)
        name = _NAMED.match(self.page.text, match.end()) if match else None
        if name is None:
            return None
        self.values[role] = Value(name.group(), name.start(), name.end())
        return name.group()

    def _designated(self, role: str) -> str | None:
        """ "1) Designation of rapporteur" and the name under it."""
        words = _ending_in(self.grammar, role)
        for heading in self.outline.headings:
            if (
                len(heading.title) < 45
                and words.search(key(heading.title))
                and heading.index + 1 < len(self.page.items)
            ):
                after = self.page.items[heading.index + 1]
                if isinstance(after, Entry) and after.end - after.body < 60:
                    return self.page.clean(after.body, after.end).strip(" .-")
        return None


def name_of(text: str, grammar: Grammar) -> str | None:
    """The name in a role's value, without function and organisation; a value that tells a time names nobody."""
    text = text.strip(" :*_-–@")
    if _CLOCK.search(text) or (text.islower() and len(text.split()) > 2):
        return None
    office = _OFFICE.match(text)
    if office:
        return office["name"].strip()
    parts = [part for part in _BEHIND.split(text) if part]
    if len(parts) == 2 and _NAMED.fullmatch(parts[1]) and _is_body(parts[0], grammar):
        return parts[1].strip(" *_.,")  # "ORG, Prénom Nom"
    titled = _TITLED.match(text)
    if titled:
        return titled["name"].strip()
    if text.count(",") >= 2 and not re.search(r"[a-z]{3,} (?:de|du|of|au) ", text.split(",", 1)[1]):
        return text
    end = _NAME_END.search(text)
    name = text[: end.start()] if end and end.start() > 3 else text
    return name.strip(" *_.,") or None


def _is_body(text: str, grammar: Grammar) -> bool:
    """Whether a text is an organisation, not a person."""
    return not re.search(r"[a-zà-ÿ]\s+[A-ZÀ-Þ][a-zà-ÿ]", text) and likeness(text, grammar, People()) >= SURE
