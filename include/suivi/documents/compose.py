"""Pieces → a reading: one text, and blocks that are slices of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from suivi.documents.pieces import MOST_CELLS, Cell, Paragraph, Part, Piece, Table, Unreadable
from suivi.documents.shape import shaped
from suivi.models import Block, Issue, Locator, Reading

MOST_BLOCKS = 400_000
MOST_CHARACTERS = 20_000_000


def compose(
    pieces: Iterable[Piece], kind: str, issues: Sequence[Issue] = (), *, scanned: bool = False, part: str = ""
) -> Reading:
    """Lay pieces out as one text with blocks on it; numbers paragraphs and tables from 1.

    Blocks stand on lines of their own, each a literal slice of the text. Raises `Unreadable`.
    """
    page = _Page(part)
    for piece in shaped(pieces):
        if isinstance(piece, Paragraph):
            page.paragraph(piece)
        elif isinstance(piece, Table):
            page.table(piece)
        else:
            page.part_of(piece)
            issues = (*issues, *piece.reading.issues)
            scanned = scanned or piece.reading.scanned
    return Reading("".join(page.text), tuple(page.blocks), kind, (*issues, *page.guessed), scanned)


class _Page:
    def __init__(self, part: str) -> None:
        self.text: list[str] = []
        self.blocks: list[Block] = []
        self.length = 0
        self.paragraphs = 0
        self.tables = 0
        self.guessed: list[Issue] = []
        self.part = part

    def _write(self, text: str) -> int:
        start = self.length
        self.text.append(text + "\n")
        self.length += len(text) + 1
        if self.length > MOST_CHARACTERS or len(self.blocks) > MOST_BLOCKS:
            raise Unreadable("document_too_large", f"{self.length:,} characters")
        return start

    def paragraph(self, piece: Paragraph) -> None:
        text = piece.text
        self.paragraphs += 1
        where = Locator(page=piece.page, paragraph=self.paragraphs, part=self.part)
        start = self._write(text)
        self.blocks.append(Block(piece.kind, text, start, where, piece.level, bold=piece.bold, size=piece.size))

    def table(self, piece: Table) -> None:
        if len(piece.cells) > MOST_CELLS:
            raise Unreadable("document_too_large", f"{len(piece.cells):,} cells")
        self.tables += 1
        if piece.guessed:
            where = Locator(page=piece.cells[0].page, table=self.tables, part=self.part)
            self.guessed.append(Issue("table_guessed", locator=where))
        titled = _titled(piece.cells)
        for cell in piece.cells:
            where = Locator(cell.page, None, self.tables, cell.row, cell.column, self.part, piece.sheet)
            start = self._write(cell.text)
            header = cell.header or (titled and cell.row == 1)
            self.blocks.append(
                Block("cell", cell.text, start, where, 0, cell.row_span, cell.column_span, cell.bold, header, cell.size)
            )

    def part_of(self, piece: Part) -> None:
        shift = self.length
        if piece.reading.text:
            self._write(piece.reading.text.rstrip("\n"))
        for block in piece.reading.blocks:
            inner = block.locator.part
            name = f"{piece.name}/{inner}" if inner else piece.name
            self.blocks.append(replace(block, start=block.start + shift, locator=replace(block.locator, part=name)))


def _titled(cells: list[Cell]) -> bool:
    """Whether the first row, all of it bold and the rest not, is the table's header: formats seldom mark it."""
    first = [cell for cell in cells if cell.row == 1]
    rest = [cell for cell in cells if cell.row > 1 and cell.text]
    if len(first) < 2 or not rest or not all(cell.text and cell.bold for cell in first):
        return False
    return not all(cell.bold for cell in rest)
