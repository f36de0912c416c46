"""Sharing levels of rows: policy, rules with their reasons, the coordinator's word, and the report."""

from __future__ import annotations

from datetime import date

from minutes_by_hand import action, cluster, figure, minutes, night, presence, row, rows, stored

from suivi.models import Edit
from suivi.sharing import raised_rows, view


def _lowered(record_id: str, level: str) -> Edit:
    return Edit("actions", record_id, "sharing_level", "interne", level, 2, date(2026, 5, 2))


def test_policy_decides_where_no_rule_speaks():
    registers = night(
        stored(
            minutes("a", "2026-03-05", [action("Partager la matrice", "OCHA")], figures=(figure(40, "kits", "Niono"),))
        )
    )
    assert row(registers, "actions")["sharing_level"] == "membres"
    assert row(registers, "key_figures")["sharing_level"] == "interne"
    assert row(registers, "key_figures")["sharing_reason"] == "politique du cluster"


def test_a_rule_raises_whatever_the_policy_says_and_gives_every_reason():
    policy = dict.fromkeys(("actions", "meetings", "indicators", "key_figures", "presence"), "public")
    text = "Appeler Mme Kalidou, village de Sokourani, pour les 600 militaires"
    registers = night(
        stored(minutes("a", "2026-03-05", [action(text, "OCHA")])), cluster=cluster(sharing={"policy": policy})
    )
    found = row(registers, "actions")
    assert found["sharing_level"] == "interne"
    assert found["sharing_reason"].split(" ; ") == [
        "nom, téléphone ou courriel d'une personne",
        "lieu en dessous du cercle",
        "chiffre militaire ou sécuritaire",
    ]


def test_only_the_coordinator_lowers_a_level_and_it_is_recorded():
    document = stored(minutes("a", "2026-03-05", [action("Suivre les 600 militaires", "OCHA")]))
    before = night(document)
    record = row(before, "actions")["record_id"]
    after = night(document, identities=before.identities, edits=(_lowered(record, "membres"),))
    found = row(after, "actions")
    assert found["sharing_level"] == "membres"
    assert found["sharing_reason"] == "décidé par la coordination, nuit 2 (règles : chiffre militaire ou sécuritaire)"
    assert len(view(after.frames["actions"], "actions", "membres")) == 1


def test_a_lowered_row_with_a_phone_number_stays_back():
    document = stored(minutes("a", "2026-03-05", [action("Appeler le 76 12 34 56", "OCHA")]))
    before = night(document)
    record = row(before, "actions")["record_id"]
    after = night(document, identities=before.identities, edits=(_lowered(record, "membres"),))
    assert row(after, "actions")["sharing_level"] == "membres"
    assert view(after.frames["actions"], "actions", "membres").empty


def test_owners_are_never_people():
    present = (("Zéphirine Okolo", "NRC"), ("Tiécoura Fané", None))
    actions = [
        action("Relire le circuit", "Zéphirine Okolo"),
        action("Envoyer la liste", "ZO"),
        action("Préparer le plan", "Tiécoura Fané"),
        action("Finaliser la note", "Mme Kalidou (IRC)"),
    ]
    registers = night(stored(minutes("a", "2026-03-05", actions, attendees=present)))
    owners = {r["text"]: r["responsible"] for r in rows(registers, "actions")}
    assert owners == {
        "Relire le circuit": ("NRC",),
        "Envoyer la liste": ("NRC",),
        "Préparer le plan": (),
        "Finaliser la note": ("IRC",),
    }
    shared = view(registers.frames["actions"], "actions", "membres", names=registers.names)
    assert len(shared) == 4
    assert not any(word in str(shared.to_dict()) for word in ("Okolo", "Fané", "Kalidou"))


def test_a_name_of_the_attendance_list_in_an_action_raises_it():
    registers = night(
        stored(
            minutes(
                "a",
                "2026-03-05",
                [action("Zéphirine Okolo envoie la liste", "NRC")],
                attendees=(("OKOLO Zéphirine", "NRC"),),
            )
        )
    )
    assert row(registers, "actions")["sharing_level"] == "interne"


def test_a_place_below_the_cercle_is_shown_by_its_cercle_only():
    registers = night(
        stored(minutes("a", "2026-03-05", [action("Recenser les ménages", "DRC", places=("commune de Konna",))]))
    )
    shared = view(registers.frames["actions"], "actions", "membres")
    assert shared["admin2_pcode"][0] == ("ML0506",)
    assert "Konna" not in str(shared.to_dict())
    assert row(registers, "actions")["place_as_written"] == ("commune de Konna",)


def test_a_figure_is_judged_by_the_sentence_that_its_unit_cuts():
    quotes = {
        "12 cas de viol ont été signalés": "case_figure",
        "12 cas de choléra ont été signalés": "",
    }
    policy = {"policy": {"key_figures": "membres"}}
    for quote, rule in quotes.items():
        document = stored(minutes("a", "2026-03-05", figures=(figure(12, "cas", "Koro", quote=quote),)))
        found = row(night(document, cluster=cluster(sharing=policy)), "key_figures")
        assert (found["sharing_level"] == "interne") == bool(rule), quote


def test_consent_list_hides_presence_until_consent_is_recorded():
    document = stored(
        minutes("a", "2026-03-05", presence=(presence("MSF France", "Soins", "Koro"), presence("NRC", "Abris", "Koro")))
    )
    hidden = night(document)
    assert set(view(hidden.frames["presence"], "presence", "membres")["organisation"]) == {"NRC"}
    agreed = cluster(sharing={"policy": {"presence": "membres"}, "consent": ["MSF"]})
    shown = night(document, cluster=agreed)
    assert set(view(shown.frames["presence"], "presence", "membres", consent=["MSF"])["organisation"]) == {
        "NRC",
        "MSF-F",
    }


def test_what_is_planned_is_a_movement_to_come():
    found = (
        presence("NRC", "Distribution de kits", "Koro", status="planned"),
        presence("IRC", "Distribution de kits", "Koro"),
    )
    registers = night(stored(minutes("a", "2026-03-05", presence=found)))
    levels = {r["organisation"]: r["sharing_level"] for r in rows(registers, "presence")}
    assert levels == {"NRC": "interne", "IRC": "membres"}


def test_a_movement_whose_place_only_the_row_names_is_one():
    there = action("Mener une évaluation rapide", "NRC", places=("Koro",))
    nowhere = action("Finaliser la matrice de suivi", "NRC", places=("Koro",))
    registers = night(stored(minutes("a", "2026-03-05", [there, nowhere])))
    levels = {r["text"]: (r["sharing_level"], r["sharing_reason"]) for r in rows(registers, "actions")}
    assert levels["Mener une évaluation rapide"] == ("interne", "mouvement ou distribution à venir")
    assert levels["Finaliser la matrice de suivi"][0] == "membres"


def test_the_report_names_rows_and_reasons_and_no_wording():
    registers = night(
        stored(minutes("a", "2026-03-05", [action("Appeler Mme Kalidou", "NRC"), action("Partager la note", "NRC")]))
    )
    report = raised_rows(registers.frames)
    actions = report[report["register"] == "actions"]
    assert list(actions["sharing_reason"]) == ["nom, téléphone ou courriel d'une personne"]
    assert "Kalidou" not in report.to_csv()


def test_reasons_read_in_the_language_of_the_cluster():
    registers = night(
        stored(minutes("a", "2026-03-05", [action("Call +1 202 555 0143", "NRC")])), cluster=cluster(language="en")
    )
    assert row(registers, "actions")["sharing_reason"] == "a person's name, phone or e-mail"
