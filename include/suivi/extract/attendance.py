"""Who attended: tables with columns for present and excused, lists of people with their organisation, plain lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from suivi.extract.affiliation import organisations_of
from suivi.extract.columns import Columns
from suivi.extract.grammar import Grammar, alternatives, key
from suivi.extract.layout import Cell, Grid, Page, clean
from suivi.extract.owners import People
from suivi.extract.values import organisations
from suivi.extract.values.names import known, organisation_names
from suivi.extract.values.text import fold
from suivi.models import Attendee
from suivi.reference import load_csv

Presence = Literal["present", "excused", "absent"]
_CROSS = re.compile(r"[xX✓✔☑☒√1]|oui|yes|p|present", re.IGNORECASE)
_PERSON = re.compile(
    r"(?:(?:M|Mr|Mme|Mlle|Mrs|Ms|Dr|Pr)\.?\s+)?[A-ZÀ-Þ][\w'’.-]*"
    r"(?:[ \t]+(?:de|du|dit|dite|le|la|van|von|el|al|den|der|bin|Ould|ag|Ag))*"
    r"(?:[ \t]+[A-ZÀ-Þ][\w'’.-]*){1,4}"
)
_FIRST_NAME = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ'’-]+(?=\s*\([A-ZÀ-Þ][\w .&/-]*\))")
_NICKNAME = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ'’-]+[A-ZÀ-Þ]?")  # a line that holds only a first name: "Léa", "MarcD"
_ORG_FIRST = re.compile(
    r"\s*(?:[-*•]|\d+[.)])?\s*(?P<organisation>[^:\n]{2,60}?)\s*(?::|\s[–—-])\s+(?P<names>[A-ZÀ-Þ][^:\n]+)$"
)
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_WITH_PEOPLE = re.compile(
    r"(?:^|[,;\n]|\b(?:et|and)\s)\s*(?P<organisation>[^,;()\n]{2,60}?)\s*\((?P<names>[^()]{5,200})\)"
)
_INITIALS = re.compile(r"[a-z]{2,4}|[A-Z]{2,3}c?")
_JOINED = re.compile(r"\s+(?:et|and)\s+(?:la |le |les |l['’]|the )(?=[^\W_])")
_ARTICLE = re.compile(r"((?:^|[,;\n])[ \t]*)(?:la |le |les |l['’]|the )(?=[^\W\d_])")
_BESIDES = re.compile(
    r",?\s+(?:plus|as well as|ainsi que|en plus)\s+(?:the |le |la |les |l['’]|du |de la )?[a-zà-ÿ][^\n,;]*"
)
_OTHERS = re.compile(
    r",?\s+(?:and|et|&)\s+"
    r"(?:others?|other [a-z]+|several|representatives?|autres?|d['’]autres|plusieurs|représentants?)\b[^\n,;]*"
)
_BYSTANDER = re.compile(r"\s*\((?:observateurs?|observatrices?|observers?)\)", re.IGNORECASE)
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\+?\d[\d .()-]{7,}")


def _refers(name: str) -> bool:
    """ "See Doc 1.2": no organisation but a pointer to where they are listed."""
    return bool(re.search(r"\b\d+\.\d+\b", name))


@dataclass(slots=True)
class Roll:
    """What the document says of who was there; `roles` maps chair, facilitator, rapporteur to names."""

    attendees: list[Attendee] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    people: People = field(default_factory=People)
    span: tuple[int, int] | None = None

    def add(self, name: str, written: Iterable[str], status: Presence, contact: str | None = None) -> None:
        """One attendee with the organisations of its line."""
        found = [organisation for organisation in written if organisation]
        name = " ".join(name.split()).strip(" ,;:-–")
        if name:
            self.people.add(name)
            self.attendees.append(Attendee(name, found[0] if found else None, status, contact))
        self.put(found, status)

    def put(self, found: Iterable[str], status: Presence) -> None:
        """Organisations that were there, excused or absent."""
        target = {"present": self.organisations, "excused": self.excused, "absent": self.absent}[status]
        seen = {key(name) for name in target}
        for name in found:
            if re.search(r"[^\W\d_]{2}", name) and key(name) and not _refers(name) and key(name) not in seen:
                seen.add(key(name))
                self.people.organisations.add(key(name))
                target.append(name)

    def cover(self, start: int, end: int) -> None:
        """Remember where the organisations stand."""
        self.span = (min(start, self.span[0]), max(end, self.span[1])) if self.span else (start, end)


@cache
def _instead(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"(?:{grammar.shape('instead')})\b")


@cache
def role_pattern(grammar: Grammar) -> re.Pattern[str]:
    """The words that give a named attendee a role."""
    kinds = "|".join(f"(?P<{kind}>{alternatives(words)})" for kind, words in grammar.roles.items())
    return re.compile(rf"(?<![\w-])(?:{kinds})(?![\w-])")


def read_table(grid: Grid, columns: Columns, page: Page, grammar: Grammar, roll: Roll) -> None:
    """The rows of an attendance table."""
    roles = columns.roles
    marked = columns.has("present")
    rows = grid.rows[columns.first :]
    told = "organisation" if columns.has("organisation") else "function"

    def written(row: list[Cell | None], role: str) -> str:
        cells = [row[index] for index in roles.get(role, []) if index < len(row)]
        return " ".join(clean(page.text[cell.start : cell.end]) for cell in cells if cell).strip()

    belongs = organisations_of([written(row, told) for row in rows], grammar)
    for row, found in zip(rows, belongs, strict=True):

        def text(role: str, row: list[Cell | None] = row) -> str:
            return written(row, role)

        name, place = text("name"), text(told)
        if not name and not place:
            continue
        status: Presence = "present"
        if marked and not _CROSS.fullmatch(text("present")):
            status = "excused" if _CROSS.fullmatch(text("excused")) else "absent"
            if not text("excused") and not text("absent"):
                continue
        elif columns.has("excused") and _CROSS.fullmatch(text("excused")):
            status = "excused"
        roll.add(name, found, status, text("contact") or None)
        _roles(f"{place} {text('function')}", name, grammar, roll)
    cells = [cell for row in grid.rows[columns.first :] for cell in row if cell]
    if cells:
        roll.cover(cells[0].start, cells[-1].end)


def _roles(text: str, name: str, grammar: Grammar, roll: Roll) -> None:
    match = role_pattern(grammar).search(fold(text))
    if match and match.lastgroup and name:
        roll.roles.setdefault(match.lastgroup, name)


def read_pairs(rows: list[list[Cell | None]], page: Page, grammar: Grammar, roll: Roll) -> bool:
    """A headless table of people: names beside brackets, or a column of short capital names that are organisations."""
    rows = [row for row in rows if any(cell and cell.end > cell.start for cell in row)]
    if len(rows) < 2:
        return False
    width = len(rows[0])
    columns = [[clean(page.text[row[c].start : row[c].end]) if row[c] else "" for row in rows] for c in range(width)]  # type: ignore[union-attr]
    if sum("(" in text for column in columns for text in column) > len(rows) / 2:
        for row in zip(*columns, strict=True):
            _one(" ".join(text for text in row if text), grammar, roll, "present")
        return True
    scores = [
        sum(bool(text) and not _PERSON.fullmatch(text) and _short(text) for text in column) / max(len(column), 1)
        for column in columns
    ]
    best = max(range(width), key=lambda c: scores[c])
    if width < 2 or width > 4 or scores[best] < 0.6:
        return False
    for row in zip(*columns, strict=True):
        names = [text for index, text in enumerate(row) if index != best and text]
        found = organisations.split(row[best])
        for name in (part.strip() for part in (names[0].split(",") if names else [""])):
            roll.add(name, found, "present")
    cells = [cell for row in rows for cell in row if cell]
    roll.cover(cells[0].start, cells[-1].end)
    return True


def _short(text: str) -> bool:
    return text.isupper() or any(known(organisation_names(), text)) or len(text.split()) <= 2


def read_list(text: str, grammar: Grammar, roll: Roll, status: Presence) -> None:
    """A list of people or organisations: lines, or names between commas outside brackets."""
    text = _BYSTANDER.sub("", _JOINED.sub(", ", _CONTACT.sub("", text)))
    text = _ARTICLE.sub(r"\1", _OTHERS.sub("", _BESIDES.sub("", text)))
    lines = [
        match
        for line in text.split("\n")
        if (match := _ORG_FIRST.match(line)) and not (_PERSON.fullmatch(match["organisation"]) and ":" not in line)
    ]
    if len(lines) > 1 and len(lines) * 2 > len(text.split("\n")):
        for match in lines:
            belongs = organisations.split(match["organisation"])
            for name in re.split(r"[,;/]| et | and ", match["names"]):
                roll.add(name, belongs, status)
        return
    if _by_organisation(text, grammar, roll, status):
        return
    pieces = list(_pieces(text))
    if (
        "\n" in text.strip()
        and len(pieces) > 1
        and all(_NICKNAME.fullmatch(piece) and not _is_known(piece) for piece in pieces)
    ):
        for piece in pieces:
            roll.add(piece, (), status)
        return
    people = [piece for piece in pieces if _person(piece)]
    if len(people) * 2 < len(pieces) or not people:
        found = [
            name for line in text.split("\n") for name in organisations.split(re.sub(r"^\s*(?:-|\d+[.)])\s*", "", line))
        ]
        roll.put(found, status)
        return
    for piece in pieces:
        _one(piece, grammar, roll, status)


def _by_organisation(text: str, grammar: Grammar, roll: Roll, status: Presence) -> bool:
    """ "ORG (Prénom Nom), ORG (Prénom Nom et Prénom Nom)": two organisations or more, each with its people."""
    found = [(match["organisation"].strip(), match["names"]) for match in _WITH_PEOPLE.finditer(text)]
    told = [(head, names) for head, names in found if all(_is_named(name, grammar) for name in _and_split(names))]
    if len(told) < 2 or len(told) < len(found) or any(_PERSON.fullmatch(head) for head, _ in told):
        return False
    for head, names in told:
        belongs = organisations.split(head)
        for name in _and_split(names):
            roll.add(name, belongs[:1], status)
    roll.put(organisations.split(_BRACKET.sub("", text)), status)
    return True


def _is_named(name: str, grammar: Grammar) -> bool:
    """Whether bracketed words are a person, not a sector, an office or a town with its country."""
    words = key(name).split()
    return bool(_PERSON.fullmatch(name)) and not _is_known(name) and not (_sectors(grammar) & set(words))


@cache
def _sectors(grammar: Grammar) -> frozenset[str]:
    """Words of clusters, bodies and venues: what a bracket behind an organisation holds beside people."""
    rows = [row[column] for row in load_csv("clusters.csv") for column in ("fr", "en") if column in row]
    shapes = re.findall(r"[a-z]{4,}", grammar.shape("venue"))
    return frozenset(word for text in rows for word in key(text).split() if len(word) > 3) | frozenset(
        (*shapes, *(word for phrase in grammar.listing("body_words") for word in key(phrase).split()))
    )


def _and_split(names: str) -> list[str]:
    return [name.strip() for name in re.split(r"[,;/]|\s(?:et|and|&)\s", names) if name.strip()]


def _pieces(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        line = re.sub(r"^\s*(?:[-*•]|\d+[.)])\s*", "", line).strip()
        if not line:
            continue
        if re.match(r"[^,(]+,\s*[^,(]+$", line) or line.count(",") == 0:
            yield line
            continue
        first = line.split(",")[0]
        if _PERSON.fullmatch(first.strip()) and not _PERSON.match(line.split(",")[1].strip()) and "(" not in line:
            yield line
            continue
        yield from (piece.strip() for piece in re.split(r"[,;]\s*(?![^()]*\))", line) if piece.strip())


def _is_known(piece: str) -> bool:
    return any(known(organisation_names(), piece))


def _person(piece: str) -> re.Match[str] | None:
    match = _PERSON.match(piece) or _FIRST_NAME.match(piece)
    if not match:
        return None
    first = next(iter(known(organisation_names(), piece)), None)
    return None if (first and first.start == 0) or (match.group().isupper() and len(match.group()) < 12) else match


def _one(piece: str, grammar: Grammar, roll: Roll, status: Presence) -> None:
    match = _person(piece)
    if match is None:
        roll.put(organisations.split(piece), status)
        return
    name, rest = match.group(), piece[match.end() :]
    name = re.sub(r"\s+[A-Z]{2,3}$", "", name) if re.search(r"[a-z]", name) else name
    roll.people.add(name)
    found: list[str] = []
    for inside in _BRACKET.findall(rest) or [rest.strip(" ,:-–")]:
        if re.search(r"\s[–—-]\s", inside):
            inside = inside.split(",")[0]  # "ORG – ORG, Town"
        for part in (part.strip() for part in re.split(r"[;]|,(?!\s+(?:de|du|des|et)\s)|\s[–—-]\s|[–—]", inside)):
            if not part or _instead(grammar).match(fold(part)):
                continue
            role = role_pattern(grammar).search(fold(part))
            if role and role.lastgroup:
                roll.roles.setdefault(role.lastgroup, name)
            elif _initials(part, name):
                roll.people.words.add(fold(part))
            else:
                found.extend(organisations.split(part))
    outside = _BRACKET.sub("", rest)
    role = role_pattern(grammar).search(fold(outside))
    if role and role.lastgroup:
        roll.roles.setdefault(role.lastgroup, name)
    for word in re.findall(r"\b[A-Z]{2,3}\b", piece[match.start() : match.end()] + outside):
        roll.people.words.add(fold(word))
    roll.add(name, found, status)


def _initials(part: str, name: str) -> bool:
    if not _INITIALS.fullmatch(part):
        return False
    return part.islower() or (part[0] == name[0] and part[-1].upper() == name.split()[-1][0])
