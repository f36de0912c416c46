"""A range as text, as GridRange or by developer metadata → a tab and a rectangle inside its grid."""

from dataclasses import dataclass
from typing import Any

from .. import a1
from ..errors import ApiError, invalid
from ..model import Area, Spreadsheet, Tab

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Address:
    """A rectangle of a tab; `open` when the text gave no lower right corner of its own (a cell, a tab, a column)."""

    tab: Tab
    area: Area
    open: bool = False

    @property
    def text(self) -> str:
        """In A1 notation, as answers show it."""
        return self.tab.text(self.area)


def resolve(book: Spreadsheet, text: str) -> Address:
    """`Tab!A1:B2`, `Tab`, `A1`, a named range, alone or after a tab. Raises ApiError (400)."""
    title, rest = a1.split_title(text)
    if title is None:
        bounds = a1.parse_bounds(rest)
        if bounds is None:
            return _by_name(book, text)
        return _inside(first_tab(book), bounds)
    tab = book.titled(title)
    if tab is None:
        raise _unparsable(text)
    if not rest:
        return Address(tab, tab.whole(), open=True)
    bounds = a1.parse_bounds(rest)
    if bounds is None:
        return _named(book, rest, text)
    return _inside(tab, bounds)


def first_tab(book: Spreadsheet) -> Tab:
    """The first tab that is shown."""
    return next((tab for tab in book.tabs if not tab.properties.get("hidden")), book.tabs[0])


def _by_name(book: Spreadsheet, text: str) -> Address:
    tab = book.titled(text)
    if tab is not None:
        return Address(tab, tab.whole(), open=True)
    return _named(book, text, text)


def _named(book: Spreadsheet, name: str, text: str) -> Address:
    for item in book.named_ranges:
        if item["name"].casefold() == name.casefold():
            tab = book.find(item["range"].get("sheetId", 0))
            if tab:
                return Address(tab, tab.area(item["range"]))
    raise _unparsable(text)


def _unparsable(text: str) -> ApiError:
    return invalid(f"Unable to parse range: {text}")


def _inside(tab: Tab, bounds: a1.Bounds) -> Address:
    """The part of the bounds inside the grid. Raises ApiError when they start outside."""
    rows, columns = tab.row_count, tab.column_count
    top, left = bounds.top or 0, bounds.left or 0
    bottom = rows if bounds.bottom is None else bounds.bottom
    right = columns if bounds.right is None else bounds.right
    if top >= rows or left >= columns:
        shown = a1.format_bounds(tab.title, top, max(bottom, top + 1), left, max(right, left + 1))
        raise invalid(f"Range ({shown}) exceeds grid limits. Max rows: {rows}, max columns: {columns}")
    single = bounds.bottom == top + 1 and bounds.right == left + 1
    unstated = bounds.bottom is None or bounds.right is None
    return Address(tab, Area(top, min(bottom, rows), left, min(right, columns)), open=single or unstated)


def of_grid_range(book: Spreadsheet, grid_range: Json) -> Address:
    """The address of a GridRange. Raises ApiError (400)."""
    tab = book.find(grid_range.get("sheetId", 0))
    if tab is None:
        raise invalid(f"No grid with id: {grid_range.get('sheetId', 0)}")
    area = tab.area(grid_range)
    if area.top >= tab.row_count or area.left >= tab.column_count:
        shown = a1.format_bounds(tab.title, area.top, area.bottom or 1, area.left, area.right or 1)
        raise invalid(
            f"Range ({shown}) exceeds grid limits. Max rows: {tab.row_count}, max columns: {tab.column_count}"
        )
    return Address(tab, area, open="endRowIndex" not in grid_range and "endColumnIndex" not in grid_range)


def of_filter(book: Spreadsheet, data_filter: Json) -> list[Address]:
    """Addresses that a DataFilter selects: an A1 range, a GridRange, or tabs, rows, columns by metadata."""
    if "a1Range" in data_filter:
        return [resolve(book, data_filter["a1Range"])]
    if "gridRange" in data_filter:
        return [of_grid_range(book, data_filter["gridRange"])]
    if "developerMetadataLookup" not in data_filter:
        raise invalid("Must specify a filter in DataFilter.")
    found = []
    for entry in matching_metadata(book, data_filter["developerMetadataLookup"]):
        address = of_location(book, entry["location"])
        if address:
            found.append(address)
    return found


def of_location(book: Spreadsheet, location: Json) -> Address | None:
    """The rows, columns or tab that a piece of developer metadata sits on; None for the spreadsheet itself."""
    if "dimensionRange" in location:
        span = location["dimensionRange"]
        axis = "Row" if span["dimension"] == "ROWS" else "Column"
        limits = {f"start{axis}Index": span.get("startIndex", 0), f"end{axis}Index": span["endIndex"]}
        return of_grid_range(book, {"sheetId": span.get("sheetId", 0), **limits})
    if "sheetId" in location:
        return of_grid_range(book, {"sheetId": location["sheetId"]})
    return None


def matching_metadata(book: Spreadsheet, lookup: Json) -> list[Json]:
    """Developer metadata that a DeveloperMetadataLookup selects."""
    return [entry for entry in book.metadata if _matches(entry, lookup)]


def _matches(entry: Json, lookup: Json) -> bool:
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if name in lookup and entry.get(name) != lookup[name]:
            return False
    kind = entry["location"].get("locationType")
    if "locationType" in lookup and kind != lookup["locationType"]:
        return False
    if "metadataLocation" not in lookup:
        return True
    wanted = lookup["metadataLocation"]
    exact = lookup.get("locationMatchingStrategy", "EXACT_LOCATION") == "EXACT_LOCATION"
    mine, theirs = _spot(entry["location"]), _spot(wanted)
    if exact or "locationType" in lookup:
        return mine == theirs if exact else mine[: len(theirs)] == theirs
    return mine[: len(theirs)] == theirs


def _spot(location: Json) -> tuple[Any, ...]:
    """A location as a path from the spreadsheet inwards: () ⊃ (tab,) ⊃ (tab, dimension, start, end)."""
    if "dimensionRange" in location:
        span = location["dimensionRange"]
        return span.get("sheetId", 0), span["dimension"], span.get("startIndex", 0), span["endIndex"]
    return (location["sheetId"],) if "sheetId" in location else ()
