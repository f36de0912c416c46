"""Copy, cut, paste, fill."""

from ..cells.formulas import move_references
from ..errors import ApiError, Refused
from ..model import Area, Cell, Json, Spreadsheet, Tab
from ..protection import Guard
from ..sheets.values import entered, grow
from .registry import change, located

VALUE_PARTS = ("userEnteredValue", "textFormatRuns")
FORMAT_PARTS = ("userEnteredFormat",)
KEPT_BY = {  # what a paste type takes from the source; everything else stays the destination's
    "PASTE_NORMAL": (*VALUE_PARTS, *FORMAT_PARTS, "note", "dataValidation"),
    "PASTE_VALUES": VALUE_PARTS,
    "PASTE_FORMULA": VALUE_PARTS,
    "PASTE_FORMAT": FORMAT_PARTS,
    "PASTE_NO_BORDERS": (*VALUE_PARTS, *FORMAT_PARTS, "note", "dataValidation"),
    "PASTE_DATA_VALIDATION": ("dataValidation",),
}


def _parts(kind: str) -> tuple[str, ...]:
    if kind not in KEPT_BY:
        raise ApiError(501, f"The emulator does not model {kind}.")
    return KEPT_BY[kind]


def pasted(book: Spreadsheet, old: Cell, new: Cell, kind: str, shift: tuple[int, int], value: Json | None) -> Cell:
    """The destination's cell after a paste; formulas follow, PASTE_VALUES takes the calculated value."""
    parts = _parts(kind)
    result = {name: item for name, item in old.items() if name not in parts}
    result |= {name: item for name, item in new.items() if name in parts}
    formula = new.get("userEnteredValue", {}).get("formulaValue")
    if formula and "userEnteredValue" in parts:
        if kind == "PASTE_VALUES":
            result["userEnteredValue"] = value or {}
        else:
            moved = move_references(formula, lambda _, bounds: bounds, absolute_stays=True, shift=shift)
            result["userEnteredValue"] = {"formulaValue": moved}
    if kind == "PASTE_NO_BORDERS" and "userEnteredFormat" in new:
        borders = old.get("userEnteredFormat", {}).get("borders")
        look = {name: item for name, item in new["userEnteredFormat"].items() if name != "borders"}
        result["userEnteredFormat"] = look | ({"borders": borders} if borders else {})
    del book
    return {name: item for name, item in result.items() if item not in ({}, "")}


@change("copyPaste")
def copy_paste(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """A range copied onto another; a larger destination is filled by repetition."""
    source_tab, source = located(book, request.get("source", {}))
    target_tab, target = located(book, request.get("destination", {}))
    if request.get("pasteOrientation") == "TRANSPOSE":
        raise ApiError(501, "The emulator does not model pasteOrientation TRANSPOSE.")
    height, width = source.bottom - source.top, source.right - source.left
    if not height or not width:
        raise Refused("The source range is empty.")
    rows, columns = target.bottom - target.top, target.right - target.left
    rows = rows if rows % height == 0 else height
    columns = columns if columns % width == 0 else width
    area = Area(target.top, target.top + max(rows, height), target.left, target.left + max(columns, width))
    guard.check(target_tab, area)
    _paste(book, source_tab, source, target_tab, area, request.get("pasteType", "PASTE_NORMAL"))
    return {}


def _paste(book: Spreadsheet, source_tab: Tab, source: Area, target_tab: Tab, area: Area, kind: str) -> None:
    from ..cells.calculate import effective_value

    height, width = source.bottom - source.top, source.right - source.left
    taken = [
        [(source_tab.cell(row, column), effective_value(book, source_tab, row, column))
         for column in range(source.left, source.right)]
        for row in range(source.top, source.bottom)
    ]  # fmt: skip
    grow(book, target_tab, area.bottom, area.right)
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            down, right = (row - area.top) % height, (column - area.left) % width
            cell, value = taken[down][right]
            shift = (row - source.top - down, column - source.left - right)
            old = target_tab.cell(row, column)
            target_tab.set_cell(row, column, pasted(book, old, cell, kind, shift, value))


@change("cutPaste")
def cut_paste(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """A range moved; its old cells are empty afterwards."""
    source_tab, source = located(book, request.get("source", {}))
    spot = request.get("destination", {})
    target_tab = book.tab(spot.get("sheetId", 0))
    top, left = spot.get("rowIndex", 0), spot.get("columnIndex", 0)
    area = Area(top, top + source.bottom - source.top, left, left + source.right - source.left)
    guard.check(source_tab, source)
    guard.check(target_tab, area)
    parts = _parts(request.get("pasteType", "PASTE_NORMAL"))
    taken = [[source_tab.cell(row, column) for column in range(source.left, source.right)]
             for row in range(source.top, source.bottom)]  # fmt: skip
    for row in range(source.top, source.bottom):
        for column in range(source.left, source.right):
            cell = source_tab.cell(row, column)
            source_tab.set_cell(row, column, {name: item for name, item in cell.items() if name not in parts})
    grow(book, target_tab, area.bottom, area.right)
    for down, line in enumerate(taken):
        for right, cell in enumerate(line):
            old = target_tab.cell(top + down, left + right)
            kept = {name: item for name, item in old.items() if name not in parts}
            new = {name: item for name, item in cell.items() if name in parts}
            target_tab.set_cell(top + down, left + right, {**kept, **new})
    return {}


@change("pasteData")
def paste_data(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Text with a delimiter typed into cells from a coordinate on."""
    if request.get("html"):
        raise ApiError(501, "The emulator does not model pasteData from HTML.")
    spot = request.get("coordinate", {})
    tab = book.tab(spot.get("sheetId", 0))
    top, left = spot.get("rowIndex", 0), spot.get("columnIndex", 0)
    delimiter = request.get("delimiter")
    if not delimiter:
        raise Refused("delimiter must be specified.")
    lines = [line.split(delimiter) for line in request.get("data", "").splitlines()]
    width = max((len(line) for line in lines), default=0)
    guard.check(tab, Area(top, top + len(lines), left, left + width))
    grow(book, tab, top + len(lines), left + width)
    for down, line in enumerate(lines):
        for right, text in enumerate(line):
            cell = tab.cell(top + down, left + right)
            tab.set_cell(top + down, left + right, entered(cell, text, "USER_ENTERED", book))
    return {}
