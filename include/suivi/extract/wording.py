"""An action's words, and what its text says beside them: who, by when, how far."""

from __future__ import annotations

from dataclasses import dataclass, field

from suivi.extract.grammar import Grammar, key
from suivi.extract.owners import People, split
from suivi.models import Status

EDGE = " \t\n;,:-–—=>→/*|("  # signs around an action's words that are no part of them
_NOTHING = frozenset(
    {"", "ras", "neant", "n a", "na", "none", "nil", "aucun", "aucune", "rien a signaler", "x", "tbd", "tbc"}
)


@dataclass(slots=True)
class Tail:
    """What a slice of text says beside the action itself. Offsets count in the text that was given."""

    start: int
    end: int
    owners: tuple[str, ...] = ()
    owner_written: str | None = None
    deadline: str | None = None
    status: Status | None = None
    permanent: bool = False
    how: str = ""  # owner found by: label, bracket, slash, dash, lead, subject
    holes: list[tuple[int, int]] = field(default_factory=list)

    def give(self, written: str, how: str, grammar: Grammar, people: People) -> None:
        """Take owners as written; several places of one text add up."""
        found = split(written, grammar, people)
        self.owners = tuple(dict.fromkeys((*self.owners, *found)))
        self.owner_written = f"{self.owner_written}, {written.strip()}" if self.owner_written else written.strip()
        self.how = self.how or how

    def trim(self, text: str) -> None:
        """Leave out the signs around the words."""
        while self.start < self.end and text[self.start] in EDGE:
            self.start += 1
        while self.end > self.start and text[self.end - 1] in EDGE:
            self.end -= 1


def wording(text: str, tail: Tail) -> str:
    """The action's words: the slice without the brackets that held owners or dates."""
    words, place = [], tail.start
    for start, end in sorted(tail.holes):
        if start >= tail.end:
            continue
        words.append(text[place:start].rstrip())
        place = end
    words.append(text[place : tail.end])
    return "".join(words)


def blank(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, "RAS"."""
    return key(text) in _NOTHING
