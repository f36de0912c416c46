"""Cells that are nothing but a number, and tables of who does what where."""

from suivi.extract.values import figures, presence
from suivi.models import Block, Locator, Reading


def table(*rows: tuple[str, ...]) -> Reading:
    blocks, position = [], 0
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            blocks.append(
                Block("cell", text, position, Locator(table=1, row=number, column=column), header=number == 1)
            )
            position += len(text) + 1
    return Reading("\n".join(block.text for block in blocks), tuple(blocks), "docx")


def test_the_header_names_the_unit_and_the_first_cell_the_place() -> None:
    reading = table(
        ("N°", "Localité", "Ménages", "Personnes déplacées"),
        ("1", "Sobane", "120", "1 640"),
        ("2", "Mopti", "85", "510"),
    )
    found = [(one.value, one.unit, one.places) for one in figures.find(reading, None, "fr")]
    assert found == [
        (120, "Ménages", ("Sobane",)),
        (1640, "Personnes déplacées", ("Sobane",)),
        (85, "Ménages", ("Mopti",)),
        (510, "Personnes déplacées", ("Mopti",)),
    ]


def test_a_row_label_names_the_unit_where_no_header_does() -> None:
    reading = table(("Indicateur", "Avril", "Mai"), ("Incidents de protection", "14", "22"), ("Taux", "3", "4"))
    assert [(one.value, one.unit) for one in figures.find(reading, None, "fr")] == [
        (14, "Incidents de protection"),
        (22, "Incidents de protection"),
    ]


def test_numbers_under_other_headers_are_no_figures() -> None:
    reading = table(("N°", "Action", "Année"), ("1", "Partager la matrice", "2021"), ("2", "Relancer", "2022"))
    assert figures.find(reading, None, "fr") == ()


def test_a_table_of_who_does_what_where_is_read_row_by_row() -> None:
    reading = table(
        ("Organisation", "Activité", "Localité", "Statut"),
        ("NRC, DRC", "Assistance juridique", "Gao et Ansongo", "En cours"),
        ("AJDM", "Distribution de kits", "Sobane", "Prévu en mai"),
        ("", "Rien", "Gao", ""),
    )
    found = [(one.organisation, one.activity, one.places, one.status) for one in presence.find(reading, "fr")]
    assert found == [
        ("NRC", "Assistance juridique", ("Gao", "Ansongo"), "ongoing"),
        ("DRC", "Assistance juridique", ("Gao", "Ansongo"), "ongoing"),
        ("AJDM", "Distribution de kits", ("Sobane",), "planned"),
    ]


def test_an_action_table_is_no_table_of_presence() -> None:
    reading = table(("Action", "Responsable", "Délai"), ("Partager la liste", "NRC", "5 mai"))
    assert presence.find(reading, "fr") == ()
