"""Tables pasted from a word processor: tabs between cells, and line breaks inside the cells left as they are.

Every row then has as many tabs as the header, spread over several lines; what has no tab behind a whole row belongs to
its last cell. An empty line behind a whole row ends the table.
"""

from __future__ import annotations

from suivi.documents import leftovers, wording
from suivi.documents.pieces import Cell, Table

_FEWEST_TABS = 2
_LONGEST = 60  # characters of a header cell


def table_at(lines: list[str], start: int) -> tuple[Table, int] | None:
    """The table whose header is a line and whose cells run over lines, with the place after its last line."""
    header = lines[start].split("\t")
    tabs = len(header) - 1
    if tabs < _FEWEST_TABS or not all(_heads(field) for field in header):
        return None
    rows: list[str] = []
    broken = whole = False
    end = start
    for line in lines[start:]:
        whole = bool(rows) and rows[-1].count("\t") == tabs
        if not line.strip() and whole:
            break
        end += 1
        if not rows or (whole and "\t" in line):
            broken = broken or (len(rows) > 1 and "\v" in rows[-1])
            rows.append(line)
        elif line.strip():
            if len(rows) == 1:
                return None  # talk right below the header: no row of it
            rows[-1] += f"\v{wording.bulleted(line) or line}"
        if rows[-1].count("\t") > tabs:
            return None
    if not broken or any(row.count("\t") != tabs for row in rows):
        return None
    cells = [
        Cell(leftovers.cell(field), number, column)
        for number, row in enumerate(rows, start=1)
        for column, field in enumerate(row.split("\t"), start=1)
    ]
    return Table(cells), end


def _heads(field: str) -> bool:
    field = field.strip()
    return bool(field) and len(field) <= _LONGEST and field[-1] not in ".;,"
