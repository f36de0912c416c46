"""Columns of a tagged table: by its span attributes, or by where its words stand when a writer leaves those out."""

from __future__ import annotations

from dataclasses import dataclass, field

from suivi.documents.pdf.lattice import Lattice
from suivi.documents.pdf.structure import Node
from suivi.documents.pdf.words import Word
from suivi.documents.spans import Grid

_NEAR = 4.0


@dataclass(slots=True)
class TaggedCell:
    """A cell with its place (from 1) and the extent of its words."""

    node: Node
    column: int = 0
    columns: int = 1
    rows: int = 1
    page: int = 0
    words: list[Word] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.columns, self.rows = self.node.columns, self.node.rows
        runs = list(_runs(self.node))
        self.page = runs[0][0] if runs else 0
        self.words = [word for page, words in runs if page == self.page for word in words]

    @property
    def extent(self) -> tuple[float, float]:
        return min(word.x0 for word in self.words), max(word.x1 for word in self.words)


def _runs(node: Node) -> list[tuple[int, list[Word]]]:
    found: list[tuple[int, list[Word]]] = []
    for part in node.parts():
        found += _runs(part) if isinstance(part, Node) else [part]
    return found


def place_cells(rows: list[list[TaggedCell]], tables: dict[int, list[Lattice]]) -> None:
    """Give every cell its column; a row that is too short is placed by geometry and cells above grow into it."""
    grid = Grid()
    for row in rows:
        grid.next_row()
        for cell in row:
            cell.column, cell.columns, cell.rows = grid.take(cell.columns, cell.rows)
    for number, row in enumerate(rows, start=1):
        for cell in row:
            cell.rows = min(cell.rows, len(rows) - number + 1)
    width = max((cell.column + cell.columns - 1 for row in rows for cell in row), default=0)
    taken = _taken(rows)
    if all(len(columns) == width for columns in taken):
        return
    lefts = _lefts([row for row, columns in zip(rows, taken, strict=True) if len(columns) == width])
    above: dict[int, TaggedCell] = {}
    for number, row in enumerate(rows, start=1):
        short = len(taken[number - 1]) < width
        if short and len(lefts) == width:
            _place_row(row, lefts, tables)
        held = {column for cell in row for column in range(cell.column, cell.column + cell.columns)}
        for column in range(1, width + 1):
            upper = above.get(column)
            if short and column not in held and upper is not None and column == upper.column:
                upper.rows += 1
        for cell in row:
            above.update(dict.fromkeys(range(cell.column, cell.column + cell.columns), cell))


def _taken(rows: list[list[TaggedCell]]) -> list[set[int]]:
    """The columns of every row that its cells or those above cover."""
    taken: list[set[int]] = [set() for _ in rows]
    for number, row in enumerate(rows):
        for cell in row:
            for reached in range(number, min(number + cell.rows, len(rows))):
                taken[reached].update(range(cell.column, cell.column + cell.columns))
    return taken


def _lefts(rows: list[list[TaggedCell]]) -> list[float]:
    """Where the words of every column begin, from rows that have all their cells."""
    lefts: dict[int, float] = {}
    for row in rows:
        for cell in row:
            if cell.words and cell.columns == 1:
                lefts[cell.column] = min(lefts.get(cell.column, 1e9), cell.extent[0])
    return [lefts[column] for column in sorted(lefts)]


def _place_row(row: list[TaggedCell], lefts: list[float], tables: dict[int, list[Lattice]]) -> None:
    after = 0
    for order, cell in enumerate(row):
        most = len(lefts) - (len(row) - order - 1)  # leave room for the cells that follow
        if cell.words:
            first, last = _columns(cell, lefts, tables)
        else:
            first = last = after + 1
        cell.column = min(max(first, after + 1), most)
        cell.columns = max(min(last, most) - cell.column + 1, 1)
        after = cell.column + cell.columns - 1


def _columns(cell: TaggedCell, lefts: list[float], tables: dict[int, list[Lattice]]) -> tuple[int, int]:
    """First and last column by the drawn box around the cell's words, or by the words alone."""
    word = cell.words[0]
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    x0, x1 = cell.extent
    for table in tables.get(cell.page, []):
        box = table.boxes[table.cell_at(x, y)] if table.holds(x, y) else None
        if box is not None:
            inside = [number for number, left in enumerate(lefts, start=1) if box.x0 - 1 <= left < box.x1]
            if inside:
                return inside[0], inside[-1]
    before = [number for number, left in enumerate(lefts, start=1) if left <= x0 + _NEAR]
    reached = [number for number, left in enumerate(lefts, start=1) if left < x1 - _NEAR]
    first = before[-1] if before else 1
    return first, max(reached[-1] if reached else first, first)


def column_rights(cells: list[TaggedCell]) -> dict[int, float]:
    """How far right the words of every column reach."""
    rights: dict[int, float] = {}
    for cell in cells:
        if cell.words and cell.columns == 1:
            rights[cell.column] = max(rights.get(cell.column, 0.0), cell.extent[1])
    return rights
