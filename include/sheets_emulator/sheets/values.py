"""The values collection: read, update, append, clear."""

from dataclasses import dataclass
from typing import Any

from .. import a1
from ..cells.calculate import effective_value
from ..cells.display import DATE_TYPES, shown
from ..cells.locales import locale_of
from ..cells.typing import raw_value, typed_value
from ..errors import ApiError, Refused, invalid
from ..model import Area, Cell, Spreadsheet, Tab
from ..protection import Guard
from .addresses import Address

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rendering:
    """How values leave: valueRenderOption, dateTimeRenderOption and majorDimension."""

    value: str = "FORMATTED_VALUE"
    moment: str = "SERIAL_NUMBER"
    dimension: str = "ROWS"


def read(book: Spreadsheet, address: Address, rendering: Rendering) -> Json:
    """The ValueRange of an address; empty rows and cells at its end are left out."""
    area = address.area
    tab, last = address.tab, min(area.bottom, len(address.tab.rows))
    rows = []
    for number in range(area.top, last):
        cells = tab.row(number)
        rows.append([
            render(book, tab, number, column, cells[column], rendering) if column in cells else ""
            for column in range(area.left, area.right)
        ])  # fmt: skip
    if rendering.dimension == "COLUMNS":
        rows = [list(column) for column in zip(*rows, strict=True)]
    answer = {"range": address.text, "majorDimension": rendering.dimension}
    trimmed = _trim([_trim(row) for row in rows])
    return {**answer, "values": trimmed} if trimmed else answer


def _trim(items: list[Any]) -> list[Any]:
    end = len(items)
    while end and (items[end - 1] == "" or items[end - 1] == []):
        end -= 1
    return items[:end]


def render(book: Spreadsheet, tab: Tab, row: int, column: int, cell: Cell, rendering: Rendering) -> Any:
    """One value as the API returns it: a text, a number, a boolean; "" when empty."""
    entered = cell.get("userEnteredValue")
    if not entered:
        return ""
    if "stringValue" in entered:
        return entered["stringValue"]
    if rendering.value == "FORMULA" and "formulaValue" in entered:
        return entered["formulaValue"]
    value = effective_value(book, tab, row, column) or {}
    number_format = cell.get("userEnteredFormat", {}).get("numberFormat")
    if rendering.value == "FORMATTED_VALUE" or "errorValue" in value:
        return shown(value, number_format, locale_of(book.locale))
    dated = number_format is not None and number_format.get("type") in DATE_TYPES
    if dated and rendering.moment == "FORMATTED_STRING" and rendering.value == "UNFORMATTED_VALUE":
        return shown(value, number_format, locale_of(book.locale))
    return next(iter(value.values()))


def write(book: Spreadsheet, address: Address, body: Json, option: str, guard: Guard) -> Json:
    """Values written at an address of a working copy; returns the UpdateValuesResponse. Raises ApiError."""
    rows = body.get("values", [])
    if body.get("majorDimension") == "COLUMNS":
        rows = _turned(rows)
    tab, area = address.tab, address.area
    height, width = len(rows), max((len(row) for row in rows), default=0)
    if not height or not width:
        return {"spreadsheetId": book.id, "updatedRange": address.text}
    _check_fit(address, height, width)
    grow(book, tab, area.top + height, area.left + width)
    written = Area(area.top, area.top + height, area.left, area.left + width)
    guard.check(tab, written)
    counts = [_write_row(book, tab, area.top + offset, area.left, row, option) for offset, row in enumerate(rows)]
    answer = {"spreadsheetId": book.id, "updatedRange": tab.text(written)}
    touched = {
        "updatedRows": sum(count > 0 for count in counts),
        "updatedColumns": len({column for row in rows for column, value in enumerate(row) if value is not None}),
        "updatedCells": sum(counts),
    }
    return {**answer, **{name: count for name, count in touched.items() if count}}


def _turned(columns: list[list[Any]]) -> list[list[Any]]:
    height = max((len(column) for column in columns), default=0)
    return [[column[row] if row < len(column) else None for column in columns] for row in range(height)]


def _check_fit(address: Address, height: int, width: int) -> None:
    """Values may run over the end of a range only where the range stated none. Raises ApiError."""
    area = address.area
    if address.open:
        return
    if area.top + height > area.bottom:
        row = area.bottom + 1
        raise invalid(f"Requested writing within range [{_quoted(address)}], but tried writing to row [{row}]")
    if area.left + width > area.right:
        column = a1.column_name(area.right)
        raise invalid(f"Requested writing within range [{_quoted(address)}], but tried writing to column [{column}]")


def _quoted(address: Address) -> str:
    return f"'{address.tab.title}'!" + address.text.rpartition("!")[2]


