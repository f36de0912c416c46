"""What readers make, before it is laid out as one text: paragraphs and tables in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from suivi.documents import wording
from suivi.models import Block, BlockKind, Issue, Locator, Reading

MOST_CELLS = 200_000
MOST_BLOCKS = 400_000
MOST_CHARACTERS = 20_000_000


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


@dataclass(slots=True)
class Part:
    """An embedded or attached file: its blocks follow those of the document, under its name."""

    name: str
    reading: Reading


Piece = Paragraph | Table | Part


class Unreadable(Exception):
    """A document, or a part of it, that a reader gives up on: becomes one issue of `type`."""

    def __init__(self, type: str, detail: str = "") -> None:
        super().__init__(type, detail)
        self.type = type
        self.detail = detail


def compose(
    pieces: Iterable[Piece], kind: str, issues: Sequence[Issue] = (), *, scanned: bool = False, part: str = ""
) -> Reading:
    """Lay pieces out as one text with blocks on it; numbers paragraphs and tables from 1.

    Blocks stand on lines of their own, each a literal slice of the text. Raises `Unreadable`.
    """
    page = _Page(part)
    for piece in pieces:
        if isinstance(piece, Paragraph):
            page.paragraph(piece)
        elif isinstance(piece, Table):
            page.table(piece)
        else:
            page.part_of(piece)
            issues = (*issues, *piece.reading.issues)
            scanned = scanned or piece.reading.scanned
    return Reading("".join(page.text), tuple(page.blocks), kind, tuple(issues), scanned)


class _Page:
    def __init__(self, part: str) -> None:
        self.text: list[str] = []
        self.blocks: list[Block] = []
        self.length = 0
        self.paragraphs = 0
        self.tables = 0
        self.part = part

    def _write(self, text: str) -> int:
        start = self.length
        self.text.append(text + "\n")
        self.length += len(text) + 1
        if self.length > MOST_CHARACTERS or len(self.blocks) > MOST_BLOCKS:
            raise Unreadable("document_too_large", f"{self.length:,} characters")
        return start

    def paragraph(self, piece: Paragraph) -> None:
        text = wording.marked(wording.lines(piece.text))
        if not text:
            return
        self.paragraphs += 1
        kind = piece.kind
        if kind == "paragraph" and text.startswith("- "):
            kind = "item"
        where = Locator(page=piece.page, paragraph=self.paragraphs, part=self.part)
        start = self._write(text)
        self.blocks.append(Block(kind, text, start, where, piece.level, bold=piece.bold, size=piece.size))

    def table(self, piece: Table) -> None:
        if len(piece.cells) > MOST_CELLS:
            raise Unreadable("document_too_large", f"{len(piece.cells):,} cells")
        kept = [(cell, wording.marked(wording.lines(cell.text))) for cell in piece.cells]
        if not any(text for _, text in kept):
            return
        self.tables += 1
        titled = _titled(kept)
        for cell, text in kept:
            where = Locator(cell.page, None, self.tables, cell.row, cell.column, self.part, piece.sheet)
            start = self._write(text)
            header = cell.header or (titled and cell.row == 1)
            self.blocks.append(
                Block("cell", text, start, where, 0, cell.row_span, cell.column_span, cell.bold, header, cell.size)
            )

    def part_of(self, piece: Part) -> None:
        shift = self.length
        if piece.reading.text:
            self._write(piece.reading.text.rstrip("\n"))
        for block in piece.reading.blocks:
            inner = block.locator.part
            name = f"{piece.name}/{inner}" if inner else piece.name
            self.blocks.append(replace(block, start=block.start + shift, locator=replace(block.locator, part=name)))


def _titled(cells: list[tuple[Cell, str]]) -> bool:
    """Whether the first row, all of it bold and the rest not, is the table's header: formats seldom mark it."""
    first = [(cell, text) for cell, text in cells if cell.row == 1]
    rest = [cell for cell, text in cells if cell.row > 1 and text]
    if len(first) < 2 or not rest or not all(text and cell.bold for cell, text in first):
        return False
    return not all(cell.bold for cell in rest)


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
