"""Scanned pages, files behind a password, PDF that are damaged in one place: as real programs write them."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from suivi.documents import program, read
from suivi.documents.pdf import scan

FILES = Path(__file__).parent / "files"
ENCRYPTED = (
    'pdf:writer_pdf_Export:{"EncryptFile":{"type":"boolean","value":"true"},'
    '"DocumentOpenPassword":{"type":"string","value":"clef"}}'
)
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


def pdf(pages: list[str]) -> bytes:
    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer, pageCompression=1)
    sheet.setFont("Helvetica", 14)
    for page in pages:
        for number, line in enumerate(page.split("\n")):
            sheet.drawString(72, 760 - 24 * number, line)
        sheet.showPage()
    sheet.save()
    return buffer.getvalue()


def scanned(data: bytes) -> bytes:
    """The pages of a PDF as pictures, as a scanner saves them."""
    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer)
    document = pdfium.PdfDocument(data)
    for page in document:
        picture = page.render(scale=150 / 72, grayscale=True).to_pil()
        sheet.setPageSize(page.get_size())
        sheet.drawImage(ImageReader(picture), 0, 0, *page.get_size())
        sheet.showPage()
    document.close()
    sheet.save()
    return buffer.getvalue()


@needs_tesseract
def test_a_scanned_page_is_read_and_marked_for_review() -> None:
    reading = read(scanned(pdf(["Compte rendu du Cluster Abris\nDate : 12 mars 2024\nLieu : Koulanga"])), "scan.pdf")
    text = " ".join(reading.text.split())
    assert "Compte rendu du Cluster Abris" in text
    assert "12 mars 2024" in text
    assert reading.scanned
    assert [issue.type for issue in reading.issues] == ["document_scanned"]
    assert all(reading.text[block.start : block.end] == block.text for block in reading.blocks)


@needs_tesseract
def test_a_ruled_table_of_a_scan_keeps_its_cells(minutes_docx: bytes, office: Callable[..., bytes]) -> None:
    document = pdfium.PdfDocument(office(minutes_docx, "docx", "pdf"))
    first = pdfium.PdfDocument.new()
    first.import_pages(document, [0])
    buffer = io.BytesIO()
    first.save(buffer)
    reading = read(scanned(buffer.getvalue()), "scan.pdf")
    rows = {block.locator.row: block.text for block in reading.blocks if block.locator.column == 1}
    assert rows[2] == "1. Suivi du site numéro 1"
    assert rows[3] == "2. Suivi du site numéro 2"


def test_a_scan_without_a_program_that_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "found", lambda *_: None)
    reading = read(scanned(pdf(["Compte rendu"])), "scan.pdf")
    assert [issue.type for issue in reading.issues] == ["ocr_missing"]


def test_pages_after_the_time_for_scans_is_over_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(command: list[str], *, seconds: int, data: bytes = b"") -> bytes:
        raise scan.Unreadable("document_too_slow", f"{seconds}")

    monkeypatch.setattr(scan, "_tesseract", lambda: "tesseract")
    monkeypatch.setattr(scan, "_languages", lambda: "eng")
    monkeypatch.setattr(scan.program, "run", slow)
    reading = read(scanned(pdf(["un", "deux"])), "scan.pdf")
    said = [(issue.type, issue.locator and issue.locator.page) for issue in reading.issues]
    assert said == [("document_scanned", None), ("document_partly_read", 1), ("document_partly_read", 2)]


def test_a_scan_as_large_as_a_wall_is_not_drawn() -> None:
    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer, pagesize=(14_000, 14_000))
    dot = ImageReader(pdfium.PdfDocument(pdf(["x"]))[0].render(scale=0.2).to_pil())
    sheet.drawImage(dot, 0, 0, 14_000, 14_000)
    sheet.showPage()
    sheet.save()
    reading = read(buffer.getvalue(), "scan.pdf")
    assert "document_too_large" in reading.issues[-1].detail


def test_a_docx_that_word_protects_with_a_password() -> None:
    reading = read((FILES / "protected_by_password.docx").read_bytes(), "m.docx")
    assert [issue.type for issue in reading.issues] == ["document_encrypted"]
    assert not reading.blocks


def test_a_pdf_that_libreoffice_protects_with_a_password(minutes_docx: bytes, office: Callable[..., bytes]) -> None:
    reading = read(office(minutes_docx, "docx", ENCRYPTED), "m.pdf")
    assert [issue.type for issue in reading.issues] == ["document_encrypted"]


def test_a_page_whose_content_cannot_be_unpacked_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rl_config, "useA85", 0)  # packed as most programs do
    data = bytearray(pdf(["Un compte rendu", "Deux points", "Trois points"]))
    start, end = [match.span(1) for match in re.finditer(rb"stream\r?\n(.*?)endstream", bytes(data), re.DOTALL)][1]
    data[start:end] = bytes(end - start)
    reading = read(bytes(data), "m.pdf")
    assert "Deux" not in reading.text
    assert [(issue.type, issue.locator and issue.locator.page) for issue in reading.issues] == [
        ("document_partly_read", 2)
    ]


def test_a_blank_page_of_a_sound_file_is_no_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rl_config, "useA85", 0)
    assert read(pdf(["Un compte rendu", "", "Trois points"]), "m.pdf").issues == ()


def test_a_page_that_is_no_page_is_said_and_the_others_are_read() -> None:
    data = pdf(["Un compte rendu", "Deux points", "Trois points"])
    kids = re.search(rb"/Kids \[ (\d+) 0 R (\d+) 0 R", data)
    assert kids
    start = data.index(b"\n" + kids[2] + b" 0 obj") + 1
    end = data.index(b"endobj", start)
    spoiled = data[:start] + (kids[2] + b" 0 obj\n[ 1 2 ]\n").ljust(end - start) + data[end:]
    reading = read(spoiled, "m.pdf")
    assert [block.text for block in reading.blocks] == ["Un compte rendu", "Trois points"]
    assert [(issue.type, issue.locator and issue.locator.page) for issue in reading.issues] == [
        ("document_partly_read", 2)
    ]
