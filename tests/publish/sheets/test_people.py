"""People at work in the sheets: what becomes an edit, what is put back, and that nobody's words are lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from suivi.publish.sheets import with_settings


def conflicts(house) -> list[tuple[str, str]]:
    """(column, value found) of every entry in _conflits."""
    return [(row["column"], row["found"]) for row in house.table("conflicts").values()]


@pytest.mark.parametrize(
    ("column", "typed", "new", "stands"),
    [
        ("status", "fait", "done", "fait"),
        ("status", "IN PROGRESS", "in_progress", "en cours"),
        ("deadline_date", "2026-04-30", "2026-04-30", 46142),
        ("responsible", "NRC;DRC", "NRC ; DRC", "NRC ; DRC"),
        ("admin2_name", "Gao", "Gao", "Gao"),
        ("sharing_level", "interne", "interne", "interne"),
    ],
)
def test_a_correction_is_an_edit_of_the_next_night_and_stays(house, column, typed, new, stands):
    house.night()
    house.set("actions", "act-0002", **{column: typed})
    house.night()
    assert [(e.record_id, e.column, e.new, e.night) for e in house.edits] == [("act-0002", column, new, 2)]
    assert house.table("actions")["act-0002"][column] == stands
    assert conflicts(house) == []
    outcome = house.night()
    assert outcome.writes == 0
    assert len(house.edits) == 1


def test_clearing_a_correction_lets_the_machine_speak_again(house):
    house.night()
    house.set("actions", "act-0002", status="fait")
    house.night()
    house.set("actions", "act-0002", status="")
    house.night()
    assert [e.new for e in house.edits] == ["done", None]
    assert house.table("actions")["act-0002"]["status"] == "ouvert"
    assert house.night().writes == 0


def test_an_unreadable_correction_is_put_back_and_kept_beside(house):
    house.night()
    house.set("actions", "act-0002", status="bof", deadline_date="mardi gras")
    outcome = house.night()
    assert sorted(i.type for i in house.pulled.issues) == ["sheet_value_unreadable"] * 2
    assert house.edits == []
    assert len(outcome.conflicts) == 2
    assert sorted(conflicts(house)) == [("Statut", "bof"), ("Échéance", "mardi gras")]
    assert house.table("actions")["act-0002"]["status"] == "ouvert"


def test_a_formula_in_a_correctable_column_is_no_value(house):
    house.night()
    house.set("actions", "act-0002", responsible='=CONCATENATE("A","B")')
    house.night()
    assert conflicts(house) == [("Responsables", '=CONCATENATE("A","B")')]
    assert house.table("actions")["act-0002"]["responsible"] == "DRC"


def test_a_machine_cell_is_put_back_and_the_persons_value_kept(house):
    house.night()
    house.set("actions", "act-0003", text="Mieux dit", number="17")
    outcome = house.night()
    assert house.edits == []
    assert len(outcome.conflicts) == 2
    assert sorted(conflicts(house)) == [("Action", "Mieux dit"), ("N°", "17")]
    assert house.table("actions")["act-0003"]["text"] == "Partager la fiche numéro 3 avec les membres"
    assert house.night().writes == 0
    assert len(conflicts(house)) == 2


def test_a_bad_paste_takes_none_and_loses_nothing(house):
    house.rows["actions"] = [house.action(n) for n in range(1, 61)]
    house.night()
    for n in range(1, 9):
        house.set("actions", f"act-{n:04}", status="fait")
    house.night()
    assert house.edits == []
    assert [(i.type, i.value) for i in house.pulled.issues] == [("sheet_mass_change", "8")]
    assert conflicts(house) == [("Statut", "fait")] * 8
    assert {row["status"] for row in house.table("actions").values()} == {"ouvert"}
    assert house.night().writes == 0


def test_a_tenth_of_a_column_is_still_taken(house):
    house.rows["actions"] = [house.action(n) for n in range(1, 61)]
    house.night()
    for n in range(1, 7):
        house.set("actions", f"act-{n:04}", status="fait")
    house.night()
    assert len(house.edits) == 6


def test_a_correction_made_between_pull_and_publication_waits_for_the_next_night(house):
    house.night()
    house.number += 1
    house.pull()
    house.set("actions", "act-0002", status="fait")
    house.publish()
    assert house.table("actions")["act-0002"]["status"] == "fait"
    house.night()
    assert [(e.column, e.new) for e in house.edits] == [("status", "done")]
    assert conflicts(house) == []


def test_human_columns_own_columns_own_rows_and_own_tabs_are_never_touched(house):
    house.night()
    house.set("actions", "act-0001", comment="Appeler jeudi", focal_point="Moussa")
    house.edit("actions", insert_columns={"at": 3})
    house.edit("actions", cells={"D1": "Mes notes", "D3": "n1", "D9": "=1+2"})
    house.edit("actions", append=[[None, "à nous", None, "sans identifiant"]])
    house.emulator.edit(house.internal(), house.title("actions"), add_tab="Chez nous")
    house.emulator.edit(house.internal(), "Chez nous", cells={"A1": "rien pour la machine"})
    before = house.words()
    for row in house.rows["actions"]:
        row["age_meetings"] += 1
    house.rows["actions"].append(house.action(90))
    house.night()
    for word in ("Appeler jeudi", "Moussa", "Mes notes", "n1", "=1+2", "à nous", "sans identifiant",
                 "rien pour la machine"):  # fmt: skip
        assert house.words().count(word) == before.count(word) == 1
    assert house.table("actions")["act-0001"]["comment"] == "Appeler jeudi"
    assert "act-0090" in house.table("actions")
    assert house.night().writes == 0


def test_sorted_and_moved_rows_are_found_again(house):
    house.night()
    house.edit("actions", sort={"column": "Action", "descending": True})
    house.rows["actions"][3]["status"] = "done"
    outcome = house.night()
    assert outcome.rows_changed == 2
    table = house.table("actions")
    assert [r for r, row in table.items() if row["status"] == "fait"] == ["act-0004"]
    assert next(iter(table)) == "act-0009"


def test_a_renamed_header_is_found_put_back_and_kept(house):
    house.night()
    house.edit("actions", cells={"R1": "État d'avancement"})
    assert house.emulator.book(house.internal()).grids[710002].cells[0][17] == "État d'avancement"
    house.rows["actions"][0]["status"] = "done"
    house.night()
    assert house.table("actions")["act-0001"]["status"] == "fait"
    assert house.emulator.book(house.internal()).grids[710002].cells[0][17] == "Statut"
    assert conflicts(house) == [("Statut", "État d'avancement")]


def test_moved_columns_are_found_by_name(house):
    house.night()
    house.edit("actions", move_columns={"at": 17, "to": 2})
    house.rows["actions"][0]["status"] = "done"
    house.night()
    assert house.table("actions")["act-0001"]["status"] == "fait"
    assert conflicts(house) == []
    assert house.edits == []


def test_a_deleted_machine_column_comes_back_at_the_edge(house):
    house.night()
    house.set("actions", "act-0001", comment="reste")
    house.night()
    house.edit("actions", delete_columns={"at": 17})
    house.night()
    assert house.table("actions")["act-0001"]["status"] == "ouvert"
    assert house.table("actions")["act-0001"]["comment"] == "reste"
    assert house.edits == []
    assert house.night().writes == 0


def test_a_deleted_human_column_comes_back_with_its_words(house):
    house.night()
    house.set("actions", "act-0001", comment="reste")
    house.night()
    edge = list(house.table("actions")["act-0001"]).index("comment")
    house.edit("actions", delete_columns={"at": edge})
    house.night()
    assert house.table("actions")["act-0001"]["comment"] == "reste"


def test_a_deleted_row_comes_back_once_with_its_words_and_then_stays_away(house):
    house.night()
    house.set("actions", "act-0004", comment="important")
    house.night()
    row = list(house.table("actions")).index("act-0004") + 2
    house.edit("actions", delete_rows={"at": row})
    house.night()
    assert house.table("actions")["act-0004"]["comment"] == "important"
    house.edit("actions", delete_rows={"at": len(house.table("actions")) + 1})
    assert "act-0004" not in house.table("actions")
    house.night()
    assert "act-0004" not in house.table("actions")
    assert house.night().writes == 0


def test_a_copied_row_stops_its_tab_and_no_other(house):
    house.night()
    house.edit("actions", append=[["act-0001", "copie"]])
    house.rows["actions"][5]["status"] = "done"
    house.rows["meetings"].append(house.meeting(3))
    outcome = house.night()
    assert ("sheet_key_twice", "act-0001") in {(i.type, i.value) for i in outcome.issues}
    assert "m-3" in house.table("meetings")
    assert "fait" not in house.words()[: house.words().index("m-1")]
    house.edit("actions", delete_rows={"at": 14})
    house.night()
    assert house.table("actions")["act-0006"]["status"] == "fait"


def test_an_erased_id_is_put_back(house):
    house.night()
    row = list(house.table("actions")).index("act-0004") + 3
    house.edit("actions", cells={f"A{row}": "", f"AE{row}": "note"})
    house.night()
    assert list(house.table("actions")).index("act-0004") + 3 == row
    assert len(house.table("actions")) == 12


def test_an_overwritten_id_is_put_back(house):
    house.night()
    row = list(house.table("actions")).index("act-0004") + 3
    house.edit("actions", cells={f"A{row}": "n'importe quoi"})
    house.night()
    assert len(house.table("actions")) == 12
    assert list(house.table("actions")).index("act-0004") + 3 == row


def test_a_row_without_id_that_may_be_ours_stops_the_tab(house):
    house.night()
    row = list(house.table("actions")).index("act-0004") + 3
    changed = dict.fromkeys(("B", "C", "D", "E", "H", "I", "L", "N", "P", "U", "Z", "AA", "AB"), "x")
    house.edit("actions", cells={f"A{row}": "", **{f"{c}{row}": v for c, v in changed.items()}})
    house.rows["actions"][0]["status"] = "done"
    outcome = house.night()
    assert [i.type for i in outcome.issues] == ["sheet_key_missing"]
    assert house.table("actions")["act-0001"]["status"] == "ouvert"


def test_lost_headers_stop_the_tab_unless_the_tags_tell(house):
    house.night()
    house.edit("actions", delete_rows={"at": 0})
    house.rows["actions"][0]["status"] = "done"
    house.night()
    assert house.table("actions")["act-0001"]["status"] == "fait"
    assert house.emulator.book(house.internal()).grids[710002].cells[0][1] == "N°"
    house.edit("actions", delete_rows={"at": 0, "count": 2})
    house.rows["actions"][1]["status"] = "done"
    outcome = house.night()
    assert [i.type for i in outcome.issues] == ["sheet_header_missing"]


def test_a_renamed_tab_keeps_its_name_and_a_deleted_one_comes_back_with_peoples_words(house):
    house.night()
    house.set("actions", "act-0001", comment="reste")
    house.edit("meetings", rename_tab="Nos réunions")
    house.night()
    house.edit("actions", delete_tab=True)
    house.rows["meetings"].append(house.meeting(3))
    house.night()
    assert house.title("meetings") == "Nos réunions"
    assert "m-3" in house.table("meetings")
    assert house.table("actions")["act-0001"]["comment"] == "reste"
    assert len(house.table("actions")) == 12
    assert house.night().writes == 0


def test_a_tab_of_peoples_own_with_our_name_stays_theirs(house):
    house.emulator.edit(house.internal(), "Sheet1", add_tab="Suivi des actions")
    house.emulator.edit(house.internal(), "Suivi des actions", cells={"A1": "à nous"})
    house.night()
    assert house.title("actions") == "Suivi des actions (2)"
    assert "à nous" in house.words()


def test_an_emptied_tab_is_laid_out_again(house):
    house.night()
    clear = {"updateCells": {"range": {"sheetId": 710002}, "fields": "userEnteredValue,note"}}
    house.edit("actions", requests=[clear])
    house.night()
    assert len(house.table("actions")) == 12
    assert house.edits == []
    assert house.night().writes == 0


def test_a_foreign_protection_stops_its_tab_with_an_issue(house):
    house.night()
    house.edit("actions", protect={"range": "A1:AF40"})
    house.rows["actions"][0]["status"] = "done"
    house.rows["meetings"].append(house.meeting(3))
    outcome = house.night()
    assert [i.type for i in outcome.issues] == ["sheet_protected"]
    assert house.table("actions")["act-0001"]["status"] == "ouvert"
    assert "m-3" in house.table("meetings")


def test_what_people_write_in_the_shared_sheet_is_put_back_and_kept_in_the_internal_one(house):
    house.night()
    house.edit("actions", "shared", cells={"H5": "Réécrit par un membre"})
    house.night()
    assert "Réécrit par un membre" not in house.words("shared")
    assert [found for _, found in conflicts(house)] == ["Réécrit par un membre"]


def test_a_new_language_of_the_cluster_is_no_conflict(house):
    house.night()
    house.cluster = replace(house.cluster, language="en")
    house.night()
    assert house.table("actions")["act-0001"]["status"] == "open"
    assert house.emulator.book(house.internal()).grids[710002].cells[0][17] == "Status"
    assert house.edits == []
    assert conflicts(house) == []
    assert house.night().writes == 0


def test_the_tick_of_validated_minutes_is_an_edit(house):
    house.night()
    house.set("meetings", "m-1", validated=True)
    house.night()
    assert [(e.register, e.record_id, e.column, e.new) for e in house.edits] == [
        ("meetings", "m-1", "validated", "true")
    ]
    house.night()
    assert len(house.edits) == 1
    house.set("meetings", "m-1", validated=False)
    house.night()
    assert house.edits[-1].new == "false"


def test_answers_in_the_queue_are_decisions_once(house):
    house.held = [house.entry(n) for n in range(1, 6)]
    house.night()
    house.set("held", "held-1", choice="accepter")
    house.set("held", "held-2", choice="corriger", correction="Statut = fait ; Échéance = 2026-05-01")
    house.set("held", "held-3", choice="fusionner", correction="PROT-2026-02-03/4")
    house.set("held", "held-4", choice="corriger")
    house.night()
    found = [(d.held_id, d.choice, d.correction) for d in house.decisions]
    assert found == [
        ("held-1", "accept", {}),
        ("held-2", "correct", {"status": "done", "deadline_date": "2026-05-01"}),
        ("held-3", "merge", {"into": "PROT-2026-02-03/4"}),
    ]
    assert [i.type for i in house.pulled.issues] == ["sheet_answer_incomplete"]
    house.held = house.held[3:]
    house.night()
    assert house.table("held")["held-1"]["state"] == "réglé"
    assert house.table("held")["held-1"]["choice"] == "accepter"
    assert len(house.decisions) == 3
    house.set("held", "held-4", correction="Statut = annulé")
    house.night()
    assert house.decisions[-1].correction == {"status": "cancelled"}


def test_actions_that_nobody_mentions_are_offered_for_closing_and_closed_by_one_word(house):
    house.rows["meetings"] = [house.meeting(n) for n in range(1, 6)]
    for row in house.rows["actions"][2:]:
        row["last_mentioned"] = date(2026, 3, 31)
    house.night()
    assert list(house.table("closing")) == ["act-0001", "act-0002"]
    assert house.table("closing")["act-0001"]["silent"] == 4
    house.set("closing", "act-0001", choice="fait")
    house.set("closing", "act-0002", choice="garder")
    house.night()
    assert [(e.record_id, e.column, e.new, e.desk) for e in house.edits] == [("act-0001", "status", "done", "queue")]
    assert house.table("actions")["act-0001"]["status"] == "fait"
    assert house.table("closing")["act-0001"]["state"] == "réglé"
    assert house.night().writes == 0


def test_settings_lines_are_judged_in_the_tab_and_applied(house):
    house.night()
    house.edit("settings", append=[
        [None, "alias", "Comité norvégien", None, None, None, "NRC"],
        [None, "cible", "PROT-02", "ML06", 2026, None, "1 500"],
        [None, "cible", "PROT-99", "ML06", 2026, None, "12"],
        [None, "indicateur", "PROT-02", None, None, "across_time", "hasard"],
    ])  # fmt: skip
    row = list(house.table("settings")).index("target|PROT-03|MLI|2026") + 1
    house.edit("settings", delete_rows={"at": row})
    house.night()
    lines = {r["subject"]: r for r in house.table("settings").values() if r["subject"] not in ("PROT-01", "PROT-03")}
    assert lines["Comité norvégien"]["state"] == "appliqué"
    assert lines["PROT-99"]["state"] == "refusé"
    assert "catalogue" in lines["PROT-99"]["message"]
    cluster = with_settings(house.cluster, house.pulled.settings)
    assert cluster.aliases == {"Comité norvégien": "NRC"}
    catalogue = {i["code"]: i for i in cluster.indicators}
    assert {"place": "ML06", "year": 2026, "value": 1500.0} in catalogue["PROT-02"]["targets"]
    assert catalogue["PROT-02"]["across_time"] == "sum"
    assert catalogue["PROT-03"]["targets"] == []
    assert house.night().writes == 0


def test_properties_and_methods_are_set_in_the_words_of_the_cluster(house):
    house.night()
    seeded = {r["property"]: r["value"] for r in house.table("settings").values() if r["subject"] == "PROT-01"}
    assert seeded["calcul dans le temps"] == "dernière valeur"
    house.edit("settings", append=[
        [None, "indicateur", "PROT-02", None, None, "calcul dans le temps", "Moyenne"],
        [None, "indicateur", "PROT-03", None, None, "across_places", "hasard"],
    ])  # fmt: skip
    house.night()
    answers = [row for row in house.table("settings").values() if row["state"] == "refusé"]
    assert [(row["subject"], "moyenne" in row["message"]) for row in answers] == [("PROT-03", True)]
    catalogue = {i["code"]: i for i in with_settings(house.cluster, house.pulled.settings).indicators}
    assert catalogue["PROT-02"]["across_time"] == "average"
    assert catalogue["PROT-03"]["across_places"] == "sum"


def test_contacts_are_peoples_own_and_get_keys_and_a_word_on_bad_addresses(house):
    house.night()
    house.edit("contacts", append=[[None, "NRC", "Gao", "A. Exemple", "a@exemple.org"],
                                   [None, "DRC", None, "B. Exemple", "pas une adresse"]])  # fmt: skip
    house.night()
    assert [(c["organisation"], c["email"]) for c in house.pulled.contacts] == [
        ("NRC", "a@exemple.org"),
        ("DRC", "pas une adresse"),
    ]
    messages = [row["message"] for row in house.table("contacts").values()]
    assert messages == [None, "Adresse électronique illisible."]
    assert "a@exemple.org" not in house.words("shared")
    assert house.night().writes == 0


def test_choices_of_indicators_are_counted_and_ties_shown(house):
    house.night()
    house.set("choices", "PROT-01", organisations="NRC ; DRC; NRC")
    house.set("choices", "PROT-02", organisations="UNHCR ; NRC", chosen=True)
    house.set("choices", "PROT-03", organisations="UNHCR")
    house.night()
    table = house.table("choices")
    assert [(row["votes"], row["rank"]) for row in table.values()] == [(2, "1 ex æquo"), (2, "1 ex æquo"), (1, "3")]
    assert [c["record_id"] for c in house.pulled.choices if c["chosen"]] == ["PROT-02"]


def test_the_cluster_with_settings_applied_neither_doubles_nor_revives_lines(house):
    original = house.cluster
    house.cluster = replace(original, aliases={"Conseil danois": "DRC"})
    house.night()
    house.edit("settings", append=[[None, "alias", "Comité norvégien", None, None, None, "NRC"]])
    row = list(house.table("settings")).index("alias|Conseil danois") + 1
    house.edit("settings", delete_rows={"at": row})
    file = house.cluster
    for _ in range(4):
        house.number += 1
        house.cluster = file
        house.pull()
        house.cluster = with_settings(file, house.pulled.settings)
        assert house.cluster.aliases == {"Comité norvégien": "NRC"}
        house.publish()
    subjects = [row["subject"] for row in house.table("settings").values() if row["kind"] == "alias"]
    assert subjects == ["Comité norvégien"]
    assert house.last.writes == 0
