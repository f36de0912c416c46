"""What Word hides in a docx: numbering, tracked changes, content controls, boxes, notes, embedded files."""

from __future__ import annotations

import io
import zipfile

from openpyxl import Workbook

from suivi.documents import read

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
)
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(body: str, **others: bytes | str) -> bytes:
    """A docx with a body; `others` are further parts by their kind (numbering, footnotes) or embedded files."""
    buffer = io.BytesIO()
    rels = []
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        for kind, content in others.items():
            target = f"{kind}.xml" if isinstance(content, str) else f"embeddings/{kind}.xlsx"
            name = kind if isinstance(content, str) else "package"
            if isinstance(content, str):
                content = f"<w:{kind} {NAMES}>{content}</w:{kind}>".encode()
            archive.writestr(f"word/{target}", content)
            rels.append(f'<Relationship Id="{kind}" Type="{RELS}/{name}" Target="{target}"/>')
        archive.writestr(
            "word/_rels/document.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            + "".join(rels)
            + "</Relationships>",
        )
    return buffer.getvalue()


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def texts(data: bytes) -> list[str]:
    return [block.text for block in read(data, "m.docx").blocks]


def test_insertions_are_kept_and_deletions_and_comments_dropped() -> None:
    body = (
        "<w:p><w:r><w:t>Remettre </w:t></w:r><w:del><w:r><w:delText>la note</w:delText></w:r></w:del>"
        '<w:ins><w:r><w:t>le rapport</w:t></w:r></w:ins><w:r><w:commentReference w:id="1"/></w:r></w:p>'
        "<w:moveFrom><w:p><w:r><w:t>ancien</w:t></w:r></w:p></w:moveFrom>"
    )
    assert texts(word(body)) == ["Remettre le rapport"]


def test_content_controls_are_read_and_their_placeholders_not() -> None:
    body = (
        "<w:sdt><w:sdtContent>" + p("Date : 3 mai 2024") + "</w:sdtContent></w:sdt>"
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + p("Cliquez ici") + "</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>Lieu : </w:t></w:r>"
        "<w:sdt><w:sdtContent><w:r><w:t>Koulanga</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )
    assert texts(word(body)) == ["Date : 3 mai 2024", "Lieu : Koulanga"]


def test_a_text_box_is_read_once() -> None:
    box = "<w:txbxContent>" + p("Encadré") + "</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>Avant</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert texts(word(body)) == ["Avant", "Encadré"]


def test_footnotes_follow_the_body() -> None:
    notes = '<w:footnote w:type="separator" w:id="0">' + p("---") + '</w:footnote><w:footnote w:id="1">'
    assert texts(word(p("Corps"), footnotes=notes + p("Note de bas de page") + "</w:footnote>")) == [
        "Corps",
        "Note de bas de page",
    ]


def test_numbers_are_counted_as_word_prints_them() -> None:
    def level(depth: int, form: str, text: str) -> str:
        return (
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        )

    numbering = (
        '<w:abstractNum w:abstractNumId="7">'
        + level(0, "decimal", "%1.")
        + level(1, "decimal", "%1.%2")
        + level(2, "lowerLetter", "%3)")
        + level(3, "bullet", "\uf0b7")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    )

    def item(text: str, depth: int) -> str:
        return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>')

    body = (
        item("Accueil", 0) + item("Tour", 1) + item("Suivi", 1) + item("note", 2) + item("puce", 3) + item("Divers", 0)
    )
    assert texts(word(body, numbering=numbering)) == [
        "1. Accueil",
        "1.1 Tour",
        "1.2 Suivi",
        "a) note",
        "- puce",
        "2. Divers",
    ]


def test_merged_cells_come_once_with_their_spans() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"

    body = (
        "<w:tbl>"
        + ("<w:tr>" + cell("Titre", '<w:gridSpan w:val="3"/>') + "</w:tr>")
        + ("<w:tr>" + cell("Point", '<w:vMerge w:val="restart"/>') + cell("b") + cell("c") + "</w:tr>")
        + ("<w:tr>" + cell("", "<w:vMerge/>") + cell("d") + cell("e") + "</w:tr>")
        + "</w:tbl>"
    )
    found = read(word(body), "m.docx").blocks
    assert [(b.text, b.locator.row, b.locator.column, b.row_span, b.column_span) for b in found] == [
        ("Titre", 1, 1, 1, 3),
        ("Point", 2, 1, 2, 1),
        ("b", 2, 2, 1, 1),
        ("c", 2, 3, 1, 1),
        ("d", 3, 2, 1, 1),
        ("e", 3, 3, 1, 1),
    ]


def test_an_embedded_workbook_follows_as_a_part() -> None:
    book, buffer = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["Action", "Responsable"])
    book.active.append(["Réparer la pompe", "Tandem"])
    book.save(buffer)
    reading = read(word(p("Le plan d’action est ci-joint."), plan=buffer.getvalue()), "m.docx")
    inner = [block for block in reading.blocks if block.locator.part]
    assert [block.text for block in inner] == ["Action", "Responsable", "Réparer la pompe", "Tandem"]
    assert {block.locator.part for block in inner} == {"plan.xlsx"}
    assert all(reading.text[block.start : block.end] == block.text for block in inner)


def test_symbols_and_boxes_to_tick() -> None:
    body = '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t> fait</w:t></w:r></w:p>' + p("\uf0a7 puce")
    assert texts(word(body)) == ["☑ fait", "- puce"]
