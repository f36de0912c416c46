"""PDF: by its tags where they hold the text; else ruled tables from the lines that a page draws, stitched over
page breaks, and paragraphs from geometry."""

from __future__ import annotations

from suivi.documents.compose import compose
from suivi.documents.content import Content
from suivi.documents.pdf.hyphens import undo
from suivi.documents.pdf.page import page_of, set_margins
from suivi.documents.pdf.running import drop_running
from suivi.documents.pdf.sheets import Sheet, sheets_of
from suivi.documents.pdf.stitch import pieces_of
from suivi.documents.pdf.structure import Tree
from suivi.documents.pdf.tagged import tagged_pieces
from suivi.documents.pieces import Piece
from suivi.models import Reading

name = "pdf"


def accepts(content: Content) -> bool:
    return content.data[:1024].find(b"%PDF-") >= 0


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    found = sheets_of(content.data)
    tagged = _tags_hold(found.sheets, found.tree)
    pieces = _by_tags(found.sheets, found.tree) if tagged else _by_geometry(found.sheets)
    return compose(undo(pieces), name, found.issues, scanned=found.scanned)


def _by_tags(sheets: list[Sheet], tree: Tree) -> list[Piece]:
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


def _by_geometry(sheets: list[Sheet]) -> list[Piece]:
    pages = [page_of(s.number, s.frame.width, s.frame.height, s.words, s.tables, s.rules) for s in sheets]
    drop_running(pages)
    set_margins(pages)
    return pieces_of(pages)


def _tags_hold(sheets: list[Sheet], tree: Tree) -> bool:
    """Whether the tree holds nearly all words, and tables where the pages draw some."""
    words = sum(len(sheet.words) for sheet in sheets)
    held = sum(len(sheet.tagged) for sheet in sheets)
    drawn = any(len(table.xs) > 2 and len(table.ys) > 2 for sheet in sheets for table in sheet.tables)
    return held > 0.8 * words > 0 and (not drawn or tree.root.has("TD"))
