"""Pages → pieces: tables and paragraphs that run over a page break are joined."""

from __future__ import annotations

import re

from suivi.documents.pdf.flow import LONGEST, Text, join, need
from suivi.documents.pdf.grid import Grid, GridCell
from suivi.documents.pdf.page import Page
from suivi.documents.pieces import Cell, Paragraph, Piece, Table

_SAME_EDGE = 5.0
_LOWER = re.compile(r"^[^\W\d_A-ZÀ-ÖØ-ÞŒÆ]")
_END = re.compile(r"[.!?…:;»”]$")


def pieces_of(pages: list[Page]) -> list[Piece]:
    """Paragraphs and tables of the document in reading order."""
    parts = _joined(pages)
    return [_table(part) if isinstance(part, Grid) else _paragraph(part) for part in parts]


def _joined(pages: list[Page]) -> list[Text | Grid]:
    done: list[Text | Grid] = []
    right, number = 0.0, 0
    for page in pages:
        last = done[-1] if done and page.number == number + 1 else None
        parts = page.parts(last if isinstance(last, Grid) and last.guessed else None)
        for position, part in enumerate(parts):
            _put(part, done, position == 0 and last is not None, right)
        right, number = page.right, page.number
    return done


def _put(part: Text | Grid, done: list[Text | Grid], first: bool, right: float) -> None:
    """Add a part to the document; the first of a page may go on the last of the page before."""
    above = done[-1] if done and first else None
    if isinstance(part, Grid) and isinstance(above, Grid) and same_columns(above, part):
        append(above, part)
    elif isinstance(part, Text) and isinstance(above, Text) and _runs_on(above, part, right):
        above.text = join(above.text, part.text)
        above.lines += part.lines
    else:
        done.append(part)


def same_columns(above: Grid, below: Grid) -> bool:
    """Whether the edges of the narrower set of columns all stand in the other, and the outer ones agree."""
    if abs(above.xs[0] - below.xs[0]) > _SAME_EDGE or abs(above.xs[-1] - below.xs[-1]) > _SAME_EDGE:
        return False
    few, many = sorted((above.xs, below.xs), key=len)
    return len(few) > 2 and all(any(abs(x - other) <= _SAME_EDGE for other in many) for x in few)


def append(above: Grid, below: Grid) -> None:
    """Put the rows of a page's table under those of the page before; a repeated header goes, a cut row is healed."""
    edges = _edges(above.xs, below.xs)
    for grid in (above, below):
        for cell in grid.cells:
            cell.column, cell.column_end = _edge(grid.xs[cell.column], edges), _edge(grid.xs[cell.column_end], edges)
    above.xs = edges
    skip = _repeated_rows(above, below)
    for cell in above.cells:
        cell.header = cell.header or cell.row < skip
    rest = [cell for cell in below.cells if cell.row >= skip]
    shift = above.rows - skip
    healed = _healed(above, [cell for cell in rest if cell.row == skip])
    shift -= 1 if healed else 0
    for cell in rest:
        if not (healed and cell.row == skip):
            cell.row, cell.row_end = cell.row + shift, cell.row_end + shift
            above.cells.append(cell)
    above.rows = below.rows + shift


def _edges(one: list[float], other: list[float]) -> list[float]:
    done = list(one)
    done += [x for x in other if all(abs(x - known) > _SAME_EDGE for known in one)]
    return sorted(done)


def _edge(x: float, edges: list[float]) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - x))


def _row_texts(grid: Grid, row: int) -> list[tuple[int, str]]:
    return [(cell.column, text_of(cell)) for cell in grid.cells if cell.row == row]


def _repeated_rows(above: Grid, below: Grid) -> int:
    """How many rows at the head of a page's table say the same as the head of the table so far."""
    count = 0
    while count < min(3, below.rows, above.rows):
        one, other = _row_texts(above, count), _row_texts(below, count)
        if not any(text for _, text in one) or one != other:
            break
        count += 1
    return count


def _healed(above: Grid, first: list[GridCell]) -> bool:
    """Join the first row of a page to the last row before it where it is the rest of it."""
    last = [cell for cell in above.cells if cell.row_end == above.rows]
    pairs = [(cell, other) for cell in last for other in first if cell.column == other.column]
    if len(pairs) != len(first) or len(pairs) != len(last) or not _cut(pairs):
        return False
    for cell, other in pairs:
        if cell.texts and other.texts and _runs_on(cell.texts[-1], other.texts[0]):
            cell.texts[-1].text = join(cell.texts[-1].text, other.texts[0].text)
            cell.texts += other.texts[1:]
        else:
            cell.texts += other.texts
        if other.row_end - other.row > 1:
            cell.row_end += other.row_end - other.row - 1
    return True


def _cut(pairs: list[tuple[GridCell, GridCell]]) -> bool:
    """Whether the lower row goes on the upper one: its lead cell is empty, or a sentence is left open."""
    pairs = sorted(pairs, key=lambda pair: pair[0].column)
    filled = [pair for pair in pairs if pair[1].texts]
    if not filled:
        return True
    if any(
        cell.texts and _LOWER.match(other.texts[0].text) and not _END.search(cell.texts[-1].text)
        for cell, other in filled
    ):
        return True
    lead, lead_below = pairs[0]
    return not lead_below.texts and bool(lead.texts) and len(pairs) > 1


def _runs_on(above: Text, below: Text, right: float = 0.0) -> bool:
    """Whether a paragraph after a page break is the rest of the one before it, whose full lines end at `right`."""
    if below.item or len(above.text) > LONGEST or abs(above.size - below.size) > 1.2 or _END.search(above.text):
        return False
    if _LOWER.match(below.text) or above.text.endswith(("-", ",")):
        return True
    return not above.bold and not below.bold and right - above.lines[-1].x1 < need(below.lines[0]) - 2


def text_of(cell: GridCell) -> str:
    return "\n".join(text.text for text in cell.texts)


def _table(grid: Grid) -> Table:
    """The grid as a table; grid lines that no text begins at are dropped later."""
    table = Table(guessed=grid.guessed)
    for cell in sorted(grid.cells, key=lambda item: (item.row, item.column)):
        letters = sum(len(text.text) for text in cell.texts)
        bold = sum(len(text.text) for text in cell.texts if text.bold)
        table.cells.append(
            Cell(
                text_of(cell),
                cell.row + 1,
                cell.column + 1,
                cell.row_end - cell.row,
                cell.column_end - cell.column,
                bold * 2 > letters,
                cell.header,
                cell.texts[0].size if cell.texts else None,
                cell.page,
            )
        )
    return table


def _paragraph(text: Text) -> Paragraph:
    return Paragraph(text.text, "item" if text.item else "paragraph", 0, text.bold, text.size, text.lines[0].page)
