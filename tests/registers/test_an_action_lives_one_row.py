"""One row an action for its whole life: links, events, status, deadlines, and bodies that stay apart."""

from __future__ import annotations

from datetime import date

from minutes_by_hand import Nights, action, by_text, cluster, kinds, night, of, row, rows

from suivi.models import Decision

NOTE = "Rédiger une note sur la documentation civile à Niono"


def test_a_reworded_review_closes_the_action():
    registers = night(
        of("2026-01-14", action(NOTE, "CCP", places=("Niono",))),
        of("2026-02-11", action("Rédaction de la note documentation civile Niono", "CCP", review=True, status="done")),
    )
    found = row(registers, "actions")
    assert (found["text"], found["status"], found["closed_on"]) == (NOTE, "done", date(2026, 2, 11))
    assert kinds(registers, found["record_id"]) == ["created", "done"]


def test_events_carry_meeting_document_date_and_quote():
    registers = night(
        of("2026-01-14", action(NOTE, "CCP", quote="le premier passage")),
        of("2026-02-11", action(NOTE, "OCHA", quote="le second passage", review=True, status="in_progress")),
    )
    created, reassigned = registers.events
    meetings = {r["date"]: r["record_id"] for r in rows(registers, "meetings")}
    assert (created.kind, created.quote, created.meeting_id) == (
        "created",
        "le premier passage",
        meetings[date(2026, 1, 14)],
    )
    assert (reassigned.kind, reassigned.detail, reassigned.day) == ("reassigned", "CCP → OCHA", date(2026, 2, 11))
    assert (created.responsible, reassigned.responsible) == (("CCP",), ("OCHA",))
    assert reassigned.document == "2026-02-11"
    assert reassigned.quote == "le second passage"


def test_a_role_and_the_organisation_that_holds_it_are_one_owner():
    registers = night(of("2026-01-14", action(NOTE, "CCP")), of("2026-02-11", action(NOTE, "UNHCR", review=True)))
    assert [event.kind for event in registers.events] == ["created", "mentioned"]


def test_a_later_deadline_is_a_postponement_each_time():
    days = ("2026-02-28", "2026-03-31", "2026-04-30")
    registers = night(
        *(
            of(f"2026-0{n}-14", action(NOTE, "CCP", deadline=day, deadline_date=day, review=n > 1))
            for n, day in enumerate(days, 1)
        ),
        today="2026-05-02",
    )
    found = row(registers, "actions")
    assert (found["postponed"], found["deadline_date"], found["late"]) == (2, date(2026, 4, 30), True)
    assert kinds(registers, found["record_id"]) == ["created", "postponed", "postponed"]
    assert registers.events[-1].deadline_date == date(2026, 4, 30)


def test_a_closed_action_said_open_again_is_reopened():
    registers = night(
        of("2026-01-14", action(NOTE, "CCP")),
        of("2026-02-11", action(NOTE, "CCP", review=True, status="done")),
        of("2026-03-11", action(NOTE, "CCP", review=True, status="open")),
        of("2026-04-08", action(NOTE, "CCP", review=True, status="cancelled")),
    )
    found = row(registers, "actions")
    assert kinds(registers, found["record_id"]) == ["created", "done", "reopened", "cancelled"]
    assert (found["status"], found["closed_on"]) == ("cancelled", date(2026, 4, 8))


def test_a_short_number_read_back_links_whatever_the_wording():
    registers = night(
        of("2026-01-14", action("Partager la matrice", "OCHA"), action(NOTE, "CCP")),
        of("2026-02-11", action("Point clos, voir annexe", number="PROT-2026-01-14/2", review=True, status="done")),
    )
    assert {r["number"]: r["status"] for r in rows(registers, "actions")} == {
        "PROT-2026-01-14/1": "open",
        "PROT-2026-01-14/2": "done",
    }


def test_a_documents_own_number_links_too():
    registers = night(
        of("2026-01-14", action("Share the referral pathway", "UNFPA", number="A2026-03")),
        of("2026-02-11", action("Completed by the focal point", number="A2026-03", review=True, status="done")),
    )
    assert row(registers, "actions")["status"] == "done"


