"""Key figures, and what makes one of them an indicator's achieved value."""

from __future__ import annotations

from datetime import date

import pytest
from minutes_by_hand import Nights, cluster, figure, minutes, night, row, rows, stored

from suivi.models import Decision, Figure
from suivi.registers import across_places
from suivi.registers.indicators import combine


def document(day: str, *figures: Figure, name: str = "", **fields):
    return stored(minutes(name or day, day, figures=figures, **fields))


def trained(value: float, place: str = "Niono", **fields) -> Figure:
    return figure(value, "personnes formées", place, **fields)


def _values(registers, code: str = "PROT-03") -> dict[str, float]:
    return {r["month"]: r["achieved"] for r in rows(registers, "indicators") if r["code"] == code}


def test_every_figure_is_a_key_figure_with_its_day_source_and_places():
    registers = night(
        document(
            "2026-01-14",
            figure(10116, "déplacés internes", "Niono", "Macina", said_by="OCHA"),
            figure(600, "militaires", "Mopti", as_of="2026-01-02"),
        )
    )
    displaced, soldiers = rows(registers, "key_figures")
    assert (displaced["value"], displaced["as_of"], displaced["said_by"]) == (10116, date(2026, 1, 14), "OCHA")
    assert displaced["admin2_pcode"] == ("ML0404", "ML0403")
    assert displaced["source"].endswith("page 1, tableau 1, ligne 1")
    assert (soldiers["as_of"], soldiers["indicator"]) == (date(2026, 1, 2), None)


def test_a_figure_printed_twice_in_the_same_minutes_is_one():
    registers = night(document("2026-01-14", trained(40), trained(40), trained(40, "Koro")))
    assert len(rows(registers, "key_figures")) == 2


def test_minutes_count_only_where_the_catalogue_names_them_as_official():
    registers = night(document("2026-01-14", trained(40), figure(500, "déplacés internes", "Niono")))
    assert [(r["code"], r["achieved"], r["approval"]) for r in rows(registers, "indicators")] == [
        ("PROT-03", 40, "submitted")
    ]
    (question,) = [held for held in registers.held if held.kind == "indicator"]
    assert question.values["code"] == "PROT-01"


def test_acceptance_makes_a_figure_the_achieved_value_and_rejection_ends_the_question():
    nights = Nights()
    minutes_ = document("2026-01-14", figure(500, "déplacés internes", "Niono"))
    (question,) = nights.run(minutes_).held
    accepted = nights.run(minutes_, decisions=(Decision(question.held_id, "accept", 2, date(2026, 2, 1)),))
    assert row(accepted, "indicators")["achieved"] == 500
    assert row(accepted, "indicators")["approval"] == "approved"
    corrected = nights.run(
        minutes_, decisions=(Decision(question.held_id, "correct", 2, date(2026, 2, 1), {"value": "510"}),)
    )
    assert row(corrected, "indicators")["achieved"] == 510
    refused = nights.run(minutes_, decisions=(Decision(question.held_id, "reject", 2, date(2026, 2, 1)),))
    assert (refused.held, rows(refused, "indicators")) == ((), [])


def test_the_same_quantity_in_two_minutes_counts_once():
    registers = night(document("2026-01-14", trained(40)), document("2026-02-11", trained(40), trained(25)))
    assert _values(registers) == {"2026-01": 40, "2026-02": 25}
    assert [issue.type for issue in registers.issues] == ["figure_repeated"]


def test_equal_figures_of_two_stated_days_are_two_quantities():
    registers = night(
        document("2026-01-14", trained(40, as_of="2026-01-10")), document("2026-02-11", trained(40, as_of="2026-02-08"))
    )
    assert _values(registers) == {"2026-01": 40, "2026-02": 40}


def test_duplicate_minutes_do_not_add_up():
    registers = night(document("2026-01-14", trained(40), name="a"), document("2026-01-14", trained(40), name="b"))
    assert _values(registers) == {"2026-01": 40}


@pytest.mark.parametrize(
    ("method", "months", "running"),
    [
        ("sum", [70, 10], [70, 80]),
        ("average", [35, 10], [35, 22.5]),
        ("latest", [30, 10], [30, 10]),
        ("max", [40, 10], [40, 40]),
    ],
)
def test_values_of_a_month_and_year_follow_the_method(method, months, running):
    (entry,) = [dict(each) for each in cluster().indicators if each["code"] == "PROT-03"]
    body = cluster(indicators=(entry | {"across_time": method},))
    registers = night(
        document("2026-01-14", trained(40)),
        document("2026-01-28", trained(30)),
        document("2026-02-11", trained(10)),
        cluster=body,
    )
    found = rows(registers, "indicators")
    assert [r["achieved"] for r in found] == months
    assert [r["running"] for r in found] == running


def test_the_running_value_starts_again_with_the_year_and_meets_its_target():
    registers = night(
        document("2025-12-10", figure(900, "personnes sensibilisées", "région de Ségou")),
        document("2026-01-14", figure(3000, "personnes sensibilisées", "région de Ségou")),
    )
    found = {r["month"]: r for r in rows(registers, "indicators")}
    assert (found["2026-01"]["running"], found["2026-01"]["target"], found["2026-01"]["progress"]) == (
        3000,
        12000,
        25.0,
    )
    assert str(found["2025-12"]["target"]) == "<NA>" or found["2025-12"]["target"] is None


def test_a_figure_for_two_cercles_belongs_to_their_region():
    registers = night(document("2026-01-14", figure(40, "personnes formées", "Niono", "Macina")))
    found = row(registers, "indicators")
    assert (found["admin1_pcode"], found["admin2_pcode"]) == ("ML04", None)


def test_a_figure_at_an_unknown_place_is_asked_about_and_one_abroad_is_no_value():
    registers = night(document("2026-01-14", trained(40, "Xokoulou"), trained(25, "Niger")))
    assert rows(registers, "indicators") == []
    assert [held.values["value"] for held in registers.held if held.kind == "indicator"] == [40]


def test_across_places_a_region_holds_its_cercles():
    (entry,) = [each for each in cluster().indicators if each["code"] == "PROT-03"]
    registers = night(
        document("2026-01-14", trained(40), trained(30, "Macina"), trained(100, "région de Mopti"), trained(60, "Koro"))
    )
    assert across_places(registers.frames["indicators"], entry, 2026) == 170


def test_combining_nothing_is_nothing():
    assert combine("sum", []) is None


def test_a_held_figure_waits_and_a_draft_is_internal():
    waiting = night(document("2026-01-14", trained(40, held=True)))
    assert (rows(waiting, "key_figures"), rows(waiting, "indicators")) == ([], [])
    assert [held.kind for held in waiting.held] == ["row"]
    draft = night(document("2026-01-14", trained(40), validation="draft"))
    assert row(draft, "indicators")["sharing_level"] == "interne"
