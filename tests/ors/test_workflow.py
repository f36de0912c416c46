"""Submitted, approved, rejected; periods; nights; redaction."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any


def decide(service: Any, decision: str, version: int = 1, role: str = "lead", **more: Any) -> Any:
    body = {"form": "indicators", "recordId": "ind-1", "version": version, "decision": decision} | more
    return service.ask("POST", "/api/v1/decisions", role, json={"decisions": [body]})


def seen(service: Any, role: str = "member", query: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = service.ask("GET", f"/api/v1/indicators{query}", role).json()["data"]
    return rows


def test_submitted_values_are_provisional_and_the_approved_one_stays_while_an_update_waits(
    service: Any, rows: Any
) -> None:
    service.update(rows.indicator())
    first = seen(service)[0]
    assert (first["achieved"], first["approval"], first["provisional"]) == (120, "submitted", True)
    assert decide(service, "approved").json()["results"][0]["outcome"] == "approved"
    service.update(rows.indicator(achieved=500))
    waiting = seen(service)[0]
    assert (waiting["achieved"], waiting["approval"], waiting["provisional"], waiting["waiting"]) == (
        120, "approved", False, True,
    )  # fmt: skip
    assert seen(service, "lead", "?version=latest")[0]["achieved"] == 500
    assert seen(service, "member", "?version=latest")[0]["achieved"] == 120
    decide(service, "approved", 2)
    assert seen(service)[0]["achieved"] == 500


def test_a_rejection_hides_the_value_and_comes_back_with_its_comment(service: Any, rows: Any) -> None:
    service.update(rows.indicator())
    decide(service, "rejected", comment="double compte")
    assert seen(service) == []
    night = service.ask("POST", "/api/v1/nights", json={"night": 1, "status": "success"}).json()
    assert night["decisions"] == [
        {"form": "indicators", "recordId": "ind-1", "version": 1, "approval": "rejected", "comment": "double compte"}
    ]
    later = {"night": 2, "status": "success", "cursor": night["cursor"]}
    assert service.ask("POST", "/api/v1/nights", json=later).json()["decisions"] == []


def test_a_rejected_update_leaves_the_approved_version_in_sight(service: Any, rows: Any) -> None:
    service.update(rows.indicator())
    decide(service, "approved")
    service.update(rows.indicator(achieved=9999))
    decide(service, "rejected", 2)
    assert (seen(service)[0]["achieved"], seen(service)[0]["waiting"]) == (120, False)


def test_a_decision_about_another_version_is_a_conflict(service: Any, rows: Any) -> None:
    service.update(rows.indicator())
    service.update(rows.indicator(achieved=1))
    answer = decide(service, "approved", 1)
    assert (answer.status_code, answer.json()["results"][0]["outcome"]) == (207, "conflict")
    assert seen(service)[0]["provisional"]


def test_the_sync_cannot_approve(service: Any, rows: Any) -> None:
    service.update(rows.indicator())
    for role in ("reporter", "member", "admin"):
        assert decide(service, "approved", role=role).status_code == 403
    assert service.update(rows.indicator(approval="approved")).status_code == 422
    assert seen(service)[0]["approval"] == "submitted"


def test_actions_and_meetings_need_no_approval(service: Any, rows: Any) -> None:
    results = service.update(rows.action(), rows.meeting()).json()["results"]
    assert all("approval" not in result for result in results)


def test_a_closed_period_takes_no_values_until_it_is_reopened(service: Any, rows: Any) -> None:
    service.update(rows.indicator(), rows.presence())
    service.ask("PUT", "/api/v1/periods/2026-03", "lead", json={"state": "closed"})
    changes = (rows.indicator(achieved=1), rows.presence(status="planned"), rows.action())
    answer = service.update(*changes)
    assert answer.status_code == 207
    assert [r["outcome"] for r in answer.json()["results"]] == ["period-closed", "period-closed", "created"]
    assert answer.json()["results"][0]["period"] == "2026-03"
    moved = service.update(rows.indicator(month="2026-04"))  # out of a closed month: that month would change
    assert moved.status_code == 409
    service.ask("PUT", "/api/v1/periods/2026-03", "lead", json={"state": "open"})
    assert service.update(*changes).status_code == 200


def test_taking_back_is_never_delayed_by_a_closed_period(service: Any, rows: Any) -> None:
    service.update(rows.indicator())
    service.ask("PUT", "/api/v1/periods/2026-03", "lead", json={"state": "closed"})
    assert service.update(rows.gone("ind-1", "indicators")).json()["results"][0]["outcome"] == "deleted"


def test_a_night_is_kept_once_and_compares_digests(service: Any, rows: Any) -> None:
    service.update(rows.action())
    night = {"night": 7, "status": "failed", "message": "publish_sheets", "digests": {"actions": "0" * 64}}
    answer = service.ask("POST", "/api/v1/nights", json=night).json()
    assert answer["mismatch"] == ["actions"]
    service.ask("POST", "/api/v1/nights", json=night | {"status": "success", "counts": {"issues": {"x": 2}}})
    listed = service.ask("GET", "/api/v1/nights", "member").json()["data"]
    assert [(n["night"], n["status"], n["counts"]) for n in listed] == [(7, "success", {"issues": {"x": 2}})]


def test_a_night_may_describe_its_cluster_but_not_open_it(service: Any) -> None:
    told = {"name": {"fr": "Cluster Protection", "en": "Protection"}, "aggregates_public": True}
    service.ask("POST", "/api/v1/nights", json={"night": 1, "status": "success", "settings": told})
    settings = service.ask("GET", "/api/v1/settings", "member").json()["settings"]
    assert settings == {"name": {"fr": "Cluster Protection", "en": "Protection"}}


def test_public_aggregates_exist_only_where_the_cluster_opens_them(service: Any, rows: Any) -> None:
    service.update(rows.indicator(), rows.indicator("ind-2", admin1_pcode="ML04", achieved=30), rows.action())
    path = "/api/v1/public/aggregates?cluster=PROT"
    assert service.ask("GET", path, None).status_code == 404
    service.ask("PUT", "/api/v1/settings", "admin", json={"aggregates_public": True})
    decide(service, "approved")
    answer = service.ask("GET", path, None)
    values = [m["achieved"] for i in answer.json()["indicators"] for m in i["months"] if m["achieved"] is not None]
    assert (answer.status_code, values) == (200, [120])  # nothing that is only submitted
    assert "ML05" not in answer.text
    assert answer.json()["actions"] == {"open": 1, "late": 0, "done": 0}
    assert service.ask("GET", "/api/v1/public/aggregates?cluster=NONE", None).status_code == 404


def test_a_redacted_row_is_gone_with_its_history_and_leaves_a_tombstone(
    make_service: Any, rows: Any, tmp_path: Path
) -> None:
    service = make_service(f"sqlite:///{tmp_path / 'r.db'}")
    secret = "mot-secret-xyzzy"
    service.update(rows.action(text=secret), rows.action("act-2"), key="k")
    service.update(rows.action(text=f"{secret} bis") | {"previousVersion": 9}, key="k2")  # a kept answer quotes it
    asked = {"form": "actions", "recordId": "act-1", "reason": "demande du cluster"}
    assert service.ask("POST", "/api/v1/redactions", "admin", json=asked).status_code == 200
    assert service.ask("GET", "/api/v1/actions").json()["total"] == 1
    assert service.ask("GET", "/api/v1/history?recordId=act-1", "lead").json()["data"] == []
    assert service.update(rows.action()).json()["type"] == "urn:ors:redacted"
    assert service.ask("GET", "/api/v1/redactions", "lead").json()["data"][0]["recordId"] == "act-1"
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("r.db*"))
    assert secret.encode() not in stored
    assert sqlite3.connect(tmp_path / "r.db").execute("PRAGMA integrity_check").fetchone() == ("ok",)
