"""A spreadsheet as it is now: tabs, columns found by name, rows found by record id. Nothing by position.

A column is known by the mark in its header's note (`[status]`: it survives a renamed header), else by its header in
any language, else by its HXL tag. What is in none of our columns or rows is people's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from suivi.publish.sheets.layout import Column, Tab
from suivi.publish.sheets.values import fold, raw

FIELDS = (
    "spreadsheetId,developerMetadata(metadataId,metadataKey,metadataValue),sheets("
    "properties(sheetId,title,index,hidden,gridProperties(rowCount,columnCount)),charts(chartId),"
    "protectedRanges(protectedRangeId,range,warningOnly,requestingUserCanEdit,unprotectedRanges),"
    "data(startRow,startColumn,rowData(values(userEnteredValue,note))))"
)
HEADER_DEPTH = 30  # rows from the top among which the header is looked for
LONGEST_HEADER = 120  # characters; longer texts are none
_MARK = re.compile(r"\[([\w.-]+)\]\s*$")


@dataclass(frozen=True)
class Grid:
    """One tab as read: contents (`str`, number, `bool`, `Formula`, `None`) by row and column, from 0."""

    sheet_id: int
    title: str
    index: int
    hidden: bool
    row_count: int
    column_count: int
    cells: tuple[tuple[Any, ...], ...]
    notes: Mapping[tuple[int, int], str] = field(default_factory=dict)
    protected: tuple[Mapping[str, Any], ...] = ()
    charts: frozenset[int] = frozenset()

    def at(self, row: int, column: int) -> Any:
        return self.cells[row][column] if row < len(self.cells) and column < len(self.cells[row]) else None

    @cached_property
    def used_rows(self) -> int:
        """Rows down to the last that holds anything."""
        return max((r + 1 for r, row in enumerate(self.cells) if any(v is not None for v in row)), default=0)

    @cached_property
    def used_columns(self) -> int:
        return max((c + 1 for row in self.cells for c, v in enumerate(row) if v is not None), default=0)


@dataclass(frozen=True)
class Book:
    """A spreadsheet as read, tabs by sheet id; `stamps`: key → (metadata id, value)."""

    grids: Mapping[int, Grid]
    stamps: Mapping[str, tuple[int, str]]

    @property
    def cell_count(self) -> int:
        return sum(grid.row_count * grid.column_count for grid in self.grids.values())


@dataclass(frozen=True)
class Found:
    """Our table in a grid. `columns`: field name → column; `rows`: record id → row; `header` is None when gone.

    `twice`: record ids that stand in several rows; `keyless`: rows without an id that hold something in our columns
    (in tabs where people add lines, also a copied line: it gets its own id).
    """

    columns: Mapping[str, int]
    rows: Mapping[str, int]
    header: int | None
    hxl: int | None
    twice: tuple[str, ...] = ()
    keyless: tuple[int, ...] = ()

    @cached_property
    def by_row(self) -> dict[int, str]:
        return {row: record for record, row in self.rows.items()}


def book(answer: Mapping[str, Any]) -> Book:
    """The API's Spreadsheet, as `FIELDS` asks for it."""
    stamps = {
        m["metadataKey"]: (m["metadataId"], m.get("metadataValue", "")) for m in answer.get("developerMetadata", ())
    }
    grids = [_grid(sheet) for sheet in answer.get("sheets", ()) if "gridProperties" in sheet.get("properties", {})]
    return Book({grid.sheet_id: grid for grid in grids}, stamps)


def _grid(sheet: Mapping[str, Any]) -> Grid:
    properties = sheet["properties"]
    cells: list[tuple[Any, ...]] = []
    notes: dict[tuple[int, int], str] = {}
    for data in sheet.get("data", ()):
        top, left = data.get("startRow", 0), data.get("startColumn", 0)
        cells += [()] * (top - len(cells))
        for r, row in enumerate(data.get("rowData", ()), start=top):
            values = row.get("values", ())
            cells.append((None,) * left + tuple(raw(value) for value in values))
            if r < HEADER_DEPTH:
                notes |= {(r, left + c): v["note"] for c, v in enumerate(values) if v.get("note")}
    return Grid(
        sheet_id=properties.get("sheetId", 0),
        title=properties["title"],
        index=properties.get("index", 0),
        hidden=properties.get("hidden", False),
        row_count=properties["gridProperties"].get("rowCount", 0),
        column_count=properties["gridProperties"].get("columnCount", 0),
        cells=tuple(cells),
        notes=notes,
        protected=tuple(sheet.get("protectedRanges", ())),
        charts=frozenset(chart["chartId"] for chart in sheet.get("charts", ())),
    )


