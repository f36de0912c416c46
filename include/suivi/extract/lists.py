"""Actions in running text: lists under a heading, boxes, arrows, lines that name an owner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from suivi.extract.drafts import Draft, Scene, draft
from suivi.extract.grammar import Grammar, key
from suivi.extract.layout import Cell, Entry, Grid
from suivi.extract.markers import CODE, MarkerReader
from suivi.extract.outline import Heading, is_list, section_kind
from suivi.extract.owned import owned
from suivi.extract.owners import SURE, likeness
from suivi.extract.prose import telling
from suivi.extract.reviews import pair, progress
from suivi.extract.sections import BESIDE, SHORT_HEAD, TITLE, Section, names_days, names_field, titled_list
from suivi.extract.statuses import read_status, remarked
from suivi.extract.values.text import fold
from suivi.extract.verbs import acts

_SMALL = re.compile(r"(?<!\w)[a-zà-ÿ]{4,}")
_CALENDAR = 60  # depth of a calendar that no heading opened: any heading closes it


@cache
def _refers(grammar: Grammar) -> re.Pattern[str]:
    """ "… see action item A2014-13": a line that only points at an action."""
    return re.compile(
        rf"(?<!\()\b(?:{grammar.shape('see')})\b\.? (?:also |l'|les )?(?:{grammar.table_either('markers', 'action')})"
    )


class ListReader:
    """Walks the running text once; `read` yields the drafts in order and marks what it consumed."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.page = scene.page
        self.grammar = scene.grammar
        self.markers = MarkerReader(scene)
        self.section: Section | None = None
        self.used: set[int] = set()
        self.loose: set[int] = set()  # sentences of a list section: said there, they are actions
        self.parent: tuple[Entry, Draft] | None = None
        self.titling = False  # the open list section is the document's title: header lines follow

    def open_by_title(self) -> None:
        """Open the list that the document's title announces."""
        self.section = titled_list(self.scene)
        self.titling = self.section is not None

    def heading(self, heading: Heading) -> None:
        """A heading opens a list section, gives owners or a month to it, or closes it."""
        self.parent = None
        section = self.section
        if is_list(heading.kind):
            self.titling = heading.index <= TITLE
            self.section = Section(str(heading.kind), heading.depth, start=heading.entry.start)
            return
        words = heading.title.rstrip(" :")
        if (
            heading.kind is None
            and section
            and (heading.depth > section.depth or not heading.number)
            and section.take(words, self.scene)
        ):
            return
        self.section = None

    def entry(self, entry: Entry, following: Entry | Grid | None) -> Iterator[Draft]:
        """The actions that one entry of the running text marks."""
        if entry.start in self.used:
            return
        marked = list(self.markers.read(entry))
        if marked:
            self.used.add(entry.start)
            self.parent = None
            self._run_on(entry)
            yield from marked
            return
        if self._nested(entry, following):
            self.used.add(entry.start)
            return
        if self.section and (found := self._listed(self.section, entry, following)) is not None:
            self.used.add(entry.start)
            yield from found
            return
        if self._calendar(entry, following):
            return
        if entry.checked is not None or (entry.marker and entry.marker.strip("- ")[:2] in ("=>", "->", "→", "⇒", "➔")):
            rule = "checkbox" if entry.checked is not None else "arrow"
            made = self._make(entry.body, entry.end, rule)
            if made and (rule == "checkbox" or len(made.text) > 14):
                made.status = "done" if entry.checked else made.status
                self.used.add(entry.start)
                yield made
            return
        made = owned(self.scene, entry)
        if made:
            self.used.add(entry.start)
            yield made

    def _run_on(self, entry: Entry) -> None:
        """ "Action points: X to …" opens a list where it stands in no other: the next lines may be of it."""
        label, colon, _ = self.page.text[entry.body : entry.end].partition(":")
        plural = bool(colon) and key(label).endswith("s") and is_list(section_kind(label, self.grammar))
        if plural and (self.section is None or self.section.strict):
            self.section = Section("recap", _CALENDAR, start=entry.start, items=1, strict=True)

    def _nested(self, entry: Entry, following: Entry | Grid | None) -> bool:
        """A list item "Action points:" whose own items are the actions; the list ends where they end."""
        section = self.section
        if section and section.floor is not None and (not entry.marker or entry.level <= section.floor):
            self.section = section = None
        below = isinstance(following, Entry) and following.marker and following.level > entry.level
        if section or not below or not entry.marker or entry.end - entry.body > SHORT_HEAD:
            return False
        kind = section_kind(self.page.clean(entry.body, entry.end).rstrip(" :"), self.grammar)
        if is_list(kind):
            self.section = Section(str(kind), _CALENDAR, start=entry.start, floor=entry.level)
        return self.section is not None

    def _commits(self, entry: Entry) -> bool:
        """Whether an entry says who is to do something, or opens with an order."""
        made = self._make(entry.body, entry.end, "recap.text")
        return made is not None and (
            (bool(made.owners) and made.how in ("subject", "lead", *BESIDE)) or acts(made.text, self.grammar)
        )

    def _calendar(self, entry: Entry, following: Entry | Grid | None) -> bool:
        """ "Mars 2026 :" over a list, under no heading of actions: what is to be done by then."""
        if self.section or entry.marker or not isinstance(following, Entry) or not following.marker:
            return False
        words = self.page.clean(entry.body, entry.end)
        if not words.endswith(":") or len(words) > SHORT_HEAD:
            return False
        if not names_days(words.rstrip(" :"), self.scene):
            return False
        self.section = Section("steps", _CALENDAR, month=words.rstrip(" :"), start=entry.start)
        return True

    def _names(self, words: str) -> bool:
        """Whether an item says nothing but who: "ORG – ok" is a remark, no action."""
        return (
            not _SMALL.search(words)
            and words[:1].isupper()
            and likeness(words, self.grammar, self.scene.people) >= SURE
        )

    def _remarks(self, made: Draft) -> bool:
        """Whether an item only says how far somebody is: "ORG : en cours de rédaction"."""
        return made.how == "lead" and (
            made.text[:1].islower()
            and not acts(made.text, self.grammar)
            and read_status(made.text, self.grammar, whole=True)[0] is not None
        )

    def _make(self, start: int, end: int, rule: str) -> Draft | None:
        return draft(self.scene, start, end, rule)

    def _listed(self, section: Section, entry: Entry, following: Entry | Grid | None) -> list[Draft] | None:
        """The actions of an entry in a list section; `None` where the entry closes the section."""
        if section.strict and not self._commits(entry):
            self.section = None
            return None
        text = self.page.text[entry.start : entry.end]
        words = self.page.clean(entry.body, entry.end)
        code = CODE.match(self.page.text, entry.body, entry.end)
        if words.endswith(":") and isinstance(following, Entry) and following.marker:
            if len(words) <= SHORT_HEAD and section.take(words.rstrip(" :"), self.scene):
                return []
            if not entry.marker and not section.coded and (section.items or section.said):
                self.section = None
                return None
            return []
        if (
            len(words) <= SHORT_HEAD
            and not entry.marker
            and not code
            and section.take(words.rstrip(" :"), self.scene)
            and section.items == 0
        ) or (
            len(words) <= 40
            and not entry.marker
            and words.endswith(":")
            and section.take(words.rstrip(" :"), self.scene)
        ):
            return []
        if not entry.marker and not code and names_field(entry, self.scene):
            return []
        if not entry.marker and not code:
            if section.coded:
                if section.kind.startswith("review") and self.parent:
                    progress(self.parent[1], entry, self.scene)
                return []
            found = self._unmarked(section, entry, words)
            if not found:
                self.loose.add(entry.start)
            return found
        if telling(self.grammar).match(self.page.plain, entry.body, min(entry.body + 110, entry.end)):
            self.loose.add(entry.start)
            return []
        if section.kind.startswith("review"):
            return self._reviewed(section, entry, code)
        if self._merged(section, entry):
            return []
        if (
            isinstance(following, Entry)
            and following.marker
            and following.level > entry.level
            and len(words) < 40
            and not acts(words, self.grammar)
        ):
            self.parent = None
            return []
        if _refers(self.grammar).search(fold(text)):
            return []
        made = self._make(code.end() if code else entry.body, entry.end, "recap.item")
        if made is None or self._names(made.text):
            return []
        section.items += 1
        section.level = entry.level if section.level is None else section.level
        if code:
            made.number = code["code"].replace(" ", "")
            section.coded = True
        section.give(made, self.scene)
        if entry.checked is not None:
            made.status = "done" if entry.checked else made.status
        if section.kind == "decisions":
            made.kind = "decision"
            if made.how == "subject" and made.owner_written and all(owner.islower() for owner in made.owners):
                made.owners, made.owner_written, made.how = (), None, ""  # "Le comité se réunira …": what, not who
        self.parent = (entry, made)
        return [made]

    def cell(self, cell: Cell) -> Iterator[Draft]:
        """The actions that a cell of discussion marks: under a heading of its own, after a marker, in a box."""
        kept, self.section, self.parent = self.section, None, None
        for place, entry in enumerate(cell.entries):
            following = cell.entries[place + 1] if place + 1 < len(cell.entries) else None
            kind = (
                section_kind(self.page.clean(entry.start, entry.end).rstrip(" :"), self.grammar)
                if entry.kind == "heading"
                else None
            )
            if is_list(kind):
                self.section = Section(str(kind), 1, start=entry.start)
            elif entry.kind != "heading":
                yield from self.entry(entry, following)
        self.section, self.parent = kept, None

    def _unmarked(self, section: Section, entry: Entry, words: str) -> list[Draft] | None:
        """An unmarked paragraph: an action while the list has no marked items, else the end of the list."""
        if self.titling and not acts(words, self.grammar):
            return []
        if section.items and section.level is not None:
            self.section = None
            return None
        if len(words) > 400 or section.kind.startswith("review"):
            section.said += 1
            return None
        made = self._make(entry.start, entry.end, "recap.text")
        if made is None or words.endswith(":") or telling(self.grammar).match(fold(words), 0, 110):
            return None
        if not ((made.owners and made.how in (*BESIDE, "subject", "lead")) or acts(made.text, self.grammar)):
            section.said += 1
            return None
        section.items += 1
        section.give(made, self.scene)
        return [made]

    def _merged(self, section: Section, entry: Entry) -> bool:
        """A sub-item without owner or date of its own belongs to the item above it."""
        if self.parent is None or section.level is None or entry.level <= self.parent[0].level:
            return False
        made = self._make(entry.body, entry.end, "recap.item")
        return made is None or not (made.deadline or made.how in (*BESIDE, "lead"))

    def _reviewed(self, section: Section, entry: Entry, code: re.Match[str] | None) -> list[Draft]:
        coded = bool(code)
        under = section.level is not None and entry.level > section.level
        if section.tabled and not code and not self._commits(entry):
            return []  # what stands below the table tells of it
        arrow = entry.marker.strip("- ")[:1] in ("=", "→", "⇒", "➔") or entry.marker.strip("- ")[:2] == "->"
        if self.parent and (under or arrow or (section.coded and not code)):
            progress(self.parent[1], entry, self.scene)
            return []
        pieces = pair(self.page.text, code.end() if code else entry.body, entry.end)
        found = []
        for start, end in pieces:
            made = self._make(start, end, "review.coded" if coded else "review.item")
            if made is None or self._names(made.text) or self._remarks(made):
                continue
            made.review = True
            made.number = code["code"].replace(" ", "") if code else made.number
            if section.kind == "review_done":
                made.status = "done"
            elif made.status is None:
                made.status = remarked(made.text, self.grammar)
            section.give(made, self.scene)
            found.append(made)
        if found:
            section.items += 1
            section.coded = section.coded or coded
            section.level = entry.level if section.level is None else section.level
            self.parent = (entry, found[-1])
        return found

    def follow(self, entry: Entry) -> None:
        """Prose under a reviewed action says how far it is."""
        if self.parent and self.section and self.section.kind.startswith("review"):
            progress(self.parent[1], entry, self.scene)