def test_a_follow_up_table_in_order_links_the_row_between_two_links():
    first = (
        "Actualiser le circuit de référencement",
        "Vérifier la liste des sites d'accueil",
        "Former les relais de Koro",
    )
    later = (first[0], "Sites d'accueil : liste", first[2])
    registers = night(
        of("2026-01-14", *(action(text, "DRC") for text in first)),
        of("2026-02-11", *(action(text, "DRC", review=True, status="done") for text in later)),
    )
    assert {text: r["status"] for text, r in by_text(registers).items()} == dict.fromkeys(first, "done")


def test_each_mention_belongs_to_one_action_and_each_action_to_one_mention():
    text = "Former les relais communautaires au suivi de protection"
    registers = night(
        of("2026-01-14", action(f"{text} à Koro", places=("Koro",)), action(f"{text} à Bankass", places=("Bankass",))),
        of("2026-02-11", action(text, review=True, status="done"), action(text, review=True, status="in_progress")),
    )
    assert sorted(r["status"] for r in rows(registers, "actions")) in (["done", "open"], ["done", "in_progress"])
    assert len(rows(registers, "actions")) == 2


def test_the_same_wording_at_two_places_is_two_actions():
    text = "Former les comités de protection"
    registers = night(of("2026-01-14", action(text, "DRC", places=("Koro",)), action(text, "DRC", places=("Gao",))))
    assert len(rows(registers, "actions")) == 2
    again = of("2026-02-11", action(text, "DRC", places=("Koro",), review=True, status="done"))
    registers = night(
        of("2026-01-14", action(text, "DRC", places=("Koro",)), action(text, "DRC", places=("Gao",))), again
    )
    assert {r["admin1_name"]: r["status"] for r in rows(registers, "actions")} == {("Mopti",): "done", ("Gao",): "open"}


def test_an_action_printed_twice_in_the_same_minutes_is_one():
    registers = night(of("2026-01-14", action(NOTE, "CCP"), action(NOTE, "CCP")))
    assert len(rows(registers, "actions")) == 1


def test_bodies_on_one_drive_stay_apart():
    registers = night(
        of("2026-01-14", action(NOTE, "CCP"), body="Cluster Protection"),
        of("2026-02-11", action(NOTE, "CCP", review=True, status="done"), body="Cluster Protection Mopti"),
        of("2026-02-18", action(NOTE, "CCP", review=True, status="done"), body="Sous-cluster VBG"),
    )
    assert [(r["meeting"], r["status"]) for r in rows(registers, "actions")] == [
        ("Cluster Protection", "open"),
        ("Cluster Protection Mopti", "done"),
        ("Sous-cluster VBG", "done"),
    ]


def test_numbers_of_bodies_that_meet_on_one_day_differ():
    registers = night(
        *(of("2026-01-14", action(NOTE), body=body) for body in ("Cluster Protection", "Cluster Protection Gao"))
    )
    assert {r["number"] for r in rows(registers, "actions")} == {"PROT-2026-01-14/1", "PROT-GAO-2026-01-14/1"}


def test_decisions_have_no_status_and_are_never_late():
    decision = action("Les indicateurs sont adoptés", kind="decision", deadline="hier", deadline_date="2026-01-10")
    found = row(night(of("2026-01-14", decision)), "actions")
    assert (found["late"], found["kind"]) == (False, "decision")
    assert not isinstance(found["status"], str)


def test_a_permanent_action_is_permanent_and_never_to_close():
    documents = [
        of(f"2026-0{n}-14", *([action("Mettre à jour le 5W", "OCHA", permanent=True)] if n == 1 else []))
        for n in range(1, 6)
    ]
    registers = night(*documents)
    assert row(registers, "actions")["status"] == "permanent"
    assert registers.to_close == ()


def test_three_silent_meetings_put_an_open_action_on_the_list_to_close():
    def after(silent: int):
        return night(of("2026-01-14", action(NOTE, "CCP")), *(of(f"2026-0{n + 2}-14") for n in range(silent)))

    assert after(2).to_close == ()
    registers = after(3)
    found = row(registers, "actions")
    assert registers.to_close == (found["record_id"],)
    assert (found["status"], found["age_meetings"]) == ("open", 3)


def test_no_deadline_is_never_overdue():
    found = row(night(of("2019-01-14", action(NOTE, "CCP")), today="2026-01-01"), "actions")
    assert (found["late"], found["deadline_date"]) == (False, None)


