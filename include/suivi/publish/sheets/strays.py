"""Repair of our own writes that landed elsewhere because people moved rows or columns between our read and our write.

The answer to a write brings the grid after it. Every cell we wrote is looked at: where it now belongs to another row
or column than intended, what stood there before is known from the read, and goes back. So nobody's words are lost even
in that second; the next round writes to the right place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from suivi.publish.sheets.compare import Diff, api_value
from suivi.publish.sheets.dress import Request
from suivi.publish.sheets.grid import Found, Grid, find
from suivi.publish.sheets.values import raw

Written = Mapping[tuple[int, int], Any]  # (row, column) → content that we wrote


def written_cells(body: Sequence[Request], sheet_id: int) -> dict[tuple[int, int], Any]:
    """What a body of requests wrote into one tab."""
    cells: dict[tuple[int, int], Any] = {}
    for request in body:
        update = request.get("updateCells")
        if update and update["start"]["sheetId"] == sheet_id:
            top, left = update["start"]["rowIndex"], update["start"]["columnIndex"]
            for r, row in enumerate(update["rows"]):
                for c, cell in enumerate(row["values"]):
                    cells[top + r, left + c] = raw(cell)
    return cells


def strays(before: Diff, after: Grid, written: Written) -> list[Request]:
    """Requests that put back what our write reached by mistake; none where nothing moved."""
    old, then = before.grid, before.found
    if old is None or before.headers or then.header is None or not written:
        return []
    now = find(after, before.tab)
    first_new = max(old.used_rows, before.tab.header_rows)
    meant_rows = {row: record for record, row in then.rows.items()} | before.rekeyed
    meant_rows |= {row: name for row, name in ((then.header, "header"), (then.hxl, "hxl")) if row is not None}
    meant_rows |= {first_new + n: record for n, (record, _) in enumerate(before.adds)}
    meant_columns = {c: name for name, c in {**then.columns, **before.new_columns}.items()}
    if _unmoved(now, meant_rows, meant_columns, written):
        return []
    rows, called = _origins(before, old, after, now, written), names(after, now)
    made = []
    for (r, c), content in sorted(written.items()):
        as_meant = _identity(now, r) == meant_rows.get(r) and called.get(c) == meant_columns.get(c)
        if not as_meant and after.at(r, c) == content:
            made.append(_put(before.tab.sheet_id, r, c, _before(old, then, rows.get(r), called.get(c))))
    return made


def _unmoved(now: Found, rows: Mapping[int, str], columns: Mapping[int, str], written: Written) -> bool:
    """Whether every cell we wrote is where it was meant to be."""
    named = {c: name for name, c in now.columns.items()}
    return all(_identity(now, r) == rows.get(r) and named.get(c) == columns.get(c) for r, c in written)


def _identity(now: Found, row: int) -> str | None:
    if row in (now.header, now.hxl):
        return "header" if row == now.header else "hxl"
    return now.by_row.get(row)


def names(grid: Grid, now: Found) -> dict[int, str]:
    """Column → our field, or the header that people gave it."""
    headers = {}
    if now.header is not None:
        headers = {c: f"header:{v}" for c, v in enumerate(grid.cells[now.header]) if v is not None}
    return headers | {c: name for name, c in now.columns.items()}


def _before(old: Grid, then: Found, row: int | None, name: str | None) -> Any:
    """What stood in the cell before; nothing where row or column are new."""
    if row is None or name is None:
        return None
    if name in then.columns:
        return old.at(row, then.columns[name])
    header = next((c for c, v in enumerate(old.cells[then.header or 0]) if f"header:{v}" == name), None)
    return old.at(row, header) if header is not None else None


def _origins(before: Diff, old: Grid, after: Grid, now: Found, written: Written) -> dict[int, int]:
    """Row after → row before: by record id; rows without an id by the cells that we did not write."""
    then = before.found
    origins = {row: then.rows[record] for record, row in now.rows.items() if record in then.rows}
    origins |= {r: o for r, o in ((now.header, then.header), (now.hxl, then.hxl)) if r is not None and o is not None}
    spare = set(range(old.used_rows)) - set(origins.values())
    for r in sorted({row for row, _ in written} - origins.keys()):
        likely = [o for o in spare if _alike(old, o, after, r, written)]
        if len(likely) == 1:
            origins[r] = likely[0]
            spare.discard(likely[0])
    return origins


def _alike(old: Grid, origin: int, after: Grid, row: int, written: Written) -> bool:
    """Whether a row without id is the one that stood elsewhere before: all cells that we did not write agree."""
    width = max(len(old.cells[origin]), len(after.cells[row]) if row < len(after.cells) else 0)
    kept = [c for c in range(width) if (row, c) not in written]
    return any(old.at(origin, c) is not None for c in kept) and all(old.at(origin, c) == after.at(row, c) for c in kept)


def _put(sheet_id: int, row: int, column: int, content: Any) -> Request:
    value = api_value(content)
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    cell = {"userEnteredValue": value} if value else {}
    return {"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}}
