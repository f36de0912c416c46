"""Take rows back from both spreadsheets for good: the one place where rows are deleted, people's words in them too.

Only for redaction. Google's version history still holds them: nothing here reaches that.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from suivi.publish.sheets.client import Sheets
from suivi.publish.sheets.grid import FIELDS, Book, book, find
from suivi.publish.sheets.layout import Tab, plain_tab, register_tab
from suivi.publish.sheets.model import Target
from suivi.publish.sheets.pages import INTERNAL, SHARED
from suivi.publish.sheets.stamp import check_stamp
from suivi.settings import Cluster

_ABOUT_ROWS = ("held", "closing", "conflicts")  # tabs whose column `row`, or key, names a row of a register


def erase(sheets: Sheets, cluster: Cluster, ids: Collection[str]) -> int:
    """Delete the rows of these record ids, and what *À vérifier*, *À clore ?* and `_conflits` say of them.

    Returns how many rows went. One read and at most one write a spreadsheet; `TargetError` where one refuses.
    """
    if not ids:
        return 0
    return sum(_one(sheets, cluster, target, frozenset(ids)) for target in ("internal", "shared"))


def _one(sheets: Sheets, cluster: Cluster, target: Target, ids: frozenset[str]) -> int:
    spreadsheet = str(cluster.sheets[target])

    def work() -> int:
        now = book(sheets.read(spreadsheet, FIELDS))
        check_stamp(sheets, now, cluster, target, spreadsheet)
        requests = [request for tab in _tabs(cluster, target) for request in _deletions(now, tab, ids)]
        if requests:
            sheets.write(spreadsheet, requests)
        return len(requests)

    return sheets.patiently(work)


def _tabs(cluster: Cluster, target: Target) -> list[Tab]:
    if target == "shared":
        return [register_tab(name, cluster, "membres") for name in SHARED]
    registers = [register_tab(name, cluster, "interne") for name in INTERNAL]
    return registers + [plain_tab(key, cluster) for key in _ABOUT_ROWS]


def _deletions(now: Book, tab: Tab, ids: frozenset[str]) -> list[dict[str, Any]]:
    """From the bottom up, so that no deletion moves the next one."""
    grid = now.grids.get(tab.sheet_id)
    if grid is None:
        return []
    found = find(grid, tab)
    about = found.columns.get("row")
    rows = sorted(
        (
            row
            for record, row in found.rows.items()
            if record in ids or (about is not None and grid.at(row, about) in ids)
        ),
        reverse=True,
    )
    return [
        {
            "deleteDimension": {
                "range": {"sheetId": tab.sheet_id, "dimension": "ROWS", "startIndex": r, "endIndex": r + 1}
            }
        }
        for r in rows
    ]
