"""Cells: update, repeat, append, merge, validate, borders."""

from ..cells.typing import check_length
from ..discovery import sheets_unknown
from ..errors import ApiError, Refused
from ..masks import Tree, assign, update_tree
from ..model import Area, Cell, Json, Spreadsheet, Tab
from ..protection import Guard
from ..sheets.formats import with_styles
from ..sheets.values import grow
from .registry import change, range_of, stored_range

WRITABLE = ("userEnteredValue", "userEnteredFormat", "note", "dataValidation", "textFormatRuns")
VALUE_ONLY: Tree = {"userEnteredValue": {}}
IGNORED = ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")  # read-only at Google


def cell_tree(request: Json) -> Tree:
    """The mask of a cell change; parts that are not modelled are a 501. Raises Refused, ApiError."""
    tree = update_tree(request.get("fields"), "CellData", sheets_unknown)
    for name in tree:
        if name not in WRITABLE + IGNORED:
            raise ApiError(501, f"The emulator does not model CellData.{name}.")
    return tree


def changed_cell(old: Cell, new: Json, tree: Tree) -> Cell:
    """The cell with the masked fields of a CellData in their place."""
    if tree == VALUE_ONLY and len(new) == 1 and "userEnteredValue" in new and len(old) <= 1:
        value = _checked_value(new["userEnteredValue"])  # the common case of large writes
        if not old or "userEnteredValue" in old:
            return {"userEnteredValue": value} if value else {}
    wanted = _prepared(new)
    if not tree:
        return wanted
    mask = {name: branch for name, branch in tree.items() if name in WRITABLE}
    result = assign(old, wanted, mask)
    if "userEnteredValue" in mask and "textFormatRuns" not in mask:
        result.pop("textFormatRuns", None)
    if "userEnteredFormat" in mask and mask["userEnteredFormat"] and "userEnteredFormat" in result:
        result["userEnteredFormat"] = _restyled(old.get("userEnteredFormat", {}), result["userEnteredFormat"], mask)
    return result


def _restyled(old: Json, new: Json, mask: Tree) -> Json:
    """After a partial change a colour and its ColorStyle agree: the one that was masked wins."""
    named = mask["userEnteredFormat"]
    result = dict(new)
    for name in ("backgroundColor",):
        if name in named and name + "Style" not in named:
            result.pop(name + "Style", None)
        elif name + "Style" in named:
            result.pop(name, None)
    if result.get("textFormat") and result["textFormat"] != old.get("textFormat"):
        text_mask = named.get("textFormat", {})
        text = dict(result["textFormat"])
        if "foregroundColor" in text_mask and "foregroundColorStyle" not in text_mask:
            text.pop("foregroundColorStyle", None)
        result["textFormat"] = text
    return with_styles(result)


def _prepared(new: Json) -> Cell:
    """CellData as it is stored: writable parts, values checked, colours in both forms."""
    result: Cell = {}
    for name, value in new.items():
        if name == "userEnteredFormat":
            result[name] = with_styles(value)
        elif name == "userEnteredValue":
            checked = _checked_value(value)
            if checked:
                result[name] = checked
        elif name == "dataValidation" and value and "type" not in value.get("condition", {}):
            raise Refused("No condition specified in the data validation rule.")
        elif name in WRITABLE:
            if value not in ("", {}, []):
                result[name] = value
        elif name not in IGNORED:
            raise ApiError(501, f"The emulator does not model CellData.{name}.")
    return result


def _checked_value(value: Json) -> Json | None:
    if not value or value.get("stringValue") == "":
        return None
    if "errorValue" in value:
        raise Refused("errorValue can't be written.")
    text = value.get("stringValue", "")
    if text:
        check_length(text)
    formula = value.get("formulaValue")
    if formula is not None and not formula.startswith("="):
        raise Refused(f"Formula must begin with '=': {formula}")
    return value


