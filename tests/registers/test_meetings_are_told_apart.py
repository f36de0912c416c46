"""One meeting a body and date: duplicates replace, drafts give way, bodies stay apart, dates come from somewhere."""

from __future__ import annotations

from datetime import date

import pytest
from minutes_by_hand import Nights, action, minutes, night, of, row, rows, stored

from suivi.models import Decision


def _stored(document: str, day: str | None, *texts: str, file: str = "", modified: str = "2026-02-01", **fields):
    plain = minutes(document, day, [action(text) for text in texts], **fields)
    return stored(plain, file, modified=date.fromisoformat(modified))


def test_another_format_of_the_same_minutes_does_not_double():
    registers = night(
        _stored("a", "2026-01-14", "Partager la matrice", file="pv/cr.docx"),
        _stored("b", "2026-01-14", "Partager la matrice", file="pv/cr.pdf"),
    )
    assert (len(rows(registers, "meetings")), len(rows(registers, "actions"))) == (1, 1)
    assert [issue.type for issue in registers.issues] == ["duplicate_minutes"]


def test_the_newer_version_replaces_the_older():
    registers = night(
        _stored("a", "2026-01-14", "Partager la matrice", "Rédiger la note", modified="2026-01-16"),
        _stored("b", "2026-01-14", "Partager la matrice des acteurs", modified="2026-01-20"),
    )
    assert [r["text"] for r in rows(registers, "actions")] == ["Partager la matrice des acteurs"]


@pytest.mark.parametrize("draft", [{"validation": "draft"}, {"file": "pv/2026-01-14 CR (projet de PV).docx"}])
def test_a_draft_never_replaces_a_validated_version(draft):
    registers = night(
        _stored("a", "2026-01-14", "Partager la matrice", validation="validated", modified="2026-01-16"),
        _stored("b", "2026-01-14", "Tout autre chose", modified="2026-03-20", **draft),
    )
    assert [r["text"] for r in rows(registers, "actions")] == ["Partager la matrice"]
    assert row(registers, "meetings")["validation"] == "validated"


def test_an_empty_version_never_replaces_a_filled_one():
    registers = night(
        _stored("a", "2026-01-14", "Partager la matrice", modified="2026-01-16"),
        _stored("b", "2026-01-14", modified="2026-01-20"),
    )
    assert len(rows(registers, "actions")) == 1


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({}, "Cluster Protection"),
        ({"title": "Compte rendu du Cluster Protection Mopti"}, "Cluster Protection Mopti"),
        ({"title": "Réunion du Cluster Protection régional de Gao"}, "Cluster Protection Gao"),
        ({"body": "Protection Cluster", "title": "Minutes"}, "Cluster Protection"),
        ({"body": "GBV AoR"}, "Sous-cluster VBG"),
        ({"title": "PV", "file": "drive/sous-cluster/vbg/PV.docx"}, "Sous-cluster VBG"),
        ({"title": "PV", "file": "drive/Mopti/PV.docx"}, "Cluster Protection Mopti"),
        ({"title": "PV", "file": "drive/PV Cluster Protection Gao.docx"}, "Cluster Protection Gao"),
        ({"title": "Réunion mensuelle", "place": "Mopti"}, "Cluster Protection"),
        ({"body": "Cluster régional", "level": "regional", "place": "Gao"}, "Cluster Protection Gao"),
        ({"title": "Cluster Protection", "file": "drive/rapport mission Mopti.docx"}, "Cluster Protection"),
    ],
)
def test_the_body_is_read_from_header_title_and_path(fields, body):
    file = fields.pop("file", "")
    assert row(night(_stored("a", "2026-01-14", "Partager", file=file, **fields)), "meetings")["body"] == body


def test_a_body_that_the_yaml_does_not_know_is_followed_apart():
    registers = night(
        _stored("a", "2026-01-14", "Partager la matrice"),
        _stored("b", "2026-02-14", "Partager la matrice", body="Comité régional Tombouctou", level="regional"),
    )
    assert [r["meeting"] for r in rows(registers, "actions")] == ["Cluster Protection", "Comité régional Tombouctou"]
    assert "body_unknown" in [issue.type for issue in registers.issues]


@pytest.mark.parametrize(
    "name",
    [
        "2026-01-14 CR",
        "CR 14-01-2026",
        "CR_20260114",
        "PV du 14 janvier 2026",
        "Minutes January 14th 2026",
        "CR 14.01.2026",
    ],
)
def test_a_date_only_in_the_file_name_is_taken_and_said(name):
    registers = night(_stored("a", None, "Partager", file=f"pv/{name}.docx"))
    assert row(registers, "meetings")["date"] == date(2026, 1, 14)
    assert [issue.type for issue in registers.issues] == ["meeting_date_from_file"]


def test_the_header_wins_over_the_file_name_and_the_conflict_is_said():
    registers = night(_stored("a", "2026-01-14", "Partager", file="pv/2026-01-15 CR.docx"))
    assert row(registers, "meetings")["date"] == date(2026, 1, 14)
    assert [issue.value for issue in registers.issues] == ["2026-01-14 / 2026-01-15"]


def test_minutes_without_any_date_wait_until_somebody_gives_it():
    nights = Nights()
    document = _stored("a", None, "Partager la matrice", file="pv/CR.docx")
    first = nights.run(document)
    (question,) = first.held
    assert (question.kind, rows(first, "meetings"), rows(first, "actions")) == ("meeting", [], [])
    answered = nights.run(
        document, decisions=(Decision(question.held_id, "correct", 2, date(2026, 2, 1), {"value": "14/01/2026"}),)
    )
    assert row(answered, "meetings")["date"] == date(2026, 1, 14)
    assert answered.held == ()


def test_one_file_may_hold_several_meetings():
    second = minutes("a", "2026-02-11", [action("Rédiger la note")])
    whole = minutes("a", "2026-01-14", [action("Partager la matrice")], more=(second,))
    registers = night(stored(whole))
    assert [r["date"] for r in rows(registers, "meetings")] == [date(2026, 1, 14), date(2026, 2, 11)]
    taken_apart = night(stored(whole), stored(second, "echantillons/a.docx"))
    assert len(rows(taken_apart, "meetings")) == 2
    assert taken_apart.issues == ()


def test_what_is_no_minutes_makes_no_meeting():
    from dataclasses import replace

    plain = replace(minutes("a", "2026-01-14"), is_minutes=False, reason="termes de référence")
    assert rows(night(stored(plain)), "meetings") == []


def test_days_to_minutes_and_counts_stand_in_the_meeting():
    document = _stored("a", "2026-01-14", "Partager la matrice", modified="2026-01-20", participants_count=18)
    found = row(night(document), "meetings")
    assert (found["days_to_minutes"], found["participants"], found["actions"], found["decisions"]) == (6, 18, 1, 0)


def test_a_meeting_whose_document_left_the_inputs_is_withdrawn_not_lost():
    nights = Nights()
    first = nights.run(of("2026-01-14", action("Partager")), of("2026-02-11"))
    gone = row(first, "meetings", date=date(2026, 1, 14))["record_id"]
    found = row(nights.run(of("2026-02-11")), "meetings", record_id=gone)
    assert (found["state"], found["sharing_level"]) == ("withdrawn", "interne")
