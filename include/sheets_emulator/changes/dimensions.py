"""Rows and columns: insert, append, delete, move, size, hide, group; cells inserted and deleted by range."""

from ..discovery import sheets_unknown
from ..errors import Refused
from ..masks import assign, update_tree
from ..model import MAX_COLUMNS, NO_ROW, Area, Cell, Json, Row, Spreadsheet, Tab
from ..protection import Guard
from ..sheets.grid import output
from .registry import change, range_of
from .shifting import deleted, inserted, moved, shift


def span_of(book: Spreadsheet, request: Json, name: str = "range") -> tuple[Tab, str, int, int]:
    """(tab, dimension, start, end) of a DimensionRange inside the grid. Raises Refused."""
    span = request.get(name, {})
    tab = book.tab(span.get("sheetId", 0))
    dimension = span.get("dimension")
    if dimension not in ("ROWS", "COLUMNS"):
        raise Refused("No dimension specified.")
    count = tab.row_count if dimension == "ROWS" else tab.column_count
    start, end = span.get("startIndex", 0), span.get("endIndex", count)
    if start < 0 or end <= start:
        raise Refused(f"{name}.endIndex must be after {name}.startIndex.")
    return tab, dimension, start, end


def _count(tab: Tab, dimension: str) -> int:
    return tab.row_count if dimension == "ROWS" else tab.column_count


def _set_count(tab: Tab, dimension: str, count: int) -> None:
    tab.properties["gridProperties"]["rowCount" if dimension == "ROWS" else "columnCount"] = count


def _check_inside(tab: Tab, dimension: str, start: int, end: int) -> None:
    count = _count(tab, dimension)
    noun = "rows" if dimension == "ROWS" else "columns"
    if start >= count or end > count:
        raise Refused(f"Cannot use {noun} {start} to {end}: the sheet has {count} {noun}.")


