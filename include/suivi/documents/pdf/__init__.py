"""PDF: by its tags where they hold the text; else ruled tables from the lines that a page draws, stitched over
page breaks, and paragraphs from geometry."""

from __future__ import annotations

from dataclasses import dataclass, field

import pypdfium2 as pdfium

from suivi.documents.compose import compose
from suivi.documents.content import Content
from suivi.documents.pdf.hyphens import undo
from suivi.documents.pdf.lattice import Lattice, lattices
from suivi.documents.pdf.page import page_of, set_margins
from suivi.documents.pdf.rulings import Segment, rulings
from suivi.documents.pdf.running import drop_running
from suivi.documents.pdf.stitch import pieces_of
from suivi.documents.pdf.structure import Tree
from suivi.documents.pdf.tagged import tagged_pieces
from suivi.documents.pdf.words import Frame, Word, WordReader
from suivi.documents.pieces import Piece, Unreadable
from suivi.models import Issue, Locator, Reading

name = "pdf"

MOST_PAGES = 500


def accepts(content: Content) -> bool:
    return content.data[:1024].find(b"%PDF-") >= 0


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    document = _open(content)
    try:
        if len(document) > MOST_PAGES:
            raise Unreadable("document_too_large", f"{len(document)} pages")
        sheets, tree, issues = _sheets(document)
    finally:
        document.close()
    return compose(undo(_pieces(sheets, tree)), name, issues)


@dataclass(slots=True)
class _Sheet:
    """What a page holds before anything is made of it."""

    number: int
    frame: Frame
    words: list[Word]
    tables: list[Lattice]
    rules: list[Segment]
    tagged: set[int] = field(default_factory=set)


def _open(content: Content) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content.data)
    except pdfium.PdfiumError as error:
        protected = "password" in str(error).lower() or "security" in str(error).lower()
        raise Unreadable("document_encrypted" if protected else "document_damaged", str(error)) from error


def _sheets(document: pdfium.PdfDocument) -> tuple[list[_Sheet], Tree, list[Issue]]:
    """Every page that can be read; one that fails is an issue."""
    reader, tree = WordReader(), Tree()
    sheets: list[_Sheet] = []
    issues: list[Issue] = []
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
            frame = Frame(page)
            words = reader.words(page, frame)
            drawn = rulings(page, frame)
            sheet = _Sheet(number, frame, words, lattices(drawn), drawn.horizontal)
            sheet.tagged = tree.add(page, number, words)
            sheets.append(sheet)
            page.close()
        except pdfium.PdfiumError as error:
            issues.append(Issue("document_partly_read", locator=Locator(page=number), detail=str(error)))
    return sheets, tree, issues


def _pieces(sheets: list[_Sheet], tree: Tree) -> list[Piece]:
    if _tags_hold(sheets, tree):
        rest = [[word for word in sheet.words if id(word) not in sheet.tagged] for sheet in sheets]
        pages = [
            page_of(sheet.number, sheet.frame.width, sheet.frame.height, words, [], [])
            for sheet, words in zip(sheets, rest, strict=True)
        ]
        drop_running(pages)
        rights = {
            sheet.number: max((word.x1 for word in sheet.words if id(word) in sheet.tagged), default=0.0)
            for sheet in sheets
        }
        return tagged_pieces(tree.root, rights, {sheet.number: sheet.tables for sheet in sheets}, pages)
    pages = [page_of(s.number, s.frame.width, s.frame.height, s.words, s.tables, s.rules) for s in sheets]
    drop_running(pages)
    set_margins(pages)
    return pieces_of(pages)


def _tags_hold(sheets: list[_Sheet], tree: Tree) -> bool:
    """Whether the tree holds nearly all words, and tables where the pages draw some."""
    words = sum(len(sheet.words) for sheet in sheets)
    held = sum(len(sheet.tagged) for sheet in sheets)
    drawn = any(len(table.xs) > 2 and len(table.ys) > 2 for sheet in sheets for table in sheet.tables)
    return held > 0.8 * words > 0 and (not drawn or tree.root.has("TD"))
