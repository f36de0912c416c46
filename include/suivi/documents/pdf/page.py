"""One page → its tables and paragraphs from top to bottom, still with their geometry."""

from __future__ import annotations

from dataclasses import dataclass, field

from suivi.documents.pdf.flow import Text, paragraphs
from suivi.documents.pdf.lattice import Box, Lattice
from suivi.documents.pdf.lines import Line, lines_of
from suivi.documents.pdf.words import Word


@dataclass(slots=True)
class GridCell:
    """A cell of a page's table with its paragraphs; rows and columns from 0, ends exclusive."""

    row: int
    column: int
    row_end: int
    column_end: int
    texts: list[Text]
    page: int
    header: bool = False


@dataclass(slots=True)
class Grid:
    """A table of a page; `xs` are its column edges, by which it is known again on the next page."""

    xs: list[float]
    top: float
    bottom: float
    cells: list[GridCell] = field(default_factory=list)
    rows: int = 0


@dataclass(slots=True)
class Page:
    """What stands on a page: words outside tables as lines, tables with their words."""

    number: int
    width: float
    height: float
    lines: list[Line]
    grids: list[Grid]

    def parts(self) -> list[Text | Grid]:
        """Paragraphs and tables in reading order."""
        done: list[tuple[float, Text | Grid]] = [(grid.top, grid) for grid in self.grids]
        for group in _between(self.lines, self.grids):
            right = max((line.x1 for line in group), default=0.0)
            done += [(text.lines[0].top, text) for text in paragraphs(group, right)]
        return [part for _, part in sorted(done, key=lambda item: item[0])]


def _between(lines: list[Line], grids: list[Grid]) -> list[list[Line]]:
    """Lines in groups that no table parts."""
    edges = sorted(grid.top for grid in grids)
    groups: list[list[Line]] = [[] for _ in range(len(edges) + 1)]
    for line in lines:
        groups[sum(1 for edge in edges if edge <= line.top)].append(line)
    return [group for group in groups if group]


def page_of(number: int, width: float, height: float, words: list[Word], tables: list[Lattice]) -> Page:
    """Words sorted into the cells that hold their middle; the rest as lines of the page."""
    held: dict[int, list[Word]] = {}
    boxes: list[Box] = [box for table in tables for box in table.boxes]
    index = {id(box): position for position, box in enumerate(boxes)}
    free: list[Word] = []
    for word in words:
        box = _box_of(word, tables)
        if box is None:
            free.append(word)
        else:
            held.setdefault(index[id(box)], []).append(word)
    grids = []
    for table in tables:
        if sum(1 for box in table.boxes if index[id(box)] in held) < 2:
            free += [word for box in table.boxes for word in held.get(index[id(box)], [])]
        else:
            grids.append(_grid(table, [held.get(index[id(box)], []) for box in table.boxes], number))
    upright = [word for word in free if word.upright]
    return Page(number, width, height, lines_of(upright, number), grids)


def _box_of(word: Word, tables: list[Lattice]) -> Box | None:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    for table in tables:
        if table.holds(x, y):
            box = table.box_at(x, y)
            if box is not None:
                return box
    return None


def _grid(table: Lattice, words: list[list[Word]], page: int) -> Grid:
    grid = Grid(table.xs, table.ys[0], table.ys[-1], rows=len(table.ys) - 1)
    lined = [lines_of(cell, page) for cell in words]
    for box, lines in zip(table.boxes, lined, strict=True):
        texts = paragraphs(lines, _right(box, lines, table, lined))
        grid.cells.append(GridCell(box.row, box.column, box.row_end, box.column_end, texts, page))
    return grid


def _right(box: Box, lines: list[Line], table: Lattice, lined: list[list[Line]]) -> float:
    """Where the lines of a cell end: its edge less the padding that its column shows on the left."""
    same = [
        line
        for other, others in zip(table.boxes, lined, strict=True)
        if other.column == box.column and other.column_end == box.column_end
        for line in others
    ]
    padding = min((line.x0 for line in same), default=box.x0) - box.x0
    return max(box.x1 - min(max(padding, 1.0), 8.0), max((line.x1 for line in lines), default=0.0))
