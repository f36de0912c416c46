"""The feeds of the original ORS, field for field, as an old client reads them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from lxml import etree

from ors.feed_rows import FEEDS

CONTRACT = Path(__file__).resolve().parents[3] / "shared" / "reference" / "ors_feeds_contract.json"
PATHS = {name: f"/datafeeds/{name}.ashx" for name in FEEDS} | {"reporteddata": "/DataFeeds/ReportedData.ashx"}


@pytest.fixture
def filled(service: Any, rows: Any) -> Any:
    catalogue = {
        "code": "PROT-02",
        "fr": "Sensibilisés",
        "en": "People reached",
        "unit": {"fr": "personnes", "en": "people"},
        "targets": [{"place": "ML05", "year": 2026, "value": 20000}],
    }
    told = {"country": "MLI", "sector": "PRO", "indicators": [catalogue]}
    service.ask("PUT", "/api/v1/settings", "admin", json=told).raise_for_status()
    service.update(
        rows.indicator("i1", month="2026-02", achieved=80),
        rows.indicator("i2"),
        rows.presence(),
        rows.meeting(),
        {
            "recordId": "k1",
            "form": "key_figures",
            "fields": {"meeting_id": "m", "as_of": "2026-03-01", "value": 10116, "unit": "personnes <déplacées>"},
        },
    ).raise_for_status()
    decision = {"form": "indicators", "recordId": "i2", "version": 1, "decision": "approved"}
    service.ask("POST", "/api/v1/decisions", "lead", json={"decisions": [decision]}).raise_for_status()
    return service


def old_client(service: Any, path: str, **query: Any) -> Any:
    """Only an address, as the old clients had it; the token stands in it."""
    return requests.get(service.address + path, params={"token": service.token("member")} | query, timeout=10)


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract is not beside the project")
def test_fields_are_those_of_the_contract() -> None:
    wanted = {
        f["url"].split("/")[-1].split(".")[0].lower(): f["table_schema"] for f in json.loads(CONTRACT.read_text())
    }
    assert {name: list(feed.fields) for name, feed in FEEDS.items()} == wanted


@pytest.mark.parametrize("name", FEEDS)
def test_every_feed_speaks_xml_json_and_csv_with_the_same_fields(filled: Any, name: str) -> None:
    feed = FEEDS[name]
    answer = old_client(filled, PATHS[name])
    assert answer.headers["content-type"].startswith("text/xml")
    root = etree.fromstring(answer.content)
    assert root.tag == feed.root
    assert all(row.tag == feed.row and [cell.tag for cell in row] == list(feed.fields) for row in root)
    listed = old_client(filled, PATHS[name], format="json").json()
    assert [list(row) for row in listed] == [list(feed.fields)] * len(root)
    table = old_client(filled, PATHS[name], format="csv").content.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(table)))) == len(root)
    assert len(root) > 0 or name.startswith("projects")


def test_reported_data_holds_the_value_its_running_sum_and_whether_it_is_approved(filled: Any) -> None:
    first, second = old_client(filled, PATHS["reporteddata"], format="json", lng="en").json()
    assert (first["Achieved"], first["RunningSum"], first["IsApproved"]) == (80, 80, False)
    assert (second["Achieved"], second["RunningSum"], second["IsApproved"]) == (120, 200, True)
    assert (second["PercentAchieved"], second["ClusterTarget"], second["Indicator"]) == (1.0, 20000, "People reached")
    assert (second["CountryId"], second["ClusterId"], second["Clsuter"]) == (6, 5, "Protection")
    assert (second["MonthId"], second["Month"], second["Year"], second["Admin1PCode"]) == (3, "March", 2026, "ML05")
    assert re.fullmatch(r"/Date\(\d+\)/", second["CreatedDate"])


def test_french_is_the_default_language(filled: Any) -> None:
    assert old_client(filled, PATHS["reporteddata"], format="json").json()[0]["Month"] == "février"


def test_filters_are_ids_and_a_bad_one_is_ignored(filled: Any) -> None:
    def count(**query: Any) -> int:
        return len(old_client(filled, PATHS["reporteddata"], format="json", **query).json())

    assert [count(month=3), count(month="2,3"), count(month="mars"), count(month=99)] == [1, 2, 2, 0]
    assert [count(country=6), count(country=2), count(cluster="x"), count(nonsense=1)] == [2, 0, 2, 2]


def test_addresses_are_read_in_any_case(filled: Any) -> None:
    assert old_client(filled, "/datafeeds/reporteddata.ashx").status_code == 200
    assert old_client(filled, "/DataFeeds/ORS3W.ashx", FORMAT="json").status_code == 200
    assert old_client(filled, "/datafeeds/unknown.ashx").status_code == 404


def test_personal_columns_stay_empty(filled: Any) -> None:
    for name in FEEDS:
        for row in old_client(filled, PATHS[name], format="json").json():
            assert not any(row.get(column) for column in ("CreatedBy", "UpdatedBy", "ProjectContactName"))


def test_key_figures_carry_their_source_and_day_first_dates(filled: Any) -> None:
    row = old_client(filled, PATHS["keyfiguresfeed"], format="json").json()[0]
    assert (row["TotalTotal"], row["KeyFigure"], row["UpdatedDate"]) == (10116, "personnes <déplacées>", "08-04-2026")


def test_a_feed_is_not_sent_again_unchanged(filled: Any) -> None:
    tag = old_client(filled, PATHS["ors3w"]).headers["ETag"]
    answer = filled.ask("GET", PATHS["ors3w"], "member", headers={"If-None-Match": tag})
    assert answer.status_code == 304
