"""Rows in another order, texts found and replaced, duplicates and blanks taken out."""

import re

from ..cells.calculate import effective_value
from ..cells.formulas import move_references
from ..errors import Refused
from ..model import Area, Cell, Json, Row, Spreadsheet, Tab
from ..protection import Guard
from .registry import change, range_of


@change("sortRange")
def sort_range(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """The rows of a range sorted by columns; blanks last, numbers before texts before booleans."""
    tab, area = range_of(book, request)
    guard.check(tab, area)
    specs = request.get("sortSpecs", [])
    if not specs:
        raise Refused("At least one sort spec must be specified.")
    for merge in tab.parts.get("merges", []):
        merged = tab.area(merge)
        if merged.overlaps(area) and merged.bottom - merged.top > 1:
            raise Refused("Can't sort a range with vertical merges.")
    sort_rows(book, tab, area, specs)
    return {}


def sort_rows(book: Spreadsheet, tab: Tab, area: Area, specs: list[Json]) -> None:
    """Sorts in place; a stable sort a spec, last spec first."""
    order = list(range(area.top, min(area.bottom, len(tab.rows))))
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0)
        descending = spec.get("sortOrder") == "DESCENDING"
        keys = {row: _key(effective_value(book, tab, row, column)) for row in order}
        filled = [row for row in order if keys[row] is not None]
        blank = [row for row in order if keys[row] is None]
        filled.sort(key=lambda row: keys[row], reverse=descending)  # type: ignore[arg-type,return-value]
        order = filled + blank
    pieces = [_piece(tab.row(row), area) for row in order]
    for target, (source, piece) in enumerate(zip(order, pieces, strict=True), start=area.top):
        if source == target:
            continue
        outside = {c: cell for c, cell in tab.row(target).items() if not area.left <= c < area.right}
        tab.set_row(target, {**outside, **_following(piece, target - source)})


def _piece(row: Row, area: Area) -> Row:
    return {column: cell for column, cell in row.items() if area.left <= column < area.right}


def _following(piece: Row, rows: int) -> Row:
    """Relative references move with their row."""
    result = dict(piece)
    for column, cell in piece.items():
        formula = cell.get("userEnteredValue", {}).get("formulaValue")
        if formula:
            moved = move_references(formula, lambda _, bounds: bounds, absolute_stays=True, shift=(rows, 0))
            result[column] = {**cell, "userEnteredValue": {"formulaValue": moved}}
    return result


def _key(value: Json | None) -> tuple[int, float | str] | None:
    if not value:
        return None
    if "numberValue" in value:
        return 0, value["numberValue"]
    if "stringValue" in value:
        return 1, value["stringValue"].casefold()
    if "boolValue" in value:
        return 2, value["boolValue"]
    return 3, value["errorValue"].get("type", "")


@change("findReplace")
def find_replace(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """A text replaced in a range, a tab or everywhere."""
    if not request.get("find"):
        raise Refused("find must be specified.")
    if "range" in request:
        places = [range_of(book, request)]
    elif "sheetId" in request:
        tab = book.tab(request["sheetId"])
        places = [(tab, tab.whole())]
    elif request.get("allSheets"):
        places = [(tab, tab.whole()) for tab in book.tabs]
    else:
        raise Refused("Must specify one of range, sheetId or allSheets.")
    pattern = re.compile(
        request["find"] if request.get("searchByRegex") else re.escape(request["find"]),
        0 if request.get("matchCase") else re.IGNORECASE,
    )
    counts = {"valuesChanged": 0, "formulasChanged": 0, "rowsChanged": 0, "sheetsChanged": 0, "occurrencesChanged": 0}
    for tab, area in places:
        _replace(tab, area, request, pattern, counts, guard)
    return {name: count for name, count in counts.items() if count}


def _replace(
    tab: Tab, area: Area, request: Json, pattern: re.Pattern[str], counts: dict[str, int], guard: Guard
) -> None:
    replacement = request.get("replacement", "")
    replacement = replacement if request.get("searchByRegex") else replacement.replace("\\", r"\\")
    touched = False
    for number in range(area.top, min(area.bottom, len(tab.rows))):
        row_touched = False
        for column, cell in list(tab.row(number).items()):
            kind, text = next(iter(cell.get("userEnteredValue", {"": None}).items()))
            if not area.left <= column < area.right or not isinstance(text, str):
                continue
            if kind == "formulaValue" and not request.get("includeFormulas"):
                continue
            if request.get("matchEntireCell") and not pattern.fullmatch(text):
                continue
            new, times = pattern.subn(replacement, text)
            if not times:
                continue
            guard.check(tab, Area(number, number + 1, column, column + 1))
            kept = {name: item for name, item in cell.items() if name != "userEnteredValue"}
            tab.set_cell(number, column, {"userEnteredValue": {kind: new}, **kept} if new else kept)
            counts["occurrencesChanged"] += times
            counts["formulasChanged" if kind == "formulaValue" else "valuesChanged"] += 1
            touched = row_touched = True
        counts["rowsChanged"] += row_touched
    counts["sheetsChanged"] += touched


@change("deleteDuplicates")
def delete_duplicates(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Rows of a range whose compared columns already occurred, taken out of the range."""
    tab, area = range_of(book, request)
    guard.check(tab, area)
    columns = [
        index
        for span in request.get("comparisonColumns", [])
        for index in range(span.get("startIndex", 0), span.get("endIndex", tab.column_count))
    ] or list(range(area.left, area.right))
    seen: set[str] = set()
    kept: list[Row] = []
    last = min(area.bottom, len(tab.rows))
    for number in range(area.top, last):
        key = repr([_comparable(tab.cell(number, column)) for column in columns])
        if key not in seen:
            seen.add(key)
            kept.append(_piece(tab.row(number), area))
    for offset in range(last - area.top):
        number = area.top + offset
        outside = {c: cell for c, cell in tab.row(number).items() if not area.left <= c < area.right}
        tab.set_row(number, {**outside, **(kept[offset] if offset < len(kept) else {})})
    removed = last - area.top - len(kept)
    return {"duplicatesRemovedCount": removed} if removed else {}


def _comparable(cell: Cell) -> object:
    value = next(iter(cell.get("userEnteredValue", {"": None}).values()))
    return value.casefold() if isinstance(value, str) else value


@change("trimWhitespace")
def trim_whitespace(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Spaces at both ends and doubled ones inside taken out of texts."""
    tab, area = range_of(book, request)
    guard.check(tab, area)
    count = 0
    for number in range(area.top, min(area.bottom, len(tab.rows))):
        for column, cell in list(tab.row(number).items()):
            text = cell.get("userEnteredValue", {}).get("stringValue")
            if text is None or not area.left <= column < area.right:
                continue
            new = re.sub(r"[ \t\u00a0]+", " ", text).strip()
            if new != text:
                count += 1
                tab.set_cell(number, column, {**cell, "userEnteredValue": {"stringValue": new}})
    return {"cellsChangedCount": count} if count else {}
