"""Human edits, protections, permissions: who may do what, and what the machine is told."""

import pytest

ROWS = [["record_id", "Action", "Statut", "Échéance"], ["A-1", "écrire", "ouvert", "03/02/2026"],
        ["A-2", "lire", "fait", "01/02/2026"]]  # fmt: skip


@pytest.fixture
def key(house):
    return house.seed(locale="fr_FR", sheets=[{"title": "Suivi des actions", "rows": ROWS}])


def edit(house, key, **action):
    return house.http.post(f"{house.url}/_emulator/edit", json={"spreadsheet": key, **action})


def test_people_type_sort_insert_delete_rename(house, key):
    assert edit(house, key, find={"column": "record_id", "value": "A-2", "set": {"Statut": "en cours"}}).ok
    assert edit(house, key, sort={"column": "Échéance", "top": 1}).ok
    assert edit(house, key, insert_columns={"at": 1}, cells={"B1": "Remarque"}).ok
    assert edit(house, key, insert_rows={"at": 2}).ok
    assert edit(house, key, append=[["à moi", "", "texte libre"]]).ok
    assert edit(house, key, rename_tab="Actions").ok
    assert house.values(key, "Actions") == [
        ["record_id", "Remarque", "Action", "Statut", "Échéance"],
        ["A-2", "", "lire", "en cours", "01/02/2026"],
        [],
        ["A-1", "", "écrire", "ouvert", "03/02/2026"],
        ["à moi", "", "texte libre"],
    ]
    assert edit(house, key, delete_rows={"at": 3}, delete_columns={"at": 1}).ok
    assert house.values(key, "Actions!A1:B4")[:2] == [["record_id", "Action"], ["A-2", "lire"]]


def test_edits_that_make_no_sense_change_nothing(house, key):
    for action in ({"cells": {"B2": "x"}, "tab": "Nulle part"}, {"sort": {"column": "Inconnue"}}, {"paint": "red"}):
        answer = edit(house, key, **action)
        assert answer.status_code == 400
        assert answer.json()["error"]["message"]
    assert edit(house, "absent", cells={"A1": "x"}).status_code == 404
    assert house.values(key, "A1:D3") == ROWS


def test_a_range_protected_by_somebody_else_refuses_the_machine(house, key, area):
    assert edit(house, key, protect={"range": "B1:B3"}).ok
    answer = house.write(key, "A2:C2", [["A-1", "autre", "ouvert"]])
    assert answer.status_code == 400
    assert "protected cell or object" in answer.json()["error"]["message"]
    sort = {"range": area(1, 3, 0, 4), "sortSpecs": [{"dimensionIndex": 0}]}
    assert house.batch(key, {"sortRange": sort}).status_code == 400
    assert house.write(key, "C2", [["fait"]]).ok
    protected = house.get(key)["sheets"][0]["protectedRanges"][0]
    assert "editors" not in protected
    assert "requestingUserCanEdit" not in protected
    delete = {"deleteProtectedRange": {"protectedRangeId": protected["protectedRangeId"]}}
    assert house.batch(key, delete).status_code == 400


def test_a_warning_stops_nobody(house, key, area):
    item = {"range": area(0, 3, 0, 2), "warningOnly": True}
    assert house.batch(key, {"addProtectedRange": {"protectedRange": item}}).ok
    assert house.write(key, "A2", [["A-9"]]).ok


@pytest.mark.parametrize(("role", "read", "write"), [("writer", 200, 200), ("reader", 200, 403), ("none", 403, 403)])
def test_roles_open_and_close_a_spreadsheet(house, role, read, write):
    key = house.seed("shut", role=role)
    assert house.http.get(f"{house.url}/v4/spreadsheets/{key}").status_code == read
    answer = house.write(key, "A1", [["x"]])
    assert answer.status_code == write
    if write == 403:
        assert answer.json()["error"]["message"] == "The caller does not have permission"


def test_rights_are_taken_and_a_spreadsheet_deleted_later(house, key):
    house.own("POST", "access", {"id": key, "role": "none"})
    assert house.write(key, "A1", [["x"]]).status_code == 403
    house.own("DELETE", "spreadsheets", {"id": key})
    answer = house.http.get(f"{house.url}/v4/spreadsheets/{key}")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Requested entity was not found."


def test_another_web_page_cannot_edit(house, key):
    body = {"spreadsheet": key, "cells": {"A1": "x"}}
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert house.http.post(f"{house.url}/_emulator/edit", json=body, headers=headers).status_code == 403
    assert house.values(key, "A1") == [["record_id"]]


def test_a_date_typed_by_hand_keeps_the_pattern_of_its_cell(house, area):
    key = house.seed(locale="fr_FR")
    pattern = {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}
    cell = {"userEnteredFormat": pattern}
    assert house.batch(key, {"repeatCell": {"range": area(0, 2, 0, 1), "cell": cell, "fields": "*"}}).ok
    house.own("POST", "edit", {"spreadsheet": key, "cells": {"A1": "15/12/2026"}})
    assert house.values(key, "A1") == [["2026-12-15"]]