@change("updateCells")
def update_cells(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Rows of CellData from a start cell on, or over a range (what the rows leave of it is cleared)."""
    tree = cell_tree(request)
    rows = request.get("rows", [])
    height, width = len(rows), max((len(row.get("values", [])) for row in rows), default=0)
    if "range" in request:
        tab, area = range_of(book, request)
        if height > area.bottom - area.top or width > area.right - area.left:
            raise Refused(
                f"Attempting to write {'row' if height > area.bottom - area.top else 'column'}: "
                f"{area.bottom if height > area.bottom - area.top else area.right}, "
                f"beyond the last requested {'row' if height > area.bottom - area.top else 'column'} of: "
                f"{area.bottom - 1 if height > area.bottom - area.top else area.right - 1}"
            )
    else:
        start = request.get("start", {})
        tab = book.tab(start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        area = Area(top, top + height, left, left + width)
        for noun, last, limit in (("row", area.bottom, tab.row_count), ("column", area.right, tab.column_count)):
            if last > limit:
                raise Refused(f"Attempting to write {noun}: {limit}, beyond the last requested {noun} of: {limit - 1}")
    guard.check(tab, area)
    write_cells(tab, area, [row.get("values", []) for row in rows], tree, whole="range" in request)
    return {}


def write_cells(tab: Tab, area: Area, rows: list[list[Json]], tree: Tree, *, whole: bool) -> None:
    """CellData written from the area's corner on; `whole`: the masked fields of all its other cells are cleared."""
    for offset in range(area.bottom - area.top):
        values = rows[offset] if offset < len(rows) else []
        number = area.top + offset
        old = tab.row(number)
        row = dict(old)
        columns = range(area.left, area.left + len(values))
        for column, new in zip(columns, values, strict=True):
            cell = changed_cell(old.get(column, {}), new, tree)
            if cell:
                row[column] = cell
            else:
                row.pop(column, None)
        if whole:
            for column in [c for c in old if area.left + len(values) <= c < area.right]:
                cell = changed_cell(old[column], {}, tree)
                row[column] = cell
                if not cell:
                    del row[column]
        if row or old:
            tab.set_row(number, row)


@change("repeatCell")
def repeat_cell(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """One CellData in every cell of a range; formulas follow their row and column."""
    tree = cell_tree(request)
    tab, area = range_of(book, request)
    guard.check(tab, area)
    new = request.get("cell", {})
    formula = new.get("userEnteredValue", {}).get("formulaValue")
    for number in range(area.top, area.bottom):
        old = tab.row(number)
        row = dict(old)
        for column in range(area.left, area.right):
            here = new
            if formula and (number, column) != (area.top, area.left):
                here = {**new, "userEnteredValue": {"formulaValue": _moved(formula, area, number, column)}}
            cell = changed_cell(old.get(column, {}), here, tree)
            if cell:
                row[column] = cell
            else:
                row.pop(column, None)
        if row or old:
            tab.set_row(number, row)
    return {}


def _moved(formula: str, area: Area, row: int, column: int) -> str:
    from ..cells.formulas import move_references

    shift = (row - area.top, column - area.left)
    return move_references(formula, lambda _, bounds: bounds, absolute_stays=True, shift=shift)


@change("appendCells")
def append_cells(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Rows below the last row that holds a value, from column A on; the grid grows as needed."""
    tree = cell_tree(request)
    tab = book.tab(request.get("sheetId", 0))
    rows = [row.get("values", []) for row in request.get("rows", [])]
    filled = (n + 1 for n, row in enumerate(tab.rows) if any("userEnteredValue" in cell for cell in row.values()))
    top = max(filled, default=0)
    width = max((len(row) for row in rows), default=0)
    grow(book, tab, top + len(rows), width)
    area = Area(top, top + len(rows), 0, width)
    guard.check(tab, area)
    write_cells(tab, area, rows, tree, whole=False)
    return {}


@change("mergeCells")
def merge_cells(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Merges a range whole, by columns or by rows; only the upper left values stay."""
    tab, area = range_of(book, request)
    guard.check(tab, area)
    kind = request.get("mergeType", "MERGE_ALL")
    pieces = [area]
    if kind == "MERGE_COLUMNS":
        pieces = [Area(area.top, area.bottom, column, column + 1) for column in range(area.left, area.right)]
    elif kind == "MERGE_ROWS":
        pieces = [Area(row, row + 1, area.left, area.right) for row in range(area.top, area.bottom)]
    merges = tab.parts.get("merges", [])
    for old in [tab.area(item) for item in merges]:
        if old.overlaps(area) and not _within(old, area):
            raise Refused("You must select all cells in a merged range to merge or unmerge them.")
    merges = [item for item in merges if not tab.area(item).overlaps(area)]
    tab.parts["merges"] = merges + [stored_range(tab, piece) for piece in pieces]
    for piece in pieces:
        for row in range(piece.top, min(piece.bottom, len(tab.rows))):
            for column in [c for c in tab.row(row) if piece.contains(row, c) and (row, c) != (piece.top, piece.left)]:
                kept = {name: item for name, item in tab.cell(row, column).items() if name != "userEnteredValue"}
                tab.set_cell(row, column, kept)
    return {}


def _within(inner: Area, outer: Area) -> bool:
    rows = outer.top <= inner.top and inner.bottom <= outer.bottom
    return rows and outer.left <= inner.left and inner.right <= outer.right


@change("unmergeCells")
def unmerge_cells(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Merges inside a range undone."""
    tab, area = range_of(book, request)
    guard.check(tab, area)
    left = []
    for item in tab.parts.get("merges", []):
        old = tab.area(item)
        if old.overlaps(area) and not _within(old, area):
            raise Refused("You must select all cells in a merged range to merge or unmerge them.")
        if not old.overlaps(area):
            left.append(item)
    tab.parts["merges"] = left
    return {}


@change("setDataValidation")
def set_data_validation(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """A rule on every cell of a range, or none."""
    tab, area = range_of(book, request)
    guard.check(tab, area)
    rule = request.get("rule")
    if rule is not None and "type" not in rule.get("condition", {}):
        raise Refused("No condition specified in the data validation rule.")
    for number in range(area.top, area.bottom):
        row = dict(tab.row(number))
        for column in range(area.left, area.right):
            cell = {name: item for name, item in row.get(column, {}).items() if name != "dataValidation"}
            row.pop(column, None)
            if rule:
                cell["dataValidation"] = {name: item for name, item in rule.items() if item is not False}
            if cell:
                row[column] = cell
        if row or tab.row(number):
            tab.set_row(number, row)
    return {}


@change("updateBorders")
def update_borders(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Borders around and inside a range."""
    tab, area = range_of(book, request)
    guard.check(tab, area)
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            sides = {
                "top": "top" if row == area.top else "innerHorizontal",
                "bottom": "bottom" if row == area.bottom - 1 else "innerHorizontal",
                "left": "left" if column == area.left else "innerVertical",
                "right": "right" if column == area.right - 1 else "innerVertical",
            }
            new = {side: with_styles(request[name]) for side, name in sides.items() if name in request}
            cell = tab.cell(row, column)
            look = cell.get("userEnteredFormat", {})
            borders = {side: item for side, item in {**look.get("borders", {}), **new}.items()
                       if item.get("style") != "NONE"}  # fmt: skip
            tab.set_cell(row, column, {**cell, "userEnteredFormat": {**look, "borders": borders}})
    return {}
