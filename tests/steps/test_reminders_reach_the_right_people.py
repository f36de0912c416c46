"""Reminders: drafts unless the YAML says otherwise, each letter once, observers never, groups to the coordinator."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from suivi.steps.reminders import due, letters, remember

OFFICER, COORDINATOR = "im@example.org", "coordination@example.org"
BASE = {"kind": "action", "state": "active", "status": "open", "sharing_level": "membres", "age_meetings": 1}
ACTIONS = [
    BASE | {"record_id": "a", "number": "PROT-2026-01-21/1", "text": "Réviser le plan", "responsible": ["NRC"],
            "late": True, "deadline_date": "2026-02-28", "admin1_name": ["Mopti"]},
    BASE | {"record_id": "b", "number": "PROT-2026-01-21/2", "text": "Compiler la liste", "responsible": ["NRC", "IRC"],
            "age_meetings": 4, "admin1_name": ["Gao"]},
    BASE | {"record_id": "c", "number": "PROT-2026-01-21/3", "text": "Tout récent", "responsible": ["NRC"]},
    BASE | {"record_id": "d", "number": "PROT-2026-01-21/4", "text": "Déjà fait", "responsible": ["NRC"],
            "status": "done", "age_meetings": 9},
    BASE | {"record_id": "e", "number": "PROT-2026-01-21/5", "text": "Suivre les visites", "responsible": ["CICR"],
            "late": True},
    BASE | {"record_id": "f", "number": "PROT-2026-01-21/6", "text": "Valider les chiffres",
            "responsible": ["Membres du cluster"], "late": True},
    BASE | {"record_id": "g", "number": "PROT-2026-01-21/7", "text": "Reste interne", "responsible": ["IRC"],
            "late": True, "sharing_level": "interne"},
]  # fmt: skip
CONTACTS = [
    {"organisation": "NRC", "zone": "Mopti", "email": "nrc.mopti@example.org"},
    {"organisation": "NRC", "zone": "Kidal", "email": "nrc.kidal@example.org"},
    {"organisation": "NRC", "zone": "", "email": "nrc@example.org", "message": "adresse refusée"},
]
OPEN = {"officer": OFFICER, "coordinator": COORDINATOR}


def by_party(run) -> dict[str, object]:
    return {letter.party: letter for letter in letters(run)}


def test_by_default_every_letter_is_a_draft_for_the_officer_that_says_whom_it_is_for(finished):
    found = by_party(finished(ACTIONS, [], CONTACTS, reminders=OPEN))
    assert set(found) == {"NRC", "IRC", "Membres du cluster"}
    assert {letter.to for letter in found.values()} == {(OFFICER,)}
    assert "Brouillon pour nrc.mopti@example.org." in found["NRC"].body
    assert "Brouillon pour aucun contact connu" in found["IRC"].body


def test_partners_are_written_to_only_where_the_file_says_so_and_groups_go_to_the_coordinator(finished):
    found = by_party(finished(ACTIONS, [], CONTACTS, reminders=OPEN | {"send_to_partners": True}))
    assert found["NRC"].to == ("nrc.mopti@example.org",)  # not the other zone's, not a refused address
    assert found["IRC"].to == found["Membres du cluster"].to == (COORDINATOR,)
    assert "Brouillon" not in found["NRC"].body


def test_observers_internal_rows_and_what_is_done_or_new_stand_in_no_letter(finished):
    found = by_party(finished(ACTIONS, [], CONTACTS, reminders=OPEN))
    text = "".join(letter.body for letter in found.values())
    for words in ("Suivre les visites", "Reste interne", "Déjà fait", "Tout récent"):
        assert words not in text
    assert "PROT-2026-01-21/1 Réviser le plan, échéance 28/02/2026 (en retard)" in found["NRC"].body


def test_a_letter_is_sent_once_and_again_only_when_it_says_something_else(finished):
    run = finished(ACTIONS, [], CONTACTS, reminders=OPEN)
    for letter in letters(run):
        remember(run, letter)
    assert letters(run) == []
    changed = [{**row, "text": "Réviser tout le plan"} if row["record_id"] == "a" else row for row in ACTIONS]
    again = finished(changed, [], CONTACTS, reminders=OPEN)
    assert set(by_party(again)) == {"NRC"}


def test_an_english_cluster_writes_in_english(finished):
    found = by_party(finished(ACTIONS, [], CONTACTS, reminders=OPEN, language="en"))
    assert "open actions of NRC" in found["NRC"].body
    assert "due 28/02/2026 (late)" in found["NRC"].body


@pytest.mark.parametrize(("day", "wanted"), [("2026-11-29", False), ("2026-11-30", True), ("2026-12-01", False)])
def test_letters_go_out_some_days_before_the_next_meeting(finished, day, wanted):
    meeting = {"record_id": "m", "date": "2026-11-11", "body": "national", "next_meeting": "2026-12-03"}
    assert due(on(finished(ACTIONS, [meeting], reminders=OPEN), day)) is wanted


def test_without_a_known_meeting_they_go_out_on_mondays(finished):
    run = finished(ACTIONS, [], reminders=OPEN)
    days = [date(2026, 11, 23) + timedelta(days=n) for n in range(7)]
    assert [due(on(run, str(day))) for day in days] == [True] + [False] * 6


def on(run, day: str):
    return replace(run, night=replace(run.night, now=datetime.fromisoformat(f"{day}T06:00:00+00:00")))
