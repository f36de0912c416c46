"""Labels of the header and their values: "Lieu : …", a left cell and the one beside it, a label line and its list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from suivi.extract.attendance import Roll, read_list, read_pairs, read_table
from suivi.extract.attending import attending
from suivi.extract.columns import Columns, read_columns
from suivi.extract.grammar import Grammar, key
from suivi.extract.layout import Entry, Grid, Page, clean
from suivi.extract.outline import Outline, is_list, section_kind
from suivi.extract.values.text import fold

_LABEL = re.compile(
    r"\s*(?:[-*•]\s*)?(?P<label>[^:;\n]{2,75}?)\s*[:;]\s*(?P<value>\S[^\n]*(?:\n(?![^:\n]{2,40}:)[^\n]+)*|)"
)
_BREAK = re.compile(
    r"\n|\t|\s{3,}|\s[|/–—-]\s(?=[\w' -]{3,30}:)|\s[|]\s|[;.]\s+|(?<=\S)\s+(?=[A-ZÀ-Þ][\w'’]*(?:\s[\w'’]+){0,3}\s?:\s)"
)
_BARE = re.compile(r"(?P<label>[A-Za-zÀ-ÿ]+(?: [A-Za-zÀ-ÿ'’]+){1,4})\s+(?P<value>[A-ZÀ-Þ0-9].*)")
_CAPITAL = re.compile(r"[A-ZÀ-Þ]")
_ENUMERATED = re.compile(r"\s*\d{1,2}\s?[.)]")  # "1. ORG – Prénom Nom" counts lines, not people
_LINKED = re.compile(r"[^:\n]{2,60}:\W*(?:https?://|www\.)")  # "Notes : https://…" is no name
_BEHIND_COUNT = re.compile(r":\s*(?=[A-ZÀ-Þ])")  # "30 participants, 22 organisations: A, B"
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_WITHIN = re.compile(r"\((?P<label>[^():]{4,25}?)\s*:\s*(?P<value>[^()]+)\)")
_DOUBLED = re.compile(r"\s*(?:/|\s[–—-]\s|[–—-])\s*")
_LONGEST_DOUBLE = 40  # characters of a label that says one thing twice
_LONGEST_LABEL = 60  # characters, folded
_ALONE = 80  # characters of a line that is nothing but a label or role
_BARE_VALUE = 90  # characters of the value under a label without a colon
_HEAD = 45  # entries from the top in which the header stands
_SINGLE = (
    "date",
    "place",
    "participants_count",
    "women_count",
    "chair",
    "facilitator",
    "rapporteur",
    "next_meeting",
    "title",
    "body",
)


@cache
def tally(grammar: Grammar) -> re.Pattern[str]:
    """ "23 personnes dont 9 femmes"."""
    return re.compile(
        rf"(?P<all>\d{{1,3}})\s*(?:{grammar.shape('counted_words')})?"
        rf"(?:[^\d]{{0,25}}?(?P<women>\d{{1,3}})\s*(?:{grammar.shape('women')}))?"
    )


@cache
def _stated(grammar: Grammar) -> re.Pattern[str]:
    """ "(13 personnes)" at the end of a list."""
    return re.compile(rf"\((?P<all>\d{{1,3}})\s+(?:{grammar.shape('counted_words')})[^()]{{0,30}}\)\s*$")


@dataclass(slots=True)
class Value:
    """A labelled value and where it stands in the page text."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=2048)
def field_of(text: str, grammar: Grammar) -> str | None:
    """The field of the header that a label names."""
    words = key(_BRACKETS.sub("", text) if "(" in text else text)
    if not words or len(words) > _LONGEST_LABEL:
        return None
    found = grammar.labels.find(words) or attending(words, grammar) or _doubled(text, grammar)
    parts = words.split()
    if (
        not found
        and parts[0] in ("next", "prochain", "prochaine", "prochaines")
        and len(parts) <= 4
        and not is_list(section_kind(text, grammar))
    ):
        return "next_meeting"
    return found or (grammar.labels.kinds.get(" ".join(parts[:2])) if len(parts) <= 5 else None)


