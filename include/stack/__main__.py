"""`python -m stack run` (tonight, once) and `python -m stack up` (stay up)."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import requests

from stack import airflow, seed, summary
from stack.environment import environment, remember_tokens, tokens, var
from stack.services import free_port, service, session

CLUSTER = os.environ.get("SUIVI_CLUSTER", "mali_protection")
ROLES = ("reporter", "member", "lead", "admin")


def main() -> int:
    """Exit 0: the night went well; 1: it did not, and a sentence said why; 2: wrong usage."""
    if sys.argv[1:] not in (["run"], ["up"]):
        print("usage: python -m stack run | up", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with alone(), services() as found:
            return airflow.stay_up(found) if sys.argv[1] == "up" else _tonight(found)
    except KeyboardInterrupt:
        return 130


def _tonight(found: dict[str, str]) -> int:
    started = time.time()
    code = airflow.test_dag(f"minutes__{CLUSTER}", found)
    return summary.show(CLUSTER, started, code)


@contextmanager
def alone() -> Iterator[None]:
    """Two stacks in one var/ would share ports and databases: the second is refused."""
    var().mkdir(parents=True, exist_ok=True)
    with (var() / "stack.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("Suivi is running here already (make run or make up). Stop it first (Ctrl-C).") from None
        yield


@contextmanager
def services() -> Iterator[dict[str, str]]:
    """The embedded services, ready: the environment in which Airflow and the command line find them."""
    base = dict(os.environ) | {"PYTHONUTF8": "1", "PYTHONPATH": environment("", "", "")["PYTHONPATH"]}
    logs, database = var() / "log", f"sqlite:///{var() / 'ors.db'}"
    with ExitStack() as stack:
        sheets_port = free_port(8471, "the sheets emulator")
        ors_port = free_port(8472, "the ORS service", {sheets_port})
        emulator = ["--port", str(sheets_port), "--state", str(var() / "emulator")]
        reporting = ["--port", str(ors_port), "--db", database]
        prepared = airflow.prepare(environment("", "", ""))
        sheets = stack.enter_context(service("sheets_emulator", emulator, base, logs / "sheets_emulator.log"))
        ors = stack.enter_context(service("ors", reporting, base, logs / "ors.log"))
        seed.spreadsheets(sheets)
        token = _tokens(base, database, ors)["reporter"]
        airflow.wait(prepared)
        yield environment(sheets, ors, token)


def _tokens(base: dict[str, str], database: str, ors: str) -> dict[str, str]:
    """Tokens of the embedded ORS, one a role; made once and kept in var/ for its owner only."""
    found = tokens()
    if set(found) == set(ROLES) and _accepted(ors, found["member"]):
        return found
    found = {role: _new_token(base, database, role) for role in ROLES}
    remember_tokens(found)
    return found


def _new_token(base: dict[str, str], database: str, role: str) -> str:
    command = [sys.executable, "-m", "ors", "token", "--db", database, "--cluster", seed.ors_cluster(CLUSTER)]
    made = subprocess.run([*command, "--role", role], env=base, capture_output=True, text=True, check=False)
    if made.returncode:
        raise SystemExit(f"The ORS service gave no token for {role}: {made.stderr.strip() or made.stdout.strip()}")
    return made.stdout.split()[-1]


def _accepted(ors: str, token: str) -> bool:
    try:
        answer = session().get(
            f"{ors}/api/v1/meetings", params={"limit": 1}, headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
    except requests.ConnectionError:
        return False
    return answer.ok


if __name__ == "__main__":
    sys.exit(main())
