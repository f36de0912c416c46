"""Actions in running text: lists under a heading, boxes, arrows, lines that name an owner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from suivi.extract.drafts import Draft, Scene, draft
from suivi.extract.grammar import Grammar, alternatives, key
from suivi.extract.layout import Cell, Entry, Grid
from suivi.extract.markers import CODE, MarkerReader
from suivi.extract.outline import Heading, is_list, section_kind
from suivi.extract.owners import LIKELY, likeness
from suivi.extract.prose import telling
from suivi.extract.statuses import concluded, remarked
from suivi.extract.values import dates
from suivi.extract.values.names import known, organisation_names
from suivi.extract.values.text import fold
from suivi.extract.verbs import acts

_SIGN = re.compile(r"[:;/=]")
_COLON_END = re.compile(r":\s*$")
_STOP = re.compile(r"[.!?]\s+(?=[A-ZÀ-Þ])")
_SHORT_HEAD = 70
_CALENDAR = 60  # depth of a calendar that no heading opened: any heading closes it
_NAMED = 0.95  # likeness of parties that are all known
_TITLE = 2  # items from the top that may be the document's title


@dataclass(slots=True)
class Section:
    """The list section that is open, and what its sub-headings give to their items."""

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


@cache
def _refers(grammar: Grammar) -> re.Pattern[str]:
    """ "… see action item A2014-13": a line that only points at an action."""
    return re.compile(
        rf"(?<!\()\b(?:{grammar.shape('see')})\b\.? (?:also |l'|les )?(?:{grammar.table_either('markers', 'action')})"
    )


@cache
def _owner_word(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{alternatives(grammar.listing('owner'))})\s*$")


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
        """A document whose title calls itself a list ("… – Action points, meeting of 8 June") is one from its start."""
        for entry in self.page.items[: _TITLE + 1]:
            if isinstance(entry, Grid):
                return  # what stands below a table is no title
            words = f" {key(self.page.text[entry.start : entry.end])} "
            listed = (
                phrase for phrase, kind in self.grammar.sections.kinds.items() if kind == "recap" and " " in phrase
            )
            if len(words) < 120 and any(f" {phrase} " in words for phrase in listed):
                self.section, self.titling = Section("recap", 1, start=entry.start), True
                return

    def heading(self, heading: Heading) -> None:
        """A heading opens a list section, gives owners or a month to it, or closes it."""
        self.parent = None
        section = self.section
        if is_list(heading.kind):
            self.titling = heading.index <= _TITLE
            self.section = Section(str(heading.kind), heading.depth, start=heading.entry.start)
            return
        words = heading.title.rstrip(" :")
        if (
            heading.kind is None
            and section
            and (heading.depth > section.depth or not heading.number)
            and self._gives(section, words)
        ):
            return
        self.section = None

    def _gives(self, section: Section, words: str) -> bool:
        if len(words) <= _SHORT_HEAD and self._month(words):
            section.month, section.owners = words, section.owners
            return True
        shouted = words.isupper() and not any(known(organisation_names(), words))
        named = not shouted and len(words) <= _SHORT_HEAD and ":" not in words
        if named and likeness(words, self.grammar, self.scene.people) >= LIKELY:
            section.owners = words
            return True
        return False

    def _month(self, words: str) -> bool:
        found = dates.find(words, self.scene.meeting)
        return bool(found) and sum(item.end - item.start for item in found) >= 0.5 * len(words)

    def entry(self, entry: Entry, following: Entry | Grid | None) -> Iterator[Draft]:
        """The actions that one entry of the running text marks."""
        if entry.start in self.used:
            return
        marked = list(self.markers.read(entry))
        if marked:
            self.used.add(entry.start)
            self.parent = None
            yield from marked
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
        yield from self._owned(entry)

    def _calendar(self, entry: Entry, following: Entry | Grid | None) -> bool:
        """ "Mars 2026 :" over a list, under no heading of actions: what is to be done by then."""
        words = self.page.clean(entry.body, entry.end)
        listed = isinstance(following, Entry) and bool(following.marker)
        if self.section or entry.marker or not listed or not _COLON_END.search(words) or len(words) > _SHORT_HEAD:
            return False
        if not self._month(words.rstrip(" :")):
            return False
        self.section = Section("steps", _CALENDAR, month=words.rstrip(" :"), start=entry.start)
        return True

    def _make(self, start: int, end: int, rule: str) -> Draft | None:
        return draft(self.scene, start, end, rule)

    def _listed(self, section: Section, entry: Entry, following: Entry | Grid | None) -> list[Draft] | None:
        """The actions of an entry in a list section; `None` where the entry closes the section."""
        text = self.page.text[entry.start : entry.end]
        words = self.page.clean(entry.body, entry.end)
        code = CODE.match(self.page.text, entry.body, entry.end)
        if _COLON_END.search(words) and isinstance(following, Entry) and following.marker:
            if len(words) <= _SHORT_HEAD and self._gives(section, words.rstrip(" :")):
                return []
            if not entry.marker and not section.coded and (section.items or section.said):
                self.section = None
                return None
            return []
        if (
            len(words) <= _SHORT_HEAD
            and not entry.marker
            and not code
            and self._gives(section, words.rstrip(" :"))
            and section.items == 0
        ) or (
            len(words) <= 40 and not entry.marker and words.endswith(":") and self._gives(section, words.rstrip(" :"))
        ):
            return []
        if not entry.marker and not code and self._labels(entry):
            return []
        if not entry.marker and not code:
            if section.coded:
                if section.kind.startswith("review") and self.parent:
                    self._progress(self.parent[1], entry)
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
        if made is None:
            return []
        section.items += 1
        section.level = entry.level if section.level is None else section.level
        if code:
            made.number = code["code"].replace(" ", "")
            section.coded = True
        self._inherit(made, section)
        if entry.checked is not None:
            made.status = "done" if entry.checked else made.status
        if section.kind == "decisions":
            made.kind = "decision"
            if made.how == "subject" and made.owner_written and all(owner.islower() for owner in made.owners):
                made.owners, made.owner_written, made.how = (), None, ""  # "Le comité se réunira …": what, not who
        self.parent = (entry, made)
        return [made]

    def _labels(self, entry: Entry) -> bool:
        """A line of the header or the signature ("Rapporteur : …") is no action."""
        label, colon, _ = self.page.text[entry.start : entry.end].partition(":")
        return bool(colon) and self.grammar.labels.kinds.get(key(label)) is not None

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

    def _inherit(self, made: Draft, section: Section) -> None:
        made.place = section.start
        if section.owners and made.how not in ("label", "bracket", "slash", "dash"):
            made.belongs(section.owners, "heading", self.scene)
        if section.month and made.deadline is None:
            made.deadline = section.month
        lead = re.match(r"\s*(\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?)\s*[:–-]\s*", made.text)
        if lead:
            made.deadline, made.text = lead[1], made.text[lead.end() :]

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
        if made is None or _COLON_END.search(words) or telling(self.grammar).match(fold(words), 0, 110):
            return None
        if not (
            (made.owners and made.how in ("label", "bracket", "slash", "dash", "subject", "lead"))
            or acts(made.text, self.grammar)
        ):
            section.said += 1
            return None
        section.items += 1
        self._inherit(made, section)
        return [made]

    def _merged(self, section: Section, entry: Entry) -> bool:
        """A sub-item without owner or date of its own belongs to the item above it."""
        if self.parent is None or section.level is None or entry.level <= self.parent[0].level:
            return False
        made = self._make(entry.body, entry.end, "recap.item")
        return made is None or not (made.deadline or made.how in ("label", "bracket", "slash", "dash", "lead"))

    def _reviewed(self, section: Section, entry: Entry, code: re.Match[str] | None) -> list[Draft]:
        coded = bool(code)
        under = section.level is not None and entry.level > section.level
        arrow = entry.marker.strip("- ")[:1] in ("=", "→", "⇒", "➔") or entry.marker.strip("- ")[:2] == "->"
        if self.parent and (under or arrow or (section.coded and not code)):
            self._progress(self.parent[1], entry)
            return []
        pieces = self._pair(code.end() if code else entry.body, entry.end)
        found = []
        for start, end in pieces:
            made = self._make(start, end, "review.coded" if coded else "review.item")
            if made is None:
                continue
            made.review = True
            made.number = code["code"].replace(" ", "") if code else made.number
            if section.kind == "review_done":
                made.status = "done"
            elif made.status is None:
                made.status = remarked(made.text, self.grammar)
            self._inherit(made, section)
            found.append(made)
        if found:
            section.items += 1
            section.coded = section.coded or coded
            section.level = entry.level if section.level is None else section.level
            self.parent = (entry, found[-1])
        return found

    def _pair(self, start: int, end: int) -> list[tuple[int, int]]:
        """Two done things joined by "et" after an owner bracket are two actions."""
        joint = re.search(r"\)\s+(?:et|and|puis)\s+(?=\w)", self.page.text[start:end])
        if joint and self.page.text[start:end].rstrip().endswith(")"):
            return [(start, start + joint.start() + 1), (start + joint.end(), end)]
        return [(start, end)]

    def follow(self, entry: Entry) -> None:
        """Prose under a reviewed action says how far it is."""
        if self.parent and self.section and self.section.kind.startswith("review"):
            self._progress(self.parent[1], entry)

    def _progress(self, made: Draft, entry: Entry) -> None:
        text = self.page.text[entry.start : entry.end]
        status = concluded(text, self.grammar)
        if status:
            made.status = status
        plain = fold(text)
        due = re.search(r"(?:dead-?\s?line|echeance|delai|due(?: date)?)\s*:?\s*", plain)
        if due:
            made.deadline = text[due.end() :].split(".")[0].strip()

    def _names_owner(self, entry: Entry) -> bool:
        """A cheap look before a dear one: an owner's label, or a slash with a short end behind it."""
        slash = self.page.text.rfind("/", max(entry.end - 70, entry.body), entry.end)
        behind = self.page.text[slash + 1 : entry.end].strip(" *\n") if slash > 0 else ""
        if behind[:1].isupper():
            return True
        plain = self.page.plain
        return any(
            _owner_word(self.grammar).search(plain[max(sign.start() - 45, entry.body) : sign.start()])
            for sign in _SIGN.finditer(plain, entry.body, entry.end)
        )

    def _last_order(self, entry: Entry) -> int:
        """Where the last sentence begins that is an order, behind sentences that only tell."""
        text = self.page.text
        if acts(text[entry.body : entry.end], self.grammar):
            return entry.body
        starts = [match.end() for match in _STOP.finditer(text, entry.body, entry.end)]
        orders = [start for start in starts if acts(text[start : entry.end], self.grammar)]
        return orders[-1] if orders else entry.body

    def _owned(self, entry: Entry) -> Iterator[Draft]:
        """A paragraph that ends in its owner: "Responsable : X" or "…/X"."""
        first = self.scene.outline.topics[0].start if self.scene.outline.topics else 0
        if entry.end - entry.start > 700 or entry.kind == "heading" or entry.start < first or self._labels(entry):
            return
        if not self._names_owner(entry):
            return
        made = self._make(self._last_order(entry), entry.end, "owner.line")
        if made is None or made.how not in ("label", "slash") or not made.owners:
            return
        if len(made.text) < (12 if acts(made.text, self.grammar) else 20):
            return
        named = likeness(made.owner_written or "", self.grammar, self.scene.people) >= _NAMED
        if made.how == "slash" and not named and not acts(made.text, self.grammar):
            return
        if made.how == "label" and likeness(made.owner_written or "", self.grammar, self.scene.people) < LIKELY:
            return
        made.rule = f"owner.{made.how}"
        self.used.add(entry.start)
        yield made
