"""The page *Minutes* in a real Airflow API server: who may see, who may decide, what is shown, in both languages."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from house import House, house_in

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "plugins"))
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = ("", "clusters/mali_protection", "clusters/mali_protection/held", "clusters/mali_protection/issues")

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sheets_server: str) -> Iterator[SimpleNamespace]:
    """Airflow's API server over a house that has had one night; logins `officer` (admin) and `reader` (viewer)."""
    folder = tmp_path_factory.mktemp("airflow")
    (folder / "house").mkdir()
    makers = house_in(folder / "house", sheets_server)
    house = next(makers)
    house.night()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "passwords.json").write_text(json.dumps({"officer": "officer-secret", "reader": "reader-secret"}))
    environment = {
        **os.environ,
        **house.environment,
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "officer:admin,reader:viewer",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(folder / "passwords.json"),
        "AIRFLOW__API_AUTH__JWT_SECRET": "s" * 64,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
    }
    log = (folder / "log").open("w")
    airflow = [sys.executable, "-m", "airflow"]
    for command in (["db", "migrate"], ["dags", "reserialize"]):
        subprocess.run([*airflow, *command], env=environment, stdout=log, stderr=log, check=True)
    process = subprocess.Popen(
        [*airflow, "api-server"], env=environment, stdout=log, stderr=log, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    _until_healthy(process, address, folder / "log")
    yield SimpleNamespace(address=address, house=house)
    os.killpg(process.pid, 15)
    process.wait(30)
    next(makers, None)


def _until_healthy(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            if requests.get(f"{address}/api/v2/monitor/health", timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.3)
    raise AssertionError(log.read_text()[-2000:])


def session(server: SimpleNamespace, name: str | None) -> requests.Session:
    """A person logged in as Airflow does it."""
    found = requests.Session()
    if name:
        body = {"username": name, "password": f"{name}-secret"}
        answer = requests.post(f"{server.address}/auth/token", json=body, timeout=30)
        assert answer.status_code == 201, answer.text
        found.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return found


def document_path(house: House) -> str:
    import sqlite3

    row = sqlite3.connect(house.folder / "var" / "suivi.db").execute(
        "select document from files where path like '%2026-02-11%'"
    )
    return f"clusters/mali_protection/documents/{row.fetchone()[0]}"


def test_nobody_sees_any_page_without_a_login(server):
    nobody = session(server, None)
    more = (document_path(server.house), "dags/minutes__mali_protection", "style.css",
            "clusters/mali_protection/redact",
            "dags/minutes__mali_protection/runs/night-1", "clusters/mali_protection/data-docs/index.html")  # fmt: skip
    for page in (*PAGES, *more):
        assert nobody.get(f"{server.address}/suivi/{page}", timeout=30).status_code in (401, 403), page
    for form in ("held", "redact"):
        answer = nobody.post(f"{server.address}/suivi/clusters/mali_protection/{form}", timeout=30)
        assert answer.status_code in (401, 403, 422), form


def test_readers_see_the_pages_in_their_language(server):
    reader = session(server, "reader")
    for language, word in (("fr", "Dernières nuits"), ("en", "Last nights")):
        page = reader.get(
            f"{server.address}/suivi/clusters/mali_protection", headers={"Accept-Language": language}, timeout=30
        )
        assert page.status_code == 200
        assert word in page.text
    for page in PAGES:
        assert reader.get(f"{server.address}/suivi/{page}", timeout=30).status_code == 200, page
    run = reader.get(f"{server.address}/suivi/dags/minutes__mali_protection/runs/night-1", timeout=30)
    assert "publish_sheets" in run.text
    assert reader.get(f"{server.address}/suivi/clusters/mali_protection/data-docs/index.html", timeout=30).ok
    assert (
        reader.get(
            f"{server.address}/suivi/clusters/mali_protection/data-docs/..%2F..%2Fsuivi.db", timeout=30
        ).status_code
        == 404
    )


def test_a_document_shows_its_quotes_in_the_source_text(server):
    page = session(server, "reader").get(f"{server.address}/suivi/{document_path(server.house)}", timeout=60)
    assert page.status_code == 200
    assert '<mark id="t-a1"' in page.text
    assert "Kassambara" in page.text


def test_a_reader_may_not_decide_and_the_officer_may(server):
    reader, officer = session(server, "reader"), session(server, "officer")
    address = f"{server.address}/suivi/clusters/mali_protection/held"
    held = officer.get(address, timeout=30).text
    entry = held.split('name="held_id" value="')[1].split('"')[0]
    assert 'name="held_id"' not in reader.get(address, timeout=30).text
    choice = {"held_id": entry, "choice": "reject"}
    assert reader.post(address, data=choice, timeout=30).status_code == 403
    foreign = officer.post(address, data=choice, headers={"Origin": "http://elsewhere.example"}, timeout=30)
    assert foreign.status_code == 403
    assert officer.post(address, data={"held_id": "no such entry", "choice": "reject"}, timeout=30).status_code == 404
    assert officer.post(address, data={**choice, "choice": "correct"}, timeout=30).status_code == 422
    assert officer.post(address, data=choice, timeout=30).status_code == 200
    assert "rejeter" in officer.get(address, headers={"Accept-Language": "fr"}, timeout=30).text
    server.house.night()
    assert entry not in officer.get(address, timeout=30).text


def test_redaction_is_for_those_who_decide_confirmed_and_never_from_another_site(server):
    reader, officer = session(server, "reader"), session(server, "officer")
    document = document_path(server.house).rpartition("/")[2]
    address = f"{server.address}/suivi/clusters/mali_protection/redact"
    asked = {"what": document, "sure": "RETIRER", "reason": "demande du bureau"}
    page = officer.get(address, params={"what": document}, headers={"Accept-Language": "fr"}, timeout=30).text
    assert "2026-02-11" in page  # the file's name beside its hash
    assert "historique des versions" in page
    assert 'name="sure"' not in reader.get(address, timeout=30).text
    assert reader.post(address, data=asked, timeout=30).status_code == 403
    for headers in ({"Origin": "http://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert officer.post(address, data=asked, headers=headers, timeout=30).status_code == 403, headers
    browser = requests.Session()  # with the cookie alone, as another site's form would come
    browser.cookies.set("_token", officer.headers["Authorization"].removeprefix("Bearer "))
    assert browser.get(address, timeout=30).status_code == 200
    assert browser.post(address, data=asked, timeout=30).status_code == 403
    assert officer.post(address, data={**asked, "sure": "oui"}, timeout=30).status_code == 422
    runs = f"{server.address}/api/v2/dags/redact/dagRuns"
    assert officer.get(runs, timeout=30).json()["total_entries"] == 0
    assert officer.post(address, data=asked, timeout=30).status_code == 409  # the DAG is still paused
    switched = officer.patch(f"{server.address}/api/v2/dags/redact", json={"is_paused": False}, timeout=30)
    assert switched.ok, switched.text
    started = browser.post(address, data=asked, headers={"Origin": server.address}, timeout=60)
    assert started.status_code == 200
    (run,) = officer.get(runs, timeout=30).json()["dag_runs"]
    assert run["conf"] == {"cluster": "mali_protection", "what": document, "reason": "demande du bureau"}
    assert run["triggering_user_name"] == "officer"
    assert run["dag_run_id"] in started.url.replace("%3A", ":").replace("%2B", "+")


def test_long_lists_come_in_pages(server):
    reader = session(server, "reader")
    pages = f"{server.address}/suivi/clusters/mali_protection"
    assert "2026-11-11" in reader.get(f"{pages}?q=2026-11-11", timeout=30).text
    assert "2026-02-11" not in reader.get(f"{pages}?q=2026-11-11", timeout=30).text
    assert "sensibilis" in reader.get(f"{pages}?q=sensibilis", timeout=30).text
    for page in ("?page=7", "/held?page=7", "/issues?page=7", "/held?q=nothing has these words"):
        answer = reader.get(f"{pages}{page}", timeout=30)
        assert answer.status_code == 200, page
        assert "<article" not in answer.text


def test_the_note_of_a_run_is_the_nights_sentence(server, monkeypatch):
    from suivi_pages.run_note import night_note

    for name, value in server.house.environment.items():
        monkeypatch.setenv(name, value)
    assert night_note("mali_protection", "night-1").startswith("Nuit 1 : 15 documents vus (15 nouveaux")
    assert night_note("mali_protection", "no such run") == ""


@pytest.mark.browser
@pytest.mark.skipif(not shutil.which(CHROMIUM), reason="needs Debian's chromium")
def test_the_page_stands_in_the_navigation_without_console_errors(server):
    from playwright.sync_api import sync_playwright

    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(locale="fr-FR").new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(f"{server.address}/", wait_until="domcontentloaded", timeout=90_000)
        page.fill("input[name=username]", "officer", timeout=90_000)
        page.fill("input[name=password]", "officer-secret")
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "/auth" not in url, timeout=90_000)
        page.goto(f"{server.address}/plugin/minutes", timeout=90_000)
        frame = page.frame_locator("iframe")
        frame.locator("h1").wait_for(timeout=90_000)
        assert frame.locator("h1").inner_text() == "Clusters"
        frame.get_by_role("link", name="Cluster Protection Mali").click()
        frame.get_by_role("heading", name="Dernières nuits").wait_for(timeout=60_000)
        browser.close()
    assert not [error for error in errors if "suivi" in error]
