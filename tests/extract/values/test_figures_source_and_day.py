"""Who says a figure, of which day it is, and that its quote is the document's own words."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suivi.extract.values import figures
from suivi.models import Block, Figure, Locator, Reading


def only(text: str, language: str = "fr") -> Figure:
    reading = Reading(text, (Block("paragraph", text, 0, Locator(paragraph=1)),), "txt")
    (figure,) = figures.find(reading, date(2021, 6, 9), language)
    return figure


@pytest.mark.parametrize(
    ("text", "language", "who"),
    [
        ("Selon OCHA, 15 villages sont touchés.", "fr", "OCHA"),
        ("D'après le PAM, 350 ménages attendent.", "fr", "PAM"),
        ("350 ménages attendent selon la DNDS.", "fr", "DNDS"),
        ("NRC a enregistré 350 ménages.", "fr", "NRC"),
        ("L'OIM a signalé l'arrivée de 350 ménages.", "fr", "OIM"),
        ("350 ménages attendent (source : UNHCR).", "fr", "UNHCR"),
        ("UNHCR : 350 ménages attendent.", "fr", "UNHCR"),
        ("According to UNICEF, 350 children were identified.", "en", "UNICEF"),
        ("OCHA reported that 350 households fled.", "en", "OCHA"),
        ("350 households were assisted by the partners.", "en", None),
        ("Le PAM distribuera des vivres à 350 ménages.", "fr", None),
    ],
)
def test_the_organisation_that_says_it(text: str, language: str, who: str | None) -> None:
    assert only(text, language).said_by == who


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("La région compte 12 000 PDI au 31 mars 2021.", "fr", "2021-03-31"),
        ("A la date du 15 mai, 350 ménages attendent.", "fr", "2021-05-15"),
        ("Situation au 30/04/2021 : 350 ménages déplacés.", "fr", "2021-04-30"),
        ("350 incidents en mai.", "fr", "2021-05-31"),
        ("350 incidents en mai 2020.", "fr", "2020-05-31"),
        ("350 ménages ont fui le 3 mai.", "fr", None),
        ("As of 31 March 2021, 12,000 IDPs live there.", "en", "2021-03-31"),
        ("350 incidents in May.", "en", "2021-05-31"),
        ("350 people fled on 3 May.", "en", None),
    ],
)
def test_the_day_that_the_sentence_gives(text: str, language: str, day: str | None) -> None:
    assert only(text, language).as_of == day


def test_a_comparison_is_two_figures_each_of_its_month() -> None:
    text = "Les incidents sont passés de 11 en janvier à 37 en février."
    reading = Reading(text, (Block("paragraph", text, 0, Locator(paragraph=1)),), "txt")
    found = figures.find(reading, date(2021, 6, 9), "fr")
    assert [(one.value, one.unit, one.as_of) for one in found] == [
        (11, "incidents", "2021-01-31"),
        (37, "incidents", "2021-02-28"),
    ]


PIECES = st.sampled_from(
    [
        "12",
        "10 116",
        "1,5 million",
        "déplacés",
        " ",
        "\n",
        "le 5 mai",
        "ménages",
        "à",
        "Gao",
        "(",
        ")",
        ",",
        ".",
        "%",
        "-",
        "é",
        "trois",
        "de",
        "OCHA",
        ":",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60))
def test_a_quote_is_always_a_literal_slice(text: str) -> None:
    reading = Reading(text, (Block("paragraph", text, 0, Locator(paragraph=1)),), "txt")
    for language in ("fr", "en"):
        for figure in figures.find(reading, date(2021, 6, 9), language):
            source = figure.found.source
            assert source.quote == text[source.start : source.end] != ""
            assert 0.6 <= figure.found.confidence <= 1
            assert figure.unit
