"""Take rows back from both spreadsheets for good: the one place where rows are deleted, people's words in them too.

Only for redaction. The API deletes rows by number alone, and people may sort or insert rows between our read and our
write. So every write is looked at in its answer: a row that is gone and was not meant comes back at the end of its tab
with all it held, and the round is repeated for what still stands. Google's version history still holds erased rows:
nothing here reaches that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from suivi.errors import TargetError
from suivi.publish.sheets.client import Sheets
from suivi.publish.sheets.compare import api_value
from suivi.publish.sheets.dress import Request
from suivi.publish.sheets.grid import FIELDS, Book, Found, Grid, book, find
from suivi.publish.sheets.layout import Tab, plain_tab, register_tab
from suivi.publish.sheets.model import Target
from suivi.publish.sheets.pages import INTERNAL, SHARED
from suivi.publish.sheets.stamp import check_stamp
from suivi.publish.sheets.strays import names
from suivi.settings import Cluster

ROUNDS = 4  # as long as people move rows in the same second
_ABOUT_ROWS = ("held", "closing", "conflicts")  # tabs whose column `row`, or key, names a row of a register


def erase(sheets: Sheets, cluster: Cluster, ids: Collection[str]) -> int:
    """Delete the rows of these record ids, and what *À vérifier*, *À clore ?* and `_conflits` say of them.

    Returns how many rows went. One read and, unless people move rows meanwhile, at most one write a spreadsheet;
    `TargetError` where one refuses or rows still stand after the last round.
    """
    if not ids:
        return 0
    return sum(_one(sheets, cluster, target, frozenset(ids)) for target in ("internal", "shared"))


def _one(sheets: Sheets, cluster: Cluster, target: Target, ids: frozenset[str]) -> int:
    spreadsheet, tabs = str(cluster.sheets[target]), _tabs(cluster, target)
    gone: set[tuple[str, str]] = set()

    def work() -> int:
        now = book(sheets.read(spreadsheet, FIELDS))
        check_stamp(sheets, now, cluster, target, spreadsheet)
        for _ in range(ROUNDS):
            requests = [request for tab in tabs for request in _deletions(now, tab, ids)]
            if not requests:
                return len(gone)
            gone.update((tab.key, record) for tab in tabs for record in _meant(now, tab, ids))
            after = book(sheets.write(spreadsheet, requests, FIELDS).get("updatedSpreadsheet", {}))
            if back := [request for tab in tabs for request in _hit(now, after, tab, ids)]:
                after = book(sheets.write(spreadsheet, back, FIELDS).get("updatedSpreadsheet", {}))
            now = after
        raise TargetError(f"Rows were being moved in spreadsheet {spreadsheet} all the time. Run it again.")

    return sheets.patiently(work)


def _tabs(cluster: Cluster, target: Target) -> list[Tab]:
    if target == "shared":
        return [register_tab(name, cluster, "membres") for name in SHARED]
    registers = [register_tab(name, cluster, "interne") for name in INTERNAL]
    return registers + [plain_tab(key, cluster) for key in _ABOUT_ROWS]


def _meant(now: Book, tab: Tab, ids: frozenset[str]) -> dict[str, int]:
    """Record id → row of what is to go in one tab."""
    grid = now.grids.get(tab.sheet_id)
    return {} if grid is None else _about(grid, find(grid, tab), ids)


def _about(grid: Grid, found: Found, ids: frozenset[str]) -> dict[str, int]:
    about = found.columns.get("row")
    return {
        record: row
        for record, row in found.rows.items()
        if record in ids or (about is not None and grid.at(row, about) in ids)
    }


def _deletions(now: Book, tab: Tab, ids: frozenset[str]) -> list[Request]:
    """From the bottom up, so that no deletion moves the next one."""
    span = {"sheetId": tab.sheet_id, "dimension": "ROWS"}
    return [
        {"deleteDimension": {"range": {**span, "startIndex": row, "endIndex": row + 1}}}
        for row in sorted(_meant(now, tab, ids).values(), reverse=True)
    ]


def _hit(before: Book, after: Book, tab: Tab, ids: frozenset[str]) -> list[Request]:
    """Rows that our deletion reached by mistake, back under the last row."""
    old, new = before.grids.get(tab.sheet_id), after.grids.get(tab.sheet_id)
    if old is None or new is None:
        return []
    then, now = find(old, tab), find(new, tab)
    meant = set(_about(old, then, ids).values())
    known = {row for record, row in then.rows.items() if record not in now.rows} - meant
    if not known and _filled(new) >= _filled(old) - len(meant):
        return []  # as many rows as there should be: at most somebody wrote into one meanwhile
    loose = _vanished(old, new, set(then.rows.values()), set(now.rows.values()))
    lost = sorted(known | loose)
    if not lost:
        return []
    first = new.used_rows
    span = {"sheetId": tab.sheet_id, "dimension": "ROWS", "startIndex": first, "endIndex": first + len(lost)}
    made: list[Request] = [{"insertDimension": {"range": span, "inheritFromBefore": True}}]
    places = {name: column for column, name in names(new, now).items()}
    for target, row in enumerate(lost, start=first):
        for column, name in enumerate(_line(old, then, row)):
            if (value := api_value(old.at(row, column))) and name is not None:
                start = {"sheetId": tab.sheet_id, "rowIndex": target, "columnIndex": places.get(name, column)}
                cell = {"rows": [{"values": [{"userEnteredValue": value}]}], "fields": "userEnteredValue"}
                made.append({"updateCells": {"start": start, **cell}})
    return made


def _filled(grid: Grid) -> int:
    return sum(any(value is not None for value in row) for row in grid.cells)


def _line(old: Grid, then: Found, row: int) -> list[Any]:
    """What each cell of a row is called: our field, people's own header, or nothing but its column."""
    called = names(old, then)
    return [called.get(column, f"column:{column}") for column in range(len(old.cells[row]))]


def _vanished(old: Grid, new: Grid, ours: set[int], theirs: set[int]) -> set[int]:
    """Rows without an id that no longer stand anywhere, by their contents."""

    def content(grid: Grid, row: int) -> tuple[str, ...]:
        return tuple(sorted(str(value) for value in grid.cells[row] if value is not None))

    left = Counter(content(new, row) for row in range(len(new.cells)) if row not in theirs)
    gone = set()
    for row in set(range(len(old.cells))) - ours:
        words = content(old, row)
        if words and not left[words]:
            gone.add(row)
        left[words] -= 1
    return gone
