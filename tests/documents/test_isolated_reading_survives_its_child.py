"""A crash, a hang or an appetite in the child costs one document; the next one is read."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
import zipfile

from reportlab.pdfgen import canvas

from suivi.documents import isolated, read, read_isolated

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_it_reads_as_read_does(minutes_docx: bytes) -> None:
    assert read_isolated(minutes_docx, "m.docx") == read(minutes_docx, "m.docx")


def test_a_killed_child_is_an_issue_and_the_next_document_is_read(minutes_docx: bytes) -> None:
    read_isolated(b"Bonjour", "m.txt")
    child = isolated._children[isolated.MEGABYTES]
    os.kill(child._process.pid, signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (child._process.pid, signal.SIGKILL)).start()
    reading = read_isolated(minutes_docx, "m.docx")
    assert [issue.type for issue in reading.issues] == ["document_crashed_reader"]
    assert read_isolated(b"Bonjour", "m.txt").blocks[0].text == "Bonjour"


def test_a_hanging_child_is_ended_in_time() -> None:
    read_isolated(b"Bonjour", "m.txt")
    child = isolated._children[isolated.MEGABYTES]
    os.kill(child._process.pid, signal.SIGSTOP)
    reading = read_isolated(b"Bonjour", "m.txt", seconds=1)
    assert [issue.type for issue in reading.issues] == ["document_too_slow"]
    assert child._process.poll() is not None


def test_a_document_that_wants_too_much_memory_is_an_issue() -> None:
    text = "<w:p><w:r><w:t>mot</w:t></w:r></w:p>" * 900_000
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{text}</w:body></w:document>")
    reading = read_isolated(buffer.getvalue(), "m.docx", megabytes=400)
    assert reading.blocks == ()
    assert reading.issues[0].type in ("document_too_large", "document_damaged", "document_crashed_reader")
    assert read_isolated(b"Bonjour", "m.txt", megabytes=400).blocks


def test_a_docx_of_two_hundred_megabytes_is_read_within_five_hundred(minutes_docx: bytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(minutes_docx)) as small, zipfile.ZipFile(buffer, "w") as large:
        for name in small.namelist():
            large.writestr(name, small.read(name))
        large.writestr("word/media/photo.emf", bytes(200 * 1024 * 1024))
    reading = read_isolated(buffer.getvalue(), "m.docx", megabytes=500)
    assert reading == read(minutes_docx, "m.docx")


def test_a_pdf_of_two_thousand_pages_is_refused_within_five_hundred_megabytes() -> None:
    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer)
    for number in range(2000):
        sheet.drawString(72, 780, f"Page {number} : les ménages du site attendent des bâches")
        sheet.showPage()
    sheet.save()
    reading = read_isolated(buffer.getvalue(), "m.pdf", megabytes=500)
    assert [issue.type for issue in reading.issues] == ["document_too_large"]
    assert read_isolated(b"Bonjour", "m.txt", megabytes=500).blocks, "refused by the reader, not by the limit"


def test_the_child_is_reused_while_it_is_well() -> None:
    read_isolated(b"un", "a.txt")
    first = isolated._children[isolated.MEGABYTES]._process.pid
    read_isolated(b"deux", "b.txt")
    assert isolated._children[isolated.MEGABYTES]._process.pid == first


def test_no_child_outlives_the_end() -> None:
    read_isolated(b"un", "a.txt")
    process = isolated._children[isolated.MEGABYTES]._process
    isolated.end_children()
    time.sleep(0.05)
    assert process.poll() is not None