@change("appendDimension")
def append_dimension(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """Empty rows or columns at the end."""
    tab = book.tab(request.get("sheetId", 0))
    dimension, length = request.get("dimension"), request.get("length", 0)
    if dimension not in ("ROWS", "COLUMNS"):
        raise Refused("No dimension specified.")
    if length < 1:
        raise Refused("Length must be positive.")
    _set_count(tab, dimension, _count(tab, dimension) + length)
    _check_columns(tab)
    book.check_size()
    return {}


def _check_columns(tab: Tab) -> None:
    if tab.column_count > MAX_COLUMNS:
        raise Refused(f"A sheet can have at most {MAX_COLUMNS} columns.")


@change("insertDimension")
def insert_dimension(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """New rows or columns in between; formats come from the neighbour before or after."""
    tab, dimension, start, end = span_of(book, request)
    before = request.get("inheritFromBefore", False)
    if before and start == 0:
        raise Refused("Cannot inherit from before: there is no row or column before the first.")
    if start > _count(tab, dimension) or (start == _count(tab, dimension) and not before):
        raise Refused(f"Cannot insert at {start}: the sheet has {_count(tab, dimension)}.")
    guard_line(guard, tab, dimension, start)
    insert_lines(book, tab, dimension, start, end - start, inherit=start - 1 if before else start)
    return {}


def guard_line(guard: Guard, tab: Tab, dimension: str, at: int) -> None:
    """Inserting inside a foreign protected range is refused."""
    if dimension == "ROWS":
        guard.check(tab, Area(at, at + 1, 0, tab.column_count))
    else:
        guard.check(tab, Area(0, tab.row_count, at, at + 1))


def insert_lines(
    book: Spreadsheet, tab: Tab, dimension: str, at: int, count: int, *, inherit: int | None = None
) -> None:
    """Rows or columns put in, everything below or right of them shifted. Raises Refused above the limits."""
    _set_count(tab, dimension, _count(tab, dimension) + count)
    _check_columns(tab)
    book.check_size()
    if dimension == "ROWS":
        if at < len(tab.rows):
            like = tab.row(inherit) if inherit is not None else NO_ROW
            tab.rows[at:at] = [_looks(like) for _ in range(count)]
    else:
        for number, row in enumerate(tab.rows):
            tab.rows[number] = _with_columns(row, at, count, inherit)
    shift(book, tab, dimension, inserted(at, count))


def _look(cell: Cell) -> Cell:
    return {name: item for name, item in cell.items() if name in ("userEnteredFormat", "dataValidation")}


def _looks(row: Row) -> Row:
    """The formats of a row without its values."""
    return {column: look for column, cell in row.items() if (look := _look(cell))}


def _with_columns(row: Row, at: int, count: int, inherit: int | None) -> Row:
    if not row:
        return row
    result = {column + count if column >= at else column: cell for column, cell in row.items()}
    look = _look(row.get(inherit, {})) if inherit is not None else {}
    if look:
        result |= dict.fromkeys(range(at, at + count), look)
    return result


@change("deleteDimension")
def delete_dimension(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Rows or columns taken out."""
    tab, dimension, start, end = span_of(book, request)
    _check_inside(tab, dimension, start, end)
    if end - start >= _count(tab, dimension):
        raise Refused(f"You can't delete all the {'rows' if dimension == 'ROWS' else 'columns'} on the sheet.")
    area = Area(start, end, 0, tab.column_count) if dimension == "ROWS" else Area(0, tab.row_count, start, end)
    guard.check(tab, area)
    delete_lines(book, tab, dimension, start, end)
    return {}


def delete_lines(book: Spreadsheet, tab: Tab, dimension: str, start: int, end: int) -> None:
    """Rows or columns [start, end) taken out, everything behind them shifted."""
    _set_count(tab, dimension, _count(tab, dimension) - (end - start))
    grid = tab.properties["gridProperties"]
    frozen = "frozenRowCount" if dimension == "ROWS" else "frozenColumnCount"
    if grid.get(frozen, 0) > start:
        grid[frozen] = max(start, grid[frozen] - (end - start))
    if dimension == "ROWS":
        del tab.rows[start:end]
    else:
        for number, row in enumerate(tab.rows):
            if row and max(row) >= start:
                tab.rows[number] = {
                    column - (end - start) if column >= end else column: cell
                    for column, cell in row.items()
                    if not start <= column < end
                }
    shift(book, tab, dimension, deleted(start, end))


@change("moveDimension")
def move_dimension(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Rows or columns moved before what is at destinationIndex."""
    tab, dimension, start, end = span_of(book, request, "source")
    _check_inside(tab, dimension, start, end)
    destination = request.get("destinationIndex", 0)
    if start < destination < end or destination > _count(tab, dimension):
        raise Refused(f"Invalid destination index: {destination}")
    guard.check_tab(tab)
    if dimension == "ROWS":
        while len(tab.rows) < max(end, destination):
            tab.rows.append(NO_ROW)
        block = tab.rows[start:end]
        del tab.rows[start:end]
        at = destination - (end - start) if destination > start else destination
        tab.rows[at:at] = block
    else:
        place = moved(start, end, destination)
        for number, row in enumerate(tab.rows):
            tab.rows[number] = {(place(column, column + 1) or (column,))[0]: cell for column, cell in row.items()}
    shift(book, tab, dimension, moved(start, end, destination))
    return {}


@change("updateDimensionProperties")
def update_dimension_properties(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """Pixel size, hidden by the user."""
    tab, dimension, start, end = span_of(book, request)
    _check_inside(tab, dimension, start, end)
    tree = update_tree(request.get("fields"), "DimensionProperties", sheets_unknown)
    sizes = tab.sizes(dimension)
    for index in range(start, end):
        size = assign(sizes.get(index, {}), request.get("properties", {}), tree)
        sizes[index] = {name: item for name, item in size.items() if item is not False}
        if not sizes[index]:
            del sizes[index]
    return {}


@change("autoResizeDimensions")
def auto_resize_dimensions(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """Columns as wide as their longest text (estimated: 7 pixels a character)."""
    tab, dimension, start, end = span_of(book, request, "dimensions")
    if dimension == "ROWS":
        for index in range(start, end):
            tab.row_sizes.pop(index, None)
        return {}
    for index in range(start, end):
        longest = max((len(_text(row.get(index, {}))) for row in tab.rows), default=0)
        if longest:
            tab.column_sizes[index] = {**tab.column_sizes.get(index, {}), "pixelSize": 7 * longest + 10}
    return {}


def _text(cell: Cell) -> str:
    return str(next(iter(cell.get("userEnteredValue", {"": ""}).values())))


@change("addDimensionGroup")
def add_dimension_group(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """A group of rows or columns that folds."""
    tab, dimension, start, end = span_of(book, request)
    groups = tab.parts.setdefault("rowGroups" if dimension == "ROWS" else "columnGroups", [])
    inner = [group["depth"] for group in groups if _covers(group, start, end)]
    span = {"sheetId": tab.id, "dimension": dimension, "startIndex": start, "endIndex": end}
    tab.properties["gridProperties"]["rowGroupControlAfter" if dimension == "ROWS" else "columnGroupControlAfter"] = (
        True
    )
    groups.append({"range": span, "depth": max(inner, default=0) + 1})
    return {"dimensionGroups": output(groups)}


def _covers(group: Json, start: int, end: int) -> bool:
    return bool(group["range"]["startIndex"] <= start and end <= group["range"]["endIndex"])


@change("deleteDimensionGroup")
def delete_dimension_group(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """The deepest group over these rows or columns undone."""
    tab, dimension, start, end = span_of(book, request)
    part = "rowGroups" if dimension == "ROWS" else "columnGroups"
    groups = tab.parts.get(part, [])
    found = sorted((group for group in groups if _covers(group, start, end)), key=lambda group: int(group["depth"]))
    if not found:
        raise Refused("No group exists for the given range.")
    tab.parts[part] = [group for group in groups if group is not found[-1]]
    return {"dimensionGroups": output(tab.parts[part])} if tab.parts[part] else {}


@change("insertRange")
def insert_range(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Empty cells put into a range, the others pushed down or right."""
    tab, area = range_of(book, request)
    guard.check_tab(tab)
    height, width = area.bottom - area.top, area.right - area.left
    if request.get("shiftDimension") == "ROWS":
        _set_count(tab, "ROWS", tab.row_count + height)
        for number in range(len(tab.rows) - 1, area.top - 1, -1):
            _move_columns(tab, number, number + height, area)
    else:
        _set_count(tab, "COLUMNS", tab.column_count + width)
        for number in range(area.top, min(area.bottom, len(tab.rows))):
            tab.rows[number] = _with_columns(tab.rows[number], area.left, width, None)
    book.check_size()
    return {}


def _move_columns(tab: Tab, source: int, target: int, area: Area) -> None:
    """The area's columns of one row put into another row, and taken from the first."""
    taken = {c: cell for c, cell in tab.row(source).items() if area.left <= c < area.right}
    kept = {c: cell for c, cell in tab.row(target).items() if not area.left <= c < area.right}
    tab.set_row(target, {**kept, **taken})
    tab.set_row(source, {c: cell for c, cell in tab.row(source).items() if not area.left <= c < area.right})


@change("deleteRange")
def delete_range(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """The cells of a range taken out, the others pulled up or left."""
    tab, area = range_of(book, request)
    guard.check_tab(tab)
    height, width = area.bottom - area.top, area.right - area.left
    if request.get("shiftDimension") == "ROWS":
        for number in range(area.top, len(tab.rows)):
            _move_columns(tab, number + height, number, area)
        return {}
    for number in range(area.top, min(area.bottom, len(tab.rows))):
        tab.rows[number] = {
            column - width if column >= area.right else column: cell
            for column, cell in tab.rows[number].items()
            if not area.left <= column < area.right
        }
    return {}
