"""State on disk: stopped, killed, started again."""

import json
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import google.auth.transport.requests
import pytest
import requests
from google.oauth2.service_account import Credentials


def start(folder: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "sheets_emulator", "--port", "0", "--state", str(folder), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    line = process.stdout.readline()
    match = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)\n", line)
    assert match, line
    return process, match[1]


def append(url: str, number: int) -> bool:
    address = f"{url}/v4/spreadsheets/book/values/A1:append?valueInputOption=RAW"
    try:
        return requests.post(address, json={"values": [[number, "x" * 200]]}, timeout=20).ok
    except requests.RequestException:
        return False


def test_sigterm_stops_cleanly_and_everything_is_there_again(tmp_path):
    process, url = start(tmp_path)
    body = {"id": "book", "title": "Suivi", "locale": "fr_FR", "sheets": [{"title": "A", "rows": [["x", 1, "=B1*2"]]}]}
    assert requests.post(f"{url}/_emulator/spreadsheets", json=body, timeout=20).json()["created"]
    before = requests.get(f"{url}/v4/spreadsheets/book?includeGridData=true", timeout=20).json()
    process.terminate()
    assert process.wait(10) == 0
    process, url = start(tmp_path)
    try:
        assert requests.post(f"{url}/_emulator/spreadsheets", json=body, timeout=20).json()["created"] is False
        assert requests.get(f"{url}/v4/spreadsheets/book?includeGridData=true", timeout=20).json() == before
    finally:
        process.terminate()
        process.wait(10)


def test_a_kill_loses_at_most_the_request_in_flight(tmp_path):
    acknowledged = 0
    for _ in range(3):
        process, url = start(tmp_path)
        requests.post(f"{url}/_emulator/spreadsheets", json={"id": "book", "sheets": ["A"]}, timeout=20)
        found = requests.get(f"{url}/v4/spreadsheets/book/values/A", timeout=20).json().get("values", [])
        assert [row[0] for row in found[:acknowledged]] == [str(number) for number in range(acknowledged)]
        assert len(found) - acknowledged in (0, 1)
        acknowledged = len(found)
        killer = threading.Timer(0.6, process.send_signal, [signal.SIGKILL])
        killer.start()
        while append(url, acknowledged):
            acknowledged += 1
        process.wait(10)
    assert acknowledged > 3


def test_a_taken_port_is_said_in_one_sentence(tmp_path):
    process, url = start(tmp_path / "one")
    try:
        port = url.rpartition(":")[2]
        command = [sys.executable, "-m", "sheets_emulator", "--port", port, "--state", str(tmp_path / "two")]
        second = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert second.returncode == 1
        assert re.fullmatch(rf"Cannot listen on port {port}: .+\.\n", second.stderr)
    finally:
        process.terminate()
        process.wait(10)


def test_the_service_account_gets_a_token_by_googles_own_flow(tmp_path):
    process, url = start(tmp_path, "--require-token")
    try:
        key = tmp_path / "service_account.json"
        assert key.stat().st_mode & 0o077 == 0
        first = json.loads(key.read_text())
        assert first["token_uri"] == f"{url}/token"
        bare = requests.get(f"{url}/v4/spreadsheets/none", timeout=20)
        assert (bare.status_code, bare.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
        account = Credentials.from_service_account_file(key, scopes=["https://www.googleapis.com/auth/spreadsheets"])
        session = google.auth.transport.requests.AuthorizedSession(account)
        made = session.post(f"{url}/v4/spreadsheets", json={"properties": {"title": "Suivi"}})
        assert made.json()["properties"]["title"] == "Suivi"
    finally:
        process.terminate()
        process.wait(10)
    process, _ = start(tmp_path)
    process.terminate()
    process.wait(10)
    assert json.loads(key.read_text())["private_key"] == first["private_key"]


@pytest.mark.parametrize("grant", ["password", "urn:ietf:params:oauth:grant-type:jwt-bearer"])
def test_a_forged_assertion_gets_no_token(house, grant):
    answer = requests.post(f"{house.url}/token", data={"grant_type": grant, "assertion": "a.b.c"}, timeout=20)
    assert answer.status_code == 400
    assert "error" in answer.json()
