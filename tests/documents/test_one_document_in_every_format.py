"""The same minutes, saved by LibreOffice in every format, must yield the same blocks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from suivi.documents import read
from suivi.models import Reading


def shape(reading: Reading) -> list[tuple[object, ...]]:
    """Everything of the blocks but page, size and offset."""
    return [
        (
            block.kind,
            block.level,
            block.text,
            block.locator.paragraph,
            block.locator.table,
            block.locator.row,
            block.locator.column,
            block.row_span,
            block.column_span,
            block.bold,
            block.header,
        )
        for block in reading.blocks
    ]


@pytest.mark.parametrize("target", ["odt", "html", "rtf", "doc", "pdf"])
def test_every_format_yields_the_blocks_of_the_docx(
    minutes_docx: bytes, office: Callable[..., bytes], target: str
) -> None:
    wanted = read(minutes_docx, "minutes.docx")
    found = read(office(minutes_docx, "docx", target), f"minutes.{target}")
    assert found.format == target
    assert shape(found) == shape(wanted)


TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'


@pytest.mark.parametrize(
    "style", ["Table Grid", "Light List Accent 1", "Medium Shading 1 Accent 2", "Light Shading", "Medium Grid 3"]
)
@pytest.mark.parametrize("target", ["pdf", TAGGED])
def test_tables_are_recovered_however_they_are_drawn(
    make_minutes: Callable[..., bytes], office: Callable[..., bytes], style: str, target: str
) -> None:
    source = make_minutes(rows=6, style=style, landscape=style == "Light Shading")
    wanted, found = read(source, "m.docx"), read(office(source, "docx", target), "m.pdf")
    assert [block.text for block in found.blocks] == [block.text for block in wanted.blocks]
    assert shape(found) == shape(wanted)


def test_a_table_without_any_line_is_recovered_over_pages_and_said_to_be_a_guess(
    make_minutes: Callable[..., bytes], office: Callable[..., bytes]
) -> None:
    source = make_minutes(rows=9, style="Normal Table")
    wanted, found = read(source, "m.docx"), read(office(source, "docx", "pdf"), "m.pdf")
    first = [block for block in wanted.blocks if block.locator.table == 1]
    assert [(b.locator.row, b.locator.column, b.text) for b in found.blocks if b.locator.table == 1] == [
        (b.locator.row, b.locator.column, b.text) for b in first
    ]
    assert {issue.type for issue in found.issues} == {"table_guessed"}


def test_page_footers_stay_out_of_the_text(minutes_docx: bytes, office: Callable[..., bytes]) -> None:
    assert "Région de Koulanga" not in read(office(minutes_docx, "docx", "pdf"), "m.pdf").text
