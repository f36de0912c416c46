"""The words that clusters put over the columns of their tables, one table each."""

from __future__ import annotations

import pytest

from suivi.documents import read
from suivi.extract import extract
from suivi.models import Action

ROWS = {
    "fr": ("Compte rendu de la réunion du groupe Abris du 6 juin 2024", "Livrer les tôles à Koulanga"),
    "en": ("Minutes of the Shelter working group, 6 June 2024", "Deliver the roofing sheets to Koulanga"),
}


def only(language: str, heads: list[str], cells: list[str]) -> Action:
    """The one action of a document whose table has these heads and this row."""
    title, _ = ROWS[language]
    parts = ["".join(f"<{tag}>{text}</{tag}>" for text in texts) for tag, texts in (("th", heads), ("td", cells))]
    table = "".join(f"<tr>{part}</tr>" for part in parts)
    page = f"<html><body><h1>{title}</h1><p>HCR, NRC</p><table border='1'>{table}</table></body></html>"
    (action,) = extract(read(page.encode(), "cr.html"), "cr.html").actions
    return action


@pytest.mark.parametrize(
    ("language", "head"),
    [
        *(("fr", head) for head in ("Observations / Recommandations", "Points de suivi", "Activités à mener")),
        *(("fr", head) for head in ("Description de l'action", "Orientations", "Actions à prendre", "Suites à donner")),
        *(("en", head) for head in ("Required action", "Action Points / Recommendations", "Way forward")),
    ],
)
def test_what_is_to_be_done_stands_in_the_last_column(language: str, head: str) -> None:
    text = ROWS[language][1]
    point = "Point" if language == "fr" else "Agenda item"
    assert only(language, [point, "Discussion", head], ["1. Abris", "-", text]).text == text


@pytest.mark.parametrize(
    ("language", "head"),
    [
        *(("fr", head) for head in ("Structure", "Organisation", "Affecté à", "Responsable(s)", "Qui ?", "Porteur")),
        *(("en", head) for head in ("Organization", "Focal person", "POC", "By whom", "Accountable")),
    ],
)
def test_who_does_it(language: str, head: str) -> None:
    assert only(language, ["Action", head], [ROWS[language][1], "NRC / HCR"]).responsible == ("NRC", "HCR")


@pytest.mark.parametrize("head", ["Suivi", "Observations", "Commentaires", "Niveau d'avancement", "Statut"])
def test_a_column_of_status_words_is_the_status(head: str) -> None:
    action = only("fr", ["Action", "Responsable", head], [ROWS["fr"][1], "NRC", "Fait"])
    assert (action.responsible, action.status) == (("NRC",), "done")


def test_comments_that_state_no_status_stay_comments() -> None:
    heads = ["Action", "Responsable", "Observations"]
    action = only("fr", heads, [ROWS["fr"][1], "NRC", "Le fournisseur demande une avance"])
    assert (action.text, action.status) == (ROWS["fr"][1], "open")
