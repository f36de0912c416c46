"""A night whose rows and rules have not changed takes last night's findings, without loading Great Expectations."""

from __future__ import annotations

import os
import subprocess
import sys

from suivi.ledger import nights

QUIET = """
import sys
from suivi.cli import main
code = main(["run", "mali_protection", "--json"])
print("loaded" if "great_expectations" in sys.modules else "not loaded", file=sys.stderr)
sys.exit(code)
"""


def checked(house) -> list:
    with house.ledger.read() as session:
        return nights.snapshot(session, nights.find_night(session, "mali_protection"), "checked")


def run(house) -> str:
    environment = {**os.environ, **house.environment}
    done = subprocess.run([sys.executable, "-c", QUIET], env=environment, capture_output=True, text=True, check=False)
    return f"{done.returncode} {done.stderr}"


def test_findings_are_kept_until_rows_or_rules_change(house):
    # three actions at most: the whole register cannot be true, and that is said again on the quiet night
    house.configure(limits={"actions_max": 3})
    first = run(house)
    assert "loaded" in first
    assert first.startswith("1 "), "a register that cannot be true makes the night red"
    before = checked(house)
    second = run(house)
    assert "not loaded" in second
    assert second.startswith("1 ")
    assert checked(house) == before
    assert "3" in before[0]["broken"][0]
    house.configure()
    third = run(house)
    assert third.startswith("0 "), third
    assert "not loaded" not in third
    assert checked(house)[0]["broken"] == []
