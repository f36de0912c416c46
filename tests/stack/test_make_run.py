"""What `make run` runs, for real: services, Airflow's database, the DAG through Airflow, twice.

And the same night started by Airflow's scheduler in a standalone.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def run(var: Path, *, clusters: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "SUIVI"))}
    environment |= {"SUIVI_VAR": str(var), "LANG": "C", "LC_ALL": "C"}
    if clusters:
        environment["SUIVI_CLUSTERS"] = str(clusters)
    return subprocess.run(
        [sys.executable, "-m", "stack", "run"], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def published(var: Path) -> list[str]:
    """Every row that went to the two spreadsheets and the ORS, its random ids masked."""
    with closing(sqlite3.connect(var / "suivi.db")) as ledger:
        rows = ledger.execute("select target, register, payload from publications").fetchall()
    return sorted(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", " ".join(row)) for row in rows)


@pytest.fixture(scope="module")
def tonight(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A first `make run`: its state and what it said."""
    var = tmp_path_factory.mktemp("stack") / "état du suivi"
    return var, run(var)


@pytest.mark.airflow
@pytest.mark.timeout(900)
def test_the_first_run_publishes_and_the_second_publishes_nothing_in_a_folder_with_spaces(tonight):
    var, first = tonight
    assert first.returncode == 0, first.stdout + first.stderr
    told = json.loads((var / "last_run.json").read_text())
    assert told["documents"]["new"] >= 14
    assert told["sheets"]["rows_added"] > 100
    assert told["ors"]["created"] > 100
    assert "rows added" in first.stdout
    assert "make up" in first.stdout
    second = run(var)
    assert second.returncode == 0, second.stdout + second.stderr
    again = json.loads((var / "last_run.json").read_text())
    assert again["night"] == told["night"] + 1
    assert again["sheets"]["writes"] == 0
    assert again["sheets"]["reads"] <= 3
    assert (again["ors"]["created"], again["ors"]["updated"], again["ors"]["requests"]) == (0, 0, 1)
    assert set(again) >= {"night", "cluster", "documents", "actions", "indicators", "presence", "issues", "seconds"}


@pytest.mark.airflow
@pytest.mark.timeout(900)
def test_a_scheduled_night_publishes_what_the_tested_night_publishes(tonight, tmp_path: Path, monkeypatch):
    from stack import airflow
    from stack.__main__ import alone, services
    from stack.runs import Runs

    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "minutes.py").symlink_to(ROOT / "dags" / "minutes.py")
    (tmp_path / "clusters").mkdir()
    plain = yaml.safe_load((ROOT / "include" / "clusters" / "mali_protection.yaml").read_text(encoding="utf-8"))
    each_minute = yaml.safe_dump(plain | {"schedule": "* * * * *"})
    (tmp_path / "clusters" / "mali_protection.yaml").write_text(each_minute, encoding="utf-8")
    for name in [name for name in os.environ if name.startswith(("AIRFLOW", "SUIVI"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SUIVI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SUIVI_CLUSTERS", str(tmp_path / "clusters"))
    monkeypatch.setenv("AIRFLOW__CORE__DAGS_FOLDER", str(tmp_path / "dags"))
    with alone(), services() as found, airflow.standalone(found) as (_, address):
        runs = Runs(address)
        runs.wait_for("minutes__mali_protection")
        end = time.monotonic() + 600
        while not (ended := runs.ended("minutes__mali_protection")) and time.monotonic() < end:
            time.sleep(1)
    assert ended, "no scheduled night ended within ten minutes"
    assert (ended[0]["run_type"], ended[0]["state"]) == ("scheduled", "success")
    assert published(tmp_path / "var") == published(tonight[0])
    assert len(published(tonight[0])) > 300


def test_taken_ports_give_two_different_free_ones_and_it_is_said(capsys):
    import socket

    from stack.services import free_port

    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        taken = first.getsockname()[1]
        try:
            second.bind(("127.0.0.1", taken + 1))
        except OSError:
            pytest.skip("the next port is somebody else's")
        one = free_port(taken, "the one")
        other = free_port(taken + 1, "the other", {one})
    assert len({taken, taken + 1, one, other}) == 4
    said = capsys.readouterr().out
    assert f"Port {taken} is taken; the one uses {one}." in said