def find(grid: Grid, tab: Tab) -> Found:
    """Our columns and rows in the grid."""
    header = _header_row(grid, tab)
    columns = _columns(grid, tab, header) if header is not None else {}
    key = tab.columns[0].name
    hxl = _hxl_row(grid, tab, columns.get(key))
    if hxl is not None:
        columns = _by_hxl(grid, tab, hxl, columns)
    if key not in columns:
        return Found(columns, {}, header, hxl)
    first = max(header if header is not None else -1, hxl if hxl is not None else -1) + 1
    rows: dict[str, int] = {}
    twice: list[Any] = []
    keyless: list[Any] = []
    for r in range(len(grid.cells)):
        if r in (header, hxl):
            continue
        record = grid.at(r, columns[key])
        if isinstance(record, str) and record.strip():
            if record in rows:
                (keyless if tab.own_rows else twice).append(r if tab.own_rows else record)
            rows.setdefault(record, r)
        elif r >= first and any(grid.at(r, c) is not None for name, c in columns.items() if name != key):
            keyless.append(r)
    return Found(columns, rows, header, hxl, tuple(twice), tuple(keyless))


def mark(column: Column) -> str:
    """The note under a header: what the column is, and the mark by which it is found again."""
    return f"{column.about}\n[{column.name}]"


def _header_row(grid: Grid, tab: Tab) -> int | None:
    """The row among the first ones that carries most of our marks and headers, two at least."""
    best, row = 0, None
    for r in range(min(HEADER_DEPTH, len(grid.cells))):
        score = len(_columns(grid, tab, r))
        if score > best:
            best, row = score, r
        if score == len(tab.columns):
            break
    return row if best >= 2 else None


def _columns(grid: Grid, tab: Tab, row: int) -> dict[str, int]:
    names = {column.name for column in tab.columns}
    width = max(len(grid.cells[row]), max((c + 1 for r, c in grid.notes if r == row), default=0))
    found: dict[str, int] = {}
    for c in range(width):
        marked = _MARK.search(grid.notes.get((row, c), ""))
        if marked and marked[1] in names:
            found.setdefault(marked[1], c)
    if len(found) == len(names):
        return found
    contents = [grid.at(row, c) for c in range(width)]
    headers = [fold(v) if isinstance(v, str) and len(v) <= LONGEST_HEADER else None for v in contents]
    for column in tab.columns:
        if column.name not in found:
            wanted, taken = {fold(column.fr), fold(column.en)}, set(found.values())
            place = next((c for c in range(width) if headers[c] in wanted and c not in taken), None)
            if place is not None:
                found[column.name] = place
    return found


def _hxl_row(grid: Grid, tab: Tab, key: int | None) -> int | None:
    """The row of HXL tags, wherever people moved it: most of its filled cells start with #."""
    if not any(column.hxl for column in tab.columns):
        return None
    tags = {column.hxl for column in tab.columns if column.hxl}
    for r in range(min(HEADER_DEPTH, len(grid.cells))):
        if key is not None and not str(grid.at(r, key) or "").startswith("#"):
            continue
        if sum(isinstance(v, str) and v in tags for v in grid.cells[r]) >= 2:
            return r
    return None


def _by_hxl(grid: Grid, tab: Tab, row: int, found: dict[str, int]) -> dict[str, int]:
    """Columns that lost mark and header, by their tag."""
    more = dict(found)
    for column in tab.columns:
        if column.name not in more and column.hxl:
            places = [c for c, v in enumerate(grid.cells[row]) if v == column.hxl and c not in more.values()]
            if len(places) == 1:
                more[column.name] = places[0]
    return more
