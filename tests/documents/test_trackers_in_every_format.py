"""A tracker saved as xlsx, ods and xls yields the same cells, sheet by sheet."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook

from suivi.documents import read
from suivi.models import Reading


@pytest.fixture(scope="module")
def tracker() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Actions 2024"
    sheet.append(["N°", "Action", "Responsable", "Échéance", "Statut"])
    sheet.append([1, "Réparer les latrines du bloc B", "Tandem", date(2024, 3, 31), "En cours"])
    sheet.append([2, "Partager la liste des ménages", "Comité de site", date(2024, 4, 15), "Fait"])
    sheet.append([3, "Former les comités de Koulanga", None, None, "Ouvert"])
    figures = book.create_sheet("Chiffres")
    figures.append(["Site", "Ménages", "Part"])
    figures.append(["Koulanga", 1250, 0.5])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cells(reading: Reading) -> list[tuple[str, int | None, int | None, str]]:
    """Sheet, row, column and text of every cell that says something."""
    return [
        (block.locator.sheet, block.locator.row, block.locator.column, block.text)
        for block in reading.blocks
        if block.text
    ]


def test_dates_and_numbers_of_a_workbook_are_texts(tracker: bytes) -> None:
    found = cells(read(tracker, "suivi.xlsx"))
    assert ("Actions 2024", 2, 2, "Réparer les latrines du bloc B") in found
    assert any(
        sheet == "Actions 2024" and (row, column) == (2, 4) and "2024" in text for sheet, row, column, text in found
    )
    assert ("Chiffres", 2, 2, "1250") in found


@pytest.mark.parametrize("target", ["ods", "xls", "xlsx"])
def test_the_tracker_as_libreoffice_saves_it(tracker: bytes, office: Callable[..., bytes], target: str) -> None:
    saved = (
        office(tracker, "xlsx", target) if target != "xlsx" else office(office(tracker, "xlsx", "ods"), "ods", "xlsx")
    )
    found = read(saved, f"suivi.{target}")
    assert found.format == {"xlsx": "workbook"}.get(target, target)
    assert cells(found) == cells(read(tracker, "suivi.xlsx"))
