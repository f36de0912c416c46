"""What `make run` runs, for real: services, Airflow's database, the DAG through Airflow, twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(var: Path, *, clusters: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "SUIVI"))}
    environment |= {"SUIVI_VAR": str(var), "LANG": "C", "LC_ALL": "C"}
    if clusters:
        environment["SUIVI_CLUSTERS"] = str(clusters)
    return subprocess.run(
        [sys.executable, "-m", "stack", "run"], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.airflow
@pytest.mark.timeout(900)
def test_the_first_run_publishes_and_the_second_publishes_nothing_in_a_folder_with_spaces(tmp_path: Path):
    var = tmp_path / "état du suivi"
    first = run(var)
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
