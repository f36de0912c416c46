"""Invented minutes of every template family, each beside what a careful reader takes from it."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from suivi.documents import read
from suivi.extract import extract
from suivi.models import Action, Minutes

FOLDER = Path(__file__).parent / "minutes"
DOCUMENTS = sorted(path for path in FOLDER.iterdir() if path.suffix != ".yaml")


def expected(document: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(document.with_suffix(document.suffix + ".yaml"))
    return loaded


def plain_action(action: Action) -> dict[str, Any]:
    fields = {
        "text": action.text,
        "kind": action.kind if action.kind != "action" else "",
        "agenda": action.agenda,
        "responsible": list(action.responsible),
        "deadline_date": action.deadline_date,
        "status": action.status if action.status != "open" else "",
        "permanent": action.permanent,
        "review": action.review,
        "number": action.number,
    }
    return {name: value for name, value in fields.items() if value}


def plain_minutes(minutes: Minutes, wanted: dict[str, Any]) -> dict[str, Any]:
    if not minutes.is_minutes:
        return {"is_minutes": False, "reason": minutes.reason}
    meeting = {
        name: list(value) if isinstance(value, tuple) else value
        for name in _header_fields(wanted)
        if (value := getattr(minutes.meeting, name))
    }
    found: dict[str, Any] = {
        "is_minutes": True,
        "meeting": meeting,
        "agenda": [f"{item.number} {item.title}" for item in minutes.agenda],
        "actions": [plain_action(action) for action in minutes.actions],
    }
    if minutes.more:
        found["more"] = [plain_minutes(other, more) for other, more in zip(minutes.more, wanted["more"], strict=True)]
    return found


def _header_fields(wanted: dict[str, Any]) -> list[str]:
    """Those the expectation names, and those whose invention would hurt."""
    asked = {"date", "date_end", "place", "chair", "facilitator", "rapporteur", "organisations", "next_meeting"}
    return sorted(asked | set(wanted.get("meeting", {})))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_says_what_a_careful_reader_takes(document: Path) -> None:
    wanted = expected(document)
    minutes = extract(read(document.read_bytes(), document.name), document.name)
    assert plain_minutes(minutes, wanted) == wanted
