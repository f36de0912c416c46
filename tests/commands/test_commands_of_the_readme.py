"""Every command that a fence of the README shows is run by a test: here, or where this list says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ELSEWHERE = {  # command → the test that runs it, or what stands in for it
    "make run": "tests/stack/test_make_run.py",
    "make up": "include/stack/bench.py",  # the same Airflow standalone, by hand: make bench-nights
    "make test": ".ci/run",
    "docker compose": "tests/stack/test_containers_are_described_right.py",
}


def commands() -> list[str]:
    fences = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    lines = [line.split("  #")[0].strip() for fence in fences for line in fence.splitlines()]
    return sorted({line for line in lines if line and not line.startswith("#")})


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_readme_is_run(command: str):
    place = next((where for start, where in ELSEWHERE.items() if command.startswith(start)), None)
    if place:
        assert (ROOT / place).is_file()
        return
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S602
    assert done.returncode == 0, done.stderr


def test_every_make_target_of_the_list_can_be_planned():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^  make (\S+)", listed, re.MULTILINE)
    assert {"run", "up", "test", "secrets", "bench-nights", "bench-region"} <= set(targets)
    for target in targets:
        subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=True)
