"""Nights without trouble: what is written, how often, and what a second night costs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from suivi import schema
from suivi.clusters import load
from suivi.publish.sheets.pages import running_series
from suivi.publish.sheets.plan import LIMIT
from suivi.reference import HOUSE

INTERNAL = ["Lisez-moi", "Suivi des actions", "Indicateurs", "Chiffres clés", "Présence (3W)", "Réunions", "À vérifier",
            "À clore ?", "Choix des indicateurs", "Contacts", "Paramètres", "_conflits", "_synthèse"]  # fmt: skip
SHARED = ["Lisez-moi", "Suivi des actions", "Indicateurs", "Présence (3W)", "Réunions", "_synthèse"]


def titles(house, spreadsheet: str) -> list[str]:
    grids = sorted(house.emulator.book(spreadsheet).grids.values(), key=lambda grid: grid.index)
    return [grid.title for grid in grids]


def test_the_first_night_lays_out_every_tab_in_one_write_a_spreadsheet(house):
    outcome = house.night()
    assert outcome.errors == ()
    assert (outcome.reads, outcome.writes) == (2, 2)
    assert titles(house, house.internal())[:-1] == INTERNAL
    assert titles(house, house.shared())[:-1] == SHARED
    hidden = [g.title for g in house.emulator.book(house.internal()).grids.values() if g.hidden]
    assert hidden == ["_synthèse"]


def test_a_night_without_change_is_three_reads_and_no_write(house):
    house.held.append(house.entry(1))
    house.night()
    house.emulator.control("DELETE", "calls")
    outcome = house.night()
    calls = house.emulator.calls()
    assert (calls["reads"], calls["writes"]) == (3, 0)
    assert outcome.changes == ()
    assert (outcome.rows_added, outcome.rows_changed) == (0, 0)


def test_many_changes_are_one_write_a_spreadsheet(house):
    house.rows["actions"] = [house.action(n) for n in range(1, 200)]
    house.night()
    for n, row in enumerate(house.rows["actions"]):
        row["age_meetings"] = n
        row["status"] = "in_progress" if n % 2 else "done"
    house.rows["actions"] += [house.action(n) for n in range(200, 230)]
    outcome = house.night()
    assert outcome.writes == 2
    assert outcome.rows_added == 60
    table = house.table("actions")
    assert len(table) == 229
    assert table["act-0002"]["status"] == "en cours"
    assert house.night().writes == 0


def test_values_are_typed_and_formulas_stay_text(house):
    house.rows["actions"][0] |= {"text": "=1+1", "deadline_date": date(2026, 2, 28)}
    house.night()
    row = house.table("actions")["act-0001"]
    assert row["text"] == "=1+1"
    assert type(row["text"]) is str
    assert row["deadline_date"] == 46081
    assert row["late"] is False
    assert row["responsible"] == "UNHCR ; NRC"
    assert row["status"] == "ouvert"


def test_members_see_neither_internal_rows_nor_internal_columns(house):
    house.rows["actions"].append(house.action(50, text="Convoi secret", sharing_level="interne"))
    house.night()
    assert "Convoi secret" in house.words("internal")
    shared = " ".join(house.words("shared"))
    assert "Convoi secret" not in shared
    assert "Partager la fiche numéro 3" in shared
    assert "Awa Exemple" not in shared
    assert ".docx" not in shared
    assert "Commentaire" not in shared


def test_a_row_that_may_no_longer_be_shared_is_emptied_in_the_shared_sheet(house):
    house.night()
    house.rows["actions"][0]["sharing_level"] = "interne"
    house.night()
    row = house.table("actions", "shared")["act-0001"]
    assert {name: value for name, value in row.items() if value is not None} == {
        "record_id": "act-0001",
        "state": "retirée",
    }
    assert "Partager la fiche numéro 1 avec les membres" not in house.words("shared")
    house.rows["actions"][0]["sharing_level"] = "membres"
    house.night()
    assert house.table("actions", "shared")["act-0001"]["text"] == "Partager la fiche numéro 1 avec les membres"


def test_with_a_lost_ledger_unknown_rows_of_the_shared_sheet_are_taken_back(house):
    house.night()
    house.published = {"internal": {}, "shared": {}}
    house.rows["actions"][1]["sharing_level"] = "interne"
    del house.rows["actions"][0]
    house.night()
    shared = house.table("actions", "shared")
    assert shared["act-0001"]["text"] is None
    assert shared["act-0002"]["text"] is None
    assert shared["act-0003"]["text"] is not None


def test_rows_that_leave_the_registers_are_withdrawn_never_deleted(house):
    house.night()
    gone = house.rows["actions"].pop(4)
    house.night()
    row = house.table("actions")[gone["record_id"]]
    assert row["state"] == "retirée"
    assert row["text"] == gone["text"]


def test_the_day_of_last_change_moves_only_with_a_change(house):
    house.night()
    first = house.table("readme")["changed"]["content"]
    house.night()
    assert house.table("readme")["changed"]["content"] == first
    house.rows["actions"][0]["status"] = "done"
    house.night()
    readme = house.table("readme")
    assert readme["changed"]["content"] > first
    assert readme["done"]["content"] == "1"
    assert readme["open"]["content"] == "11, dont 4 en retard"


def test_a_dry_run_says_what_it_would_write_and_writes_nothing(house):
    sheets = house.connect()
    outcome = house.publish(sheets, dry_run=True)
    assert sheets.writes == 0
    assert "internal: Suivi des actions: + act-0001" in outcome.changes
    assert outcome.rows_added == 12 * 2 + 2 * 2 + 2 * 2
    assert house.published == {"internal": {}, "shared": {}}


def test_a_first_publication_above_the_limit_fills_hidden_tabs_and_then_shows_them(house):
    house.rows["actions"] = [house.action(n, quote="Un passage plutôt long, " * 700) for n in range(1, 451)]
    house.emulator.control("DELETE", "calls")
    outcome = house.night()
    assert outcome.errors == ()
    calls = [c for c in house.emulator.calls()["calls"] if c["method"] == "POST" and house.internal() in c["path"]]
    total = sum(call["bytes"] for call in calls)
    assert total > 2 * LIMIT
    assert len(calls) == -(-total // 2_000_000)
    assert max(call["bytes"] for call in calls) <= 2 * 1024 * 1024
    shown = [g.title for g in house.emulator.book(house.internal()).grids.values() if not g.hidden]
    assert set(INTERNAL) - {"_synthèse"} <= set(shown)
    assert len(house.table("actions")) == 450
    assert house.night().writes == 0


def test_a_first_publication_that_broke_off_is_finished_and_shown_the_next_night(house):
    house.rows["actions"] = [house.action(n, quote="Un passage plutôt long, " * 700) for n in range(1, 301)]
    house.emulator.fault(status=403, method="write", path=house.internal(), after=1, times=0)
    outcome = house.night()
    assert len(outcome.errors) == 1
    grids = house.emulator.book(house.internal()).grids.values()
    assert [g.title for g in grids if not g.hidden] == ["Sheet1"]
    house.emulator.control("DELETE", "faults")
    assert house.night().errors == ()
    assert "Suivi des actions" in [
        g.title for g in house.emulator.book(house.internal()).grids.values() if not g.hidden
    ]
    assert len(house.table("actions")) == 300
    assert house.edits == []
    assert house.night().writes == 0


def test_texts_beyond_what_a_cell_holds_are_cut_with_an_issue(house):
    house.rows["actions"][0]["quote"] = "x" * 60_000
    outcome = house.night()
    assert [issue.type for issue in outcome.issues] == ["sheet_text_cut"]
    assert len(house.table("actions")["act-0001"]["quote"]) == 50_000
    assert house.night().writes == 0


def test_charts_are_drawn_once_and_stay_away_when_people_delete_them(house):
    house.night()
    charts = house.emulator.raw(house.internal(), "sheets(charts(chartId))")["sheets"]
    ids = [chart["chartId"] for sheet in charts for chart in sheet.get("charts", ())]
    assert len(ids) == 2
    house.emulator.edit(house.internal(), "Lisez-moi", requests=[{"deleteEmbeddedObject": {"objectId": ids[0]}}])
    assert house.night().writes == 0
    house.rows["indicators"].append(house.indicator("2026-02", 9.0, record_id="x", code="PROT-03"))
    house.night()
    charts = house.emulator.raw(house.internal(), "sheets(charts(chartId,spec(title)))")["sheets"]
    shown = [chart["spec"]["title"] for sheet in charts for chart in sheet.get("charts", ())]
    assert len(shown) == 2
    assert any("Acteurs formés" in title for title in shown)


def test_sources_link_to_their_document_in_the_internal_sheet_only(house):
    house.links = {"act-0001": "https://drive.example/pv1"}
    house.night()
    fields = "sheets(data(rowData(values(userEnteredFormat(textFormat(link))))))"
    assert "https://drive.example/pv1" in json.dumps(house.emulator.raw(house.internal(), fields))
    assert "https://drive.example/pv1" not in json.dumps(house.emulator.raw(house.shared(), fields))


def test_tabs_are_dressed_for_people(house):
    house.night()
    fields = ("sheets(properties(title,gridProperties),basicFilter(range),bandedRanges(bandedRangeId),"
              "conditionalFormats(booleanRule(condition)),protectedRanges(warningOnly,unprotectedRanges),"
              "data(rowData(values(dataValidation(condition),userEnteredFormat(numberFormat)))))")  # fmt: skip
    sheets = {s["properties"]["title"]: s for s in house.emulator.raw(house.internal(), fields)["sheets"]}
    sheet = sheets["Suivi des actions"]
    assert sheet["properties"]["gridProperties"]["frozenRowCount"] == 2
    assert sheet["basicFilter"]["range"]["startRowIndex"] == 1
    assert sheet["bandedRanges"]
    assert sheet["protectedRanges"][0]["warningOnly"] is True
    assert len(sheet["protectedRanges"][0]["unprotectedRanges"]) >= 3
    conditions = [rule["booleanRule"]["condition"] for rule in sheet["conditionalFormats"]]
    assert any("TRUE" in condition["values"][0]["userEnteredValue"] for condition in conditions)
    columns = list(house.table("actions")["act-0001"])
    cells = sheet["data"][0]["rowData"][2]["values"]
    status = cells[columns.index("status")]["dataValidation"]["condition"]
    assert [v["userEnteredValue"] for v in status["values"]] == ["ouvert", "en cours", "fait", "annulé", "permanent"]
    assert cells[columns.index("deadline_date")]["userEnteredFormat"]["numberFormat"]["type"] == "DATE"
    meetings = sheets["Réunions"]["data"][0]["rowData"][2]["values"]
    assert any(cell.get("dataValidation", {}).get("condition", {}).get("type") == "BOOLEAN" for cell in meetings)


def test_a_later_row_has_the_same_dropdowns_and_formats(house):
    house.night()
    house.rows["actions"].append(house.action(70))
    house.rows["meetings"].append(house.meeting(3))
    house.night()
    fields = "sheets(properties(title),data(rowData(values(userEnteredValue,dataValidation(condition)))))"
    sheets = {s["properties"]["title"]: s for s in house.emulator.raw(house.internal(), fields)["sheets"]}
    row = sheets["Suivi des actions"]["data"][0]["rowData"][-1]["values"]
    assert row[0]["userEnteredValue"] == {"stringValue": "act-0070"}
    assert any(cell.get("dataValidation") for cell in row)


def test_a_running_total_never_falls_because_a_place_was_silent_for_a_month():
    cluster = load("mali_protection", HOUSE / "clusters")
    base = {"code": "PROT-02", "state": "active"}
    frame = schema.register("indicators").frame(
        [
            base | {"record_id": "a", "month": "2026-01", "admin1_pcode": "ML04", "running": 100.0},
            base | {"record_id": "b", "month": "2026-02", "admin1_pcode": "ML05", "running": 30.0},
            base | {"record_id": "c", "month": "2026-03", "admin1_pcode": "ML04", "running": 120.0},
            base | {"record_id": "d", "month": "2027-01", "admin1_pcode": "ML05", "running": 5.0},
        ]
    )
    assert running_series(cluster, frame)["PROT-02"] == {
        "2026-01": 100.0,
        "2026-02": 130.0,
        "2026-03": 150.0,
        "2027-01": 5.0,
    }


def tag_row(house, target: str = "internal") -> tuple[list[object], bool]:
    """The second row of the actions, and whether it is out of sight."""
    fields = "sheets(properties(sheetId),data(rowMetadata(hiddenByUser),rowData(values(userEnteredValue))))"
    sheets = house.emulator.raw(str(house.cluster.sheets[target]), fields)["sheets"]
    data = next(s for s in sheets if s["properties"]["sheetId"] == 710002)["data"][0]
    values = [c.get("userEnteredValue", {}).get("stringValue") for c in data["rowData"][1]["values"]]
    return values, bool(data["rowMetadata"][1].get("hiddenByUser"))


def test_tags_come_and_go_as_the_cluster_wants_them_and_never_take_a_row_along(house):
    house.cluster = replace(house.cluster, hxl=False)
    house.night()
    house.set("actions", "act-0001", comment="reste")
    assert "#activity+code" not in tag_row(house)[0]
    house.cluster = replace(house.cluster, hxl=True)
    house.rows["actions"][3]["status"] = "done"
    house.emulator.fault(kind="lost", method="write", path=house.internal(), after=1)
    assert house.night().errors == ()
    assert "#activity+code" in tag_row(house)[0]
    assert "#activity+code" in tag_row(house, "shared")[0]
    assert house.table("actions")["act-0004"]["status"] == "fait"
    assert house.table("actions")["act-0001"]["comment"] == "reste"
    assert len(house.table("actions")) == 12
    assert house.night().writes == 0
    house.cluster = replace(house.cluster, hxl=False)
    house.night()
    assert tag_row(house)[1]
    assert house.night().writes == 0
    house.cluster = replace(house.cluster, hxl=True)
    house.night()
    assert not tag_row(house)[1]
    assert house.night().writes == 0
    assert house.table("conflicts") == {}


def test_a_tag_row_that_people_took_away_stays_away(house):
    house.night()
    house.edit("actions", delete_rows={"at": 1})
    house.night()
    assert "#activity+code" not in tag_row(house)[0]
    assert house.night().writes == 0
