"""Faults: what the caller sees, what was applied all the same, what the log says."""

import time

import pytest
import requests

BODY = {"requests": [{"addSheet": {"properties": {"title": "B"}}}]}


def titles(house, key):
    return [sheet["properties"]["title"] for sheet in house.get(key)["sheets"]]


def test_quota_answers_429_with_retry_after_once(house):
    key = house.seed()
    house.own("POST", "faults", {"status": 429, "retry_after": 7, "method": "write"})
    house.get(key)
    first = house.batch(key, *BODY["requests"])
    assert (first.status_code, first.headers["Retry-After"]) == (429, "7")
    assert first.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert titles(house, key) == ["Sheet1"]
    assert house.batch(key, *BODY["requests"]).status_code == 200


@pytest.mark.parametrize("status", [500, 503])
def test_server_errors_come_as_often_as_ordered_after_so_many_calls(house, status):
    key = house.seed()
    house.own("POST", "faults", {"status": status, "path": f"/v4/spreadsheets/{key}", "after": 1, "times": 2})
    url = f"{house.url}/v4/spreadsheets/{key}"
    assert [house.http.get(url).status_code for _ in range(4)] == [200, status, status, 200]


@pytest.mark.parametrize("kind", ["lost", "reset"])
def test_an_answer_lost_after_the_write_was_applied(house, kind):
    key = house.seed()
    house.own("POST", "faults", {"kind": kind, "method": "POST"})
    with pytest.raises(requests.exceptions.RequestException):
        house.batch(key, *BODY["requests"])
    assert titles(house, key) == ["Sheet1", "B"]
    assert [call["status"] for call in house.own("GET", "calls")["calls"]] == [0, 200]


def test_a_delay_makes_a_short_timeout_expire(house):
    key = house.seed()
    house.own("POST", "faults", {"kind": "delay", "seconds": 1})
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(f"{house.url}/v4/spreadsheets/{key}", timeout=0.2)
    time.sleep(1)
    assert titles(house, key) == ["Sheet1"]


def test_a_hand_edits_between_read_and_write(house):
    key = house.seed(sheets=[{"title": "A", "rows": [["id", "mot"], ["1", "a"], ["2", "b"]]}])
    edit = {"spreadsheet": key, "tab": "A", "delete_rows": {"at": 1}}
    house.own("POST", "faults", {"kind": "edit", "method": "PUT", "edit": edit})
    assert house.values(key, "A")[1] == ["1", "a"]
    assert house.write(key, "A!B2", [["écrit"]]).ok
    assert house.values(key, "A") == [["id", "mot"], ["2", "écrit"]]


def test_faults_that_make_no_sense_are_refused(house):
    answer = house.http.post(f"{house.url}/_emulator/faults", json={"kind": "earthquake"})
    assert answer.status_code == 400
    assert "earthquake" in answer.json()["error"]["message"]


def test_reads_and_writes_are_counted_for_sheets_only(house):
    key = house.seed()
    house.own("DELETE", "calls")
    house.get(key)
    house.write(key, "A1", [["x"]])
    house.http.post(f"{house.url}/v4/spreadsheets/{key}:getByDataFilter", json={"dataFilters": [{"a1Range": "A1"}]})
    house.http.get(f"{house.url}/drive/v3/files")
    house.http.get(f"{house.url}/view/{key}")
    report = house.own("GET", "calls")
    assert (report["reads"], report["writes"]) == (2, 1)
    assert [(call["method"], call["path"].partition("?")[0], call["status"]) for call in report["calls"]] == [
        ("GET", f"/v4/spreadsheets/{key}", 200),
        ("PUT", f"/v4/spreadsheets/{key}/values/A1", 200),
        ("POST", f"/v4/spreadsheets/{key}:getByDataFilter", 200),
        ("GET", "/drive/v3/files", 200),
    ]
    assert house.own("DELETE", "calls")["calls"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("edit", 5),
        ("edit", {"spreadsheet": "book", "sort": {}}),
        ("spreadsheets", []),
        ("spreadsheets", {"sheets": [5]}),
        ("faults", {"kind": "edit", "edit": 7}),
        ("access", "x"),
    ],
)
def test_controls_refuse_bodies_that_make_no_sense_with_a_sentence(house, path, body):
    house.seed()
    answer = house.http.post(f"{house.url}/_emulator/{path}", json=body)
    assert answer.status_code == 400
    assert len(answer.json()["error"]["message"]) > 15
