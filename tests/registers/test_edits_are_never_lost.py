"""What people write wins over what meetings before it said; later contradictions are questions; clearing drops it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from minutes_by_hand import Nights, action, minutes, of, row, stored

from suivi.models import Decision, Edit

NOTE = "Rédiger une note sur la documentation civile"


def edit(record: str, column: str, new: str | None, night: int = 2, day: str = "2026-02-20", register: str = "actions"):
    return Edit(register, record, column, None, new, night, date.fromisoformat(day))


def first() -> tuple[Nights, str]:
    nights = Nights()
    record = row(nights.run(of("2026-01-14", action(NOTE, "CCP"))), "actions")["record_id"]
    return nights, record


@pytest.mark.parametrize(
    ("column", "written", "cell", "value"),
    [
        ("status", "fait", "status", "done"),
        ("status", "in progress", "status", "in_progress"),
        ("status", "cancelled", "status", "cancelled"),
        ("responsible", "OCHA ; HCR", "responsible", ("OCHA", "UNHCR")),
        ("responsible", "membres du CP, NRC", "responsible", ("Membres du cluster", "NRC")),
        ("deadline_date", "31/03/2026", "deadline_date", date(2026, 3, 31)),
        ("deadline_date", "2026-03-31", "deadline_date", date(2026, 3, 31)),
        ("admin2_name", "Niono ; Macina", "admin2_pcode", ("ML0404", "ML0403")),
        ("admin2_name", "Gao", "admin1_pcode", ("ML07",)),
        ("sharing_level", "interne", "sharing_level", "interne"),
        ("comment", "vu avec le bureau", "comment", "vu avec le bureau"),
    ],
)
def test_a_correction_wins_over_the_minutes_before_it(column, written, cell, value):
    nights, record = first()
    registers = nights.run(of("2026-01-14", action(NOTE, "CCP")), edits=(edit(record, column, written),))
    assert row(registers, "actions")[cell] == value


def test_clearing_the_cell_lets_the_machine_speak_again():
    nights, record = first()
    edits = (edit(record, "status", "done"), edit(record, "status", None, night=3))
    assert row(nights.run(of("2026-01-14", action(NOTE, "CCP")), edits=edits), "actions")["status"] == "open"


def test_the_newest_edit_of_a_cell_counts():
    nights, record = first()
    edits = (edit(record, "status", "cancelled", night=3), edit(record, "status", "done", night=2))
    assert row(nights.run(of("2026-01-14", action(NOTE, "CCP")), edits=edits), "actions")["status"] == "cancelled"


def test_what_cannot_be_understood_is_an_issue_and_changes_nothing():
    nights, record = first()
    registers = nights.run(of("2026-01-14", action(NOTE, "CCP")), edits=(edit(record, "deadline_date", "31/02/2026"),))
    assert row(registers, "actions")["deadline_date"] is None
    assert [issue.value for issue in registers.issues if issue.type == "edit_not_understood"] == ["31/02/2026"]


def test_minutes_of_a_meeting_before_the_edit_that_arrive_later_do_not_undo_it():
    nights, record = first()
    late = of("2026-02-11", action(NOTE, "CCP", review=True, status="in_progress"))
    registers = nights.run(of("2026-01-14", action(NOTE, "CCP")), late, edits=(edit(record, "status", "done"),))
    assert row(registers, "actions")["status"] == "done"
    assert [held for held in registers.held if held.kind == "edit"] == []


def _contradicted(choice: str | None = None, column: str = "status", new: str = "done", **later):
    nights, record = first()
    said = action(NOTE, later.pop("owner", "CCP"), review=True, **{"status": "in_progress", **later})
    documents = (of("2026-01-14", action(NOTE, "CCP")), of("2026-03-11", said))
    edits = (edit(record, column, new),)
    registers = nights.run(*documents, edits=edits)
    if choice:
        (question,) = [held for held in registers.held if held.kind == "edit"]
        answer = Decision(question.held_id, choice, 3, date(2026, 3, 12))
        registers = nights.run(*documents, edits=edits, decisions=(answer,))
    return registers


def test_a_later_meeting_that_contradicts_is_a_question_not_a_choice():
    registers = _contradicted()
    (question,) = [held for held in registers.held if held.kind == "edit"]
    assert row(registers, "actions")["status"] == "done"
    assert "2026-03-11" in question.reason
    assert question.values == {"status": "in_progress"}


def test_accepting_takes_the_meeting_and_rejecting_keeps_the_edit():
    assert row(_contradicted("accept"), "actions")["status"] == "in_progress"
    kept = _contradicted("reject")
    assert row(kept, "actions")["status"] == "done"
    assert [held for held in kept.held if held.kind == "edit"] == []


def test_a_later_meeting_that_agrees_or_says_nothing_asks_nothing():
    agreed = _contradicted(status="done")
    assert [held for held in agreed.held if held.kind == "edit"] == []
    silent = _contradicted(column="deadline_date", new="2026-04-30")
    assert [held for held in silent.held if held.kind == "edit"] == []


@pytest.mark.parametrize(
    ("column", "new", "later"),
    [
        ("responsible", "OCHA", {"owner": "NRC"}),
        ("deadline_date", "2026-04-30", {"deadline": "fin mai", "deadline_date": "2026-05-31"}),
        ("admin2_name", "Niono", {"places": ("Macina",)}),
    ],
)
def test_owner_deadline_and_place_are_asked_about_too(column, new, later):
    registers = _contradicted(column=column, new=new, **later)
    assert [held.values.keys() for held in registers.held if held.kind == "edit"] == [{column: 0}.keys()]


def test_an_edit_of_a_merged_row_follows_it():
    nights = Nights()
    documents = (
        of("2026-01-14", action("Évaluer les besoins en abris des familles hébergées", "NRC")),
        of("2026-02-11", action("Évaluer les besoins en latrines des familles hébergées", "IRC")),
    )
    (question,) = [held for held in nights.run(*documents).held if held.kind == "link"]
    answer = Decision(question.held_id, "accept", 2, date(2026, 2, 20))
    registers = nights.run(*documents, edits=(edit(question.record_id, "status", "done"),), decisions=(answer,))
    assert row(registers, "actions", state="active")["status"] == "done"


def test_an_edit_of_a_vanished_row_waits_and_returns_with_it():
    nights, record = first()
    edits = (edit(record, "status", "done"),)
    gone = nights.run(of("2026-01-14", action("Tout autre chose à faire", "OCHA")), edits=edits)
    assert row(gone, "actions", record_id=record)["state"] == "withdrawn"
    assert (
        row(nights.run(of("2026-01-14", action(NOTE, "CCP")), edits=edits), "actions", record_id=record)["status"]
        == "done"
    )


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["done", "cancelled", "in_progress", "permanent"]),
    st.lists(st.sampled_from(["reword", "later", "reverse", "new"]), max_size=4),
)
def test_no_night_loses_an_edit(status, changes):
    nights, record = first()
    documents = [of("2026-01-14", action(NOTE, "CCP"))]
    for number, change in enumerate(changes, 2):
        if change == "reword":
            documents[0] = stored(minutes("v2", "2026-01-14", [action(f"{NOTE} (corrigé)", "CCP")]))
        elif change == "later":
            documents.append(of(f"2026-1{number % 3}-0{number}", action(NOTE, "CCP", review=True, status="open")))
        elif change == "reverse":
            documents.reverse()
        else:
            documents.append(of(f"2026-0{number}-01", action("Partager le calendrier des formations", "NRC")))
        registers = nights.run(*documents, edits=(edit(record, "status", status),))
        assert row(registers, "actions", record_id=record)["status"] == status
        documents.sort(key=lambda each: each.minutes.meeting.date)


def test_the_tick_validated_opens_draft_minutes():
    nights = Nights()
    draft = of("2026-01-14", action(NOTE, "CCP"), validation="draft")
    before = nights.run(draft)
    meeting = row(before, "meetings")["record_id"]
    assert row(before, "actions")["sharing_level"] == "interne"
    after = nights.run(draft, edits=(edit(meeting, "validated", "oui", register="meetings"),))
    assert row(after, "actions")["sharing_level"] == "membres"
    assert row(after, "meetings")["validation"] == "validated"


def test_a_correction_of_an_unknown_acronym_is_learnt_for_good():
    nights = Nights()
    document = of("2026-01-14", action(NOTE, "AMSSS"))
    (question,) = [held for held in nights.run(document).held if held.kind == "organisation"]
    answers = (Decision(question.held_id, "correct", 2, date(2026, 2, 1), {"value": "AMSS"}),)
    later = of("2026-02-11", action("Partager la liste", "amsss"))
    registers = nights.run(document, later, decisions=answers)
    assert registers.aliases == {"amsss": "AMSS"}
    assert row(registers, "actions", text="Partager la liste")["responsible"] == ("AMSS",)
    assert [held for held in registers.held if held.kind == "organisation"] == []


def test_a_correction_of_the_owner_cell_teaches_the_acronym_too():
    nights = Nights()
    document = of("2026-01-14", action(NOTE, "ZZQ"))
    record = row(nights.run(document), "actions")["record_id"]
    later = of("2026-02-11", action("Partager la liste", "ZZQ"))
    registers = nights.run(document, later, edits=(edit(record, "responsible", "AMSS"),))
    assert registers.aliases == {"zzq": "AMSS"}
    assert row(registers, "actions", text="Partager la liste")["responsible"] == ("AMSS",)
