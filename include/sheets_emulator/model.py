"""A spreadsheet as it is kept: tabs of sparse rows of immutable cells, and everything around them.

A cell is a dict of CellData fields (`userEnteredValue`, `userEnteredFormat`, `note`,
`dataValidation`, `textFormatRuns`); a row maps column → cell. Cells and rows are never changed in
place but replaced: so a copy for a batch costs a list of pointers, a batch that fails leaves nothing
behind, and the store sees by identity which rows changed.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from . import a1
from .errors import Refused

Cell = dict[str, Any]
Row = dict[int, Cell]
Json = dict[str, Any]
NO_ROW: Row = {}

MAX_CELLS = 10_000_000
MAX_TEXT = 50_000
MAX_COLUMNS = 18_278


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a tab, 0-based and half-open, inside its grid."""

    top: int
    bottom: int
    left: int
    right: int

    def contains(self, row: int, column: int) -> bool:
        """Whether the cell lies inside."""
        return self.top <= row < self.bottom and self.left <= column < self.right

    def overlaps(self, other: "Area") -> bool:
        """Whether the two share a cell."""
        return (
            self.top < other.bottom and other.top < self.bottom and self.left < other.right and other.left < self.right
        )


@dataclass(slots=True)
class Tab:
    """One sheet. `properties` holds SheetProperties without index; `parts` holds merges, protectedRanges…"""

    properties: Json
    rows: list[Row] = field(default_factory=list)
    parts: dict[str, Any] = field(default_factory=dict)
    row_sizes: dict[int, Json] = field(default_factory=dict)
    column_sizes: dict[int, Json] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """sheetId."""
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        """The tab's name."""
        return str(self.properties["title"])

    @property
    def row_count(self) -> int:
        """Rows of the grid."""
        return int(self.properties["gridProperties"]["rowCount"])

    @property
    def column_count(self) -> int:
        """Columns of the grid."""
        return int(self.properties["gridProperties"]["columnCount"])

    def copy(self) -> "Tab":
        """A working copy: rows shared until replaced, the rest deep."""
        return Tab(
            copy.deepcopy(self.properties),
            list(self.rows),
            copy.deepcopy(self.parts),
            dict(self.row_sizes),
            dict(self.column_sizes),
        )

    def row(self, number: int) -> Row:
        """The row's cells (do not change them)."""
        return self.rows[number] if number < len(self.rows) else NO_ROW

    def cell(self, row: int, column: int) -> Cell:
        """The cell, {} when nothing is there (do not change it)."""
        return self.row(row).get(column, {})

    def set_row(self, number: int, row: Row) -> None:
        """Put a new row in place."""
        while len(self.rows) <= number:
            self.rows.append(NO_ROW)
        self.rows[number] = row

    def set_cell(self, row: int, column: int, cell: Cell) -> None:
        """Put a new cell in place; an empty one is removed."""
        changed = dict(self.row(row))
        if cell:
            changed[column] = cell
        else:
            changed.pop(column, None)
        self.set_row(row, changed)

    def sizes(self, dimension: str) -> dict[int, Json]:
        """Dimension properties that differ from the default, by index."""
        return self.row_sizes if dimension == "ROWS" else self.column_sizes

    def whole(self) -> Area:
        """The whole grid."""
        return Area(0, self.row_count, 0, self.column_count)

    def area(self, grid_range: Json) -> Area:
        """A GridRange inside the grid: unbounded sides become the grid's, ends are clipped."""
        top, left = grid_range.get("startRowIndex", 0), grid_range.get("startColumnIndex", 0)
        bottom = min(grid_range.get("endRowIndex", self.row_count), self.row_count)
        right = min(grid_range.get("endColumnIndex", self.column_count), self.column_count)
        return Area(top, max(bottom, top), left, max(right, left))

    def text(self, area: Area) -> str:
        """The area in A1 notation with the tab's title."""
        return a1.format_bounds(self.title, area.top, area.bottom, area.left, area.right)

    def ranges(self) -> Iterator[Json]:
        """Every GridRange kept beside the cells (merges, filters, formats, charts), to be shifted in place."""
        for part in ("merges",):
            yield from self.parts.get(part, [])
        for part in ("protectedRanges", "bandedRanges", "filterViews", "conditionalFormats", "charts"):
            for item in self.parts.get(part, []):
                yield from grid_ranges(item)
        if "basicFilter" in self.parts:
            yield from grid_ranges(self.parts["basicFilter"])


def grid_ranges(item: Any) -> Iterator[Json]:
    """GridRanges anywhere inside a stored object, recognised by their index fields."""
    if isinstance(item, list):
        for entry in item:
            yield from grid_ranges(entry)
    elif isinstance(item, dict):
        if any(name in item for name in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")):
            yield item
        else:
            for entry in item.values():
                yield from grid_ranges(entry)


@dataclass(slots=True)
class Spreadsheet:
    """A spreadsheet: properties, tabs in order, named ranges and developer metadata."""

    id: str
    properties: Json
    tabs: list[Tab]
    named_ranges: list[Json] = field(default_factory=list)
    metadata: list[Json] = field(default_factory=list)
    version: int = 1
    results: dict[tuple[int, int, int], Any] = field(default_factory=dict)  # calculated formulas, by cell

    @property
    def locale(self) -> str:
        """Locale of number and date formats, e.g. "fr_FR"."""
        return str(self.properties.get("locale", "en_US"))

    def copy(self) -> "Spreadsheet":
        """A working copy for one batch."""
        return Spreadsheet(
            self.id,
            copy.deepcopy(self.properties),
            [tab.copy() for tab in self.tabs],
            copy.deepcopy(self.named_ranges),
            copy.deepcopy(self.metadata),
            self.version + 1,
        )

    def find(self, sheet_id: int) -> Tab | None:
        """The tab of this id, or None."""
        return next((tab for tab in self.tabs if tab.id == sheet_id), None)

    def tab(self, sheet_id: int) -> Tab:
        """The tab of this id. Raises Refused."""
        tab = self.find(sheet_id)
        if tab is None:
            raise Refused(f"No grid with id: {sheet_id}")
        return tab

    def titled(self, title: str) -> Tab | None:
        """The tab of this title, case-insensitively, or None."""
        wanted = title.casefold()
        exact = next((tab for tab in self.tabs if tab.title == title), None)
        return exact or next((tab for tab in self.tabs if tab.title.casefold() == wanted), None)

    def check_size(self) -> None:
        """Google's limit on cells. Raises Refused."""
        total = sum(tab.row_count * tab.column_count for tab in self.tabs)
        if total > MAX_CELLS:
            raise Refused(
                f"This action would increase the number of cells in the workbook above the limit of {MAX_CELLS} cells."
            )
