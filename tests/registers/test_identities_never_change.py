"""Ids: stable under corrections, whatever the order in which documents arrive, never doubled, never derived."""

from __future__ import annotations

from datetime import date
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st
from minutes_by_hand import Nights, action, by_text, figure, minutes, night, of, presence, row, rows, stored

TEXTS = (
    "Rédiger une note sur la documentation civile",
    "Partager la matrice des acteurs",
    "Finaliser le plan de contingence",
    "Actualiser le circuit de référencement",
    "Identifier un point focal redevabilité",
    "Organiser un atelier sur la cohésion sociale",
)


def _series():
    one, two, three, four, five, six = TEXTS
    return (
        of("2026-01-14", action(one, "CCP"), action(two, "OCHA"), action(three, "UNHCR")),
        of("2026-02-11", action(one, "CCP", review=True, status="in_progress"), action(four, "IRC")),
        of(
            "2026-03-11",
            action(two, "OCHA", review=True, status="done"),
            action(four, "IRC", review=True),
            action(five),
        ),
        of("2026-04-08", action(one, "OCHA", review=True, status="done"), action(six, "NRC", "OIM")),
    )


def _structure(registers) -> set[tuple]:
    """Which mentions live together and what became of them; no ids."""
    events = {}
    for event in registers.events:
        events.setdefault(event.record_id, []).append((event.kind, event.document, event.quote))
    states = {
        r["record_id"]: (r["text"], r["status"], r["meeting_date"], r["responsible"])
        for r in rows(registers, "actions")
    }
    return {(states[record], tuple(found)) for record, found in events.items()}


def test_the_rebuild_is_deterministic_and_the_second_night_remembers_nothing_new():
    nights = Nights()
    first, second = nights.run(*_series()), nights.run(*_series())
    assert second.identities == ()
    assert all(first.frames[name].equals(second.frames[name]) for name in first.frames)
    assert first.events == second.events


def test_the_order_of_the_inputs_does_not_matter_at_all():
    frames = [night(*order).frames for order in permutations(_series())]
    assert all(frame["actions"].equals(frames[0]["actions"]) for frame in frames)


@settings(max_examples=24, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_arrival_does_not_change_what_is_linked(order):
    documents = _series()
    nights, arrived = Nights(), []
    for position in order:
        arrived.append(documents[position])
        registers = nights.run(*arrived)
    assert _structure(registers) == _structure(night(*documents))
    ids = [r["record_id"] for r in rows(registers, "actions", active=False)]
    numbers = [r["number"] for r in rows(registers, "actions")]
    assert len(set(ids)) == len(ids)
    assert len(set(numbers)) == len(numbers)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["reword", "insert", "swap", "owner"]), min_size=1, max_size=3),
    st.integers(0, 2),
)
def test_ids_and_numbers_stay_when_an_earlier_document_is_corrected(changes, which):
    nights = Nights()
    before = by_text(nights.run(*_series()))
    actions = list(_series()[0].minutes.actions)
    text = TEXTS[which]
    for change in changes:
        if change == "reword":
            actions = [
                action(f"{a.text} (version corrigée)" if a.text == text else a.text, *a.responsible) for a in actions
            ]
        elif change == "insert":
            actions.insert(0, action("Convoquer une réunion extraordinaire du bureau", "NRC"))
        elif change == "swap":
            actions.reverse()
        else:
            actions = [action(a.text, "UNICEF") if a.text == text else a for a in actions]
    corrected = of("2026-01-14", *actions, document="2026-01-14 corrigé", file="echantillons/2026-01-14.docx")
    after = {r["record_id"]: r["number"] for r in rows(nights.run(corrected, *_series()[1:]), "actions")}
    assert {r["record_id"]: r["number"] for r in before.values()}.items() <= after.items()


def test_an_action_taken_out_of_the_minutes_is_withdrawn_and_internal():
    nights = Nights()
    first = nights.run(*_series())
    gone = by_text(first)[TEXTS[2]]["record_id"]
    one = of("2026-01-14", action(TEXTS[0], "CCP"), action(TEXTS[1], "OCHA"))
    after = row(nights.run(one, *_series()[1:]), "actions", record_id=gone)
    assert (after["state"], after["sharing_level"], after["text"]) == ("withdrawn", "interne", TEXTS[2])


