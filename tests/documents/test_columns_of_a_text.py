"""Tables set with spaces in plain text are tables when sure, and lines otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suivi.documents import read
from suivi.models import Reading

TRACKER = """\
Suivi des actions

Action                                   Responsable         Statut
Réparer les latrines du bloc B et les    Tandem              En cours
douches du bloc C
Partager la liste des ménages            Comité de site,     Fait
                                         Tandem
Former les comités                       Croissant Bleu      Reporté

Prochaine réunion : mardi 9 avril 2024
"""


def rows(reading: Reading) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for block in reading.blocks:
        if block.locator.row:
            found.setdefault(block.locator.row, []).append(block.text)
    return list(found.values())


def test_wrapped_cells_of_a_layout_text_are_joined() -> None:
    reading = read(TRACKER.encode(), "m.txt")
    assert rows(reading) == [
        ["Action", "Responsable", "Statut"],
        ["Réparer les latrines du bloc B et les douches du bloc C", "Tandem", "En cours"],
        ["Partager la liste des ménages", "Comité de site, Tandem", "Fait"],
        ["Former les comités", "Croissant Bleu", "Reporté"],
    ]
    assert [block.text for block in reading.blocks if block.kind != "cell"] == [
        "Suivi des actions",
        "Prochaine réunion : mardi 9 avril 2024",
    ]
    assert {issue.type for issue in reading.issues} == {"table_guessed"}


def test_items_and_owner_labels_keep_their_lines() -> None:
    text = (
        "Point       Discussion                 Décision\n"
        "1. Sites    Les besoins restent        Réparer la pompe\n"
        "            grands                     Responsable : Tandem\n"
        "            • l'eau                    \n"
        "            • les abris                \n"
        "2. Divers   Rien à signaler            Aucune\n"
    )
    assert rows(read(text.encode(), "m.txt"))[1] == [
        "1. Sites",
        "Les besoins restent grands\n- l'eau\n- les abris",
        "Réparer la pompe\nResponsable : Tandem",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Date :      12 mars 2024\nLieu :      Koulanga\nPrésence :  12 personnes\n",  # labels and values
        "Le comité  a  reçu les\nkits et les  a  donnés aux\nménages du  site  nord.\n",  # text set to full width
        "Action       Qui      Quand\n  Réparer la pompe dans le site nord   Tandem\nFin.\n",  # beside the columns
        "Action       Qui      Quand\nRéparer      Tandem   mai\n",  # one row is no table
    ],
)
def test_what_is_not_sure_stays_lines(text: str) -> None:
    assert rows(read(text.encode(), "m.txt")) == []


@settings(max_examples=80)
@given(st.lists(st.text(alphabet="aB1.:-•  ", max_size=40), max_size=12))
def test_no_word_is_lost_and_none_is_made(lines: list[str]) -> None:
    header = "Action       Qui      Quand"
    reading = read("\n".join([header, *lines]).encode(), "m.txt")
    letters = sorted(sign for sign in "".join([header, *lines]) if sign.isalnum())
    assert sorted(sign for sign in reading.text if sign.isalnum()) == letters
