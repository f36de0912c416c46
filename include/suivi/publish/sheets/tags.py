"""The row of HXL tags after a cluster changed its mind: put in under the header, or hidden; never deleted.

What became of it in each tab is kept with what is published (`_hxl`), so that a tag row that people took away stays
away and a quiet night writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from suivi.publish.sheets import dress
from suivi.publish.sheets.compare import Diff
from suivi.publish.sheets.dress import Request
from suivi.publish.sheets.model import Row

KEPT = "_hxl"
NONE, SHOWN, HIDDEN = "none", "shown", "hidden"


def toggles(diffs: Iterable[Diff], known: Mapping[str, Row], *, act: bool) -> tuple[list[Request], dict[str, Row]]:
    """Requests for tabs whose tag row is not as the cluster wants it, and what is known of every tab after them.

    Without `act` nothing is asked for, and what is known stays: rows are written first, in a write of their own.
    """
    made: list[Request] = []
    after: dict[str, Row] = {}
    for diff in diffs:
        if not diff.tab.register:
            continue
        before = _state(diff, known)
        wanted = _wanted(diff, before) if act and not diff.stopped else before
        after[diff.tab.key] = {"row": wanted}
        if wanted != before:
            made += _insert(diff) if before == NONE else [_hide(diff, wanted == HIDDEN)]
    return made, after


def _state(diff: Diff, known: Mapping[str, Row]) -> str:
    if diff.grid is None or diff.headers:
        return SHOWN if diff.tab.hxl else NONE
    kept = str(known.get(diff.tab.key, {}).get("row", NONE))
    return SHOWN if kept == NONE and diff.found.hxl is not None else kept  # it stands there: an answer got lost


def _wanted(diff: Diff, before: str) -> str:
    if diff.grid is None or diff.found.header is None:
        return before
    if before == NONE:
        return SHOWN if diff.tab.hxl and diff.found.hxl is None else before
    return before if diff.found.hxl is None else SHOWN if diff.tab.hxl else HIDDEN


def _insert(diff: Diff) -> list[Request]:
    """Tags under the header, frozen with it; the filter begins at them, so that sorting leaves them in place."""
    tab, found = diff.tab, diff.found
    at = (found.header or 0) + 1
    area = {"sheetId": tab.sheet_id, "startRowIndex": at, "endRowIndex": at + 1}
    span = {"sheetId": tab.sheet_id, "dimension": "ROWS", "startIndex": at, "endIndex": at + 1}
    made: list[Request] = [{"insertDimension": {"range": span, "inheritFromBefore": False}}]
    for name, place in found.columns.items():
        cell = {"range": {**area, "startColumnIndex": place, "endColumnIndex": place + 1}, "fields": "*"}
        made.append({"repeatCell": {**cell, "cell": dress.hxl_cell(tab.column(name))}})
    properties = {"sheetId": tab.sheet_id, "gridProperties": {"frozenRowCount": at + 1}}
    made.append(
        {"updateSheetProperties": {"properties": properties, "fields": "gridProperties.frozenRowCount"}},
    )
    edges = {"startColumnIndex": 0, "endColumnIndex": max(found.columns.values()) + 1}
    made.append({"setBasicFilter": {"filter": {"range": {"sheetId": tab.sheet_id, "startRowIndex": at, **edges}}}})
    return made


def _hide(diff: Diff, hidden: bool) -> Request:
    at = diff.found.hxl or 0
    span = {"sheetId": diff.tab.sheet_id, "dimension": "ROWS", "startIndex": at, "endIndex": at + 1}
    change = {"range": span, "properties": {"hiddenByUser": hidden}, "fields": "hiddenByUser"}
    return {"updateDimensionProperties": change}
