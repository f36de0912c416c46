"""One page → its tables and paragraphs from top to bottom, still with their geometry."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from suivi.documents.pdf.columns import tables_in
from suivi.documents.pdf.flow import Text, paragraphs
from suivi.documents.pdf.grid import Grid, GridCell
from suivi.documents.pdf.lattice import Box, Lattice
from suivi.documents.pdf.lines import Line, gathered, lines_of
from suivi.documents.pdf.rulings import Segment
from suivi.documents.pdf.words import Word


@dataclass(slots=True)
class Page:
    """What stands on a page: words outside tables as lines, tables with their words."""

    number: int
    width: float
    height: float
    lines: list[Line]
    grids: list[Grid]
    rules: list[Segment] = field(default_factory=list)
    left: float = 0.0  # where most lines of the document begin
    right: float = 0.0  # where full lines of the document end

    def parts(self, before: Grid | None = None) -> list[Text | Grid]:
        """Paragraphs and tables in reading order; `before` is the guessed table that the page before ended with."""
        done: list[tuple[float, Text | Grid]] = []
        for group in _between(self.lines, self.grids):
            first = bool(self.lines) and group[0] is self.lines[0]
            left, made = tables_in(group, self.rules, before if first else None)
            done += [(part.top if isinstance(part, Grid) else part.lines[0].top, part) for part in made]
            for block in _blocks(left, made):
                texts = paragraphs(block, min(self.left, *(line.x0 for line in block)), _right_of(block, self.right))
                done += [(text.lines[0].top, text) for text in texts]
        done += [(grid.top, grid) for grid in self.grids]
        return [part for _, part in sorted(done, key=lambda item: item[0])]


def _between(lines: list[Line], grids: list[Grid]) -> list[list[Line]]:
    """Lines in groups that no table parts."""
    edges = sorted(grid.top for grid in grids)
    groups: list[list[Line]] = [[] for _ in range(len(edges) + 1)]
    for line in lines:
        groups[sum(1 for edge in edges if edge <= line.top)].append(line)
    return [group for group in groups if group]


def _blocks(lines: list[Line], made: list[Grid | Text]) -> list[list[Line]]:
    """Lines in groups that nothing made of the lines between parts."""
    edges = sorted(part.top if isinstance(part, Grid) else part.lines[0].top for part in made)
    groups: dict[int, list[Line]] = {}
    for line in lines:
        groups.setdefault(sum(1 for edge in edges if edge <= line.top), []).append(line)
    return list(groups.values())


def _right_of(block: list[Line], usual: float) -> float:
    """Where lines end: at the edge that many of them share (set justified), else where those of the document do."""
    furthest = max(line.x1 for line in block)
    shared = sum(furthest - line.x1 < 2 for line in block)
    return furthest if shared >= max(3, 0.4 * len(block)) else max(usual, furthest)


def set_margins(pages: list[Page]) -> None:
    """Find where full lines begin and end: edges that several lines of pages of one width share."""
    for width in {round(page.width) for page in pages}:
        alike = [page for page in pages if round(page.width) == width]
        ends = sorted((line.x1 for page in alike for line in page.lines), reverse=True)
        if len(ends) < 15:
            ends = sorted([*ends, *(grid.xs[-1] - 5 for page in alike for grid in page.grids for _ in range(3))])[::-1]
        begins = Counter(round(line.x0) for page in alike for line in page.lines)
        for page in alike:
            page.right = next((end for end, other in zip(ends, ends[2:], strict=False) if end - other < 5), 0.0)
            page.left = begins.most_common(1)[0][0] if begins else 0.0


def page_of(
    number: int, width: float, height: float, words: list[Word], tables: list[Lattice], rules: list[Segment]
) -> Page:
    """Words sorted into the cells that hold their middle; the rest as lines of the page."""
    cells: list[list[list[Word]]] = [[[] for _ in table.boxes] for table in tables]
    free: list[Word] = []
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        for table, held in zip(tables, cells, strict=True):
            if table.holds(x, y):
                held[table.cell_at(x, y)].append(word)
                break
        else:
            free.append(word)
    grids = []
    for table, held in zip(tables, cells, strict=True):
        if sum(1 for cell in held if cell) < 2:
            free += [word for cell in held for word in cell]
        else:
            grids.append(_grid(table, held, number))
    upright = [word for word in free if word.upright]
    return Page(number, width, height, lines_of(upright, number), grids, rules)


def _grid(table: Lattice, words: list[list[Word]], page: int) -> Grid:
    grid = Grid(table.xs, table.ys[0], table.ys[-1], rows=len(table.ys) - 1)
    boxes, words = _apart(table, words)
    lined = [lines_of(cell, page) for cell in words]
    for box, lines in zip(boxes, lined, strict=True):
        left, right = _sides(box, lines, boxes, lined)
        texts = paragraphs(lines, left, right)
        grid.cells.append(GridCell(box.row, box.column, box.row_end, box.column_end, texts, page))
    return grid


def _apart(table: Lattice, words: list[list[Word]]) -> tuple[list[Box], list[list[Word]]]:
    """Cells over several columns taken apart where their words keep to the columns: no line was drawn, that is all."""
    boxes: list[Box] = []
    held: list[list[Word]] = []
    lefts = {
        box.column: min(word.x0 for word in group)
        for box, group in zip(table.boxes, words, strict=True)
        if group and box.column_end - box.column == 1
    }
    for box, group in zip(table.boxes, words, strict=True):
        edges = [edge for edge in range(box.column + 1, box.column_end) if _parted(group, table.xs[edge])]
        for left, right in pairwise([box.column, *edges, box.column_end]):
            part = Box(table.xs[left], box.top, table.xs[right], box.bottom, box.row, left, box.row_end, right)
            inside = [word for word in group if part.x0 <= (word.x0 + word.x1) / 2 < part.x1 or not edges]
            one = _only_column(part, inside, table.xs, lefts)
            for column in range(left, right) if one is not None else ():
                x0, x1 = table.xs[column], table.xs[column + 1]
                boxes.append(Box(x0, box.top, x1, box.bottom, box.row, column, box.row_end, column + 1))
                held.append(inside if column == one else [])
            if one is None:
                boxes.append(part)
                held.append(inside)
    return boxes, held


def _only_column(box: Box, words: list[Word], xs: list[float], lefts: dict[int, float]) -> int | None:
    """The one column that holds all words of a cell over several: not its first, and set where that column begins."""
    if not words or box.column_end - box.column == 1:
        return None
    x0, x1 = min(word.x0 for word in words), max(word.x1 for word in words)
    column = max((place for place in range(box.column, box.column_end) if xs[place] <= x0 + 1), default=box.column)
    set_in = x0 - lefts.get(column, 1e9)  # the rest of a list item stands further in
    fits = column > box.column and x1 <= xs[column + 1] + 1 and -2 < set_in < 40
    return column if fits else None


def _parted(words: list[Word], x: float) -> bool:
    """Whether words stand on both sides of an edge, none on it, and well apart where they share a line."""
    before = [word for word in words if word.x1 <= x + 1]
    after = [word for word in words if word.x0 >= x - 1]
    if not before or not after or len(before) + len(after) < len(words):
        return False
    for line in gathered(words, 0):
        left = max((word.x1 for word in line.words if word.x1 <= x + 1), default=None)
        right = min((word.x0 for word in line.words if word.x0 >= x - 1), default=None)
        if left is not None and right is not None:
            line.measure()
            if right - left < 0.8 * line.size:
                return False
    return True


def _sides(box: Box, lines: list[Line], boxes: list[Box], lined: list[list[Line]]) -> tuple[float, float]:
    """Where the lines of a cell begin and end: its edges less the padding that its column shows on the left."""
    same = [
        line
        for other, others in zip(boxes, lined, strict=True)
        if other.column == box.column and other.column_end == box.column_end
        for line in others
    ]
    padding = min((line.x0 for line in same), default=box.x0) - box.x0
    padding = min(max(padding, 1.0), 8.0)
    return box.x0 + padding, max(box.x1 - padding, max((line.x1 for line in lines), default=0.0))
