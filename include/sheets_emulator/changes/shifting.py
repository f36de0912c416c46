"""Rows and columns that come, go or move take everything with them: ranges, names, metadata, formulas."""

from collections.abc import Callable
from typing import Any

from .. import a1
from ..cells.formulas import move_references
from ..model import Json, Spreadsheet, Tab

Span = tuple[int, int]
SpanMap = Callable[[int, int], Span | None]  # [start, end) → where it is afterwards, None when it is gone
GONE = object()


def inserted(at: int, count: int) -> SpanMap:
    """Spans after `count` rows or columns came in at `at`."""

    def move(start: int, end: int) -> Span:
        return (start + count if start >= at else start), (end + count if end > at else end)

    return move


def deleted(first: int, last: int) -> SpanMap:
    """Spans after [first, last) went out."""

    def place(index: int) -> int:
        return index if index <= first else max(first, index - (last - first))

    def move(start: int, end: int) -> Span | None:
        moved = place(start), place(end)
        return moved if moved[0] < moved[1] else None

    return move


def moved(first: int, last: int, destination: int) -> SpanMap:
    """Spans after [first, last) moved before what was at `destination`."""
    length = last - first

    def place(index: int) -> int:
        if first <= index < last:
            return index + (destination - length if destination > first else destination) - first
        if last <= index < destination:
            return index - length
        if destination <= index < first:
            return index + length
        return index

    def move(start: int, end: int) -> Span:
        places = [place(index) for index in range(start, end)]
        return min(places, default=start), max(places, default=end - 1) + 1

    return move


def shift(book: Spreadsheet, tab: Tab, dimension: str, span_map: SpanMap) -> None:
    """Everything that points into the tab follows its rows ("ROWS") or columns ("COLUMNS")."""
    for other in book.tabs:
        parts = {}
        for name, value in other.parts.items():
            new = _remapped(value, tab.id, dimension, span_map)
            if new is not GONE:
                parts[name] = new
        other.parts = parts
        _shift_formulas(other, tab, dimension, span_map)
    kept = _remapped(book.named_ranges, tab.id, dimension, span_map)
    book.named_ranges = kept if kept is not GONE else []
    kept = _remapped(book.metadata, tab.id, dimension, span_map)
    book.metadata = kept if kept is not GONE else []
    _shift_sizes(tab, dimension, span_map)
    if dimension == "COLUMNS":
        _shift_filter_columns(tab, span_map)


def _remapped(value: Any, sheet_id: int, dimension: str, span_map: SpanMap) -> Any:
    """A stored value with its ranges moved; GONE when the range it lives on is gone."""
    if isinstance(value, list):
        items = [_remapped(item, sheet_id, dimension, span_map) for item in value]
        return [item for item in items if item is not GONE]
    if not isinstance(value, dict):
        return value
    here = value.get("sheetId", 0) == sheet_id
    if value.get("dimension") in ("ROWS", "COLUMNS") and "endIndex" in value:
        return (
            _moved_span(value, "startIndex", "endIndex", span_map)
            if here and value["dimension"] == dimension
            else value
        )
    axis = "Row" if dimension == "ROWS" else "Column"
    start, end = f"start{axis}Index", f"end{axis}Index"
    if any(name.endswith("Index") and name.startswith(("start", "end")) for name in value):
        return _moved_span(value, start, end, span_map) if here and end in value else value
    corner = f"{axis.lower()}Index"
    if corner in value and "sheetId" in value and here:
        spot = span_map(value[corner], value[corner] + 1)
        return {**value, corner: spot[0] if spot else 0}
    result = {}
    for name, item in value.items():
        new = _remapped(item, sheet_id, dimension, span_map)
        if new is GONE or (name == "ranges" and item and not new):
            return GONE
        result[name] = new
    return result


def _moved_span(value: Json, start: str, end: str, span_map: SpanMap) -> Any:
    spot = span_map(value.get(start, 0), value[end])
    if spot is None:
        return GONE
    return {**value, start: spot[0], end: spot[1]}


def _shift_sizes(tab: Tab, dimension: str, span_map: SpanMap) -> None:
    sizes = tab.sizes(dimension)
    after = {}
    for index, size in sizes.items():
        spot = span_map(index, index + 1)
        if spot:
            after[spot[0]] = size
    sizes.clear()
    sizes.update(after)


def _shift_filter_columns(tab: Tab, span_map: SpanMap) -> None:
    """Criteria, sort and filter specs name columns by index."""
    for item in [tab.parts.get("basicFilter", {}), *tab.parts.get("filterViews", [])]:
        criteria = {}
        for key, value in item.get("criteria", {}).items():
            spot = span_map(int(key), int(key) + 1)
            if spot:
                criteria[str(spot[0])] = value
        if "criteria" in item:
            item["criteria"] = criteria
        for specs, name in (("sortSpecs", "dimensionIndex"), ("filterSpecs", "columnIndex")):
            kept = []
            for spec in item.get(specs, []):
                spot = span_map(spec.get(name, 0), spec.get(name, 0) + 1)
                if spot:
                    kept.append({**spec, name: spot[0]})
            if specs in item:
                item[specs] = kept


def _shift_formulas(holder: Tab, tab: Tab, dimension: str, span_map: SpanMap) -> None:
    def move(title: str | None, bounds: a1.Bounds) -> a1.Bounds | None:
        named = holder is tab if title is None else title.casefold() == tab.title.casefold()
        if not named:
            return bounds
        start, end = (bounds.top, bounds.bottom) if dimension == "ROWS" else (bounds.left, bounds.right)
        if start is None or end is None:
            return bounds
        spot = span_map(start, end)
        if spot is None:
            return None
        if dimension == "ROWS":
            return a1.Bounds(spot[0], spot[1], bounds.left, bounds.right)
        return a1.Bounds(bounds.top, bounds.bottom, spot[0], spot[1])

    for number, row in enumerate(holder.rows):
        for column, cell in row.items():
            formula = cell.get("userEnteredValue", {}).get("formulaValue")
            if formula:
                text = move_references(formula, move)
                if text != formula:
                    holder.set_cell(number, column, {**cell, "userEnteredValue": {"formulaValue": text}})