def test_before_the_next_meeting_means_the_day_it_was_held():
    wording = ("avant la prochaine réunion", "before the next meeting")
    registers = night(
        of("2026-01-14", *(action(f"{NOTE} {n}", deadline=text) for n, text in enumerate(wording))), of("2026-02-11")
    )
    assert [r["deadline_date"] for r in rows(registers, "actions")] == [date(2026, 2, 11)] * 2


def test_what_older_minutes_left_open_is_history():
    documents = (
        of("2015-01-14", action(NOTE, "CCP"), action("Partager la matrice", "OCHA", status="done")),
        of("2016-03-01"),
    )
    found = by_text(night(*documents, cluster=cluster(follow_from=date(2016, 1, 1))))
    assert not isinstance(found[NOTE]["status"], str)
    assert found["Partager la matrice"]["status"] == "done"


def test_a_doubtful_pair_is_asked_about_and_the_answer_holds():
    nights = Nights()
    documents = (
        of("2026-01-14", action("Évaluer les besoins en abris des familles hébergées", "NRC")),
        of("2026-02-11", action("Évaluer les besoins en latrines des familles hébergées", "IRC")),
    )
    first = nights.run(*documents)
    (question,) = [held for held in first.held if held.kind == "link"]
    assert len(rows(first, "actions")) == 2
    assert [held.held_id for held in nights.run(*documents).held if held.kind == "link"] == [question.held_id]
    joined = nights.run(*documents, decisions=(_answer(question.held_id, "accept"),))
    kept = row(joined, "actions", state="active")
    older, newer = sorted((r["record_id"] for r in rows(first, "actions")), key=lambda i: int(i.split("-")[1]))
    assert kept["record_id"] == older
    assert row(joined, "actions", record_id=newer)["state"] == f"merged:{older}"
    assert kinds(joined, older) == ["created", "reassigned"]
    again = nights.run(*documents, decisions=(_answer(question.held_id, "accept"),))
    assert again.identities == ()
    assert [h for h in again.held if h.kind == "link"] == []
    assert len(rows(again, "actions")) == 1


def test_a_refused_pair_is_never_linked_nor_asked_again():
    nights = Nights()
    documents = (
        of("2026-01-14", action("Évaluer les besoins en abris des familles hébergées", "NRC")),
        of("2026-02-11", action("Évaluer les besoins en latrines des familles hébergées", "IRC")),
    )
    (question,) = [held for held in nights.run(*documents).held if held.kind == "link"]
    refused = nights.run(*documents, decisions=(_answer(question.held_id, "reject"),))
    assert len(rows(refused, "actions")) == 2
    assert [held for held in refused.held if held.kind == "link"] == []


def _answer(held_id: str, choice, **correction):
    return Decision(held_id, choice, 2, date(2026, 3, 1), correction)


def test_a_held_passage_stays_out_until_it_is_accepted():
    nights = Nights()
    document = of("2026-01-14", action(NOTE, "CCP", held=True), action("Partager la matrice", "OCHA"))
    first = nights.run(document)
    (question,) = [held for held in first.held if held.kind == "row"]
    assert [r["text"] for r in rows(first, "actions")] == ["Partager la matrice"]
    assert (question.values["text"], question.quote) == (NOTE, NOTE)
    accepted = nights.run(document, decisions=(_answer(question.held_id, "accept"),))
    assert row(accepted, "actions", text=NOTE)["record_id"] == question.record_id
    corrected = nights.run(
        document, decisions=(_answer(question.held_id, "correct", text="Rédiger la note", responsible="OCHA"),)
    )
    assert row(corrected, "actions", text="Rédiger la note")["responsible"] == ("OCHA",)
    rejected = nights.run(document, decisions=(_answer(question.held_id, "reject"),))
    assert NOTE not in by_text(rejected)
    assert [held for held in rejected.held if held.kind == "row"] == []


def test_a_merge_may_name_the_short_number():
    nights = Nights()
    documents = (of("2026-01-14", action(NOTE, "CCP")), of("2026-02-11", action("Tout autre chose", "OCHA", held=True)))
    first = nights.run(*documents)
    (question,) = [held for held in first.held if held.kind == "row"]
    merged = nights.run(*documents, decisions=(_answer(question.held_id, "merge", into="PROT-2026-01-14/1"),))
    found = row(merged, "actions", state="active")
    assert kinds(merged, found["record_id"]) == ["created", "reassigned"]
