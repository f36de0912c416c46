"""The pages of a PDF as pdfium gives them: words and drawn lines, before anything is made of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from suivi.documents.pdf.damage import unpacks
from suivi.documents.pdf.lattice import Lattice, lattices
from suivi.documents.pdf.rulings import Segment, rulings
from suivi.documents.pdf.scan import MOST_PAGES as MOST_SCANNED
from suivi.documents.pdf.scan import SECONDS, scanned_page
from suivi.documents.pdf.structure import Tree
from suivi.documents.pdf.words import Frame, Word, WordReader
from suivi.documents.pieces import Unreadable
from suivi.models import Issue, Locator

MOST_PAGES = 500
_FEW = 8  # words up to which a page with a picture counts as scanned


@dataclass(slots=True)
class Sheet:
    """One page; `tagged` are the ids of the words that the structure tree holds."""

    number: int
    frame: Frame
    words: list[Word]
    tables: list[Lattice]
    rules: list[Segment]
    tagged: set[int] = field(default_factory=set)
    picture: bool = False
    empty: bool = False  # nothing at all is drawn


@dataclass(slots=True)
class Sheets:
    """All pages that could be read, the structure tree over them, and what went wrong."""

    sheets: list[Sheet] = field(default_factory=list)
    tree: Tree = field(default_factory=Tree)
    issues: list[Issue] = field(default_factory=list)
    scanned: bool = False


def sheets_of(data: bytes) -> Sheets:
    """Every page that can be read; one that fails is an issue. Raises `Unreadable`."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        protected = "password" in str(error).lower() or "security" in str(error).lower()
        raise Unreadable("document_encrypted" if protected else "document_damaged", str(error)) from error
    try:
        if len(document) > MOST_PAGES:
            raise Unreadable("document_too_large", f"{len(document)} pages")
        found = _drawn(document)
        found.issues += _lost(found.sheets, data)
        if _scanned(found.sheets):
            _scan(document, found)
        return found
    finally:
        document.close()


def _drawn(document: pdfium.PdfDocument) -> Sheets:
    reader, found = WordReader(), Sheets()
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
            frame = Frame(page)
            words = reader.words(page, frame)
            lines = rulings(page, frame)
            sheet = Sheet(number, frame, words, lattices(lines), lines.horizontal)
            sheet.tagged = found.tree.add(page, number, words)
            sheet.empty = not words and pdfium_c.FPDFPage_CountObjects(page) == 0
            sheet.picture = len(words) <= _FEW and _has_picture(page)
            found.sheets.append(sheet)
            page.close()
        except pdfium.PdfiumError as error:
            found.issues.append(Issue("document_partly_read", locator=Locator(page=number), detail=str(error)))
    return found


def _lost(sheets: list[Sheet], data: bytes) -> list[Issue]:
    """Empty pages of a file that is damaged somewhere: their content may be what is lost."""
    empty = [sheet.number for sheet in sheets if sheet.empty]
    if not empty or unpacks(data):
        return []
    return [Issue("document_partly_read", locator=Locator(page=number), detail="damaged content") for number in empty]


def _has_picture(page: pdfium.PdfPage) -> bool:
    count = min(pdfium_c.FPDFPage_CountObjects(page), 500)
    kinds = {pdfium_c.FPDFPageObj_GetType(pdfium_c.FPDFPage_GetObject(page, index)) for index in range(count)}
    return bool(kinds & {pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_FORM})


def _scanned(sheets: list[Sheet]) -> bool:
    """Whether most pages are pictures without text; some among many are annexes and stay unread."""
    pictures = sum(sheet.picture for sheet in sheets)
    return pictures > 0 and pictures * 2 >= len(sheets) and sum(len(sheet.words) for sheet in sheets) < 40 * len(sheets)


def _scan(document: pdfium.PdfDocument, found: Sheets) -> None:
    """Read the pictures; a page that fails is an issue. Raises `Unreadable` where nothing can read them."""
    found.scanned = True
    found.issues.append(Issue("document_scanned"))
    if sum(sheet.picture for sheet in found.sheets) > MOST_SCANNED:
        raise Unreadable("document_too_large", f"{len(found.sheets)} scanned pages")
    end = time.monotonic() + SECONDS
    for sheet in (sheet for sheet in found.sheets if sheet.picture):
        page = document[sheet.number - 1]
        try:
            sheet.words, lines = scanned_page(page, end - time.monotonic())
        except Unreadable as error:
            if error.type == "ocr_missing":
                raise
            detail = f"{error.type} {error.detail}"
            found.issues.append(Issue("document_partly_read", locator=Locator(page=sheet.number), detail=detail))
            if time.monotonic() > end:
                return
        else:
            sheet.tables, sheet.rules = lattices(lines), lines.horizontal
        finally:
            page.close()
