"""What a hundred clusters cost: `python -m stack.bench_region [CLUSTERS]` (`make bench-region`).

Two numbers. Parsing: seconds that the DAG files take with so many clusters, beside a DagBag over an empty folder.
Nights: one no-change night of every cluster, two processes working through them as two workers would, each cluster with
a small drive, two spreadsheets in the emulator and a token of the ORS of its own; the ledger is one SQLite file. First
nights, which read the drives, come before and are not counted.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import yaml

from stack.environment import ROOT
from stack.services import service, session

CLUSTERS, WORKERS, DOCUMENTS = 100, 2, 4
FIRST = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
_PARSE = """
import sys, time
from airflow.dag_processing.dagbag import DagBag
for folder in sys.argv[1:]:
    started, cpu = time.perf_counter(), time.process_time()
    bag = DagBag(folder)
    print("parsed", len(bag.dags), time.perf_counter() - started, time.process_time() - cpu)
    assert not bag.import_errors, bag.import_errors
"""


@dataclass(frozen=True, slots=True)
class Night:
    """What one night of one cluster did in its worker process."""

    worker: int
    writes: int
    requests: int
    cpu: float  # seconds of the worker's whole life so far, its readers included
    peak: int  # kilobytes, likewise


def clusters(folder: Path, count: int) -> list[str]:
    """Cluster files, each with a drive of a few sample documents."""
    plain = yaml.safe_load((ROOT / "include" / "clusters" / "mali_protection.yaml").read_text(encoding="utf-8"))
    samples = sorted((ROOT / "include" / "samples" / "mali_protection").rglob("*.*"))
    names = [f"cluster_{number:03}" for number in range(count)]
    (folder / "clusters").mkdir()
    for number, name in enumerate(names):
        drive = folder / "drives" / name
        drive.mkdir(parents=True)
        for at in range(DOCUMENTS):
            sample = samples[(number + at * 5) % len(samples)]
            (drive / sample.name).write_bytes(sample.read_bytes())
        own = {
            "cluster": name,
            "drives": [{"name": "minutes", "url": str(drive)}],
            "sheets": {"internal": f"internal-{name}", "shared": f"shared-{name}"},
            "ors": {"cluster": name.upper(), "connection": name},
        }
        text = yaml.safe_dump(plain | own, allow_unicode=True)
        (folder / "clusters" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return names


def parsing(folder: Path, count: int) -> str:
    """One line: what so many clusters add to an empty DagBag."""
    for name in ("none", "dags"):
        (folder / name).mkdir()
    (folder / "dags" / "minutes.py").symlink_to(ROOT / "dags" / "minutes.py")
    command = [sys.executable, "-c", _PARSE, str(folder / "none"), str(folder / "dags")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    empty, full = ([float(part) for part in line.split()[1:]] for line in told if line.startswith("parsed "))
    if full[0] != count:
        raise SystemExit(f"{full[0]:.0f} DAGs were parsed, not {count}.")
    return (
        f"parsing {count} clusters adds {full[1] - empty[1]:.2f} s (CPU {full[2] - empty[2]:.2f} s) to an empty DagBag"
    )


def night(cluster: str, number: int, token: str, ors: str) -> Night:
    """In a worker: one night of a cluster; the worker's cost so far."""
    from suivi import pipeline
    from suivi.settings import Settings

    run, now = f"{cluster}-{number}", FIRST + timedelta(days=number)
    held = {"host": ors, "password": token}
    told = pipeline.run_night(cluster, run, now, Settings.from_environment(), lambda _: held)
    own, readers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    spent = sum(used.ru_utime + used.ru_stime for used in (own, readers))
    return Night(os.getpid(), told["sheets"]["writes"], told["ors"]["requests"], spent, own.ru_maxrss)


def nights(workers: ProcessPoolExecutor, names: list[str], number: int, tokens: list[str], ors: str) -> list[Night]:
    """One night of every cluster; says how far it is."""
    waiting = [workers.submit(night, name, number, token, ors) for name, token in zip(names, tokens, strict=True)]
    found = []
    for done in waiting:
        found.append(done.result())
        if len(found) % 20 == 0:
            print(f"  night {number + 1}: {len(found)} of {len(names)} clusters", flush=True)
    return found


def tokens(database: str, names: Iterable[str]) -> list[str]:
    """A reporter's token for every cluster."""
    code = (
        "import sys\nfrom ors.__main__ import main\n"
        "for name in sys.argv[2:]: main(['token', '--db', sys.argv[1], '--cluster', name, '--role', 'reporter'])"
    )
    command = [sys.executable, "-c", code, database, *(name.upper() for name in names)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def measure(folder: Path, names: list[str]) -> str:
    """Services up, first nights, then the nights that count; one line."""
    log, database = folder / "services.log", f"sqlite:///{folder / 'ors.db'}"
    found = tokens(database, names)
    subprocess.run([sys.executable, "-m", "suivi.cli", "db", "upgrade"], check=True, stdout=subprocess.DEVNULL)
    emulator = ["--port", "0", "--state", str(folder / "emulator")]
    base = dict(os.environ)
    with (
        service("sheets_emulator", emulator, base, log) as sheets,
        service("ors", ["--port", "0", "--db", database], base, folder / "ors.log") as ors,
    ):
        for name in names:
            for kind in ("internal", "shared"):
                _make(session(), sheets, f"{kind}-{name}")
        os.environ["SUIVI_SHEETS_ENDPOINT"] = sheets
        with ProcessPoolExecutor(WORKERS) as workers:
            before = _last(nights(workers, names, 0, found, ors))
            started = time.perf_counter()
            quiet = nights(workers, names, 1, found, ors)
            wall = time.perf_counter() - started
    after = _last(quiet)
    if sum(one.writes for one in quiet) or max(one.requests for one in quiet) > 1:
        raise SystemExit("A no-change night wrote something.")
    cpu = sum(after[worker].cpu - before[worker].cpu for worker in after if worker in before)
    peak = sum(one.peak for one in after.values()) / 1024
    return (
        f"{len(names)} clusters × 1 no-change night in {WORKERS} processes: {wall:.0f} s wall, {cpu:.0f} s CPU "
        f"({cpu / len(names):.2f} s a night), {peak:.0f} MB at their peak"
    )


def _last(found: list[Night]) -> dict[int, Night]:
    return {one.worker: one for one in sorted(found, key=lambda one: one.cpu)}


def _make(http: requests.Session, sheets: str, name: str) -> None:
    body: dict[str, Any] = {"id": name, "title": name, "locale": "fr_FR"}
    http.post(f"{sheets}/_emulator/spreadsheets", json=body, timeout=30).raise_for_status()


def main() -> int:
    """Both lines."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CLUSTERS
    with tempfile.TemporaryDirectory(prefix="suivi-bench-") as name:
        folder = Path(name)
        os.environ |= {
            "SUIVI_VAR": str(folder / "var"),
            "SUIVI_DB": f"sqlite:///{folder / 'suivi.db'}",
            "SUIVI_STORE": str(folder / "store"),
            "SUIVI_CLUSTERS": str(folder / "clusters"),
            "AIRFLOW_HOME": str(folder / "airflow"),
            "SUIVI_ORS_URL": "",
            "PYTHONUTF8": "1",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "include"), str(ROOT / "config")]),
        }
        names = clusters(folder, count)
        print(parsing(folder, count), flush=True)
        print(measure(folder, names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
