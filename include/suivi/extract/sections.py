"""The list section that is open: what its heading and sub-headings give to the actions in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from suivi.extract.drafts import Draft, Scene
from suivi.extract.grammar import key
from suivi.extract.layout import Entry, Grid
from suivi.extract.owners import LIKELY, likeness
from suivi.extract.values import dates
from suivi.extract.values.names import known, organisation_names

SHORT_HEAD = 70  # characters of a line that may give its owner or month to the list below it
BESIDE = ("label", "bracket", "slash", "dash")  # an owner that an item itself names; no heading overrules it
TITLE = 2  # items from the top that may be the document's title
_LISTED_TITLE = 120
_LONGEST_LABEL = 80
_OPENING_DAY = re.compile(r"\s*(\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?)\s*[:–-]\s*")


@dataclass(slots=True)
class Section:
    """A section of actions; `owners` and `month` as a sub-heading gives them to the items below it."""

    kind: str
    depth: int
    owners: str | None = None
    month: str | None = None
    start: int = 0
    items: int = 0
    level: int | None = None
    said: int = 0  # sentences before its first item
    tabled: bool = False  # a table of its actions has been read
    coded: bool = False  # its items carry numbers of their own
    strict: bool = False  # opened by a marker in running text: what commits nobody closes it
    floor: int | None = None  # opened by a list item of this level: its items stand below it

    def take(self, words: str, scene: Scene) -> bool:
        """Whether a short line gives the items below it their month or owners; then it is kept."""
        if len(words) <= SHORT_HEAD and names_days(words, scene):
            self.month = words
            return True
        shouted = words.isupper() and not any(known(organisation_names(), words))
        named = not shouted and len(words) <= SHORT_HEAD and ":" not in words
        if named and likeness(words, scene.grammar, scene.people) >= LIKELY:
            self.owners = words
            return True
        return False

    def give(self, made: Draft, scene: Scene) -> None:
        """What the section says of all its actions, where an action does not say it itself."""
        made.place = self.start
        if self.owners and made.how not in BESIDE:
            made.belongs(self.owners, "heading", scene)
        if self.month and made.deadline is None:
            made.deadline = self.month
        lead = _OPENING_DAY.match(made.text)
        if lead:
            made.deadline, made.text = lead[1], made.text[lead.end() :]


def names_days(words: str, scene: Scene) -> bool:
    """Whether a line is little more than a date or a month."""
    found = dates.find(words, scene.meeting)
    return bool(found) and sum(item.end - item.start for item in found) >= 0.5 * len(words)


def titled_list(scene: Scene) -> Section | None:
    """A document whose title calls itself a list ("… – Action points, meeting of 8 June") is one from its start."""
    recaps = [phrase for phrase, kind in scene.grammar.sections.kinds.items() if kind == "recap" and " " in phrase]
    for entry in scene.page.items[: TITLE + 1]:
        if isinstance(entry, Grid):
            return None  # what stands below a table is no title
        words = f" {key(scene.page.text[entry.start : entry.end])} "
        if len(words) < _LISTED_TITLE and any(f" {phrase} " in words for phrase in recaps):
            return Section("recap", 1, start=entry.start)
    return None


def names_field(entry: Entry, scene: Scene) -> bool:
    """Whether a line of the header or the signature stands here ("Rapporteur : …"), which is no action."""
    colon = scene.page.text.find(":", entry.start, min(entry.start + _LONGEST_LABEL, entry.end))
    return colon > 0 and key(scene.page.text[entry.start : colon]) in scene.grammar.labels.kinds
