"""The same shape whatever the format: frames are no tables, empty rows no rows, large short lines headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from suivi.documents import wording
from suivi.documents.pieces import Cell, Paragraph, Piece, Table

_LARGER = 0.9  # points above the running text from which a line is a heading
_LEADERS = re.compile(r"[.…]{5,}\s*\d{1,3}$|^[_\s.…*=-]{3,}$")  # an entry of a table of contents; a drawn line
_SHORT = 200  # characters up to which it may be one


def shaped(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces with normalised texts, tables cropped to what holds text, headings told by size."""
    done = [shape for piece in pieces for shape in _shape(piece)]
    _mistrust([piece for piece in done if isinstance(piece, Paragraph)])
    sizes = _heading_sizes([piece for piece in done if isinstance(piece, Paragraph)])
    for piece in done:
        if isinstance(piece, Paragraph) and piece.kind != "heading" and piece.size in sizes and _short(piece):
            piece.kind, piece.level = "heading", sizes[piece.size]
    return done


def _shape(piece: Piece) -> Iterator[Piece]:
    if isinstance(piece, Table):
        table = _cropped(piece)
        if table.cells and all(cell.column == 1 for cell in table.cells):
            for cell in table.cells:
                yield from (
                    _paragraph(Paragraph(text, "paragraph", 0, cell.bold, cell.size, cell.page))
                    for text in cell.text.split("\n")
                    if text
                )
        elif table.cells:
            yield table
    elif isinstance(piece, Paragraph):
        piece.text = wording.marked(wording.lines(piece.text))
        if piece.text and not _LEADERS.search(piece.text):
            yield _paragraph(piece)
    else:
        yield piece


def _paragraph(piece: Paragraph) -> Paragraph:
    if piece.kind == "paragraph":
        piece.level = 0
    if piece.kind == "paragraph" and (piece.text.startswith("- ") or wording.numbered(piece.text)):
        piece.kind = "item"
    return piece


def _cropped(table: Table) -> Table:
    """The table without rows and columns that no text begins in."""
    cells = [_worded(cell) for cell in table.cells]
    rows = _kept({cell.row for cell in cells if cell.text})
    columns = _kept({cell.column for cell in cells if cell.text})
    return Table(
        [_moved(cell, rows, columns) for cell in cells if cell.row in rows and cell.column in columns],
        table.sheet,
        table.guessed,
    )


def _worded(cell: Cell) -> Cell:
    text = wording.marked(wording.lines(cell.text))
    return cell if text == cell.text else replace(cell, text=text)


def _kept(used: set[int]) -> dict[int, int]:
    return {old: new for new, old in enumerate(sorted(used), start=1)}


def _moved(cell: Cell, rows: dict[int, int], columns: dict[int, int]) -> Cell:
    down = sum(1 for row in range(cell.row, cell.row + cell.row_span) if row in rows)
    across = sum(1 for column in range(cell.column, cell.column + cell.column_span) if column in columns)
    row, column = rows[cell.row], columns[cell.column]
    if (row, column, down, across) == (cell.row, cell.column, cell.row_span, cell.column_span):
        return cell
    return replace(cell, row=row, column=column, row_span=down, column_span=across)


def _mistrust(paragraphs: list[Paragraph]) -> None:
    """Headings that are sentences or list items are none; where many are, the style was misused and none is."""
    headings = [piece for piece in paragraphs if piece.kind == "heading"]
    wrong = [piece for piece in headings if len(piece.text) > _SHORT or piece.text.endswith((".", ";"))]
    for piece in headings:
        if len(wrong) * 5 > len(headings) or piece in wrong or piece.text.startswith("- "):
            piece.kind, piece.level = "paragraph", 0
            _paragraph(piece)


def _short(piece: Paragraph) -> bool:
    return len(piece.text) < _SHORT and not piece.text.startswith("- ") and not piece.text.endswith((".", ";", ","))


def _heading_sizes(paragraphs: list[Paragraph]) -> dict[float | None, int]:
    """Font sizes above that of the running text, with the heading level each stands for."""
    letters: dict[float, int] = {}
    for piece in paragraphs:
        if piece.size:
            letters[piece.size] = letters.get(piece.size, 0) + len(piece.text)
    if len(letters) < 2:
        return {}
    body = max(letters, key=lambda size: letters[size])
    larger = sorted({piece.size for piece in paragraphs if piece.size and piece.size > body + _LARGER}, reverse=True)
    return {size: min(level, 6) for level, size in enumerate(larger, start=1)}
