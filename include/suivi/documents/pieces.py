"""What readers make, before it is laid out as one text: paragraphs and tables in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from suivi.models import BlockKind, Reading

MOST_CELLS = 200_000


class Unreadable(Exception):
    """A document, or a part of it, that a reader gives up on: becomes one issue of `type`."""

    def __init__(self, type: str, detail: str = "") -> None:
        super().__init__(type, detail)
        self.type = type
        self.detail = detail


@dataclass(slots=True)
class Paragraph:
    """A heading, paragraph or list item; `text` with its marker, lines separated by a newline."""

    text: str
    kind: BlockKind = "paragraph"
    level: int = 0
    bold: bool = False
    size: float | None = None
    page: int | None = None


@dataclass(slots=True)
class Cell:
    """A table cell at its first row and column (from 1)."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    bold: bool = False
    header: bool = False
    size: float | None = None
    page: int | None = None


@dataclass(slots=True)
class Table:
    cells: list[Cell] = field(default_factory=list)
    sheet: str = ""
    guessed: bool = False  # columns told by white space alone

    def add(self, cell: Cell) -> None:
        """Put a cell in. Raises `Unreadable` where it is one too many."""
        if len(self.cells) >= MOST_CELLS:
            raise Unreadable("document_too_large", f"more than {MOST_CELLS:,} cells")
        self.cells.append(cell)


@dataclass(slots=True)
class Part:
    """An embedded or attached file: its blocks follow those of the document, under its name."""

    name: str
    reading: Reading


Piece = Paragraph | Table | Part


def layout_table(table: Table) -> bool:
    """Whether a table holds a single cell: a frame around text, not a table."""
    return len(table.cells) == 1


def text_of(pieces: Iterable[Piece]) -> str:
    """Pieces as the lines of a cell: one a paragraph, one a row of an inner table with tabs between its cells."""
    done: list[str] = []
    for piece in pieces:
        if isinstance(piece, Paragraph):
            done.append(piece.text)
        elif isinstance(piece, Table):
            rows: dict[int, list[str]] = {}
            for cell in piece.cells:
                rows.setdefault(cell.row, []).append(" ".join(cell.text.split()))
            done += ["\t".join(row).strip() for row in rows.values()]
    return "\n".join(done)


def cell_of(
    pieces: Sequence[Piece], row: int, column: int, row_span: int = 1, column_span: int = 1, header: bool = False
) -> Cell:
    """A cell of a table from the pieces in it."""
    paragraphs = [piece for piece in pieces if isinstance(piece, Paragraph)]
    letters = sum(len(piece.text) for piece in paragraphs)
    bold = sum(len(piece.text) for piece in paragraphs if piece.bold)
    longest = max(paragraphs, key=lambda piece: len(piece.text), default=Paragraph(""))
    page = next((piece.page for piece in paragraphs), None)
    whole = letters > 0 and bold * 2 > letters
    return Cell(text_of(pieces), row, column, row_span, column_span, whole, header, longest.size, page)