def _doubled(text: str, grammar: Grammar) -> str | None:
    """A label in two languages, or two words for one thing: "Venue / Lieu", "Province – lieu"."""
    parts = _DOUBLED.split(text.strip()) if len(text) <= _LONGEST_DOUBLE else ()
    if not 2 <= len(parts) <= 3:
        return None
    known = [grammar.labels.kinds.get(key(part)) for part in parts]
    fields = {field for field in known if field}
    return fields.pop() if len(fields) == 1 and known[-1] else None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label, and where its value stands."""

    label: str
    start: int
    end: int


class LabelReader:
    """Walks a page once; afterwards `values` holds field → value, `roll` who attended."""

    def __init__(self, page: Page, outline: Outline, grammar: Grammar) -> None:
        self.page, self.outline, self.grammar = page, outline, grammar
        self.values: dict[str, Value] = {}
        self.roll = Roll()
        self.grids: dict[int, Columns | None] = {}
        self.attending: tuple[int, Columns] | None = None  # the attendance table that a headless one may go on with
        self._walk()

    def _walk(self) -> None:
        items = self.page.items
        first = self.outline.topics[0].start if self.outline.topics else len(self.page.text)
        for index, item in enumerate(items):
            place = item.start if isinstance(item, Entry) else self._place_of(item)
            head = index < _HEAD and place <= first
            if isinstance(item, Grid):
                self._grid(item, index)
                continue
            self._line(item, index, head=head)
            self._signed(item, index)
            heading = self.outline.by_start.get(item.start)
            section = heading.kind if heading else None
            if section in ("participants", "excused", "absent"):
                self._section(index, {"participants": "organisations"}.get(section, f"organisations_{section}"))
            elif section == "next_meeting" and "next_meeting" not in self.values:
                after = items[index + 1] if index + 1 < len(items) else None
                if isinstance(after, Entry):
                    self.keep("next_meeting", after.start, after.end)

    def _place_of(self, grid: Grid) -> int:
        return next((cell.start for row in grid.rows for cell in row if cell), 0)

    def _grid(self, grid: Grid, index: int) -> None:
        columns = read_columns(grid, self.page, self.grammar)
        width = len(grid.rows[0])
        if columns is None and self.attending and self.attending[0] == width and not self._labelled(grid):
            columns = Columns(self.attending[1].roles, 0)
        self.attending = (width, columns) if columns and columns.attends else None
        self.grids[index] = columns
        if columns and columns.attends:
            read_table(grid, columns, self.page, self.grammar, self.roll)
            return
        if columns and (columns.acts or columns.has("topic", "discussion")):
            return
        if columns and columns.has("present") and columns.has("excused", "absent"):
            self._by_status(grid, columns)
            return
        labelled = 0
        opened: int | None = None  # the row of a label that stands alone: the rows below are its value
        for position, row in enumerate([*grid.rows, []]):
            cells = [cell for cell in row if cell]
            full = [cell for cell in cells if self.page.text[cell.start : cell.end].strip()]
            named = field_of(self.page.text[full[0].start : full[0].end].strip(" :\n"), self.grammar) if full else None
            if opened is not None and (
                named or not row or self.page.text[full[0].start : full[0].end].rstrip().endswith(":")
            ):
                read_pairs(grid.rows[opened + 1 : position], self.page, self.grammar, self.roll)
                opened = None
            if len(full) == 1 and named == "organisations" and len(cells) > 1:
                opened = position
                labelled += 1
                continue
            skip = False
            for cell, value in zip(cells, [*cells[1:], None], strict=False):
                if skip:
                    skip = False
                    continue
                text = self.page.text[cell.start : cell.end]
                field = field_of(text.rstrip(" :\n"), self.grammar)
                if field and value is not None and self.page.text[value.start : value.end].strip():
                    self._take(field, value.start, value.end)
                    skip = True
                    labelled += 1
                elif ":" in text:
                    for entry in cell.entries:
                        self._line(entry, index, head=True)
        before = self.page.items[index - 1] if index else None
        if (
            not labelled
            and isinstance(before, Entry)
            and field_of(self.page.clean(before.start, before.end).rstrip(" :"), self.grammar) == "organisations"
        ):
            read_pairs(grid.rows, self.page, self.grammar, self.roll)

    def _labelled(self, grid: Grid) -> bool:
        """Whether a row of a table opens with a label: it is no more of the attendance table above."""
        firsts = [cell for row in grid.rows for cell in row[:1] if cell]
        return any(field_of(self.page.text[cell.start : cell.end].rstrip(" :\n"), self.grammar) for cell in firsts)

    def _by_status(self, grid: Grid, columns: Columns) -> None:
        """ "Présents | Absents | Excusés" as columns: who is named below each."""
        fields = {"present": "organisations", "excused": "organisations_excused", "absent": "organisations_absent"}
        for role, field in fields.items():
            for column in columns.roles.get(role, ()):
                for row in grid.rows[columns.first :]:
                    if (cell := row[column]) is not None:
                        self._listed(field, cell.start, cell.end)

    def _line(self, entry: Entry, index: int, *, head: bool) -> None:
        if not head and (entry.end - entry.start > 200 or ":" not in self.page.text[entry.start : entry.end]):
            return
        if head:
            self._bare(entry, index)
        for start, end in self._label_lines(entry):
            match = self._match(self.page.text, start, end)
            if not match:
                continue
            field = field_of(match.label.strip(" *_"), self.grammar)
            if not field or (not head and field not in ("rapporteur", "next_meeting")):
                continue
            if not self.page.text[match.start : match.end].strip(" *_"):
                if head:
                    self._section(index, field)
                continue
            self._take(field, match.start, match.end)

    def _bare(self, entry: Entry, index: int) -> None:
        """A label alone on its line without a colon, as definition lists leave it: the next line is its value."""
        items = self.page.items
        after = items[index + 1] if index + 1 < len(items) else None
        if entry.kind == "heading" or entry.marker or entry.end - entry.start > _ALONE or not isinstance(after, Entry):
            return
        field = self.grammar.labels.kinds.get(key(self.page.text[entry.start : entry.end]))
        if field is None:
            return
        value = self.page.text[after.start : after.end]
        if after.kind != "text" or after.start in self.outline.by_start or field_of(value.rstrip(" :"), self.grammar):
            return
        if len(value) <= _BARE_VALUE or field.startswith("organisations"):
            self._take(field, after.start, after.end)

    def _signed(self, entry: Entry, index: int) -> None:
        """ "Le rapporteur" alone on its line and the name under it, as minutes are signed."""
        if entry.end - entry.start > _ALONE:
            return
        words = key(self.page.text[entry.start : entry.end])
        role = self.grammar.labels.kinds.get(words.split(" ", 1)[-1]) if words[:3] in ("le ", "la ", "the") else None
        after = self.page.items[index + 1] if index + 1 < len(self.page.items) else None
        if role in ("rapporteur", "chair") and isinstance(after, Entry) and after.end - after.start < 45:
            self.keep(role, after.start, after.end)

    def _label_lines(self, entry: Entry) -> Iterator[tuple[int, int]]:
        """The parts of an entry that open with a label: each line, and after wide gaps on one line."""
        text = self.page.text[entry.start : entry.end]
        starts = [0, *(match.end() for match in _BREAK.finditer(text))]
        kept = [start for start in starts if self.opens(text, start)]
        for start, after in zip(kept, [*kept[1:], len(text)], strict=False):
            yield entry.start + start, entry.start + after

    def opens(self, text: str, start: int) -> bool:
        """Whether a known label opens at an offset of a text."""
        match = self._match(text, start, len(text))
        return bool(match and field_of(match.label.strip(" *_"), self.grammar))

    def _match(self, text: str, start: int, end: int) -> Labelled | None:
        """A label with its colon, or a label of two words or more without one ("Lieu de réunion Bamako")."""
        signed = text.find(":", start, end) >= 0 or text.find(";", start, end) >= 0
        match = _LABEL.match(text, start, end) if signed else None
        if match:
            return Labelled(match["label"], *match.span("value"))
        bare = _BARE.match(text, start, end)
        if bare is None or key(bare["label"].split(" ", 1)[0]) not in self.grammar.labels.firsts:
            return None
        label, value = bare["label"], bare.start("value")
        while key(label) not in self.grammar.labels.kinds:
            label, _, last = label.rpartition(" ")
            value = start + len(label) + 1
            if " " not in label or not _CAPITAL.match(last):
                return None
        return Labelled(label, value, bare.end())

    def _section(self, index: int, field: str) -> None:
        """A label alone on its line: its value is what follows, up to the next label or heading."""
        start, end = None, None
        for item in self.page.items[index + 1 : index + 60]:
            if isinstance(item, Grid):
                if start is None and field == "organisations" and not self.grids.get(index + 1):
                    return
                break
            text = self.page.text[item.start : item.end]
            if item.start in self.outline.by_start or self.opens(text, 0) or _LINKED.match(text):
                break
            if field in _SINGLE and start is not None:
                break
            if len(self.page.text[item.start : item.end]) > 400 and "(" not in self.page.text[item.start : item.end]:
                break
            start, end = item.start if start is None else start, item.end
        if start is not None and end is not None:
            self._take(field, start, end)

    def _take(self, field: str, start: int, end: int) -> None:
        if field.startswith("organisations"):
            told = tally(self.grammar).match(fold(self.page.text[start:end]).strip())
            if told and field == "organisations" and not _ENUMERATED.match(self.page.text, start, end):
                self.keep("participants_count", start, end)
                if told["women"]:
                    place = start + fold(self.page.text[start:end]).index(told["women"], told.start("women"))
                    self.keep("women_count", place, place + len(told["women"]))
                listed = _BEHIND_COUNT.search(self.page.text, start, end)
                if listed:
                    self._listed(field, listed.end(), end)
                return
            if field == "organisations" and (stated := _stated(self.grammar).search(fold(self.page.text[start:end]))):
                self.keep("participants_count", start + stated.start("all"), start + stated.end("all"))
            for within in _WITHIN.finditer(self.page.text, start, end):
                other = field_of(within["label"], self.grammar)
                if other and other.startswith("organisations") and other != field:
                    self._take(other, within.start("value"), within.end("value"))
                    self._listed(field, start, within.start())
                    return
            self._listed(field, start, end)
            return
        self.keep(field, start, end)

    def _listed(self, field: str, start: int, end: int) -> None:
        if start < end:
            status = {"organisations": "present", "organisations_excused": "excused"}.get(field, "absent")
            read_list(self.page.text[start:end], self.grammar, self.roll, status)  # type: ignore[arg-type]
            self.roll.cover(start, end)

    def keep(self, field: str, start: int, end: int) -> None:
        """Remember a value, unless the field has one already."""
        if field not in self.values:
            self.values[field] = Value(clean(self.page.text[start:end]).strip(" *_"), start, end)
