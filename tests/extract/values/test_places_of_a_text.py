"""Places as written, and which of them a figure is tied to."""

import pytest

from suivi.extract.values import figures, places
from suivi.models import Block, Locator, Reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dans les cercles de Niono, Macina et Ténenkou", ("Niono", "Macina", "Ténenkou")),
        ("Dans le cercle de Koro, OCHA a mené une mission", ("Koro",)),
        ("dans la région de Mopti. Il a expliqué", ("Mopti",)),
        ("région de la Boucle du Mouhoun", ("Boucle du Mouhoun",)),
        ("les communes de Sobane et de Doundé", ("Sobane", "Doundé")),
        ("SEGOU et GAO", ("SEGOU",)),
        ("mission à Gao et Kidal", ("Gao", "Kidal")),
        ("in the districts of Kordam and Lanta", ("Kordam", "Lanta")),
        ("The situation in Kordam district is calm", ("Kordam",)),
        ("The district is calm", ()),
        ("il a dit sans ambages que le plan est bon", ()),
        ("le san et le bla", ()),
        ("la commune de Baye", ("Baye",)),
        ("Monsieur Baye a parlé", ()),
        ("au Mali et au Niger", ("Mali", "Niger")),
        ("dans le cercle de Mopti Transmettre la liste", ("Mopti",)),
    ],
)
def test_places_are_found_as_written(text: str, expected: tuple[str, ...]) -> None:
    assert places.find(text) == expected


def tied(*texts: str, kind: str = "paragraph", language: str = "fr") -> list[tuple[float, tuple[str, ...]]]:
    blocks, position = [], 0
    for index, text in enumerate(texts):
        role = kind if index else "paragraph"
        blocks.append(Block(role, text, position, Locator(paragraph=index + 1)))  # type: ignore[arg-type]
        position += len(text) + 1
    found = figures.find(Reading("\n".join(texts), tuple(blocks), "txt"), None, language)
    return [(figure.value, figure.places) for figure in found]


def test_a_figure_takes_the_places_of_its_sentence() -> None:
    assert tied("300 soldats arriveront dans la région de Mopti. Gao attend.") == [(300, ("Mopti",))]


def test_each_figure_takes_the_place_that_follows_it() -> None:
    assert tied("12 sites à Gao, 5 à Ansongo et 3 à Ménaka.") == [
        (12, ("Gao",)),
        (5, ("Ansongo",)),
        (3, ("Ménaka",)),
    ]


def test_each_figure_takes_the_place_before_it_when_places_come_first() -> None:
    assert tied("A Gao, 120 ménages et à Ansongo, 85 ménages.") == [(120, ("Gao",)), (85, ("Ansongo",))]


def test_figures_side_by_side_share_the_place_after_them() -> None:
    assert tied("120 ménages et 640 personnes ont fui vers Sobane.") == [(120, ("Sobane",)), (640, ("Sobane",))]


def test_a_place_named_a_sentence_before_still_holds() -> None:
    text = "La mission s'est rendue dans les cercles de Niono et de Macina. Elle a compté 850 déplacés internes."
    assert tied(text) == [(850, ("Niono", "Macina"))]


def test_an_item_takes_the_place_of_the_line_that_introduces_its_list() -> None:
    assert tied("Dans le cercle de Bankass :", "- 45 ménages assistés", "- 30 kits distribués", kind="item") == [
        (45, ("Bankass",)),
        (30, ("Bankass",)),
    ]


def test_an_english_figure_takes_its_district() -> None:
    assert tied("In Kordam district, 450 people were displaced.", language="en") == [(450, ("Kordam",))]


def quote(text: str) -> str:
    reading = Reading(text, (Block("paragraph", text, 0, Locator(paragraph=1)),), "txt")
    (figure,) = figures.find(reading, None, "fr")
    return figure.found.source.quote


def test_the_quote_of_a_figure_shows_which_level_of_place_is_meant() -> None:
    assert quote("On a vu 705 personnes dans le cercle de Mopti hier.") == "705 personnes dans le cercle de Mopti"
    assert quote("Dans le cercle de Mopti, on a vu 705 personnes hier.") == "cercle de Mopti, on a vu 705 personnes"
    assert quote("Au cercle de Koro, rien ; 705 personnes au cercle de Koro") == "705 personnes au cercle de Koro"
    assert quote("On a vu 705 personnes hier.") == "705 personnes"
