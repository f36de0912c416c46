"""An action on its way: what the layout said, what its text says, and what each rule saw."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from suivi.extract.grammar import Grammar
from suivi.extract.layout import Page, clean
from suivi.extract.outline import Outline
from suivi.extract.owners import People, split
from suivi.extract.tails import read_tail
from suivi.extract.wording import Tail, blank, wording
from suivi.models import ActionKind, Status

# The short number that the register gives an action, read back in later minutes ("[PROT-2017-04-05/3]").
SHORT_NUMBER = re.compile(
    r"\s*[\[(]?\s*(?P<number>[A-Z][A-Z0-9]{1,9}(?:-[A-Z0-9]{1,12}){0,2}-\d{4}-\d{2}-\d{2}/\d{1,3})\s*[\])]?\s*[:–-]?\s*"
)


@dataclass(slots=True)
class Scene:
    """What every rule may look at."""

    page: Page
    grammar: Grammar
    outline: Outline
    people: People
    meeting: date | None
    next_meeting: date | None
    references: dict[str, str] = field(default_factory=dict)  # number of an action → agenda item that cites it


@dataclass(slots=True)
class Draft:
    """One action before merging; `start` and `end` count in the page text."""

    start: int
    end: int
    text: str
    rule: str
    kind: ActionKind = "action"
    owners: tuple[str, ...] = ()
    owner_written: str | None = None
    deadline: str | None = None
    status: Status | None = None
    permanent: bool = False
    review: bool = False
    agenda: str | None = None
    item: str | None = None  # the number of the agenda item that its row points at
    number: str | None = None
    how: str = ""  # where the owner stood
    place: int | None = None  # the list or table it is an item of: two items of one list are two actions
    twice: bool = False  # printed inline and in the recap

    def belongs(self, written: str, how: str, scene: Scene) -> None:
        """Give the action to the parties of a text, as a column, a heading or a sentence names them."""
        self.owners, self.how = split(written, scene.grammar, scene.people), how
        self.owner_written = " ".join(written.split())


def draft(
    scene: Scene, start: int, end: int, rule: str, *, listed: bool = True, columns: frozenset[str] = frozenset()
) -> Draft | None:
    """The action in a slice of the page text; `None` where it says nothing. `columns`: what has a column of its own."""
    short = SHORT_NUMBER.match(scene.page.text, start, end)
    start = short.end() if short else start
    text = scene.page.text[start:end]
    tail = read_tail(text, scene.grammar, scene.people, scene.meeting, listed=listed, columns=columns)
    words = clean(wording(text, tail)).strip(" :;,-–—*•|")
    if blank(words) or len(words) < 4:
        return None
    made = Draft(start, end, words, rule, number=short["number"] if short else None)
    _fill(made, tail)
    return made


def _fill(made: Draft, tail: Tail) -> None:
    made.owners, made.owner_written = tail.owners, tail.owner_written
    made.deadline, made.permanent, made.how = tail.deadline, tail.permanent, tail.how
    made.status = tail.status
