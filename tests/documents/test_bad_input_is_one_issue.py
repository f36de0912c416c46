"""Files that cannot be read end in one typed issue; what can be read of a damaged one is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import olefile
import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from suivi.documents import read
from suivi.documents.pdf import sheets

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def word(body: str) -> bytes:
    return zipped({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>".encode()})


def pdf(pages: list[str], password: str | None = None) -> bytes:
    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer, pagesize=A4, encrypt=password)
    for text in pages:
        sheet.drawString(72, 700, text)
        sheet.showPage()
    sheet.save()
    return buffer.getvalue()


def issue_of(data: bytes, name: str) -> str:
    reading = read(data, name)
    assert reading.blocks == ()
    (issue,) = reading.issues
    return issue.type


def test_a_truncated_docx(minutes_docx: bytes) -> None:
    assert issue_of(minutes_docx[: len(minutes_docx) // 2], "m.docx") == "document_damaged"


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.95])
def test_a_truncated_pdf_is_read_as_far_as_it_goes_or_is_one_issue(kept: float) -> None:
    whole = pdf(["Compte rendu de la réunion du groupe Abris"] * 3)
    reading = read(whole[: int(len(whole) * kept)], "m.pdf")
    assert {block.text for block in reading.blocks} <= {"Compte rendu de la réunion du groupe Abris"}
    assert reading.blocks or [issue.type for issue in reading.issues] == ["document_damaged"]


@pytest.mark.parametrize("suffix", ["odt", "xlsx"])
def test_a_truncated_zip_of_another_kind(suffix: str) -> None:
    members = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>" * 900}
    if suffix == "xlsx":
        members = {"xl/workbook.xml": b"<a/>" * 900, "[Content_Types].xml": b"<Types/>"}
    data = zipped(members)
    assert issue_of(data[: len(data) // 2], f"m.{suffix}") == "document_damaged"


def test_a_docx_with_damaged_bytes_inside(minutes_docx: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(minutes_docx)) as archive:
        info = archive.getinfo("word/document.xml")
    spoiled = bytearray(minutes_docx)
    start = info.header_offset + 200
    spoiled[start : start + 60] = bytes(60)
    assert issue_of(bytes(spoiled), "m.docx") == "document_damaged"


def test_a_pdf_with_a_password() -> None:
    assert issue_of(pdf(["secret"], password="clef"), "m.pdf") == "document_encrypted"


def test_an_encrypted_docx_is_an_ole_file_with_an_encrypted_package(monkeypatch: pytest.MonkeyPatch) -> None:
    class Encrypted:
        def __init__(self, _: object) -> None: ...
        def __enter__(self) -> Encrypted:
            return self

        def __exit__(self, *_: object) -> None: ...
        def exists(self, name: str) -> bool:
            return name == "EncryptedPackage"

    monkeypatch.setattr(olefile, "OleFileIO", Encrypted)
    assert issue_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "m.docx") == "document_encrypted"


def test_a_zip_that_is_no_document() -> None:
    assert issue_of(zipped({"photo.jpg": b"\xff\xd8"}), "m.docx") == "document_unsupported"


@pytest.mark.parametrize("data", [b"", b"\0\0\0\0", b"  \n\t "])
def test_an_empty_file(data: bytes) -> None:
    assert issue_of(data, "m.txt") == "document_empty"


def test_a_workbook_whose_parts_have_a_password() -> None:
    data = bytearray(zipped({"xl/workbook.xml": b"<workbook/>", "[Content_Types].xml": b"<Types/>"}))
    for place in range(len(data) - 4):
        if data[place : place + 4] == b"PK\x01\x02":
            data[place + 8] |= 1  # the flag of an encrypted member in the zip's directory
        if data[place : place + 4] == b"PK\x03\x04":
            data[place + 6] |= 1
    assert issue_of(bytes(data), "m.xlsx") == "document_encrypted"


def test_a_picture() -> None:
    assert issue_of(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "m.png") == "document_unsupported"


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    assert issue_of(zipped({"word/document.xml": bytes(80 * 1024 * 1024)}), "m.docx") == "document_too_large"


def test_an_entity_bomb_expands_to_nothing() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    xml = f"{bomb}]><w:document {W}><w:body><w:p><w:r><w:t>Début &i; fin</w:t></w:r></w:p></w:body></w:document>"
    reading = read(zipped({"word/document.xml": xml.encode()}), "m.docx")
    assert len(reading.text) < 100


def test_tables_nested_too_deeply_do_not_end_the_reader() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 40 + "<w:p><w:r><w:t>au fond</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * 40
    reading = read(word(body), "m.docx")
    assert reading.issues


def test_a_million_cells_are_refused() -> None:
    row = "<w:tr>" + "<w:tc><w:p/></w:tc>" * 1000 + "</w:tr>"
    assert issue_of(word(f"<w:tbl>{row * 1000}</w:tbl>"), "m.docx") == "document_too_large"


def test_a_pdf_of_two_thousand_pages_is_refused() -> None:
    assert issue_of(pdf(["page"] * 2000), "m.pdf") == "document_too_large"


def test_a_page_that_fails_is_an_issue_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    real = sheets.rulings

    def failing(page: pdfium.PdfPage, frame: sheets.Frame) -> object:
        if page.get_textpage().get_text_bounded().startswith("deux"):
            raise pdfium.PdfiumError("broken page")
        return real(page, frame)

    monkeypatch.setattr(sheets, "rulings", failing)
    reading = read(pdf(["un compte rendu", "deux", "Trois points"]), "m.pdf")
    assert [block.text for block in reading.blocks] == ["un compte rendu", "Trois points"]
    (issue,) = reading.issues
    assert issue.type == "document_partly_read"
    assert issue.locator is not None
    assert issue.locator.page == 2


def test_a_docx_that_is_plain_text_is_read_as_text() -> None:
    reading = read(b"Compte rendu\n\nLieu : Koulanga", "minutes.docx")
    assert [block.text for block in reading.blocks] == ["Compte rendu", "Lieu : Koulanga"]
    assert [issue.type for issue in reading.issues] == ["document_misnamed"]


def test_a_document_with_macros_is_read_without_them(minutes_docx: bytes) -> None:
    members = {}
    with zipfile.ZipFile(io.BytesIO(minutes_docx)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0macro"
    assert read(zipped(members), "m.docm").blocks == read(minutes_docx, "m.docx").blocks


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_texts_in_other_encodings(encoding: str) -> None:
    text = "Réunion du cluster à Koulanga\n\nLes ménages déplacés ont reçu des bâches. Échéance : fin août."
    reading = read(text.encode(encoding), "m.txt")
    assert reading.blocks[0].text == "Réunion du cluster à Koulanga"


def test_bullets_of_a_symbol_font_are_bullets() -> None:
    reading = read("Points d'action\n\uf0b7 Réparer le forage\n\uf0a7 Former les comités".encode(), "m.txt")
    assert [block.text for block in reading.blocks] == [
        "Points d'action",
        "- Réparer le forage",
        "- Former les comités",
    ]


def test_bullets_of_a_symbol_font_in_a_cell() -> None:
    cell = "".join(f"<w:p><w:r><w:t>\uf0d8 {text}</w:t></w:r></w:p>" for text in ("Réparer", "Former"))
    reading = read(
        word(f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Eau</w:t></w:r></w:p></w:tc><w:tc>{cell}</w:tc></w:tr></w:tbl>"),
        "m.docx",
    )
    assert reading.blocks[-1].text == "- Réparer\n- Former"


def test_right_to_left_text_of_a_docx_keeps_its_order() -> None:
    runs = "<w:p><w:pPr><w:bidi/></w:pPr><w:r><w:rPr><w:rtl/></w:rPr><w:t>المكان: كيدال</w:t></w:r></w:p>"
    assert [block.text for block in read(word(runs), "m.docx").blocks] == ["المكان: كيدال"]


def test_right_to_left_text_keeps_its_letters() -> None:
    reading = read("اجتماع المجموعة\n\nالمكان: كيدال".encode(), "m.txt")
    assert [block.text for block in reading.blocks] == ["اجتماع المجموعة", "المكان: كيدال"]


def test_a_missing_office_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from suivi.documents import program

    monkeypatch.setattr(program, "found", lambda *_: None)
    assert issue_of(rb"{\rtf1 Compte rendu}", "m.rtf") == "office_missing"


def test_every_type_of_issue_has_its_sentences() -> None:
    import re
    from pathlib import Path

    import suivi.documents
    from suivi.reference import load_csv

    folder = Path(suivi.documents.__file__).parent
    used = set()
    for path in folder.rglob("*.py"):
        used |= set(re.findall(r'"((?:document|embedded|encoding|table|office|ocr)_[a-z_]+)"', path.read_text()))
    known = {row["type"] for row in load_csv("issue_types.csv")}
    assert used - {"table_of"} <= known


def test_a_converter_that_fails_is_an_issue(office: Callable[..., bytes]) -> None:
    reading = read(b"{\\rtf1" + bytes(50), "m.rtf")
    assert len(reading.issues) >= 1
