"""The table of modelled request kinds, and what their functions share."""

import secrets
from collections.abc import Callable
from typing import Any

from ..errors import Refused
from ..model import Area, Spreadsheet, Tab
from ..protection import Guard

Json = dict[str, Any]
Change = Callable[[Spreadsheet, Json, Guard], Json]
KINDS: dict[str, Change] = {}


def change(name: str) -> Callable[[Change], Change]:
    """Enters a function into the table under the request's name."""

    def register(function: Change) -> Change:
        KINDS[name] = function
        return function

    return register


def new_number(taken: set[int]) -> int:
    """A fresh int32 id."""
    while True:
        number = secrets.randbelow(2**31 - 2) + 1
        if number not in taken:
            return number


def range_of(book: Spreadsheet, request: Json, name: str = "range") -> tuple[Tab, Area]:
    """The tab and clipped area of a request's GridRange. Raises Refused."""
    if name not in request:
        raise Refused(f"No {name} specified.")
    return located(book, request[name])


def located(book: Spreadsheet, grid_range: Json) -> tuple[Tab, Area]:
    """The tab and area of a GridRange that must lie inside the grid. Raises Refused."""
    tab = book.tab(grid_range.get("sheetId", 0))
    for axis, limit, noun in (("Row", tab.row_count, "rows"), ("Column", tab.column_count, "columns")):
        start, end = grid_range.get(f"start{axis}Index", 0), grid_range.get(f"end{axis}Index")
        if start < 0 or (end is not None and end < start):
            raise Refused(f"{axis} range start index must not be after its end index.")
        if start > limit or (end is not None and end > limit):
            raise Refused(
                f"GridRange exceeds grid limits. Max rows: {tab.row_count}, max columns: {tab.column_count}"
                if noun
                else ""
            )
    return tab, tab.area(grid_range)


def stored_range(tab: Tab, area: Area) -> Json:
    """A GridRange with all sides stated, as parts keep it."""
    return {
        "sheetId": tab.id,
        "startRowIndex": area.top,
        "endRowIndex": area.bottom,
        "startColumnIndex": area.left,
        "endColumnIndex": area.right,
    }


def find_part(book: Spreadsheet, part: str, key: str, number: int, noun: str) -> tuple[Tab, Json]:
    """The tab and stored object of an id. Raises Refused."""
    for tab in book.tabs:
        for item in tab.parts.get(part, []):
            if item.get(key) == number:
                return tab, item
    raise Refused(f"No {noun} with id: {number}")


def used_numbers(book: Spreadsheet, part: str, key: str) -> set[int]:
    """Ids in use for a kind of part."""
    return {item[key] for tab in book.tabs for item in tab.parts.get(part, []) if key in item}
