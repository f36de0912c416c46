"""Every value's quote is a literal slice of the document's text, whatever the text."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suivi.documents import read
from suivi.extract import extract
from suivi.models import Found, Minutes, Reading

FOLDER = Path(__file__).parent / "minutes"
DOCUMENTS = sorted(path for path in FOLDER.iterdir() if path.suffix != ".yaml")
PIECES = (
    "COMPTE RENDU de la réunion du 3 mai 2022",
    "Présents : HCR, OCHA (CMCoord), Mme Awa Sow",
    "1. Situation",
    "- Partager la note (OCHA, fin mai)",
    "Responsable : HCR",
    "Action: NRC to share the map by Friday",
    "Points d'action",
    "Actions\tResponsable\tDélai",
    "Former les comités\tIRC / DRC\t30/06",
    "[ ] @Léa : relancer",
    "→ (",
    "Relevé de décisions",
    "Le cluster s'engage à transmettre les données d'ici le 12.",
    "Prochaine réunion :",
    "",
    "\t\t",
    "مرحبا",
    "a) b) c)",
)


def sources(value: Any) -> Iterator[Found]:
    """All `Found` inside a value."""
    if isinstance(value, Found):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from sources(getattr(value, field.name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from sources(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from sources(item)


def assert_literal(minutes: Minutes, reading: Reading) -> None:
    for found in sources(minutes):
        assert found.source.quote == reading.text[found.source.start : found.source.end]
        assert found.rule
        assert 0 <= found.confidence <= 1
        assert found.held == bool(found.held_reason)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_quotes_are_slices(document: Path) -> None:
    reading = read(document.read_bytes(), document.name)
    assert_literal(extract(reading, document.name), reading)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=60)), max_size=14))
def test_any_text_is_read_without_harm(lines: list[str]) -> None:
    reading = read("\n".join(lines).encode(), "compte rendu.txt")
    assert_literal(extract(reading, "compte rendu.txt"), reading)
