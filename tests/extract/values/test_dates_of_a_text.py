"""Every date of a text with its first and last day."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suivi.extract.values import dates

REFERENCE = date(2017, 4, 5)
TABLE = """
Réunion du 5 Avril 2017 à Bamako | 5 Avril 2017 | 2017-04-05 | 2017-04-05
mission du 24 février au 1er mars 2017 | 24 février au 1er mars 2017 | 2017-02-24 | 2017-03-01
mission du 24 février au 1 ^{er} mars 2017 | 24 février au 1 ^{er} mars 2017 | 2017-02-24 | 2017-03-01
du 3 au 6 avril 2017 | 3 au 6 avril 2017 | 2017-04-03 | 2017-04-06
du 28 décembre au 3 janvier 2018 | 28 décembre au 3 janvier 2018 | 2017-12-28 | 2018-01-03
le 1er mars | 1er mars | 2017-03-01 | 2017-03-01
10-14/04/2017 | 10-14/04/2017 | 2017-04-10 | 2017-04-14
14-10/04/2017 | 10/04/2017 | 2017-04-10 | 2017-04-10
prévu le 12Mai 2017 | 12Mai 2017 | 2017-05-12 | 2017-05-12
10-12May 2017 | 10-12May 2017 | 2017-05-10 | 2017-05-12
05/04/2017 | 05/04/2017 | 2017-04-05 | 2017-04-05
4/25/2017 | 4/25/2017 | 2017-04-25 | 2017-04-25
5.4.17 | 5.4.17 | 2017-04-05 | 2017-04-05
2017-04-05T10:00 | 2017-04-05 | 2017-04-05 | 2017-04-05
April 5th, 2017 | April 5th, 2017 | 2017-04-05 | 2017-04-05
April 3-6, 2017 | April 3-6, 2017 | 2017-04-03 | 2017-04-06
3rd to 6th of April 2017 | 3rd to 6th of April 2017 | 2017-04-03 | 2017-04-06
Wednesday, 5 April 2017 | Wednesday, 5 April 2017 | 2017-04-05 | 2017-04-05
31/May/2022 | 31/May/2022 | 2022-05-31 | 2022-05-31
by June/2022 | June/2022 | 2022-06-01 | 2022-06-30
mi-mai | mi-mai | 2017-05-15 | 2017-05-15
fin avril | fin avril | 2017-04-21 | 2017-04-30
début juin | début juin | 2017-06-01 | 2017-06-10
premier trimestre 2026 | premier trimestre 2026 | 2026-01-01 | 2026-03-31
Q2 2024 | Q2 2024 | 2024-04-01 | 2024-06-30
S1 2026 | S1 2026 | 2026-01-01 | 2026-06-30
en mai 2016 | mai 2016 | 2016-05-01 | 2016-05-31
en mai | mai | 2017-05-01 | 2017-05-31
de janvier à mars 2017 | janvier à mars 2017 | 2017-01-01 | 2017-03-31
10-11 & 12 mai 2017 | 10-11 & 12 mai 2017 | 2017-05-10 | 2017-05-12
en 2016 | 2016 | 2016-01-01 | 2016-12-31
2006-06-31 | 2006-06-31 | - | -
31 avril 2017 | 31 avril 2017 | - | -
12/2016 | 12/2016 | 2016-12-01 | 2016-12-31
Sept. 2017 | Sept. 2017 | 2017-09-01 | 2017-09-30
10 ao\u00fbt 2017 | 10 ao\u00fbt 2017 | 2017-08-10 | 2017-08-10
"""
ROWS = [tuple(part.strip() for part in row.split("|")) for row in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("text", "written", "first", "last"), ROWS, ids=[row[0] for row in ROWS])
def test_a_date_has_its_words_and_both_its_days(text: str, written: str, first: str, last: str) -> None:
    (found,) = dates.find(text, REFERENCE)
    assert text[found.start : found.end] == found.text == written
    assert (str(found.first or "-"), str(found.last or "-")) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "sept personnes",
        "we may march on",
        "version 2.1.3",
        "2 des 3 options",
        "le 3 novateur",
        "10h30 à 12h00",
        "12 participants",
        "salle 204",
        "24/7",
        "ML0401",
        "+223 76 00 11 22",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert dates.find(text, REFERENCE) == []


def test_two_dates_are_found_in_order() -> None:
    found = dates.find("Le 3 mars 2017 puis le 12 mai 2017.", REFERENCE)
    assert [str(one.first) for one in found] == ["2017-03-03", "2017-05-12"]


def test_a_date_without_year_is_unknown_without_a_reference() -> None:
    (found,) = dates.find("le 3 mars")
    assert (found.first, found.last, found.year_stated) == (None, None, False)


@settings(max_examples=200, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2049, 12, 31)))
def test_every_day_is_read_back_from_the_ways_to_write_it(day: date) -> None:
    for written in (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
    ):
        (found,) = dates.find(f"le {written}.")
        assert (found.first, found.last) == (day, day)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789 /.-,avrilmaifindu'étQT", max_size=40))
def test_dates_never_overlap_and_stay_inside_the_text(text: str) -> None:
    position = 0
    for found in dates.find(text, REFERENCE):
        assert position <= found.start < found.end <= len(text)
        assert found.text == text[found.start : found.end]
        position = found.end
    dates.deadline(text, REFERENCE)
