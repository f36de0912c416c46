"""Ranges that somebody else protected: a tab whose changes touch one is left alone, and it is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suivi.models import Issue
from suivi.publish.sheets.compare import Diff


def respect(diff: Diff) -> None:
    """A range that somebody else protected: nothing is written in that tab, and it is said."""
    if diff.grid is None or diff.empty:
        return
    for guard in diff.grid.protected:
        if not guard.get("warningOnly") and not guard.get("requestingUserCanEdit") and _touches(diff, guard):
            diff.issues.append(Issue("sheet_protected", field=diff.tab.title))
            diff.stopped = True
            return


def _touches(diff: Diff, guard: Mapping[str, Any]) -> bool:
    cells = [(row, column) for row, columns in diff.cells.items() for column in columns]
    first = diff.there.used_rows
    cells += [(first + n, c) for n in range(len(diff.adds)) for c in diff.found.columns.values()]
    open_ = guard.get("unprotectedRanges", ())
    return any(_inside(cell, guard.get("range", {})) and not any(_inside(cell, r) for r in open_) for cell in cells)


def _inside(cell: tuple[int, int], area: Mapping[str, int]) -> bool:
    row, column = cell
    return area.get("startRowIndex", 0) <= row < area.get("endRowIndex", 1 << 30) and area.get(
        "startColumnIndex", 0
    ) <= column < area.get("endColumnIndex", 1 << 30)
