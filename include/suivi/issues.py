"""What an issue says to people: wording, severity and advice stand in `reference/issue_types.csv`."""

from __future__ import annotations

from functools import cache
from typing import Any

from suivi.models import Issue, Locator
from suivi.reference import load_csv

_PLACE = {
    "fr": {"part": "pièce", "sheet": "feuille", "page": "page", "table": "tableau", "row": "ligne", "paragraph": "§"},
    "en": {"part": "part", "sheet": "sheet", "page": "page", "table": "table", "row": "row", "paragraph": "§"},
}


@cache
def types() -> dict[str, dict[str, str]]:
    """Issue type → its row: type, severity, fr, en, advice_fr, advice_en."""
    return {row["type"]: row for row in load_csv("issue_types.csv")}


def severity(issue: Issue) -> str:
    return types().get(issue.type, {}).get("severity", "warning")


def sentence(issue: Issue, language: str, document: str = "") -> str:
    """What happened and where. `document`: the name that people know the document by."""
    row = types().get(issue.type)
    if row is None:
        return f"{issue.type}: {issue.detail or issue.value}"
    return row[language].format_map(_words(issue, language, document))


def advice(issue: Issue, language: str) -> str:
    """What to do next."""
    row = types().get(issue.type, {})
    return row.get(f"advice_{language}", "").format_map(_words(issue, language, ""))


def place(locator: Locator | None, language: str) -> str:
    """A locator for people: "page 2, tableau 1, ligne 4"."""
    if locator is None:
        return ""
    return ", ".join(
        f"{word} {value}"
        for key, word in _PLACE[language].items()
        if (value := getattr(locator, key)) not in (None, "")
    )


def _words(issue: Issue, language: str, document: str) -> dict[str, Any]:
    where = place(issue.locator, language)
    return {
        "document": document or issue.document,
        "value": issue.value,
        "detail": issue.detail,
        "field": issue.field,
        "place": where,
    }
