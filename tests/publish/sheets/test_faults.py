"""What the network, Google and other people do to a publication: nothing twice, nothing lost, a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suivi.errors import ConfigurationError, TargetError
from suivi.publish import sheets as package
from suivi.publish.sheets import client, publication

FAULTS = [
    {"kind": "lost"},
    {"kind": "reset"},
    {"status": 429, "retry_after": 1},
    {"status": 500},
    {"status": 503},
    {"status": 503, "times": 3},
]


def state(house) -> dict[str, object]:
    return {f"{target} {tab}": house.table(tab, target) for target in ("internal", "shared") for tab in
            ("actions", "meetings", "indicators")}  # fmt: skip


def change(house) -> None:
    house.rows["actions"][0]["status"] = "done"
    house.rows["actions"].append(house.action(40))
    house.rows["meetings"].append(house.meeting(3))


@pytest.mark.parametrize("method", ["read", "write"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: "-".join(map(str, f.values())))
def test_a_fault_that_passes_leaves_the_same_sheets_as_an_undisturbed_night(house, fault, method):
    house.night()
    house.set("actions", "act-0002", comment="à garder", text="réécrit")
    change(house)
    for spreadsheet in (house.internal(), house.shared()):
        house.emulator.fault(method=method, path=spreadsheet, **fault)
    outcome = house.night()
    assert outcome.errors == ()
    table = house.table("actions")
    assert len(table) == 13
    assert table["act-0001"]["status"] == "fait"
    assert table["act-0002"]["comment"] == "à garder"
    assert [row["found"] for row in house.table("conflicts").values()] == ["réécrit"]
    assert len(house.table("actions", "shared")) == 13
    house.emulator.control("DELETE", "faults")
    assert house.night().writes == 0
    assert house.edits == []


def test_a_server_that_never_recovers_is_one_sentence_after_six_tries(house):
    house.night()
    change(house)
    house.emulator.fault(method="write", path=house.internal(), status=503, times=0)
    house.emulator.control("DELETE", "calls")
    outcome = house.night()
    assert outcome.errors == ("The spreadsheet server answered 503.",)
    tried = [c for c in house.emulator.calls()["calls"] if c["method"] == "POST" and house.internal() in c["path"]]
    assert len(tried) == 6
    assert "act-0040" in house.table("actions", "shared")
    house.emulator.control("DELETE", "faults")
    house.night()
    assert "act-0040" in house.table("actions")
    assert house.edits == []


def test_a_slow_answer_that_arrives_after_the_retry_writes_the_same_rows(house, monkeypatch):
    house.night()
    change(house)
    monkeypatch.setattr("suivi.publish.sheets.client.TIMEOUT", (5.0, 0.8))
    house.emulator.fault(kind="delay", seconds=1.6, method="write", path=house.internal())
    house.night()
    monkeypatch.undo()
    assert len(house.table("actions")) == 13
    assert house.night().writes == 0


@pytest.mark.parametrize("moment", ["before the write", "after the write"])
def test_a_process_that_dies_around_the_write_leaves_no_false_edit(house, moment):
    house.night()
    change(house)
    died = {}

    def die(target: str, kept: object) -> None:
        died[target] = kept
        if moment == "before the write":
            raise KeyboardInterrupt

    house.on_record = die
    if moment == "after the write":
        house.emulator.fault(kind="lost", method="write", path=house.internal(), times=0)
        house.night()
        house.emulator.control("DELETE", "faults")
        house.published = {"internal": died["internal"], "shared": died["shared"]}
    else:
        with pytest.raises(KeyboardInterrupt):
            house.night()
    house.on_record = None
    house.rows["actions"][0]["status"] = "in_progress"
    house.night()
    assert house.edits == []
    assert len(house.table("conflicts")) == 0
    assert house.table("actions")["act-0001"]["status"] == "en cours"
    assert len(house.table("actions")) == 13
    assert house.night().writes == 0


RACES = {
    "rows inserted above": {"insert_rows": {"at": 4, "count": 2}},
    "sorted": {"sort": {"column": "Action", "descending": True}},
    "rows deleted": {"delete_rows": {"at": 5, "count": 1}},
    "column inserted": {"insert_columns": {"at": 2}},
    "column moved": {"move_columns": {"at": 30, "to": 4}},
    "column deleted": {"delete_columns": {"at": 5}},
    "row added by hand": {"append": [[None, "ligne à nous", "deux mots"]]},
}


@pytest.mark.parametrize("race", RACES.values(), ids=RACES.keys())
def test_what_people_move_between_our_read_and_our_write_loses_no_word(house, race):
    house.night()
    for n in range(1, 13):
        house.set("actions", f"act-{n:04}", comment=f"mot {n}", focal_point=f"point {n}")
    house.edit("actions", insert_columns={"at": 3})
    house.edit("actions", cells={"D1": "Notes à nous", **{f"D{n + 2}": f"note {n}" for n in range(1, 13)}})
    house.edit("actions", append=[[None, "rappel", "à nous"]])
    house.night()
    house.set("actions", "act-0007", status="fait")
    for row in house.rows["actions"]:
        row["age_meetings"] += 3
        row["confidence"] = 0.5
        row["quote"] = "autre citation"
    house.rows["actions"] += [house.action(n) for n in (40, 41, 42)]
    house.number += 1
    house.pull()
    house.edits.clear()  # as if the status had been typed after the pull
    edit = {"spreadsheet": house.internal(), "tab": house.title("actions"), **race}
    house.emulator.fault(kind="edit", method="write", path=house.internal(), edit=edit)
    outcome = house.publish()
    assert outcome.errors == ()
    assert [i for i in outcome.issues if i.type != "sheet_busy"] == []
    table = house.table("actions")
    deleted = {"act-0004"} if "delete_rows" in race else set()
    words = house.words()
    for n in range(1, 13):
        if f"act-{n:04}" not in deleted:
            assert table[f"act-{n:04}"]["comment"] == f"mot {n}"
            assert table[f"act-{n:04}"]["focal_point"] == f"point {n}"
            assert f"note {n}" in words
    assert table["act-0007"]["status"] == "fait"
    assert "rappel" in words
    if "append" in race:
        assert "ligne à nous" in words
    house.night()
    table = house.table("actions")
    assert len(table) == 15
    assert {row["quote"] for r, row in table.items() if r < "act-0040"} == {"autre citation"}
    assert [e.record_id for e in house.edits] == ["act-0007"]
    assert house.table("conflicts") == {}
    assert house.night().writes == 0


def test_a_spreadsheet_without_permission_is_a_sentence_and_the_other_goes_on(house):
    house.night()
    change(house)
    house.emulator.control("POST", "access", {"id": house.shared(), "role": "reader"})
    outcome = house.night()
    assert len(outcome.errors) == 1
    assert "as editor" in outcome.errors[0]
    assert house.shared() in outcome.errors[0]
    assert "act-0040" in house.table("actions")
    house.emulator.control("POST", "access", {"id": house.shared(), "role": "writer"})
    house.night()
    assert "act-0040" in house.table("actions", "shared")


def test_a_deleted_spreadsheet_is_a_sentence_with_the_remedy(house):
    house.night()
    house.emulator.control("DELETE", "spreadsheets", {"id": house.shared()})
    change(house)
    outcome = house.night()
    assert "does not exist" in outcome.errors[0]
    assert "act-0040" in house.table("actions")


def test_an_unreadable_internal_sheet_stops_the_pull_with_a_sentence(house):
    house.emulator.control("POST", "access", {"id": house.internal(), "role": "none"})
    with pytest.raises(TargetError, match="as editor"):
        house.pull()


def test_a_foreign_stamp_is_refused_and_a_lost_ledger_adopted(house):
    house.night()
    before = house.words()
    house.ledger, house.published = "ledger-2", {"internal": {}, "shared": {}}
    change(house)
    with pytest.raises(TargetError, match="another installation"):
        house.pull()
    outcome = house.publish()
    assert len(outcome.errors) == 2
    assert house.words() == before
    outcome = house.publish(house.connect(adopt=True))
    assert outcome.errors == ()
    assert len(house.table("actions")) == 13
    assert house.night().errors == ()


def test_swapped_ids_never_put_internal_rows_into_the_shared_sheet(house):
    house.night()
    before = house.words("shared")
    ids = house.cluster.sheets
    house.cluster = replace(house.cluster, sheets={**ids, "internal": ids["shared"], "shared": ids["internal"]})
    outcome = house.publish(house.connect(adopt=True))
    assert len(outcome.errors) == 2
    assert house.words("internal") == before


def test_adopted_rows_keep_peoples_corrections_beside(house):
    house.night()
    house.set("actions", "act-0002", status="fait", comment="mot")
    house.published = {"internal": {}, "shared": {}}
    house.night()
    assert len(house.table("actions")) == 12
    assert [(row["column"], row["found"]) for row in house.table("conflicts").values()] == [("Statut", "fait")]
    assert house.table("actions")["act-0002"]["comment"] == "mot"


def test_ten_million_cells_are_refused_before_writing(house, monkeypatch):
    monkeypatch.setattr(publication, "MOST_CELLS", 2000)
    outcome = house.night()
    assert len(outcome.errors) == 2
    assert "10 million cells" in outcome.errors[0]
    assert [g.title for g in house.emulator.book(house.internal()).grids.values()] == ["Sheet1"]


def test_a_real_service_account_signs_in_with_its_key(house):
    key = house.emulator.folder / "service_account.json"
    sheets = package.connect(house.emulator.url, str(key), pace=0.01)
    assert sheets.account.endswith(".iam.gserviceaccount.com")
    assert house.publish(sheets).errors == ()


@pytest.mark.parametrize("text", ["{", "{}", '{"client_email": "a@b", "token_uri": "x", "private_key": "no key"}'])
def test_a_key_that_is_none_is_a_sentence(text):
    with pytest.raises(ConfigurationError, match="Google key"):
        package.connect("", text)


def test_without_endpoint_and_key_the_settings_are_named():
    with pytest.raises(ConfigurationError, match="SUIVI_SHEETS_CREDENTIALS"):
        package.connect("", None)


def test_a_google_key_never_goes_to_another_server(house):
    text = (house.emulator.folder / "service_account.json").read_text()
    foreign = text.replace(house.emulator.url, "https://oauth2.googleapis.com")
    sheets = package.connect(house.emulator.url, foreign, pace=0.01)
    assert sheets.account == "the service account"
    assert house.publish(sheets).errors == ()


def test_access_is_proved_without_touching_a_cell(house):
    sheets = house.connect()
    assert package.prove(sheets, house.cluster, "shared") == "Partage"
    assert package.prove(sheets, house.cluster, "shared") == "Partage"
    house.night()
    before = house.words("shared")
    package.prove(house.connect(), house.cluster, "shared")
    house.emulator.seen.clear()
    assert house.words("shared") == before
    house.emulator.control("POST", "access", {"id": house.shared(), "role": "reader"})
    with pytest.raises(TargetError, match="as editor"):
        package.prove(sheets, house.cluster, "shared")


def test_redacted_rows_are_gone_from_both_sheets_with_what_is_said_of_them(house):
    house.night()
    house.set("actions", "act-0003", text="mot à effacer")
    house.night()
    assert "mot à effacer" in house.words()
    assert package.erase(house.connect(), house.cluster, {"act-0003"}) == 3
    house.emulator.seen.clear()
    for target in ("internal", "shared"):
        assert "act-0003" not in house.words(target)
        assert len(house.table("actions", target)) == 11
    assert "mot à effacer" not in house.words()
    assert package.erase(house.connect(), house.cluster, {"act-0003"}) == 0


MOVES = {
    "sorted": {"sort": {"column": "Action", "descending": True}},
    "rows inserted above": {"insert_rows": {"at": 2, "count": 3}},
    "row deleted above": {"delete_rows": {"at": 2}},
    "its row deleted by somebody": {"delete_rows": {"at": 5}},
    "column inserted": {"insert_columns": {"at": 1}},
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES.keys())
def test_a_redaction_while_people_move_rows_takes_its_row_and_no_other(house, move):
    house.night()
    for n in range(1, 13):
        house.set("actions", f"act-{n:04}", comment=f"mot {n}")
    house.edit("actions", append=[[None, "rappel", "à nous"]])
    house.edit("actions", insert_columns={"at": 3})
    house.edit("actions", cells={"D1": "Notes à nous", **{f"D{n + 2}": f"note {n}" for n in range(1, 13)}})
    edit = {"spreadsheet": house.internal(), "tab": house.title("actions"), **move}
    house.emulator.fault(kind="edit", method="write", path=house.internal(), edit=edit)
    package.erase(house.connect(), house.cluster, {"act-0004", "act-0009"})
    house.emulator.seen.clear()
    table, words = house.table("actions"), house.words()
    assert set(table) == {f"act-{n:04}" for n in range(1, 13)} - {"act-0004", "act-0009"}
    for record, row in table.items():
        assert row["comment"] == f"mot {int(record[-4:])}"
        assert f"note {int(record[-4:])}" in words
    assert "rappel" in words
    assert "mot 4" not in words
    assert "note 9" not in words


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Wed, 25 Nov 2026 00:00:30 GMT", "Date": "Wed, 25 Nov 2026 00:00:10 GMT"}, 20.0),
        ({"Retry-After": "Wed, 25 Nov 2026 00:00:30 GMT"}, None),
        ({"Retry-After": "bientôt", "Date": "hier"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_understood_as_seconds_or_as_a_date(headers, seconds):
    assert client._seconds(headers) == seconds


@pytest.mark.parametrize("race", [{"delete_tab": True}, {"rename_tab": "Nos actions"}, {"cells": {"R1": "Etat"}}])
def test_a_tab_that_goes_or_changes_its_name_between_our_read_and_our_write_ends_well(house, race):
    house.night()
    house.set("actions", "act-0002", comment="à garder")
    house.night()
    change(house)
    house.number += 1
    house.pull()
    edit = {"spreadsheet": house.internal(), "tab": house.title("actions"), **race}
    house.emulator.fault(kind="edit", method="write", path=house.internal(), edit=edit)
    assert house.publish().errors == ()
    house.night()
    table = house.table("actions")
    assert len(table) == 13
    assert table["act-0001"]["status"] == "fait"
    assert table["act-0002"]["comment"] == "à garder"
    assert house.title("actions") == ("Nos actions" if "rename_tab" in race else "Suivi des actions")
    assert house.night().writes == 0
