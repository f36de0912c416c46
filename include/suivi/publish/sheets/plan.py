"""From differences to requests: structure first, then whole rows, in as few bodies as the size limit allows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from suivi.publish.sheets import dress
from suivi.publish.sheets.compare import Diff
from suivi.publish.sheets.dress import Request
from suivi.publish.sheets.grid import Book
from suivi.publish.sheets.layout import Tab
from suivi.publish.sheets.values import extended

LIMIT = 2 * 1024 * 1024 - 2048  # bytes of one body; Google advises 2 MB
SPARE_LINES = 100  # empty lines, dropdowns included, in tabs where people add lines
FILLING = "suivi_filling"  # a first publication that needs several bodies is under way: our tabs are hidden
VALUE = "userEnteredValue"


@dataclass(frozen=True)
class Piece:
    """Neighbouring cells of one row."""

    sheet_id: int
    row: int
    column: int
    cells: tuple[Mapping[str, Any], ...]
    fields: str = VALUE

    def shape(self) -> tuple[int, int, int, int, str]:
        """What the piece of the next row must have to go into the same request."""
        return self.sheet_id, self.row + 1, self.column, len(self.cells), self.fields

    def below(self) -> tuple[int, int, int, int, str]:
        return self.sheet_id, self.row, self.column, len(self.cells), self.fields


@dataclass
class Plan:
    """The requests that make a spreadsheet what it should be.

    `lines`: whole rows, never split over two bodies. `inserted`: rows that would stand twice if the write came twice.
    """

    structure: list[Request] = field(default_factory=list)
    lines: list[list[Piece]] = field(default_factory=list)
    closing: list[Request] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)
    cells_added: int = 0

    @property
    def empty(self) -> bool:
        return not (self.structure or self.lines or self.closing)


def plan(book: Book, diffs: Sequence[Diff], order: Sequence[str], language: str, links: Mapping[str, str]) -> Plan:
    """All requests for all tabs of one spreadsheet."""
    made = Plan()
    big = sum(_size(diff, language) for diff in diffs if diff.grid is None) > LIMIT
    shy = [diff.tab for diff in diffs if diff.grid is None and big]
    for diff in diffs:
        if not diff.empty:
            _tab(made, book, diff, order.index(diff.tab.key), language, links, hidden=big)
    if shy:
        made.structure.insert(0, _stamp(FILLING, "1"))
    if FILLING in book.stamps:
        shy = [diff.tab for diff in diffs if diff.grid is None or diff.grid.hidden]
    if shy or FILLING in book.stamps:
        made.closing += [_show(tab) for tab in shy if not tab.hidden]
        made.closing.append(
            {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": FILLING}}}}
        )
    return made


def _show(tab: Tab) -> Request:
    properties = {"sheetId": tab.sheet_id, "hidden": False}
    return {"updateSheetProperties": {"properties": properties, "fields": "hidden"}}


def _stamp(key: str, value: str) -> Request:
    place = {"spreadsheet": True}
    metadata = {"metadataKey": key, "metadataValue": value, "location": place, "visibility": "DOCUMENT"}
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def _tab(
    made: Plan, book: Book, diff: Diff, index: int, language: str, links: Mapping[str, str], *, hidden: bool
) -> None:
    tab, grid, found = diff.tab, diff.grid, diff.found
    places = {**found.columns, **diff.new_columns}
    first = tab.header_rows
    if diff.headers:
        places = {column.name: c for c, column in enumerate(tab.columns)}
    rows_needed = first + max(1, len(diff.adds)) + (SPARE_LINES if tab.own_rows else 0)
    if grid is None:
        title = _free_title(tab.title, {g.title for g in book.grids.values()})
        made.structure.append(dress.sheet(tab, title, index, rows_needed, len(places), hidden=hidden))
        made.cells_added += rows_needed * len(places)
    else:
        first = first if diff.headers else max(grid.used_rows, first)
        _grow(made, diff, rows_needed if diff.headers else 0, max(places.values()) + 1)
    shift = _head(made, diff, places, language)
    if diff.headers:
        made.structure += dress.columns(tab, places) + dress.rows(tab, places, tab.header_rows, rows_needed, language)
        made.structure += dress.tab(tab, places) if grid is None else []
    elif diff.new_columns:
        made.structure += dress.columns(tab, diff.new_columns)
        made.structure += dress.rows(tab, diff.new_columns, tab.header_rows, first, language)
    if diff.adds and not diff.headers:
        _insert(made, diff, first + shift(first))
        made.structure += dress.rows(tab, places, first + shift(first), first + shift(first) + len(diff.adds), language)
    for row, cells in sorted(diff.cells.items()):
        made.lines.append(list(_pieces(tab, row + shift(row), _linked(diff, row, cells, links))))
    for r, (record, values) in enumerate(diff.adds, start=first + shift(first)):
        made.lines.append(list(_pieces(tab, r, _new_row(tab, places, record, values, language, links))))


def _insert(made: Plan, diff: Diff, at: int) -> None:
    """Rows of our own for what is new: whatever people put there meanwhile moves down and is not written over."""
    span = {"sheetId": diff.tab.sheet_id, "dimension": "ROWS", "startIndex": at, "endIndex": at + len(diff.adds)}
    below_header = at <= diff.tab.header_rows and at < diff.there.row_count  # a header's look is not for data
    made.structure.append({"insertDimension": {"range": span, "inheritFromBefore": not below_header}})
    made.inserted += [f"{diff.tab.key}|{record}" for record, _ in diff.adds]
    made.cells_added += len(diff.adds) * diff.there.column_count


def _grow(made: Plan, diff: Diff, rows: int, columns: int) -> None:
    """Room for a table laid out again and for new columns."""
    grid, growth = diff.there, {}
    if rows > grid.row_count:
        growth["ROWS"] = rows - grid.row_count
    if columns > grid.column_count:
        growth["COLUMNS"] = columns - grid.column_count
    for dimension, length in growth.items():
        append = {"sheetId": diff.tab.sheet_id, "dimension": dimension, "length": length}
        made.structure.append({"appendDimension": append})
    made.cells_added += growth.get("ROWS", 0) * grid.column_count + growth.get("COLUMNS", 0) * max(rows, grid.row_count)


def _head(made: Plan, diff: Diff, places: Mapping[str, int], language: str) -> Any:
    """Header and tag rows where they are missing; returns how far a row moves by an inserted header."""
    tab, found = diff.tab, diff.found
    lost = diff.grid is not None and not diff.headers and found.header is None and found.hxl is not None
    fresh = places if diff.headers or lost else diff.new_columns
    at = 0 if diff.headers else found.hxl if lost else found.header
    if lost:
        area = {"sheetId": tab.sheet_id, "dimension": "ROWS", "startIndex": at, "endIndex": at + 1}  # type: ignore[operator]
        made.structure.append({"insertDimension": {"range": area, "inheritFromBefore": False}})
    if fresh and at is not None:
        cells = {place: dress.header_cell(tab.column(name), language) for name, place in fresh.items()}
        made.structure += _merged(list(_pieces(tab, at, cells)))
        tags = at + 1 if diff.headers and tab.hxl else None if lost or diff.headers else found.hxl
        if tags is not None:
            cells = {place: dress.hxl_cell(tab.column(name)) for name, place in fresh.items()}
            made.structure += _merged(list(_pieces(tab, tags, cells)))
    return lambda row: int(lost and row >= (at or 0))


def _new_row(
    tab: Tab, places: Mapping[str, int], record: str, values: Mapping[str, Any], language: str, links: Mapping[str, str]
) -> dict[int, Mapping[str, Any]]:
    key = tab.columns[0]
    cells: dict[int, Mapping[str, Any]] = {places[key.name]: {VALUE: {"stringValue": record}}}
    for column in tab.columns[1:]:
        cell: dict[str, Any] = {VALUE: extended(column, values.get(column.name), language)}
        if column.name == "source" and cell[VALUE] and record in links:
            cell |= _link(links[record])
        cells[places[column.name]] = cell
    return cells


def _linked(
    diff: Diff, row: int, cells: Mapping[int, Mapping[str, Any]], links: Mapping[str, str]
) -> dict[int, Mapping[str, Any]]:
    """Changed cells of one row; a changed source carries its link."""
    source = diff.found.columns.get("source")
    record = next((r for r, at in diff.found.rows.items() if at == row), "") if source in cells else ""
    return {
        c: {VALUE: value} | (_link(links[record]) if c == source and value and record in links else {})
        for c, value in cells.items()
    }


def _link(url: str) -> dict[str, Any]:
    return {"userEnteredFormat": {"textFormat": {"link": {"uri": url}}}}


def _pieces(tab: Tab, row: int, cells: Mapping[int, Mapping[str, Any]]) -> Iterable[Piece]:
    """Runs of neighbouring cells that write the same fields; a column of people's own in between is never touched."""
    run: list[Mapping[str, Any]] = []
    start, fields = 0, ""
    for column in sorted(cells):
        wanted = _fields(cells[column])
        if run and (column != start + len(run) or wanted != fields):
            yield Piece(tab.sheet_id, row, start, tuple(run), fields)
            run = []
        if not run:
            start, fields = column, wanted
        run.append(cells[column])
    if run:
        yield Piece(tab.sheet_id, row, start, tuple(run), fields)


