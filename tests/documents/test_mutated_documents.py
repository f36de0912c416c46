"""Damage of every kind to a document of every format: blocks or one typed issue, never an exception, never a hang.

A longer look: `FUZZ_EXAMPLES=5000 pytest --timeout 0 tests/documents/test_mutated_documents.py`.
"""

from __future__ import annotations

import functools
import io
import os
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from suivi.documents import read
from suivi.extract import extract
from suivi.models import Reading

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))
ROWS = [
    ["Points", "Discussions", "Recommandations"],
    ["1. Abris", "Tandem a installé 120 ménages à Koulanga.", "Commander 40 bâches\nResponsable : Tandem"],
    ["2. Eau", "Le forage du bloc B est en panne.", "Réparer le forage avant le 20 mars 2024 / Croissant Bleu"],
]
HEAD = ["Compte rendu de la réunion du groupe Abris", "Date : 12 mars 2024", "Lieu : Koulanga", "Présents : Tandem"]
TOKENS = [
    b"\0", b"\xff\xff\xff\xff", b"-1", b"99999999999", b"<", b">", b"</w:tc>", b"<w:tbl>", b"<w:tr>", b"<w:p>", b"&#0;",
    b"</table>", b"<td rowspan='99999' colspan='99999'>", b"|===", b"|---|", b"\t\t\t", b"[cols=", b"endobj", b"stream",
    b"/Kids [1 0 R]", b"1 0 R", b"=?utf-8?b?", b"Content-Transfer-Encoding: base64", b"--", b'w:val="-5"',
    b"\xe2\x80\x8f", b'table:number-columns-repeated="1048576"', b"31/02/2024", b"n\xc2\xb0", b"9" * 400, b"(" * 60,
    b": " * 40,
]  # fmt: skip


def _html() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    return ("".join(f"<p>{line}</p>" for line in HEAD) + f"<table>{rows}</table>").encode()


def _markdown() -> bytes:
    table = "\n".join("| " + " | ".join(cell.replace("\n", "<br>") for cell in row) + " |" for row in ROWS)
    return ("# " + "\n\n".join(HEAD) + "\n\n" + table.replace("|\n", "|\n|---|---|---|\n", 1)).encode()


def _asciidoc() -> bytes:
    cells = "\n\n".join("\n".join(f"| {cell}" for cell in row) for row in ROWS)
    return ("= " + "\n\n".join(HEAD) + f"\n\n[cols=3]\n|===\n{cells}\n|===\n").encode()


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in [[line] for line in HEAD] + [[]] + ROWS:
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _odt() -> bytes:
    names = "".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" '
        for short, name in (("office", "office"), ("text", "text"), ("table", "table"))
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in ROWS
    )
    body = "".join(f"<text:p>{line}</text:p>" for line in HEAD) + f"<table:table>{rows}</table:table>"
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    xml = f"<office:document-content {names}>{text}</office:document-content>"
    return _zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": xml.encode()})


def _docx() -> bytes:
    document = docx.Document()
    for line in HEAD:
        document.add_paragraph(line)
    document.add_paragraph("Divers", style="List Number")
    table = document.add_table(rows=3, cols=3, style="Table Grid")
    for cells, row in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _pdf() -> bytes:
    buffer = io.BytesIO()
    style = getSampleStyleSheet()["Normal"]
    SimpleDocTemplate(buffer, pagesize=A4, pageCompression=0).build(
        [Paragraph(line, style) for line in HEAD] + [Table(ROWS * 6, style=[("GRID", (0, 0), (-1, -1), 1, "black")])]
    )
    return buffer.getvalue()


def _mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["Date"] = "Compte rendu – groupe Abris", "Thu, 14 Mar 2024 08:00:00 +0000"
    mail.set_content("\n".join(HEAD) + "\n\nPoints d'action :\n- Tandem : commander 40 bâches\n")
    mail.add_attachment(_workbook(), maintype="application", subtype="octet-stream", filename="suivi.xlsx")
    return mail.as_bytes()


def _zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


MAKERS: dict[str, Callable[[], bytes]] = {
    "html": _html,
    "md": _markdown,
    "adoc": _asciidoc,
    "txt": lambda: "\n".join(HEAD + ["\t".join(row) for row in ROWS]).encode(),
    "csv": lambda: "\n".join(";".join(f'"{cell}"' for cell in row) for row in ROWS).encode(),
    "eml": _mail,
    "xlsx": _workbook,
    "odt": _odt,
    "pdf": _pdf,
    "docx": _docx,
}

Plan = list[tuple[str, float, int, bytes, bytes]]
changes = st.lists(
    st.tuples(
        st.sampled_from(["flip", "insert", "cut", "double", "token"]),
        st.floats(0, 1),
        st.integers(1, 200),
        st.binary(min_size=1, max_size=8),
        st.sampled_from(TOKENS),
    ),
    min_size=1,
    max_size=6,
)


def mutated(data: bytes, plan: Plan) -> bytes:
    for kind, where, length, some, token in plan:
        at = int(where * len(data))
        tail = {
            "flip": some + data[at + len(some) :],
            "insert": some + data[at:],
            "cut": data[at + length :],
            "double": data[at : at + length] + data[at:],
            "token": token + data[at:],
        }
        data = data[:at] + tail[kind]
    return data


def check(data: bytes, name: str) -> None:
    reading = read(data, name)
    assert reading.blocks or reading.issues
    assert [issue for issue in reading.issues if issue.type == "document_crashed_reader"] == []
    assert_slices(reading)
    minutes = extract(reading, name)
    for action in minutes.actions:
        source = action.found.source
        assert reading.text[source.start : source.end] == source.quote


def assert_slices(reading: Reading) -> None:
    end = 0
    for block in reading.blocks:
        assert reading.text[block.start : block.end] == block.text
        assert block.start >= end
        end = block.end


@functools.cache
def sound(suffix: str) -> bytes:
    """A sound document of the format."""
    data = MAKERS[suffix]()
    assert read(data, f"x.{suffix}").blocks
    return data


@pytest.mark.parametrize("suffix", MAKERS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=changes)
def test_bytes_of_the_file(suffix: str, plan: Plan) -> None:
    check(mutated(sound(suffix), plan), f"x.{suffix}")


@pytest.mark.parametrize("suffix", ["docx", "odt", "xlsx"])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=changes, which=st.floats(0, 0.999))
def test_parts_inside_a_zip(suffix: str, plan: Plan, which: float) -> None:
    with zipfile.ZipFile(io.BytesIO(sound(suffix))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    xml = [name for name in members if name.endswith(".xml")]
    part = xml[int(which * len(xml))]
    check(_zipped(members | {part: mutated(members[part], plan)}), f"x.{suffix}")
