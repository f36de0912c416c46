"""What the sample drive is read as: the minutes, dates and actions that its sources promise."""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from suivi.documents import read
from suivi.extract import extract
from suivi.models import Minutes

SAMPLES = Path(__file__).parents[2] / "include" / "samples"
SOURCES = runpy.run_path(str(SAMPLES / "build.py"))["sources"]()
BAD = Path(__file__).parents[1] / "fixtures" / "bad"


@cache
def minutes(file: str) -> Minutes:
    path = SAMPLES / "mali_protection" / file
    return extract(read(path.read_bytes(), path.name), path.name)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: Path(source["file"]).name)
def test_document_is_read_as_its_source_promises(source: dict[str, Any]) -> None:
    found, expected = minutes(source["file"]), source["expect"]
    assert found.is_minutes is expected.get("minutes", True)
    if found.is_minutes:
        assert found.meeting.date == str(expected["date"])
        assert len(found.actions) == expected["actions"]
        assert found.meeting.organisations


def test_short_numbers_are_read_back_with_their_status() -> None:
    found = minutes("national/2026-03-11 CR Cluster Protection.docx")
    assert {a.number: (a.status, a.deadline_date) for a in found.actions if a.number} == {
        "PROT-2026-02-11/1": ("done", None),
        "PROT-2026-02-11/2": ("in_progress", None),
        "PROT-2026-02-11/3": ("open", "2026-04-30"),
    }


def test_draft_says_so() -> None:
    assert minutes("national/2026-06-17 CR Cluster Protection - PROJET.docx").meeting.validation == "draft"


@pytest.mark.parametrize("path", sorted(BAD.iterdir()), ids=lambda path: path.name)
def test_bad_file_is_read_without_an_exception(path: Path) -> None:
    reading = read(path.read_bytes(), path.name)
    found = extract(reading, path.name)
    if path.name == "texte_nomme.docx":
        assert [a.text.rstrip(".") for a in found.actions] == ["Partager la liste des sites"]
    else:
        assert not found.is_minutes
        assert not found.actions
    assert reading.blocks or reading.issues