def test_a_withdrawn_action_that_returns_has_its_id_again():
    nights = Nights()
    gone = by_text(nights.run(*_series()))[TEXTS[2]]["record_id"]
    nights.run(of("2026-01-14", action(TEXTS[0], "CCP")), *_series()[1:])
    assert by_text(nights.run(*_series()))[TEXTS[2]]["record_id"] == gone


def test_a_corrected_date_moves_the_meeting_and_keeps_all_ids():
    nights = Nights()
    before = nights.run(of("2026-01-14", action(TEXTS[0], "CCP"), file="pv/janvier.docx"))
    after = nights.run(of("2026-01-15", action(TEXTS[0], "CCP"), file="pv/janvier.docx"))
    assert [r["record_id"] for r in rows(after, "meetings", active=False)] == [row(before, "meetings")["record_id"]]
    assert row(after, "meetings")["date"] == date(2026, 1, 15)
    assert row(after, "actions")["record_id"] == row(before, "actions")["record_id"]
    assert row(after, "actions")["number"] == "PROT-2026-01-14/1"


def test_a_renamed_file_changes_nothing():
    nights = Nights()
    before = nights.run(of("2026-01-14", action(TEXTS[0]), file="pv/a.docx"))
    after = nights.run(of("2026-01-14", action(TEXTS[0]), file="ailleurs/b.docx"))
    assert row(after, "actions")["record_id"] == row(before, "actions")["record_id"]


def test_a_corrected_figure_keeps_its_id():
    nights = Nights()
    before = nights.run(
        stored(
            minutes(
                "a", "2026-01-14", figures=(figure(10116, "déplacés internes", "Niono"), figure(30, "kits", "Koro"))
            )
        )
    )
    after = nights.run(
        stored(
            minutes(
                "b", "2026-01-14", figures=(figure(10161, "déplacés internes", "Niono"), figure(30, "kits", "Koro"))
            )
        )
    )
    ids = {r["unit"]: r["record_id"] for r in rows(before, "key_figures")}
    assert {r["unit"]: r["record_id"] for r in rows(after, "key_figures")} == ids
    assert row(after, "key_figures", unit="déplacés internes")["value"] == 10161


def test_ids_of_all_registers_are_unique_and_remembered():
    nights = Nights()
    document = stored(
        minutes(
            "a",
            "2026-01-14",
            [action(text) for text in TEXTS],
            figures=(figure(40, "personnes formées", "Niono"),),
            presence=(presence("NRC", "Abris", "Koro"),),
            organisations=("UNHCR", "OCHA"),
        )
    )
    first = nights.run(document)
    ids = [r["record_id"] for name in first.frames for r in rows(first, name)]
    assert len(set(ids)) == len(ids)
    second = nights.run(document)
    assert [r["record_id"] for name in second.frames for r in rows(second, name)] == ids


def test_reordering_and_rewording_two_actions_at_once_does_not_swap_their_ids():
    nights = Nights()
    first = by_text(
        nights.run(of("2026-01-14", action("Partager la liste des sites"), action("Vérifier la liste des écoles")))
    )
    after = by_text(
        nights.run(
            of(
                "2026-01-14",
                action("Vérifier la liste des écoles occupées"),
                action("Partager la liste des sites d'accueil"),
            )
        )
    )
    assert (
        after["Partager la liste des sites d'accueil"]["record_id"] == first["Partager la liste des sites"]["record_id"]
    )
    assert (
        after["Vérifier la liste des écoles occupées"]["record_id"]
        == first["Vérifier la liste des écoles"]["record_id"]
    )


def test_a_withdrawn_decision_is_still_a_decision():
    nights = Nights()
    decision = action("Les indicateurs du tableau de bord sont adoptés", kind="decision")
    nights.run(of("2026-01-14", action(TEXTS[0], "CCP"), decision))
    after = nights.run(of("2026-01-14", action(TEXTS[0], "CCP")))
    gone = row(after, "actions", state="withdrawn")
    assert (gone["kind"], gone["sharing_level"]) == ("decision", "interne")
