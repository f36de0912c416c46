"""What a no-change night costs beside an empty DAG of the same tasks: `python -m stack.bench` (`make bench-nights`).

One Airflow standalone with the embedded services, state of its own in a temporary folder. The empty DAG has the
night's tasks, mapping, pools and rules, and does nothing in them. Both are triggered in turn; counted are the seconds
from a run's start to its end as Airflow records them. The first night (it reads the sample drive) and the first empty
run are not counted.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from stack.environment import ROOT

PAIRS = 5
NIGHT, EMPTY = "minutes__mali_protection", "minutes__empty"
_EMPTY_DAG = """
from dataclasses import replace
from types import SimpleNamespace

from airflow.sdk import get_current_context

from suivi import clusters
from suivi.settings import Settings
from wiring import night


def pull_edits(cluster): return 0
def collect(cluster, drive):
    get_current_context()["part"] = drive


def batches(cluster): return []
def read(cluster, batch): return 0
def register(cluster): return 0
def validate(cluster): return 0
def publish_sheets(cluster): return 0
def publish_ors(cluster): return 0
def report(cluster): return 0


night.tasks = SimpleNamespace(**{name: given for name, given in globals().items() if callable(given)})
cluster = replace(clusters.load("mali_protection", Settings.from_environment().clusters), cluster="empty")
empty = night.minutes_dag(cluster, "airflow dag that does nothing")
"""


def prepare(folder: Path) -> None:
    """State, DAGs and the sample cluster (without a schedule) of a stack of its own."""
    (folder / "dags").mkdir()
    (folder / "dags" / "minutes.py").symlink_to(ROOT / "dags" / "minutes.py")  # the other DAGs would run beside
    (folder / "dags" / "empty.py").write_text(_EMPTY_DAG)
    (folder / "clusters").mkdir()
    plain = yaml.safe_load((ROOT / "include" / "clusters" / "mali_protection.yaml").read_text(encoding="utf-8"))
    (folder / "clusters" / "mali_protection.yaml").write_text(yaml.safe_dump(plain | {"schedule": None}), "utf-8")
    os.environ.update(
        SUIVI_VAR=str(folder / "var"),
        SUIVI_CLUSTERS=str(folder / "clusters"),
        AIRFLOW__CORE__DAGS_FOLDER=str(folder / "dags"),
    )


def measure(runs: Any, pairs: int = PAIRS) -> str:
    """Prints each pair as it ends; one line with both medians and their ratio."""
    from stack.runs import seconds

    times: dict[str, list[float]] = {NIGHT: [], EMPTY: []}
    last = ""
    for number in range(pairs + 1):
        for dag in times:
            run = runs.one(dag)
            if run["state"] != "success":
                raise SystemExit(f"{dag} ended as {run['state']}.")
            times[dag].append(seconds(run))
            last = run["dag_run_id"] if dag == NIGHT else last
        print(f"{number or 'warm-up'}: night {times[NIGHT][-1]:.1f} s, empty {times[EMPTY][-1]:.1f} s", flush=True)
        parts = {task["task_id"]: seconds(task) for task in runs.tasks(NIGHT, last)}
        print("   " + ", ".join(f"{name} {value:.1f}" for name, value in parts.items()), flush=True)
    night, nothing = (statistics.median(times[dag][1:]) for dag in (NIGHT, EMPTY))
    return f"no-change night {night:.1f} s, empty DAG of the same tasks {nothing:.1f} s, ratio {night / nothing:.2f}"


def main() -> int:
    """Starts a stack, prints the comparison."""
    from stack import airflow
    from stack.runs import Runs

    with tempfile.TemporaryDirectory(prefix="suivi-bench-") as folder:
        prepare(Path(folder))
        from stack.__main__ import alone, services

        with alone(), services() as found, airflow.standalone(found) as (_, address):
            runs = Runs(address)
            for dag in (NIGHT, EMPTY):
                runs.wait_for(dag)
            print(measure(runs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
