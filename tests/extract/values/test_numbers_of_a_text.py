"""Numbers as minutes write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suivi.extract.values import numbers

CASES = [
    ("fr", "10116", [10116]),
    ("fr", "10 116", [10116]),
    ("fr", "10\u202f116", [10116]),
    ("fr", "10.116", [10116]),
    ("fr", "10,116", [10116]),
    ("fr", "1 234 567,5", [1234567.5]),
    ("fr", "9,13 km", [9.13]),
    ("fr", "0,125", [0.125]),
    ("fr", "1,5 million", [1500000]),
    ("fr", "3 millions", [3000000]),
    ("fr", "12 mille", [12000]),
    ("fr", "40 %", [40]),
    ("fr", "40 pour cent", [40]),
    ("fr", "trois cents", [300]),
    ("fr", "vingt-cinq", [25]),
    ("fr", "deux cent cinquante (250)", [250]),
    ("fr", "une centaine", [100]),
    ("fr", "cent vingt et un", [121]),
    ("fr", "10-15", [10, 15]),
    ("fr", "de 10 à 15", [10, 15]),
    ("fr", "1er, 2ème, 3e", []),
    ("fr", "GT7 et ML04", []),
    ("fr", "COVID-19", []),
    ("fr", "3.2.1", []),
    ("fr", "14h30", []),
    ("fr", "300+350", [300, 350]),
    ("en", "10,116", [10116]),
    ("en", "1,234,567.8", [1234567.8]),
    ("en", "2.3K", [2300]),
    ("en", "1.5M people", [1500000]),
    ("en", "5 thousand", [5000]),
    ("en", "two hundred and five", [205]),
    ("en", "a dozen", [12]),
    ("en", "1st, 2nd, 3rd and 4th", []),
    ("en", "70 per cent", [70]),
]


@pytest.mark.parametrize(("language", "text", "values"), CASES, ids=[f"{case[0]} {case[1]}" for case in CASES])
def test_numbers_have_their_value(language: str, text: str, values: list[float]) -> None:
    assert [number.value for number in numbers.find(text, language)] == values


def test_one_mark_before_three_digits_has_a_second_reading() -> None:
    assert numbers.find("1,250", "fr")[0].other == 1.25
    assert numbers.find("1.250", "fr")[0].other is None
    assert numbers.find("1.250", "en")[0].other == 1.25


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9))
def test_grouped_digits_are_read_back(value: int) -> None:
    for mark in (" ", "\u00a0", ",", "."):
        written = f"{value:,}".replace(",", mark)
        (number,) = numbers.find(f"soit {written} personnes")
        assert number.value == value or number.other == value
