"""Tables of who does what where: one row, one presence (or one for each organisation of a cell)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from suivi.extract.values import organisations
from suivi.extract.values.grids import Grid, grids
from suivi.extract.values.text import fold, found
from suivi.extract.values.words import alternatives, both
from suivi.models import Block, Presence, Reading

_ROLES = {
    role: re.compile(rf"(?<![a-z])(?:{alternatives(both('presence', f'{role}_heads'))})(?![a-z])")
    for role in ("who", "what", "where", "status")
}
_PLANNED = re.compile(rf"(?<![a-z])(?:{alternatives(both('presence', 'planned_words'))})")
_DONE = re.compile(rf"(?<![a-z])(?:{alternatives(both('presence', 'done_words'))})(?![a-z])")
_PLACES = re.compile(r"\s*[,;/\n]\s*|\s+(?:et|and|&)\s+")
_HEAD = 40  # characters of a header cell
_ACTIVITY = 200


def presences_in_tables(reading: Reading) -> Iterator[Presence]:
    """Rows of the tables whose header names an organisation, an activity and a place."""
    for grid in grids(reading):
        columns = _columns(grid)
        if columns:
            for row in grid.rows:
                yield from _row(reading, row, columns)


def _columns(grid: Grid) -> dict[str, int] | None:
    found_roles: dict[str, int] = {}
    for column, cell in grid.header.items():
        head = fold(cell.text).strip()
        if len(head) > _HEAD:
            return None
        for role, pattern in _ROLES.items():
            if role not in found_roles and pattern.search(head):
                found_roles[role] = column
                break
    return found_roles if {"who", "what", "where"} <= found_roles.keys() else None


def _row(reading: Reading, row: dict[int, Block], columns: dict[str, int]) -> Iterator[Presence]:
    who, what, where = (row.get(columns[role]) for role in ("who", "what", "where"))
    if who is None or what is None or where is None or not what.text.strip():
        return
    places = tuple(dict.fromkeys(part.strip() for part in _PLACES.split(where.text) if part.strip()))
    said = row.get(columns.get("status", 0))
    cells = [who, what, where]
    start, end = min(cell.start for cell in cells), max(cell.end for cell in cells)
    activity = " ".join(what.text.split())[:_ACTIVITY]
    for organisation in organisations.split(who.text) if places else ():
        origin = found(reading, start, end, "table_who_what_where", 0.9)
        yield Presence(organisation, activity, places, origin, _status(said.text if said else what.text))


def _status(text: str) -> Literal["planned", "ongoing", "completed"]:
    folded = fold(text)
    if _PLANNED.search(folded):
        return "planned"
    return "completed" if _DONE.search(folded) else "ongoing"