def grow(book: Spreadsheet, tab: Tab, rows: int, columns: int) -> None:
    """A grid large enough for so many rows and columns. Raises ApiError above Google's limit on cells."""
    grid = tab.properties["gridProperties"]
    if rows <= tab.row_count and columns <= tab.column_count:
        return
    grid["rowCount"], grid["columnCount"] = max(rows, tab.row_count), max(columns, tab.column_count)
    try:
        book.check_size()
    except Refused as refused:
        raise ApiError(400, str(refused)) from None


def _write_row(book: Spreadsheet, tab: Tab, row: int, left: int, values: list[Any], option: str) -> int:
    """One row's values; null leaves a cell alone, "" clears its value. Returns the number of cells written."""
    cells, count = dict(tab.row(row)), 0
    for column, value in enumerate(values, start=left):
        if value is None:
            continue
        count += 1
        changed = entered(cells.get(column, {}), value, option, book)
        if changed:
            cells[column] = changed
        else:
            cells.pop(column, None)
    tab.set_row(row, cells)
    return count


def entered(cell: Cell, value: Any, option: str, book: Spreadsheet) -> Cell:
    """The cell after a value was written into it under RAW or USER_ENTERED."""
    changed = {name: item for name, item in cell.items() if name not in ("userEnteredValue", "textFormatRuns")}
    if value == "":
        return changed
    if option == "RAW":
        return {"userEnteredValue": raw_value(value), **changed}
    old_format = cell.get("userEnteredFormat", {})
    parsed, number_format = typed_value(value, locale_of(book.locale), old_format.get("numberFormat"))
    if number_format:
        changed["userEnteredFormat"] = {**old_format, "numberFormat": number_format}
    return {"userEnteredValue": parsed, **changed}


def clear(address: Address, guard: Guard) -> str:
    """Values of an address removed, formats and notes kept; returns the cleared range."""
    tab, area = address.tab, address.area
    guard.check(tab, area)
    for number in range(area.top, min(area.bottom, len(tab.rows))):
        row = tab.row(number)
        doomed = [column for column, cell in row.items()
                  if area.left <= column < area.right and "userEnteredValue" in cell]  # fmt: skip
        if doomed:
            changed = dict(row)
            for column in doomed:
                left = {name: item for name, item in row[column].items()
                        if name not in ("userEnteredValue", "textFormatRuns")}  # fmt: skip
                if left:
                    changed[column] = left
                else:
                    del changed[column]
            tab.set_row(number, changed)
    return address.text


def append(book: Spreadsheet, address: Address, body: Json, option: str, insert: bool, guard: Guard) -> Json:
    """Rows written below the table found at an address; returns the AppendValuesResponse."""
    tab = address.tab
    table = find_table(tab, address.area)
    start = Area(table.bottom, table.bottom + 1, table.left, table.left + 1) if table else address.area
    rows = body.get("values", [])
    height = len(_turned(rows)) if body.get("majorDimension") == "COLUMNS" else len(rows)
    grow(book, tab, start.top + height, 1)
    if insert and table:
        tab.rows[start.top : start.top] = [{} for _ in range(height)] if start.top < len(tab.rows) else []
        tab.properties["gridProperties"]["rowCount"] += height
    updates = write(book, Address(tab, start, open=True), body, option, guard)
    answer = {"spreadsheetId": book.id, "updates": updates}
    return {**answer, "tableRange": tab.text(table)} if table else answer


def find_table(tab: Tab, area: Area) -> Area | None:
    """The block of values that an append continues: around the range's first cell, or the last one inside it."""
    if area.bottom - area.top == area.right - area.left == 1 and _filled(tab, area.top, area.left):
        return _block(tab, area.top, area.left)
    for row in range(min(area.bottom, len(tab.rows)) - 1, area.top - 1, -1):
        for column in sorted(tab.row(row), reverse=True):
            if area.left <= column < area.right and _filled(tab, row, column):
                return _block(tab, row, column)
    return None


def _filled(tab: Tab, row: int, column: int) -> bool:
    return row >= 0 and "userEnteredValue" in tab.row(row).get(column, {})


def _block(tab: Tab, row: int, column: int) -> Area:
    """The rectangle around a cell that no filled cell touches from outside, corners included."""
    top, bottom, left, right = row, row, column, column
    while True:
        before = (top, bottom, left, right)
        while _any_filled(tab, range(top - 1, top), range(left - 1, right + 2)):
            top -= 1
        while _any_filled(tab, range(bottom + 1, bottom + 2), range(left - 1, right + 2)):
            bottom += 1
        beside = range(top - 1, bottom + 2)
        left -= _any_filled(tab, beside, range(left - 1, left))
        right += _any_filled(tab, beside, range(right + 1, right + 2))
        if (top, bottom, left, right) == before:
            return Area(top, bottom + 1, left, right + 1)


def _any_filled(tab: Tab, rows: range, columns: range) -> bool:
    return any(_filled(tab, row, column) for row in rows for column in columns)
