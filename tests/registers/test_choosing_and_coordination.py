"""Choosing indicators, the health of coordination, and newer reference lists."""

from __future__ import annotations

from datetime import date

import pytest
from minutes_by_hand import action, cluster, figure, minutes, night, row, stored

from suivi.errors import ConfigurationError
from suivi.registers import Choice, reference_update, tally

CATALOGUE = tuple({"code": f"P-{n}"} for n in range(1, 10))


def votes(**counts: int) -> list[Choice]:
    return [Choice(f"ONG {n}", code.replace("_", "-")) for code, count in counts.items() for n in range(count)]


def test_the_three_most_chosen_are_chosen():
    found = tally(votes(P_1=2, P_4=5, P_7=4, P_9=3), CATALOGUE)
    assert (found.chosen, found.undecided) == (("P-4", "P-7", "P-9"), ())
    assert [(c.code, c.votes, c.rank) for c in found.candidates[:4]] == [
        ("P-4", 5, 1),
        ("P-7", 4, 2),
        ("P-9", 3, 3),
        ("P-1", 2, 4),
    ]


def test_a_tie_for_the_last_place_is_left_to_the_coordinator():
    found = tally(votes(P_1=2, P_2=2, P_4=5, P_7=4), CATALOGUE)
    assert (found.chosen, found.undecided) == (("P-4", "P-7"), ("P-1", "P-2"))
    assert [c.tied for c in found.candidates[:4]] == [False, False, True, True]


def test_a_tie_above_the_last_place_harms_nobody():
    assert tally(votes(P_1=3, P_2=3, P_4=1), CATALOGUE).chosen == ("P-1", "P-2", "P-4")


def test_an_organisation_counts_once_a_candidate_and_unknown_codes_not_at_all():
    found = tally([Choice("NRC", "P-1"), Choice("NRC", "P-1"), Choice("NRC", "P-77"), Choice(" ", "P-2")], CATALOGUE)
    assert [(c.code, c.votes) for c in found.candidates if c.votes] == [("P-1", 1)]


def test_nobody_chose_nothing_is_chosen():
    assert tally([], CATALOGUE).chosen == ()


def test_the_chosen_ones_are_marked_for_the_dashboard():
    document = stored(minutes("a", "2026-01-14", figures=(figure(40, "personnes formées", "Niono"),)))
    chosen = night(document, choices=(Choice("NRC", "PROT-03"),))
    assert bool(row(chosen, "indicators")["dashboard"])
    overruled = night(document, choices=(Choice("NRC", "PROT-03"),), dashboard=("PROT-02",))
    assert not bool(row(overruled, "indicators")["dashboard"])


def _health():
    done = action("Partager la matrice", "OCHA", deadline_date="2026-02-01")
    plain = action("Rédiger la note")
    decision = action("Les indicateurs sont adoptés", kind="decision")
    first = minutes("a", "2026-01-14", [done, plain, decision], organisations=("UNHCR", "NRC"))
    closing = action("Partager la matrice", "OCHA", review=True, status="done")
    second = minutes("b", "2026-02-11", [closing], organisations=("UNHCR",))
    registers = night(stored(first, modified=date(2026, 1, 20)), stored(second, modified=date(2026, 2, 15)))
    table = registers.coordination
    everywhere = table[table["body"] == ""]
    return {
        (r["month"], r["measure"], r["organisation"] or ""): r["value"]
        for r in everywhere.fillna("").to_dict("records")
    }


@pytest.mark.parametrize(
    ("month", "measure", "organisation", "value"),
    [
        ("2026-01", "meetings", "", 1),
        ("2026-01", "days_to_minutes", "", 6),
        ("2026-01", "with_owner", "", 0.5),
        ("2026-01", "with_deadline", "", 0.5),
        ("2026-01", "closure", "", 0),
        ("2026-02", "closure", "", 0.5),
        ("2026-01", "median_age", "", 17),
        ("2026-02", "median_age", "", 45),
        ("2026-02", "carried_over", "", 1),
        ("2026-01", "attendance", "NRC", 1),
        ("2026-02", "attendance", "UNHCR", 1),
    ],
)
def test_coordination_by_month(month, measure, organisation, value):
    assert _health()[month, measure, organisation] == value


OURS = [
    {"pcode": "ML01", "name": "Kayes", "level": "1", "parent": "MLI", "aliases": "Khayes"},
    {"pcode": "ML02", "name": "Koulikoro", "level": "1", "parent": "MLI", "aliases": ""},
]


def test_a_newer_list_is_shown_as_a_difference_before_it_is_taken():
    theirs = [
        {"pcode": "ML01", "name": "Kayes", "level": "1", "parent": "MLI"},
        {"pcode": "ML02", "name": "Koulicoro", "level": "1", "parent": "MLI"},
        {"pcode": "ML11", "name": "Taoudénit", "level": "1", "parent": "MLI"},
    ]
    found = reference_update(OURS, theirs)
    assert found.changed == {"ML02": {"name": ("Koulikoro", "Koulicoro")}}
    assert (list(found.added), list(found.removed), found.kept) == (["ML11"], [], {"ML01": "Khayes"})
    assert not reference_update(found.rows, theirs)


def test_rows_that_a_newer_list_lacks_are_named():
    found = reference_update(OURS, OURS[:1])
    assert list(found.removed) == ["ML02"]
    assert bool(found)


@pytest.mark.parametrize("theirs", [[{"nom": "Kayes"}], [OURS[0], OURS[0]], []])
def test_a_list_that_cannot_be_compared_says_why(theirs):
    with pytest.raises(ConfigurationError):
        reference_update(OURS, theirs)


def test_the_catalogue_that_ships_can_be_voted_on():
    assert tally([Choice("NRC", "PROT-02")], cluster().indicators).chosen == ("PROT-02",)
