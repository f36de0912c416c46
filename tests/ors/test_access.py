"""Every cell of the route × role table answers as it says."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import requests

from ors.access import ACCESS, ROLES, TOKEN_IN_ADDRESS, markdown
from ors.bench_contract import expected, try_cell
from ors.limits import Limits


@pytest.mark.parametrize("route", ACCESS)
def test_every_cell_of_the_table(service: Any, rows: Any, route: str) -> None:
    service.update(rows.action())
    for role in (None, *ROLES):
        answer = try_cell(service.address, route, service.token(role) if role else None)
        assert answer.status_code == expected(route, role), (role, answer.text)
        if answer.status_code == 303 and role is None:
            assert answer.headers["location"].startswith("/login")
        if answer.status_code in (401, 403) and route != "POST /login":
            kind = "no-token" if role is None else "wrong-role"
            assert answer.json()["type"] == f"urn:ors:{kind}"


def test_no_route_answers_that_is_not_in_the_table(service: Any) -> None:
    served = {
        f"{method} {route.path}"
        for route in service.app.routes
        for method in getattr(route, "methods", None) or ()
        if method != "HEAD"
    }
    assert served == set(ACCESS)


def test_the_table_is_printed_for_the_readme() -> None:
    command = [sys.executable, "-m", "ors", "routes"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == markdown()
    assert "| `POST /api/v1/decisions` | 401 | 403 | 403 | yes | 403 |" in printed


@pytest.mark.parametrize("path", ["/DataFeeds/Country.ashx", "/calendar.ics"])
def test_old_clients_may_put_a_token_in_the_address_of_a_feed(service: Any, path: str) -> None:
    token = service.token("member")
    assert requests.get(f"{service.address}{path}?token={token}", timeout=10).status_code == 200
    assert requests.get(f"{service.address}{path}?token=wrong", timeout=10).status_code == 401
    assert len(TOKEN_IN_ADDRESS) == 3


@pytest.mark.parametrize("path", ["/api/v1/actions", "/api/v1/settings", "/"])
def test_elsewhere_a_token_in_the_address_opens_nothing(service: Any, path: str) -> None:
    answer = requests.get(f"{service.address}{path}?token={service.token('admin')}", timeout=10, allow_redirects=False)
    assert answer.status_code in (303, 401)


def test_a_revoked_or_ended_token_opens_nothing(service: Any) -> None:
    made = service.ask("POST", "/api/v1/tokens", "admin", json={"role": "member", "days": 2, "label": "ONG"}).json()
    mine = {"Authorization": f"Bearer {made['token']}"}
    url = service.address + "/api/v1/actions"
    assert requests.get(url, headers=mine, timeout=10).status_code == 200
    service.clock.forward(days=3)
    assert requests.get(url, headers=mine, timeout=10).status_code == 401
    service.clock.forward(days=-3)
    assert service.ask("DELETE", f"/api/v1/tokens/{made['id']}", "admin").status_code == 204
    assert requests.get(url, headers=mine, timeout=10).status_code == 401
    listed = service.ask("GET", "/api/v1/tokens", "admin")
    assert made["token"] not in listed.text


def test_an_administrator_cannot_revoke_another_clusters_token(service: Any) -> None:
    other = service.ask("POST", "/api/v1/tokens", "admin", "WASH", json={"role": "member"}).json()
    assert service.ask("DELETE", f"/api/v1/tokens/{other['id']}", "admin").status_code == 404


def test_the_database_holds_no_token(service: Any, tmp_path: Any) -> None:
    token = service.token("admin")
    files = list(tmp_path.glob("*.db*"))
    assert all(token.encode() not in path.read_bytes() for path in files)


def test_a_session_cookie_reads_but_does_not_write_the_api(service: Any, rows: Any) -> None:
    session = requests.Session()
    session.post(service.address + "/login", data={"token": service.token("lead")}, timeout=10)
    assert session.get(service.address + "/api/v1/actions", timeout=10).status_code == 200
    body = {"state": "closed"}
    assert session.put(service.address + "/api/v1/periods/2026-03", json=body, timeout=10).status_code == 401


def test_forms_need_the_value_of_their_session(service: Any) -> None:
    session = requests.Session()
    session.post(service.address + "/login", data={"token": service.token("lead")}, timeout=10)
    form = {"month": "2026-03", "state": "closed"}
    refused = session.post(service.address + "/lead/period", data=form, timeout=10)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:ors:stale-form")
    page = session.get(service.address + "/lead", timeout=10).text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    taken = session.post(service.address + "/lead/period", data=form | {"csrf": csrf}, timeout=10)
    assert taken.status_code == 200
    assert service.ask("GET", "/api/v1/periods", "member").json()["data"][0]["state"] == "closed"


def test_the_login_never_leads_to_another_site(service: Any) -> None:
    for target in ("https://exemple.org", "//exemple.org", "/\\exemple.org", "javascript:alert(1)"):
        form = {"token": service.token("member"), "target": target}
        assert service.ask("POST", "/login", None, data=form).headers["location"] == "/"
    form = {"token": service.token("member"), "target": "/actions?status=late"}
    assert service.ask("POST", "/login", None, data=form).headers["location"] == "/actions?status=late"


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(service: Any) -> None:
    cookie = service.ask("POST", "/login", None, data={"token": service.token("member")}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_the_session_cookie_is_never_sent_in_the_clear_where_the_page_is_not(service: Any) -> None:
    form = {"token": service.token("member")}
    behind_tls = service.ask("POST", "/login", None, data=form, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in behind_tls.headers["set-cookie"]
    assert "Secure" not in service.ask("POST", "/login", None, data=form).headers["set-cookie"]


def test_a_fault_of_the_service_is_a_problem_object_that_tells_nothing(service: Any, monkeypatch: Any) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("mot-secret-xyzzy")

    token = service.token("member")
    monkeypatch.setattr(service.app.state.snapshots, "at", broken)
    answer = requests.get(f"{service.address}/api/v1/actions", headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["type"] == "urn:ors:internal"
    assert "xyzzy" not in answer.text


def test_too_many_requests_are_told_when_to_come_back(make_service: Any) -> None:
    service = make_service(limits=Limits(read=(3.0, 0.5), write=(1.0, 0.5), failures=(2.0, 0.5)))
    assert [service.ask("GET", "/api/v1/actions", "member").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = service.ask("GET", "/api/v1/actions", "member")
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json()["type"] == "urn:ors:too-many-requests"
    guesses = [service.ask("POST", "/login", None, data={"token": f"guess{n}"}).status_code for n in range(4)]
    assert guesses[-1] == 429


def test_answers_carry_the_headers_that_browsers_heed(service: Any) -> None:
    headers = service.ask("GET", "/login", None).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'self'" in headers["content-security-policy"]
