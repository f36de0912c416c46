"""Narrow cells and columns without lines in PDF: where a line break is one of the text, and where not."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas

from suivi.documents import read
from suivi.documents.pdf.hyphens import BREAK, undo
from suivi.documents.pieces import Paragraph
from suivi.models import Reading

SIZE = 10
Lines = list[tuple[float, float, str]]  # x, points from the top, text


def pdf(pages: list[Lines], boxes: tuple[tuple[float, float, float, float], ...] = ()) -> bytes:
    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer, pagesize=(595, 842))
    for page in pages:
        sheet.setFont("Helvetica", SIZE)
        for x, y, text in page:
            sheet.drawString(x, 842 - y, text)
        for x0, top, x1, bottom in boxes:
            sheet.rect(x0, 842 - bottom, x1 - x0, bottom - top)
        sheet.showPage()
    sheet.save()
    return buffer.getvalue()


def narrow_cell(lines: list[str], first: str = "Sujet") -> str:
    """The second cell of a ruled row, just wide enough for the longest of its lines."""
    right = 208 + max(stringWidth(line, "Helvetica", SIZE) for line in lines)
    page = [(104.0, 112.0, first), *((204.0, 112.0 + 12 * n, line) for n, line in enumerate(lines))]
    reading = read(pdf([page], ((100, 100, 200, 200), (200, 100, right, 200))), "m.pdf")
    return next(block.text for block in reading.blocks if block.locator.column == 2)


def test_an_owner_label_opens_a_line_of_its_own() -> None:
    lines = ["Partager le calendrier des formations", "Responsable ; Tandem et Croissant Bleu"]
    assert narrow_cell(lines) == "\n".join(lines)


def test_the_text_between_two_owner_labels_is_the_next_action() -> None:
    lines = ["Responsable : membres du comité", "Consolider le chapitre protection", "Responsable : Tandem"]
    assert narrow_cell(lines) == "\n".join(lines)


def test_the_rest_of_a_name_after_an_owner_label_stays_with_it() -> None:
    assert narrow_cell(["Responsable : Direction", "Régionale"]) == "Responsable : Direction Régionale"


def test_a_word_broken_in_a_column_narrower_than_it() -> None:
    assert narrow_cell(["Sensibilisatio", "n aux risques"]) == "Sensibilisation aux risques"


def test_a_word_that_just_fills_its_column_is_whole() -> None:
    assert narrow_cell(["Coordination", "de la zone"]) == "Coordination de la zone"


@pytest.mark.parametrize(
    ("elsewhere", "wanted"),
    [
        ("l'approvisionnement", "Approvisionnement"),
        ("il approvisionne", "Approvisionne ment"),
        ("", "Approvisionnement"),
    ],
)
def test_whether_two_halves_are_one_word_is_told_by_the_document(elsewhere: str, wanted: str) -> None:
    broken = Paragraph(f"Approvisionne{BREAK}ment")
    undo([broken, Paragraph(elsewhere)])
    assert broken.text == wanted


def columns(reading: Reading) -> list[tuple[int | None, int | None, str]]:
    return [(block.locator.row, block.locator.column, block.text) for block in reading.blocks if block.locator.table]


def test_a_table_without_lines_may_go_on_with_a_single_line_on_the_next_page() -> None:
    """Its one line has no line spacing to measure: this ended the reader once (IndexError)."""
    rows = [("Action", "Qui", "Quand"), *((f"Tâche {n}", "Tandem", f"0{n}/04/2024") for n in range(1, 6))]
    first: Lines = [
        (x, 700.0 + 20 * number, text)
        for number, row in enumerate(rows)
        for x, text in zip((72.0, 250.0, 400.0), row, strict=True)
    ]
    second: Lines = [(72.0, 72.0, "Tâche 6"), (250.0, 72.0, "Tandem"), (400.0, 72.0, "06/04/2024")]
    reading = read(pdf([first, second]), "m.pdf")
    assert "document_crashed_reader" not in {issue.type for issue in reading.issues}
    assert columns(reading)[-3:] == [(7, 1, "Tâche 6"), (7, 2, "Tandem"), (7, 3, "06/04/2024")]
