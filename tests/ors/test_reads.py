"""The modern read API: filters, paging, ETag, files; aggregation by calculation method; reporters; calendar."""

from __future__ import annotations

import csv
import io
from typing import Any

import hxl
import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from ors import codes, indicators
from ors.pages import Words


def ids(service: Any, path: str) -> list[str]:
    return [row["record_id"] for row in service.ask("GET", path, "member").json()["data"]]


def test_filters_match_lists_and_dates(service: Any, rows: Any) -> None:
    service.update(
        rows.action("a1", responsible=["UNHCR", "DRC"], admin1_pcode=["ML05"], late=True),
        rows.action("a2", status="done", meeting_date="2026-01-10"),
        rows.action("a3", kind="decision", status=None),
    )
    assert ids(service, "/api/v1/actions?responsible=DRC") == ["a1"]
    assert ids(service, "/api/v1/actions?admin1_pcode=ML05") == ["a1"]
    assert ids(service, "/api/v1/actions?status=done") == ["a2"]
    assert ids(service, "/api/v1/actions?late=true") == ["a1"]
    assert ids(service, "/api/v1/actions?since=2026-02-01&kind=action") == ["a1"]
    assert ids(service, "/api/v1/actions?until=2026-02-01") == ["a2"]


@pytest.mark.parametrize("query", ["statut=open", "status=unknown", "limit=0", "since=hier", "admin1_pcode=ML77"])
def test_a_bad_filter_is_an_error(service: Any, query: str) -> None:
    answer = service.ask("GET", f"/api/v1/actions?{query}", "member")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["pointer"] == f"/{query.split('=')[0]}"


def test_pages_are_stable_and_know_the_total(service: Any, rows: Any) -> None:
    service.update(*(rows.action(f"a{n:02d}") for n in range(25)))
    seen = [i for at in (0, 10, 20) for i in ids(service, f"/api/v1/actions?limit=10&offset={at}")]
    assert seen == [f"a{n:02d}" for n in range(25)]
    assert service.ask("GET", "/api/v1/actions?limit=1").json()["total"] == 25


