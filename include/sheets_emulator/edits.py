"""What people do by hand in a spreadsheet, for tests and the viewer: `POST /_emulator/edit`.

An edit is `{"spreadsheet": id, "tab": title, …}` with one action (several are done in the order they stand in):
  cells     {"B2": "texte", "C2": 3, "D2": null}: typed in as by a person; null or "" empties the cell
  find      {"column": "record_id", "value": "A-1", "set": {"Statut": "fait"}}: cells by header and key
  note      {"B2": "un mot"}
  append    [["…", …], …]: rows typed below the last filled row
  sort      {"column": "Échéance" | 3, "descending": false}: rows below the frozen ones
  insert_rows | insert_columns   {"at": index, "count": 1}
  delete_rows | delete_columns   {"at": index, "count": 1}
  move_columns  {"at": index, "count": 1, "to": index}
  rename_tab "new title", hide_tab true|false, add_tab "title", delete_tab true
  protect   {"range": "A1:B2", "editors": ["x@example.org"]}: a protection of somebody else's
  requests  [batchUpdate requests]: anything else
Indices are 0-based. The hand belongs to the spreadsheet's owner: protections do not stop it.
"""

from collections.abc import Callable
from typing import Any

from .cells.calculate import effective_value
from .errors import ApiError, Refused, invalid
from .model import Cell, Spreadsheet, Tab
from .protection import Guard
from .sheets import values
from .sheets.addresses import first_tab, resolve
from .sheets.batch import apply
from .workspace import PEOPLE, Workspace

Json = dict[str, Any]
Action = Callable[[Spreadsheet, Tab, Any, Guard], None]


def perform(workspace: Workspace, edit: Json) -> Json:
    """The edit made and kept. Raises ApiError: 404 no such spreadsheet, 400 no such tab, column or action."""
    key = edit.get("spreadsheet", "")
    actions = [name for name in edit if name in ACTIONS]
    unknown = set(edit) - set(ACTIONS) - {"spreadsheet", "tab"}
    if unknown or not actions:
        raise invalid(f"No such edit: {sorted(unknown)}. Actions: {', '.join(ACTIONS)}.")
    if workspace.book(key) is None:
        raise ApiError(404, f"No spreadsheet {key}.")
    with workspace.edit(key) as book:
        guard = Guard(book, PEOPLE, True)
        tab = book.titled(edit["tab"]) if "tab" in edit else first_tab(book)
        if tab is None:
            raise invalid(f"No tab {edit['tab']!r}.")
        for name in actions:
            try:
                ACTIONS[name](book, tab, edit[name], guard)
            except Refused as refused:
                raise invalid(f"{name}: {refused}") from None
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                raise invalid(f"{name} cannot be {edit[name]!r} ({error!r}).") from None
        book.results.clear()
    return {"spreadsheet": key, "tab": tab.title, "done": actions}


def _quoted(tab: Tab, reference: str) -> str:
    title = tab.title.replace("'", "''")
    return f"'{title}'!{reference}"


def _cells(book: Spreadsheet, tab: Tab, wanted: Json, guard: Guard) -> None:
    for reference, value in wanted.items():
        body, address = {"values": [["" if value is None else value]]}, resolve(book, _quoted(tab, reference))
        before = tab.cell(address.area.top, address.area.left)
        values.write(book, address, body, "USER_ENTERED", guard)
        _keep_pattern(tab, address.area.top, address.area.left, before)


def _keep_pattern(tab: Tab, row: int, column: int, before: Cell) -> None:
    """A date typed by hand into a cell that shows dates keeps its pattern (through the API it would bring its own)."""
    old, cell = before.get("userEnteredFormat", {}).get("numberFormat"), tab.cell(row, column)
    new = cell.get("userEnteredFormat", {}).get("numberFormat")
    if old and new and old != new and old.get("type") == new.get("type"):
        tab.set_cell(row, column, {**cell, "userEnteredFormat": {**cell["userEnteredFormat"], "numberFormat": old}})


def _shown(book: Spreadsheet, tab: Tab, row: int, column: int) -> Any:
    return next(iter((effective_value(book, tab, row, column) or {"": None}).values()))


def column_of(book: Spreadsheet, tab: Tab, column: str | int) -> int:
    """Index of a column given by header text (any of the first ten rows) or index. Raises ApiError."""
    if isinstance(column, int):
        return column
    for row in range(10):
        for index in sorted(tab.row(row)):
            if _shown(book, tab, row, index) == column:
                return index
    raise invalid(f"No column {column!r} on {tab.title}.")


