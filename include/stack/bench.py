"""What a night costs beside an empty DAG of the same tasks: `python -m stack.bench` (`make bench-nights`).

Both run through `airflow dags test` in turn, with the embedded services up; the empty one does nothing in each task.
Prints wall seconds of a no-change night, of the empty DAG, and their ratio; a first run is not counted.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from stack.environment import ROOT, var

RUNS = 3
_EMPTY = """
from wiring import night, tasks

for name in ("pull_edits", "collect", "read", "register", "validate", "publish_sheets", "publish_ors", "report"):
    exec(f"def {name}(cluster, drive='', batch=''): return 0")
    setattr(tasks, name, globals()[name])


def batches(cluster):
    return []


tasks.batches = batches

from suivi import clusters
from suivi.settings import Settings
from dataclasses import replace

cluster = clusters.load("mali_protection", Settings.from_environment().clusters)
globals()["empty"] = night.minutes_dag(replace(cluster, cluster="empty"), "airflow dag that does nothing")
"""


def compare(environment: dict[str, str], cluster: str) -> str:
    """One table row: median wall seconds of both, and the ratio."""
    folder = var() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "empty.py").write_text(_EMPTY)
    empty = environment | {"AIRFLOW__CORE__DAGS_FOLDER": str(folder)}
    times: dict[str, list[float]] = {"night": [], "empty": []}
    for run in range(RUNS + 1):
        for name, dag, where in (("night", f"minutes__{cluster}", environment), ("empty", "minutes__empty", empty)):
            seconds = _once(dag, where)
            if run:
                times[name].append(seconds)
    night, nothing = statistics.median(times["night"]), statistics.median(times["empty"])
    return f"no-change night {night:.1f} s, empty DAG of the same tasks {nothing:.1f} s, ratio {night / nothing:.2f}"


def _once(dag: str, environment: dict[str, str]) -> float:
    started = time.perf_counter()
    log = var() / "log" / "bench.log"
    with log.open("w") as output:
        command = [sys.executable, "-m", "airflow", "dags", "test", dag]
        subprocess.run(command, env=environment, cwd=ROOT, stdout=output, stderr=output, check=True)
    if re.search(r"DagRun .*state=failed", Path(log).read_text()):
        raise SystemExit(f"{dag} failed; its log: {log}")
    return time.perf_counter() - started


def main() -> int:
    """Starts the embedded services, prints the comparison."""
    from stack.__main__ import CLUSTER, alone, services

    with alone(), services() as found:
        print(compare(found, CLUSTER))
    return 0


if __name__ == "__main__":
    sys.exit(main())
