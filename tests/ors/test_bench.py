"""The bench runs, small, and counts what it says; no figure of time is judged here."""

from __future__ import annotations

import json
import subprocess
import sys


def test_a_small_bench_measures_all_its_parts() -> None:
    command = [sys.executable, "-m", "ors.bench", "--rows", "600", "--pushed", "200", "--readers", "2"]
    command += ["--examples", "0"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    push, faults, read, contract = (next(iter(json.loads(line).values())) for line in printed)
    assert (push["created"], push["requests"], push["quiet_night_requests"], push["mismatch"]) == (200, 1, 1, [])
    assert (faults["rows_there"], faults["versions_there"], faults["rejected"]) == (200, [1], 0)
    assert (read["rows"], read["pages"]["requests"]) == (600, 80)
    assert (contract["cells"] > 200, contract["wrong"]) == (True, [])
