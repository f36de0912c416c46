"""The command line and the process: one line when ready, a token once, a clean end, nothing secret in its output."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import requests

ORS = [sys.executable, "-m", "ors"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ORS, *arguments], capture_output=True, text=True, check=False)


def test_a_service_starts_serves_and_stops(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path / 'deep' / 'ors.db'}"
    made = run("token", "--db", db, "--cluster", "PROT", "--role", "member", "--label", "ONG")
    token = made.stdout.strip()
    assert (made.returncode, made.stderr, len(made.stdout.splitlines())) == (0, "", 1)
    process = subprocess.Popen(
        [*ORS, "--port", "0", "--db", db], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    address = process.stdout.readline().removeprefix("listening on ").strip()
    assert requests.get(f"{address}/healthz", timeout=10).json() == {"status": "ok"}
    feed = requests.get(f"{address}/datafeeds/country.ashx?token={token}&format=json", timeout=10)
    assert {"LocationId": 6, "LocationName": "Mali"} in feed.json()
    mine = {"Authorization": f"Bearer {token}"}
    settings = requests.get(f"{address}/api/v1/settings", headers=mine, timeout=10).json()["settings"]
    assert settings["country"] == "MLI"  # taken over from the cluster's YAML
    listed = run("tokens", "--db", db, "--cluster", "PROT").stdout
    assert token not in listed
    assert run("revoke", "--db", db, "--cluster", "PROT", listed.split("\t")[0]).returncode == 0
    assert requests.get(f"{address}/api/v1/settings", headers=mine, timeout=10).status_code == 401
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


def test_wrong_usage_is_2_and_a_failure_is_one_sentence(tmp_path: Path) -> None:
    assert run("token", "--cluster", "PROT", "--role", "king").returncode == 2
    db = f"sqlite:///{tmp_path / 'ors.db'}"
    missing = run("revoke", "--db", db, "--cluster", "PROT", "0123456789ab")
    assert (missing.returncode, len(missing.stderr.splitlines())) == (1, 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = run("--port", str(taken.getsockname()[1]), "--db", db)
    assert (busy.returncode, len(busy.stderr.splitlines())) == (1, 1)
