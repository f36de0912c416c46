"""Plain text, Markdown, AsciiDoc, HTML, e-mails and trackers."""

from __future__ import annotations

import io
from email.message import EmailMessage

from openpyxl import Workbook

from suivi.documents import read
from suivi.models import Reading


def rows(reading: Reading, table: int = 1) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for block in reading.blocks:
        if block.locator.table == table and block.locator.row:
            found.setdefault(block.locator.row, []).append(block.text)
    return list(found.values())


def test_tab_separated_lines_are_a_table_and_leftover_markup_goes() -> None:
    text = (
        "**Compte rendu**\n\nDate: le 1 ^{er} mars 2024\n\n"
        "Points\tDécisions\n<p>1. Sites</p>\t<p>Réparer la pompe</p> <p>Responsable : Tandem</p>\n2. Divers\t\n"
    )
    reading = read(text.encode(), "m.txt")
    assert [block.text for block in reading.blocks[:2]] == ["Compte rendu", "Date: le 1er mars 2024"]
    assert rows(reading) == [
        ["Points", "Décisions"],
        ["1. Sites", "Réparer la pompe\nResponsable : Tandem"],
        ["2. Divers", ""],
    ]


def test_items_glued_in_a_cell_are_parted() -> None:
    reading = read(b"a\tb\n1\t-La formation de mars -La mission d'avril\n", "m.txt")
    assert rows(reading)[1] == ["1", "- La formation de mars\n- La mission d'avril"]


def test_lines_that_an_editor_wrapped_are_joined() -> None:
    text = (
        "Le comité de site demande que la distribution des bâches soit avancée\n"
        "d'une semaine afin que les ménages puissent couvrir les abris avant la\nsaison des pluies.\n"
    )
    assert len(read(text.encode(), "m.txt").blocks) == 1


def test_markdown_tables_and_lists() -> None:
    text = "# Réunion\n\n| Action | Qui |\n|---|---|\n| Réparer<br>la pompe | Tandem |\n\n1. un\n2. deux\n   - trois\n"
    reading = read(text.encode(), "m.md")
    assert (reading.blocks[0].kind, reading.blocks[0].text) == ("heading", "Réunion")
    assert rows(reading) == [["Action", "Qui"], ["Réparer\nla pompe", "Tandem"]]
    assert reading.blocks[1].header
    assert [block.text for block in reading.blocks[-3:]] == ["1. un", "2. deux", "- trois"]


def test_asciidoc_tables_lists_and_check_boxes() -> None:
    text = (
        '= Réunion\n\n* [x] fait\n* [ ] à faire\n.. suite\n\n[cols="2*",options="header"]\n|===\n|Action |Qui\n\n'
        "|Réparer la pompe\n|*Tandem*\n2+|Divers\n|===\n"
    )
    reading = read(text.encode(), "m.adoc")
    assert [block.text for block in reading.blocks[:3]] == ["Réunion", "- ☒ fait", "- ☐ à faire"]
    assert rows(reading) == [["Action", "Qui"], ["Réparer la pompe", "Tandem"], ["Divers"]]
    assert reading.blocks[-1].column_span == 2


def test_html_tables_with_row_spans_and_google_lists() -> None:
    text = (
        "<html><head><style>.c1{font-weight:700}</style></head><body><table><tr><th>A</th><th>B</th></tr>"
        "<tr><td rowspan=2>un</td><td><span class=c1>deux</span></td></tr><tr><td>trois</td></tr></table>"
        '<ol class="lst-kix_x-0 start" start="1"><li>premier</li></ol><p>entre</p>'
        '<ol class="lst-kix_x-0" start="2"><li>second</li></ol></body></html>'
    )
    reading = read(text.encode(), "m.html")
    cells = [(b.text, b.locator.row, b.locator.column, b.row_span, b.bold) for b in reading.blocks if b.kind == "cell"]
    assert cells == [
        ("A", 1, 1, 1, True),
        ("B", 1, 2, 1, True),
        ("un", 2, 1, 2, False),
        ("deux", 2, 2, 1, True),
        ("trois", 3, 2, 1, False),
    ]
    assert [block.text for block in reading.blocks[-3:]] == ["1. premier", "entre", "2. second"]


def test_an_email_is_read_with_its_attachments() -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "CR du 3 mai", "a@tandem.example", "b@tandem.example"
    message.set_content("Bonjour,\n\nVeuillez trouver le compte rendu.\n")
    message.add_attachment(b"Lieu : Koulanga", maintype="text", subtype="plain", filename="cr.txt")
    reading = read(message.as_bytes(), "m.eml")
    assert reading.format == "mail"
    assert [(block.text, block.locator.part) for block in reading.blocks] == [
        ("Objet : CR du 3 mai", ""),
        ("Bonjour,", ""),
        ("Veuillez trouver le compte rendu.", ""),
        ("Lieu : Koulanga", "cr.txt"),
    ]


def test_a_workbook_is_a_table_a_sheet() -> None:
    book, buffer = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Suivi"
    sheet.append(["Action", "Échéance", "%"])
    sheet.append(["Réparer", None, 40.0])
    book.save(buffer)
    reading = read(buffer.getvalue(), "suivi.xlsx")
    assert rows(reading) == [["Action", "Échéance", "%"], ["Réparer", "", "40"]]
    assert reading.blocks[0].locator.sheet == "Suivi"


def test_a_csv_with_semicolons() -> None:
    assert rows(read("Action;Qui\nRéparer;Tandem\n".encode("cp1252"), "t.csv")) == [
        ["Action", "Qui"],
        ["Réparer", "Tandem"],
    ]
