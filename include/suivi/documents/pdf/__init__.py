"""PDF: ruled tables from the lines that a page draws, stitched over page breaks; paragraphs from geometry."""

from __future__ import annotations

import pypdfium2 as pdfium

from suivi.documents.content import Content
from suivi.documents.pdf.lattice import lattices
from suivi.documents.pdf.page import Page, page_of
from suivi.documents.pdf.rulings import rulings
from suivi.documents.pdf.running import drop_running
from suivi.documents.pdf.stitch import pieces_of
from suivi.documents.pdf.words import Frame, WordReader
from suivi.documents.pieces import Unreadable, compose
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
        pages, issues = _pages(document)
    finally:
        document.close()
    drop_running(pages)
    return compose(pieces_of(pages), name, issues)


def _open(content: Content) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content.data)
    except pdfium.PdfiumError as error:
        protected = "password" in str(error).lower() or "security" in str(error).lower()
        raise Unreadable("document_encrypted" if protected else "document_damaged", str(error)) from error


def _pages(document: pdfium.PdfDocument) -> tuple[list[Page], list[Issue]]:
    """Every page that can be read; one that fails is an issue."""
    reader = WordReader()
    pages: list[Page] = []
    issues: list[Issue] = []
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
            frame = Frame(page)
            words = reader.words(page, frame)
            pages.append(page_of(number, frame.width, frame.height, words, lattices(rulings(page, frame))))
            page.close()
        except pdfium.PdfiumError as error:
            issues.append(Issue("document_partly_read", locator=Locator(page=number), detail=str(error)))
    return pages, issues
