"""Columns of a text set with spaces, as `pdftotext -layout` and old mail programs write tables.

Only a sure table is one: a first line of three or more columns, and at least two rows below whose every part begins
where a column of it does. All else stays lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from suivi.documents import wording
from suivi.documents.pieces import Cell, Table

_PART = re.compile(r"\S+(?: \S+)*")
_DRAWN = re.compile(r"^[\s=_+-]+$")
_FEWEST_COLUMNS = 3
_FEWEST_ROWS = 3  # with the header
_SET_IN = 4  # characters: the rest of a list item stands that far in from its column
_MOST_EMPTY = 2  # empty lines between two rows, and one more ends the table
_LABEL = re.compile(r"^[A-ZÀ-ÖØ-Þ][\w-]{3,}\s?:\s")

Parts = list[tuple[int, str]]  # where a part begins, and its text


def tables_in(lines: list[str]) -> Iterator[list[str] | Table]:
    """The lines in order: stretches that stay lines, and the tables between them."""
    kept: list[str] = []
    position = 0
    while position < len(lines):
        found = _table_at(lines, position)
        if found is None:
            kept.append(lines[position])
            position += 1
            continue
        table, position = found
        if kept:
            yield kept
        kept = []
        yield table
    if kept:
        yield kept


def _table_at(lines: list[str], start: int) -> tuple[Table, int] | None:
    """The table whose header is a line, and the place after its last line."""
    header = _parts(lines[start])
    starts = [place for place, _ in header]
    if len(starts) < _FEWEST_COLUMNS or any(text[-1] in ".:;,?!" for _, text in header):
        return None
    found, end = _below(lines, start, starts)
    width = max((len(cells.get(0, "")) for cells in found), default=0)
    rows: list[dict[int, list[str]]] = []
    first: dict[int, str] = {}  # the first line of the row
    for cells in found:
        if not rows or _new_row(cells, first, rows[-1].get(0, [""])[-1], width):
            first = cells
            rows.append({})
        for column, text in cells.items():
            rows[-1].setdefault(column, []).append(text)
    full = sum(len(row) >= _FEWEST_COLUMNS for row in rows[1:])
    if len(rows) < _FEWEST_ROWS or full * 2 < len(rows) - 1:
        return None
    return _table(rows, len(starts)), end


def _below(lines: list[str], start: int, starts: list[int]) -> tuple[list[dict[int, str]], int]:
    """The cells of the lines that keep to the columns, header first, and the place after the last of them."""
    found: list[dict[int, str]] = []
    end = start
    for position in range(start, len(lines)):
        if not lines[position].strip() or _DRAWN.match(lines[position]):
            if position - end >= _MOST_EMPTY:
                break
            continue
        cells = _cells(_parts(lines[position]), starts)
        alone = cells is not None and list(cells) == [0]
        if cells is None or (alone and (position > end or not _wraps(found[-1].get(0, ""), cells[0], found))):
            break  # other text, or a paragraph below
        found.append(cells)
        end = position + 1
    return found, end


def _wraps(above: str, below: str, found: list[dict[int, str]]) -> bool:
    """Whether the first word of a line had no room at the end of the first cell's line above."""
    width = max(len(cells.get(0, "")) for cells in found)
    return bool(above) and (below[0].islower() or len(above) + 1 + len(below.split()[0]) > width)


def _new_row(cells: dict[int, str], first: dict[int, str], above: str, width: int) -> bool:
    """Whether a line begins a row: by its first cell, or by all its others under a merged one."""
    if 0 not in cells:
        same = len(cells) >= _FEWEST_COLUMNS and set(cells) == set(first) - {0}
        return same and not any(text[0].islower() for text in cells.values())
    if cells[0][0].islower():
        return False
    needed = bool(above) and len(above) + 1 + len(cells[0].split()[0]) > width
    begun = len(cells) >= len(first) and not any(text[0].islower() for text in cells.values())
    return begun or not needed


def _parts(line: str) -> Parts:
    """What two or more spaces part; a list sign stays with its text."""
    return [(match.start(), match[0]) for match in _PART.finditer(line)]


def _cells(parts: Parts, starts: list[int]) -> dict[int, str] | None:
    """The parts by their column; `None` where one begins beside all columns or runs into the next."""
    cells: dict[int, str] = {}
    for place, text in parts:
        column = min(range(len(starts)), key=lambda index: abs(starts[index] - place))
        after = starts[column + 1] if column + 1 < len(starts) else 10**6
        if not -1 <= place - starts[column] <= _SET_IN or place + len(text) > after or column in cells:
            return None
        cells[column] = text
    return cells


def _table(rows: list[dict[int, list[str]]], columns: int) -> Table:
    return Table(
        [
            Cell(_text(row.get(column, [])), number, column + 1, header=number == 1)
            for number, row in enumerate(rows, start=1)
            for column in range(columns)
        ],
        guessed=True,
    )


def _text(lines: list[str]) -> str:
    """Lines of a cell as one, but for list items and labels ("Responsable : X"), which open lines of their own."""
    done = ""
    for line in map(wording.line, lines):
        item = wording.bulleted(line)
        done += f"{'' if not done else chr(10) if item or _LABEL.match(line) else ' '}{item or line}"
    return done