def test_an_etag_holds_until_something_changes(service: Any, rows: Any) -> None:
    service.update(rows.action())
    tag = service.ask("GET", "/api/v1/actions").headers["ETag"]
    again = service.ask("GET", "/api/v1/actions", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert service.ask("GET", "/api/v1/actions?status=open").headers["ETag"] != tag
    service.update(rows.action(status="done"))
    assert service.ask("GET", "/api/v1/actions", headers={"If-None-Match": tag}).status_code == 200


def test_files_open_in_their_programs_and_hold_no_formula(service: Any, rows: Any) -> None:
    service.update(rows.action(text="=HYPERLINK(1)", responsible=["UNHCR", "DRC"]), rows.indicator())
    plain = service.ask("GET", "/api/v1/actions?format=csv", "member").content.decode("utf-8-sig")
    line = next(csv.DictReader(io.StringIO(plain)))
    assert (line["text"], line["responsible"]) == ("'=HYPERLINK(1)", "UNHCR ; DRC")
    book = load_workbook(io.BytesIO(service.ask("GET", "/api/v1/indicators?format=xlsx", "member").content))
    header, _tags, first = book.active.values
    assert dict(zip(header, first, strict=True))["achieved"] == 120


def test_the_hxl_file_is_one_that_libhxl_reads(service: Any, rows: Any, tmp_path: Any) -> None:
    service.update(rows.indicator())
    path = tmp_path / "indicators.csv"
    path.write_bytes(service.ask("GET", "/api/v1/indicators?format=hxl", "member").content)
    source = hxl.data(str(path), hxl.input.InputOptions(allow_local=True))
    assert [row.get("#indicator+value") for row in source] == ["120"]


@pytest.mark.parametrize(("method", "value"), [("sum", 60.0), ("average", 20.0), ("latest", 30.0), ("max", 30.0)])
def test_values_combine_by_their_method(method: str, value: float) -> None:
    assert indicators.combine([10, 20, 30], method) == value
    assert indicators.combine([], method) is None


def test_indicators_add_up_over_time_then_places(service: Any, rows: Any) -> None:
    catalogue = [
        {"code": "PROT-01", "fr": "PDI", "en": "IDPs", "across_time": "latest", "across_places": "sum"},
        {
            "code": "PROT-02",
            "fr": "Sensibilisés",
            "en": "Reached",
            "across_time": "sum",
            "targets": [{"place": "ML04", "year": 2026, "value": 300}, {"place": "ML05", "year": 2026, "value": 100}],
        },
    ]
    service.ask("PUT", "/api/v1/settings", "admin", json={"indicators": catalogue, "country": "MLI"})

    def value(code: str, place: str, month: str, achieved: float) -> dict[str, Any]:
        return rows.indicator(
            f"{code}-{place}-{month}", code=code, admin1_pcode=place, month=month, achieved=achieved, target=None
        )

    changes = [
        value("PROT-01", "ML04", "2026-01", 100),
        value("PROT-01", "ML05", "2026-01", 50),
        value("PROT-01", "ML04", "2026-02", 80),  # ML05 does not report: its 50 still stand
        value("PROT-02", "ML04", "2026-01", 10),
        value("PROT-02", "ML05", "2026-02", 30),
    ]
    assert service.update(*changes).status_code == 200
    answer = service.ask("GET", "/api/v1/aggregates?year=2026", "member").json()["data"]
    latest, total = ({m["month"]: m for m in one["months"]} for one in answer)
    assert [latest[m]["running"] for m in ("2026-01", "2026-02")] == [150, 130]
    assert [latest[m]["achieved"] for m in ("2026-01", "2026-02")] == [150, 80]
    assert [total[m]["running"] for m in ("2026-01", "2026-02")] == [10, 40]
    assert (total["2026-02"]["target"], total["2026-02"]["percent"]) == (400, 10)
    assert total["2026-02"]["provisional"]
    one = service.ask("GET", "/api/v1/aggregates?year=2026&admin1=ML05", "member").json()["data"][1]
    assert one["months"][1]["percent"] == 30


def test_who_has_reported_and_who_was_in_the_room(service: Any, rows: Any) -> None:
    rules = {"excluded": ["CICR"], "observers": ["MSF"], "due_day": 5, "validation_day": 10}
    service.ask("PUT", "/api/v1/settings", "admin", json={"reporting": rules})
    service.update(
        rows.meeting("m1", date="2026-02-05", organisations=["NRC", "OIM", "CICR"]),
        rows.meeting("m2", date="2026-03-05", organisations=["DRC", "NRC", "MSF", "CICR"]),
        rows.indicator(organisation="DRC", month="2026-03"),
    )
    answer = service.ask("GET", "/api/v1/reporting", "member").json()
    assert (answer["month"], answer["due"], answer["validation"]) == ("2026-03", "2026-04-05", "2026-04-10")
    assert answer["data"] == [
        {"organisation": "DRC", "how": "indicators", "at_last_meeting": True},
        {"organisation": "NRC", "how": "", "at_last_meeting": True},
        {"organisation": "OIM", "how": "", "at_last_meeting": False},
    ]


def test_expected_are_those_named_or_those_who_take_part_but_never_donors_and_observers(
    service: Any, rows: Any
) -> None:
    def missing() -> set[str]:
        answer = service.ask("GET", "/api/v1/reporting", "member").json()["data"]
        return {line["organisation"] for line in answer if not line["how"]}

    donor = next(name for name, kind in codes.organisation_types().items() if kind in codes.DONORS)
    service.update(
        rows.meeting("m1", organisations=["NRC", "OIM", donor, "Fonds commun", "MSF"]),
        rows.meeting("m2", date="2025-08-01", organisations=["IRC"]),  # longer ago than half a year
        rows.presence(organisation="DRC"),
    )
    rules = {"excluded": ["DRC"], "observers": ["MSF"], "donors": ["Fonds commun"]}
    service.ask("PUT", "/api/v1/settings", "admin", json={"reporting": rules}).raise_for_status()
    assert missing() == {"NRC", "OIM"}
    named = rules | {"expected": ["NRC", "COOPI", "MSF"]}
    service.ask("PUT", "/api/v1/settings", "admin", json={"reporting": named}).raise_for_status()
    assert missing() == {"NRC", "COOPI"}


def test_one_thing_is_named_in_the_singular() -> None:
    french, english = Words("fr"), Words("en")
    assert [french.count("in_meetings", n) for n in (0, 1, 1.5, 2)] == [
        "0 réunion", "1 réunion", "1,5 réunion", "2 réunions",
    ]  # fmt: skip
    assert [english.count("in_meetings", n) for n in (0, 1, 2)] == ["0 meetings", "1 meeting", "2 meetings"]


def test_coordination_health_leaves_decisions_out(service: Any, rows: Any) -> None:
    service.update(
        rows.meeting(days_to_minutes=4),
        rows.action("a1", status="done", closed_on="2026-03-20", deadline_date="2026-03-15"),
        rows.action("a2", responsible=None),
        rows.action("a3", kind="decision", status=None),
    )
    found = service.ask("GET", "/api/v1/coordination", "member").json()
    march = next(m for m in found["data"] if m["month"] == "2026-03")
    expected = {
        "meetings": 1,
        "days_to_minutes": 4,
        "actions": 2,
        "with_owner": 0.5,
        "with_deadline": 0.5,
        "closed": 0.5,
    }
    assert {key: march[key] for key in expected} == expected
    assert next(m for m in found["data"] if m["month"] == "2026-04")["carried_over"] == 1
    assert found["attendance"][0]["share"] == 1


def test_the_calendar_feed_holds_meetings_trainings_and_deadlines_without_venues(service: Any, rows: Any) -> None:
    service.update(rows.meeting(), rows.action(deadline_date="2026-04-20"))
    training = {
        "id": "t1",
        "kind": "training",
        "title": "Formation de base",
        "start": "2026-04-21",
        "end": "2026-04-23",
    }
    service.ask("POST", "/api/v1/nights", json={"night": 1, "status": "success", "calendar": [training]})
    answer = service.ask("GET", "/calendar.ics", "member")
    events = {str(e["summary"]): e for e in Calendar.from_ical(answer.text).walk("VEVENT")}
    assert set(events) >= {"Réunion : Cluster Protection", "Formation : Formation de base"}
    assert any(name.startswith("Échéance : PROT-2026-03-05/1") for name in events)
    assert all("location" not in event for event in events.values())
    tag = answer.headers["ETag"]
    assert service.ask("GET", "/calendar.ics", "member", headers={"If-None-Match": tag}).status_code == 304
