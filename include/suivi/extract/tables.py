"""Tables → agenda items and actions: which cells of a row and which lines of a cell belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from suivi.extract.cells import by_sentence, lines, split_cell, unled
from suivi.extract.columns import ACTING, Columns, read_columns, role_of
from suivi.extract.drafts import Draft, Scene, draft
from suivi.extract.grammar import key
from suivi.extract.layout import Cell, Grid, Page
from suivi.extract.outline import Topic, is_list, section_kind, split_presenter
from suivi.extract.owners import LIKELY, SURE, likeness, split
from suivi.extract.statuses import read_status
from suivi.extract.values import dates
from suivi.extract.values.text import fold
from suivi.extract.wording import blank
from suivi.models import ActionKind

_TICKED_ROWS = 4
_CROSS = re.compile(r"[xX✓✔☑☒✗√oOyY]|oui|yes|ok|fait|done")
_LETTERED = re.compile(r"^\s*(?:[a-z]\)|\d{1,2}[.)](?=\s)|-)\s*", re.MULTILINE)


class TableReader:
    """Reads the tables of one page in order: a headless table goes on with the columns of the one before it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.page: Page = scene.page
        self.last: Columns | None = None
        self.width = 0
        self._yes = re.compile(rf"[✓✔☑✅]|{scene.grammar.shape('yes')}")

    def columns(self, grid: Grid) -> Columns | None:
        """The columns of a grid; remembers them for the part of the table that follows."""
        width = len(grid.rows[0])
        if width == 2 and self.labels(grid):
            return None
        found = read_columns(grid, self.page, self.scene.grammar)
        if found is None and self.last is not None and width == self.width and width >= 3:
            return Columns(self.last.roles, 0)
        if found is None and width == 2 and self.width == 3 and self.last and self.last.has("topic", "discussion"):
            first = [_numbered(self.page.clean(cell.start, cell.end))[0] for row in grid.rows if (cell := row[0])]
            if first and all(first):  # pasted: the next items, discussion and actions run together
                return Columns({"topic": [0], "discussion": [1]}, 0)
        if found is None and width == 2 and self._ticked(grid):
            return Columns({"action": [0], "done": [1]}, 0)
        if found is None and width == 2 and self._talks(grid):
            return Columns({"topic": [0], "discussion": [1]}, 0)
        if found is not None:
            self.last, self.width = found, width
        return found

    def labels(self, grid: Grid) -> bool:
        """A table of two columns whose first holds labels of the header: the head, no list."""
        first = [key(self.page.text[cell.start : cell.end]) for row in grid.rows if (cell := row[0])]
        known = [self.scene.grammar.labels.find(words) for words in first]
        return len(first) >= 3 and sum(field is not None for field in known) > 0.6 * len(first)

    def _ticked(self, grid: Grid) -> bool:
        """A headless table of two columns: who is to do what, under headings and names, and crosses beside it."""
        texts = [[self.page.clean(cell.start, cell.end) if cell else "" for cell in row] for row in grid.rows]
        ticks = all(not mark or _CROSS.fullmatch(mark.lower()) for _, mark in texts)
        heads = [words for words, mark in texts if words and not mark]
        return (
            ticks
            and len(texts) >= _TICKED_ROWS
            and any(is_list(section_kind(words, self.scene.grammar)) for words in heads)
            and any(likeness(words.rstrip(" :"), self.scene.grammar, self.scene.people) >= SURE for words in heads)
        )

    def _talks(self, grid: Grid) -> bool:
        """A headless table of two columns that holds what was said beside its topic."""
        sides = [
            [cell.end - cell.start for row in grid.rows if (cell := row[side]) and cell.end > cell.start]
            for side in (0, 1)
        ]
        return all(sides) and max(sides[0]) <= 140 and sum(sides[1]) / len(sides[1]) >= 150

    def topics(self, grid: Grid, columns: Columns) -> Iterator[Topic]:
        """The agenda items of a table's topic column, each from its first row to the next."""
        if not columns.has("topic") and columns.acts:
            yield from self._banded(grid, columns)
        for column in columns.roles.get("topic", [])[:1]:
            position = 0
            for row in grid.rows[columns.first :]:
                cell = row[column]
                if cell is None or self._band(row) or self._header(row) or blank(self.page.text[cell.start : cell.end]):
                    continue
                first = cell.entries[0] if len(cell.entries) > 1 and cell.end - cell.start > 250 else None
                number, title = _numbered(self.page.clean(cell.start, first.end if first else cell.end))
                if first and not number and len(title) > 120:
                    continue
                if len(title) > 300 or not re.search(r"[^\W\d_]{2}", title):
                    continue
                position += 1
                title, presenter = split_presenter(title)
                end = max(other.end for other in row if other)
                yield Topic(number or str(position), title, cell.start, end, presenter, (cell.start, cell.end))

    def _banded(self, grid: Grid, columns: Columns) -> Iterator[Topic]:
        """Agenda items as numbered rows over the whole width of a table of actions; two or more."""
        bands = [band for row in grid.rows[columns.first :] if (band := self._band(row))]
        titled = [(band, *_numbered(self.page.clean(band.start, band.end))) for band in bands]
        items = [(band, number, title) for band, number, title in titled if number and title[:1].isupper()]
        if len(items) < 2 or any(band.block.column_span < 2 for band, _, _ in items):
            return
        for band, number, title in items:
            title, presenter = split_presenter(title)
            yield Topic(str(number), title, band.start, band.end, presenter, (band.start, band.end))

    def _header(self, row: list[Cell | None]) -> bool:
        cells = [cell for cell in row if cell and cell.end > cell.start]
        known = [
            role_of(self.page.text[cell.start : cell.end], self.scene.grammar)
            for cell in cells
            if cell.end - cell.start < 90
        ]
        return len(cells) > 1 and sum(role is not None for role in known) == len(cells)

    def _band(self, row: list[Cell | None]) -> Cell | None:
        cells = [cell for cell in row if cell and self.page.text[cell.start : cell.end].strip()]
        wide = len(cells) == 1 and (
            (len(row) >= 3 and cells[0] is row[0]) or cells[0].block.column_span > 1 or self._names(row, cells[0])
        )
        return cells[0] if wide and cells[0].end - cells[0].start < 140 else None

    def _names(self, row: list[Cell | None], cell: Cell) -> bool:
        """Whether a row of two columns holds nothing but somebody's name: the tasks below are theirs."""
        words = self.page.clean(cell.start, cell.end).rstrip(" :")
        return (
            len(row) == 2
            and cell is row[0]
            and (
                likeness(words, self.scene.grammar, self.scene.people) >= SURE
                or is_list(section_kind(words, self.scene.grammar))
            )
        )

    def read(self, grid: Grid, columns: Columns, *, review: bool) -> list[Draft]:
        """The actions of a table."""
        found: list[Draft] = []
        owners: str | None = None
        month: str | None = None
        reviewing = review
        pointing = self._points(grid, columns)
        for index, row in enumerate(grid.rows[columns.first :], start=columns.first):
            band = self._band(row)
            if band and not (
                band is row[columns.roles.get("action", [0])[0]] and columns.roles.get("action", [0])[0] > 0
            ):
                words = self.page.clean(band.start, band.end)
                kind = section_kind(words, self.scene.grammar)
                if kind:
                    reviewing = kind.startswith("review") or self._before(words)
                    continue
                if likeness(words.rstrip(" :"), self.scene.grammar, self.scene.people) >= LIKELY and not columns.has(
                    "owner"
                ):
                    owners = words.rstrip(" :")
                    continue
                if dates.deadline(words, self.scene.meeting, None) and len(words) < 30:
                    month = words
                    continue
                if columns.roles.get("action", [-1])[0] != 0:
                    continue
            if self._header(row):
                continue
            for made in self._row(row, grid.carried[index], columns):
                if owners and not made.owners:
                    made.belongs(owners, "heading", self.scene)
                made.deadline = made.deadline or month
                made.place = grid.block.start
                made.item = self._text(grid.carried[index], columns, "topic") if pointing else None
                made.review = reviewing
                found.append(made)
        looks = columns.has("status", "done") and columns.has("owner", "deadline", "topic", "number")
        if looks and not review and self.looks_back(found):
            for made in found:
                made.review = True
        return found

    def _before(self, words: str) -> bool:
        """Whether a heading dates its list before the meeting: "Points d'action du 10 mai"."""
        day = self.scene.meeting
        return day is not None and any(found.last and found.last < day for found in dates.find(words, day))

    def _row(self, row: list[Cell | None], carried: list[Cell | None], columns: Columns) -> Iterator[Draft]:
        topic = self._text(carried, columns, "topic")
        number = self._text(row, columns, "number")
        for role in ACTING:
            for column in columns.roles.get(role, []):
                cell = row[column] if column < len(row) else None
                if cell is None:
                    continue
                for made in self._cell(cell, carried, columns, role):
                    made.number = number.strip(" .") if number and len(number) <= 40 else made.number
                    made.agenda = made.agenda or topic
                    yield made

    def _points(self, grid: Grid, columns: Columns) -> bool:
        """A topic column of bare numbers of which some come twice: it points at agenda items, it counts no rows."""
        cells = [row[column] for column in columns.roles.get("topic", [])[:1] for row in grid.rows[columns.first :]]
        numbers = [self.page.text[cell.start : cell.end].strip(" .") for cell in cells if cell]
        return len(set(numbers)) < len(numbers) and all(number.isdigit() for number in numbers)

    def looks_back(self, found: list[Draft]) -> bool:
        """A table of which some rows are done follows up what was decided before."""
        return any(made.status == "done" for made in found) and len(found) > 1

    def _text(self, row: list[Cell | None], columns: Columns, role: str) -> str | None:
        for column in columns.roles.get(role, []):
            cell = row[column] if column < len(row) else None
            if cell and not blank(self.page.text[cell.start : cell.end]):
                return self.page.text[cell.start : cell.end]
        return None

    def _cell(self, cell: Cell, carried: list[Cell | None], columns: Columns, role: str) -> Iterator[Draft]:
        owner, when, how_far = (self._text(carried, columns, name) for name in ("owner", "deadline", "status"))
        spans = list(split_cell(self.page, cell, self.scene.grammar))
        who, days, states = (lines(text) for text in (owner, when, how_far))
        if len(spans) == 1 and len(who) > 1 and len(who) == len(days):
            spans = by_sentence(self.page, spans[0], len(who)) or spans
        many = len(spans)
        if when and len(days) != many > 1:
            found = dates.find(when, self.scene.meeting)
            days = [when[item.start : item.end] for item in found] if many - len(found) in (0, 1) else days
        who, days = unled(who, days, many, cell)
        kind: ActionKind = "decision" if role == "decision" else "action"
        apart = frozenset(name for name, text in (("owner", owner), ("deadline", when)) if text)
        for index, (start, end) in enumerate(spans):
            made = draft(self.scene, start, end, f"table.{role}", columns=apart)
            if made is None or not re.search(r"[^\W\d_]{3}", made.text):
                continue
            made.kind = kind
            if owner:
                written = who[index] if len(who) == many > 1 else owner
                written = _LETTERED.sub("", written)
                made.owners, made.owner_written, made.how = (
                    split(written, self.scene.grammar, self.scene.people),
                    " ".join(written.split()),
                    "column",
                )
            if when:
                self._when(made, _LETTERED.sub("", days[index] if len(days) == many > 1 else when))
            if how_far:
                state = states[index] if len(states) == many > 1 else how_far
                made.status, made.permanent = read_status(state, self.scene.grammar)
                done = made.status == "done"  # its day is when it was done
                if (
                    made.deadline is None
                    and not done
                    and dates.deadline(state, self.scene.meeting, self.scene.next_meeting)
                ):
                    made.deadline = " ".join(state.split())
            self._crossed(made, carried, columns)
            yield made

    def _when(self, made: Draft, written: str) -> None:
        made.deadline = " ".join(written.split()).lstrip("-• ")
        status, permanent = read_status(written, self.scene.grammar)
        if status and made.status is None:
            made.status, made.permanent = status, permanent
            if (
                not re.search(r"\d", written)
                and dates.deadline(written, self.scene.meeting, self.scene.next_meeting) is None
            ):
                made.deadline = written if permanent else None

    def _crossed(self, made: Draft, row: list[Cell | None], columns: Columns) -> None:
        """An x in a "done" column says done; in another status column what its header says."""
        done, todo = self._cross(row, columns, "done"), self._cross(row, columns, "todo")
        if done and _CROSS.fullmatch(done.lower()):
            made.status = "done"
        elif done:
            made.status, made.permanent = read_status(done, self.scene.grammar)
        elif todo and made.status is None:
            made.status = "open"
        elif made.status is None and self._yes.fullmatch(fold(self._cross(row, columns, "status")).strip(" .")):
            made.status = "done"

    def _cross(self, row: list[Cell | None], columns: Columns, role: str) -> str:
        cells = [row[index] for index in columns.roles.get(role, []) if index < len(row)]
        return " ".join(self.page.clean(cell.start, cell.end) for cell in cells if cell).strip()


def _numbered(text: str) -> tuple[str | None, str]:
    match = re.match(r"\(?(\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4})\s*[.)/:-]*\s+(?=\S)|(\d{1,2})[.)-]\s*", text)
    return (match[1] or match[2], text[match.end() :]) if match else (None, text)