def _fields(cell: Mapping[str, Any]) -> str:
    if "note" in cell:
        return f"{VALUE},note,userEnteredFormat"
    look = cell.get("userEnteredFormat")
    if not look:
        return VALUE
    return f"{VALUE},userEnteredFormat.textFormat" + (".link" if "link" in look["textFormat"] else "")


def _free_title(title: str, taken: set[str]) -> str:
    """Our title, or one beside a tab of people's own that already has it."""
    free, n = title, 1
    while free.casefold() in {t.casefold() for t in taken}:
        n += 1
        free = f"{title} ({n})"
    return free


def bodies(made: Plan) -> list[list[Request]]:
    """The plan's requests in bodies below the limit, whole rows only."""
    packed: list[list[Request]] = []
    rows: list[Piece] = []
    head = list(made.structure)
    used = _bytes(head) + _bytes(made.closing)
    shapes: set[tuple[int, int, int, int, str]] = set()
    for line in made.lines:
        size = sum(_bytes([_bare(c) for c in p.cells]) + (20 if p.below() in shapes else 170) for p in line)
        if used + size > LIMIT and (rows or head):
            packed.append(head + _merged(rows))
            head, rows, used = [], [], _bytes(made.closing)
        rows += line
        used += size
        shapes = {p.shape() for p in line}
    packed.append(head + _merged(rows) + made.closing)
    return [body for body in packed if body]


def _merged(pieces: Sequence[Piece]) -> list[Request]:
    """One updateCells for neighbouring rows that write the same columns."""
    groups: dict[tuple[int, int, int, str], list[list[Piece]]] = {}
    for piece in pieces:
        runs = groups.setdefault((piece.sheet_id, piece.column, len(piece.cells), piece.fields), [])
        if runs and runs[-1][-1].row + 1 == piece.row:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return [_update(run) for runs in groups.values() for run in runs]


def _update(run: Sequence[Piece]) -> Request:
    start = {"sheetId": run[0].sheet_id, "rowIndex": run[0].row, "columnIndex": run[0].column}
    rows = [{"values": [_bare(cell) for cell in piece.cells]} for piece in run]
    return {"updateCells": {"start": start, "rows": rows, "fields": run[0].fields}}


def _bare(cell: Mapping[str, Any]) -> dict[str, Any]:
    """A cell without empty values: what is not there is cleared by the field mask."""
    return {key: value for key, value in cell.items() if value}


def _bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _size(diff: Diff, language: str) -> int:
    """Bytes of a new tab's rows."""
    return sum(
        _bytes([{VALUE: extended(c, values.get(c.name), language)} for c in diff.tab.columns]) + 20
        for _, values in diff.adds
    )