def _find(book: Spreadsheet, tab: Tab, wanted: Json, _: Guard) -> None:
    key_column = column_of(book, tab, wanted["column"])
    rows = [row for row in range(len(tab.rows)) if _shown(book, tab, row, key_column) == wanted["value"]]
    if not rows:
        raise invalid(f"No row with {wanted['column']} = {wanted['value']!r} on {tab.title}.")
    for name, value in wanted["set"].items():
        column = column_of(book, tab, name)
        typed = "" if value is None else value
        tab.set_cell(rows[0], column, values.entered(tab.cell(rows[0], column), typed, "USER_ENTERED", book))


def _note(book: Spreadsheet, tab: Tab, wanted: Json, guard: Guard) -> None:
    for reference, text in wanted.items():
        area = resolve(book, _quoted(tab, reference)).area
        start = {"sheetId": tab.id, "rowIndex": area.top, "columnIndex": area.left}
        rows = [{"values": [{"note": text}]}]
        apply(book, [{"updateCells": {"start": start, "fields": "note", "rows": rows}}], guard)


def _append(book: Spreadsheet, tab: Tab, rows: list[list[Any]], guard: Guard) -> None:
    filled = [n for n, row in enumerate(tab.rows) if any("userEnteredValue" in cell for cell in row.values())]
    last = max(filled, default=-1) + 1
    values.grow(book, tab, last + len(rows), 1)
    address = resolve(book, _quoted(tab, f"A{last + 1}"))
    values.write(book, address, {"values": rows}, "USER_ENTERED", guard)


def _sort(book: Spreadsheet, tab: Tab, wanted: Json, guard: Guard) -> None:
    column = column_of(book, tab, wanted["column"])
    top = wanted.get("top", tab.properties["gridProperties"].get("frozenRowCount", 1))
    order = "DESCENDING" if wanted.get("descending") else "ASCENDING"
    spec = {"dimensionIndex": column, "sortOrder": order}
    request = {"range": {"sheetId": tab.id, "startRowIndex": top}, "sortSpecs": [spec]}
    apply(book, [{"sortRange": request}], guard)


def _dimension(kind: str, dimension: str) -> Action:
    def act(book: Spreadsheet, tab: Tab, wanted: Json, guard: Guard) -> None:
        at = wanted["at"]
        span = {"sheetId": tab.id, "dimension": dimension, "startIndex": at, "endIndex": at + wanted.get("count", 1)}
        body: Json = {"source" if kind == "moveDimension" else "range": span}
        if kind == "moveDimension":
            body["destinationIndex"] = wanted["to"]
        if kind == "insertDimension":
            body["inheritFromBefore"] = at > 0
        apply(book, [{kind: body}], guard)

    return act


def _property(name: str) -> Action:
    def act(book: Spreadsheet, tab: Tab, wanted: Any, guard: Guard) -> None:
        properties = {"sheetId": tab.id, name: wanted}
        apply(book, [{"updateSheetProperties": {"properties": properties, "fields": name}}], guard)

    return act


def _add_tab(book: Spreadsheet, _: Tab, wanted: str, guard: Guard) -> None:
    apply(book, [{"addSheet": {"properties": {"title": wanted}}}], guard)


def _delete_tab(book: Spreadsheet, tab: Tab, wanted: bool, guard: Guard) -> None:
    if wanted:
        apply(book, [{"deleteSheet": {"sheetId": tab.id}}], guard)


def _protect(book: Spreadsheet, tab: Tab, wanted: Json, guard: Guard) -> None:
    area = resolve(book, _quoted(tab, wanted["range"])).area
    place = {"sheetId": tab.id, "startRowIndex": area.top, "endRowIndex": area.bottom,
             "startColumnIndex": area.left, "endColumnIndex": area.right}  # fmt: skip
    item = {"range": place, "editors": {"users": wanted.get("editors", [PEOPLE])}}
    apply(book, [{"addProtectedRange": {"protectedRange": item}}], guard)


def _requests(book: Spreadsheet, _: Tab, wanted: list[Json], guard: Guard) -> None:
    apply(book, wanted, guard)


ACTIONS: dict[str, Action] = {
    "cells": _cells,
    "find": _find,
    "note": _note,
    "append": _append,
    "sort": _sort,
    "insert_rows": _dimension("insertDimension", "ROWS"),
    "insert_columns": _dimension("insertDimension", "COLUMNS"),
    "delete_rows": _dimension("deleteDimension", "ROWS"),
    "delete_columns": _dimension("deleteDimension", "COLUMNS"),
    "move_columns": _dimension("moveDimension", "COLUMNS"),
    "rename_tab": _property("title"),
    "hide_tab": _property("hidden"),
    "add_tab": _add_tab,
    "protect": _protect,
    "requests": _requests,
    "delete_tab": _delete_tab,
}
