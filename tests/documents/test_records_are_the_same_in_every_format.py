"""One sample document, saved by LibreOffice in every format and read back, gives the same records."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from suivi.documents import read
from suivi.extract import extract

SAMPLES = Path(__file__).resolve().parents[2] / "include" / "samples" / "mali_protection"
NAMES = (
    "national/2026-02-11 CR Cluster Protection.docx",
    "national/2026-05-20 Protection Cluster minutes (EN).docx",
    "mopti/CR_Cluster_Protection_Mopti_2026-05-06.docx",
)


def without_page_header(path: Path) -> bytes:
    """The document without its page header: on the only page of a PDF nothing tells it from a title."""
    document = docx.Document(str(path))
    for section in document.sections:
        for paragraph in section.header.paragraphs:
            paragraph.clear()
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def records(data: bytes, name: str) -> dict[str, object]:
    minutes = extract(read(data, name), name)
    meeting = dataclasses.replace(minutes.meeting, values={})
    return {
        "is_minutes": minutes.is_minutes,
        "meeting": meeting,
        "agenda": [(item.number, item.title) for item in minutes.agenda],
        "actions": [
            (a.text, a.kind, a.responsible, a.deadline, a.deadline_date, a.status, a.agenda, a.number, a.review)
            for a in minutes.actions
        ],
        "figures": [(figure.value, figure.unit, figure.places, figure.as_of) for figure in minutes.figures],
        "presence": [(found.organisation, found.activity, found.places) for found in minutes.presence],
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("target", ["docx", "odt", "html", "rtf", "doc", "pdf"])
def test_the_records_of_a_sample(office: Callable[..., bytes], name: str, target: str) -> None:
    source = without_page_header(SAMPLES / name)
    saved = office(office(source, "docx", "odt"), "odt", "docx") if target == "docx" else office(source, "docx", target)
    wanted = records(source, "m.docx")
    assert wanted["actions"]
    assert records(saved, f"m.{target}") == wanted
