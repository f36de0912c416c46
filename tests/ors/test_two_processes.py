"""Several processes on one database: what one of them writes is seen by the others at once, caches or not."""

from __future__ import annotations

from typing import Any

import pytest
import requests


@pytest.fixture
def pair(make_service: Any, database_url: str) -> tuple[Any, Any]:
    """Two services that share nothing but their database."""
    return make_service(database_url), make_service(database_url)


def test_what_one_process_writes_the_other_shows_at_once(pair: tuple[Any, Any], rows: Any) -> None:
    one, other = pair
    token = one.token("member")

    def see(path: str, **headers: str) -> Any:
        return requests.get(other.address + path, headers={"Authorization": f"Bearer {token}"} | headers, timeout=10)

    one.update(rows.action(), rows.indicator(), rows.meeting())
    feed = "/DataFeeds/ReportedData.ashx?format=json&month=3"
    paths = ("/actions", "/api/v1/indicators", feed)
    before = {path: see(path) for path in paths}
    assert all(see(path, **{"If-None-Match": before[path].headers["ETag"]}).status_code == 304 for path in paths)
    assert see(feed).json()[0]["Achieved"] == 120

    one.update(rows.action(text="Relire la note conjointe"), rows.indicator(achieved=500))
    after = {path: see(path, **{"If-None-Match": before[path].headers["ETag"]}) for path in paths}
    assert {answer.status_code for answer in after.values()} == {200}
    assert "Relire la note conjointe" in after["/actions"].text
    assert after[feed].json()[0]["Achieved"] == 500

    asked = {"form": "actions", "recordId": "act-1"}
    one.ask("POST", "/api/v1/redactions", "lead", json=asked).raise_for_status()
    assert "Relire la note conjointe" not in see("/actions").text
    one.ask("POST", "/api/v1/nights", json={"night": 4, "status": "failed", "message": "publish_sheets"})
    assert "a échoué" in see("/").text


def test_a_key_a_session_and_a_revoked_token_hold_for_all_processes(pair: tuple[Any, Any], rows: Any) -> None:
    one, other = pair
    first = one.update(rows.action(), key="k")
    headers = {"Authorization": f"Bearer {one.token('reporter')}", "Idempotency-Key": "k"}
    again = requests.post(
        f"{other.address}/api/v1/update", json={"changes": [rows.action()]}, headers=headers, timeout=10
    )
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")

    made = one.ask("POST", "/api/v1/tokens", "admin", json={"role": "member"}).json()
    session = requests.Session()
    session.post(f"{one.address}/login", data={"token": made["token"]}, timeout=10).raise_for_status()
    cookie = {"Cookie": f"ors_session={session.cookies['ors_session']}"}
    page = requests.get(f"{other.address}/actions", headers=cookie, timeout=10, allow_redirects=False)
    assert page.status_code == 200
    one.ask("DELETE", f"/api/v1/tokens/{made['id']}", "admin").raise_for_status()
    page = requests.get(f"{other.address}/actions", headers=cookie, timeout=10, allow_redirects=False)
    assert page.status_code == 303
