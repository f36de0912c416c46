"""Airflow on one machine: its database prepared, one DAG run as a test, or all of it up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from stack.environment import ROOT, tokens, var
from stack.services import die_with_parent, free_port, session, stop

Prepared = list[subprocess.Popen[bytes]]


def prepare(environment: dict[str, str]) -> Prepared:
    """Start upgrading Airflow's database and the ledger where they are not of this version; `wait` for it."""
    Path(environment["AIRFLOW_HOME"]).mkdir(parents=True, exist_ok=True)
    jobs = [_start(["suivi.cli", "db", "upgrade"], environment, "suivi-db.log")]
    if _stamp().read_text() != _version() if _stamp().is_file() else True:
        jobs.append(_start(["airflow", "db", "migrate"], environment, "airflow-db.log"))
    return jobs


def wait(jobs: Prepared) -> None:
    """Until the databases are ready."""
    for job in jobs:
        if job.wait(180):
            raise SystemExit(f"A database could not be prepared. What happened stands in {var() / 'log'}.")
    _stamp().write_text(_version())


def test_dag(dag: str, environment: dict[str, str]) -> int:
    """`airflow dags test`: one run in one process, through Airflow's own machinery; returns its exit code."""
    log = var() / "log" / f"{dag}.log"
    environment = environment | {"SUIVI_LEASE_PID": str(os.getpid())}
    print(f"Airflow runs {dag} (log: {log}) …", flush=True)
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", "dags", "test", dag],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        try:
            return process.wait()
        finally:
            stop(process)


def stay_up(environment: dict[str, str]) -> int:
    """Airflow standalone until Ctrl-C; says where to look."""
    with standalone(environment) as (process, address):
        _say(address, environment)
        return process.wait()


@contextmanager
def standalone(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Airflow standalone, healthy, until the block ends: its process and its address."""
    port = free_port(8080, "Airflow")
    address = f"http://127.0.0.1:{port}"
    environment = environment | {
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
    }
    _run(["airflow", "pools", "set", "sheets", "2", "Google's quota, shared by all clusters"], environment)
    process = _start(["airflow", "standalone"], environment, "airflow.log", group=True)
    try:
        _healthy(process, f"{address}/api/v2/monitor/health")
        yield process, address
    finally:
        stop(process)


def _say(address: str, environment: dict[str, str]) -> None:
    member = tokens().get("member", "")
    print(
        "\nSuivi is up. Ctrl-C stops it.\n"
        f"  Airflow              {address}\n"
        f"  Sheets (emulator)    {environment.get('SUIVI_SHEETS_ENDPOINT') or 'Google'}\n"
        f"  Dashboard (ORS)      {environment['SUIVI_ORS_URL']}\n"
        f"    member's token     {member}\n"
        f"    all tokens         {var() / 'tokens.json'}\n",
        flush=True,
    )


def _healthy(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"Airflow stopped at once. Its log: {var() / 'log' / 'airflow.log'}")
        try:
            if session().get(url, timeout=5).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.5)
    raise SystemExit(f"Airflow did not become healthy. Its log: {var() / 'log' / 'airflow.log'}")


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    if _start(arguments, environment, "airflow-pools.log").wait(120):
        raise SystemExit(f"`{' '.join(arguments)}` failed. What happened stands in {var() / 'log'}.")


def _start(
    arguments: list[str], environment: dict[str, str], log: str, *, group: bool = False
) -> subprocess.Popen[bytes]:
    path = var() / "log" / log
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=group,
            preexec_fn=die_with_parent,
        )


def _stamp() -> Path:
    return var() / "airflow" / ".migrated"


def _version() -> str:
    from importlib.metadata import version

    return version("apache-airflow-core")
