"""A table copied from a word processor into a text: tabs between cells, line breaks inside them."""

from suivi.documents import read

PASTED = """Compte rendu

Points\tÉchanges\tActions
1. Eau\tLe forage est en panne.
- 12 ménages partis
- 40 bidons remis\tRéparer le forage
Responsable : COMITÉ
Recenser les ménages
2. Divers
et suites\tRien à dire.\tClore le dossier

La séance est levée.
"""


def cells(text: str) -> dict[tuple[int | None, int | None], str]:
    found = read(text.encode(), "cr.txt").blocks
    return {(block.locator.row, block.locator.column): block.text for block in found if block.kind == "cell"}


def test_lines_behind_a_whole_row_belong_to_its_last_cell() -> None:
    found = cells(PASTED)
    assert found[2, 2] == "Le forage est en panne.\n- 12 ménages partis\n- 40 bidons remis"
    assert found[2, 3].startswith("Réparer le forage\nResponsable : COMITÉ\nRecenser les ménages")
    assert found[3, 3] == "Clore le dossier"
    assert read(PASTED.encode(), "cr.txt").blocks[-1].text == "La séance est levée."


def test_rows_of_one_line_stay_as_they_were() -> None:
    text = "Qui\tQuoi\tQuand\nA\tLaver\t3 mai\nB\tSécher\t4 mai\nEt le reste à la suite.\n"
    assert len(cells(text)) == 9
    assert read(text.encode(), "cr.txt").blocks[-1].text == "Et le reste à la suite."


def test_a_row_with_too_many_tabs_makes_no_pasted_table() -> None:
    text = "Qui\tQuoi\tQuand\nA\tLaver\nle linge\tici\t3 mai\tencore\n"
    assert all("linge\n" not in cell for cell in cells(text).values())
