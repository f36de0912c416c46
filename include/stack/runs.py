"""Runs of an Airflow that is up, through its REST API: triggered, waited for, timed."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import requests

from stack.services import session

ENDED = ("success", "failed")


class Runs:
    """The API of one Airflow whose auth manager lets everybody in from this machine."""

    def __init__(self, address: str) -> None:
        self.address, self.http = address, session()
        token = self.http.get(f"{address}/auth/token", timeout=30).json()["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def known(self, dag: str) -> bool:
        """Whether the DAG has been parsed."""
        return self.http.get(f"{self.address}/api/v2/dags/{dag}", timeout=30).ok

    def wait_for(self, dag: str, patience: float = 180) -> None:
        """Until the DAG has been parsed."""
        end = time.monotonic() + patience
        while not self.known(dag):
            if time.monotonic() > end:
                raise SystemExit(f"Airflow knows no DAG {dag} after {patience:.0f} seconds.")
            time.sleep(0.5)

    def one(self, dag: str, patience: float = 600) -> dict[str, Any]:
        """Trigger the DAG and wait for the run's end; its record."""
        made = self._ask("POST", f"dags/{dag}/dagRuns", json={"logical_date": None})
        path, end = f"dags/{dag}/dagRuns/{made['dag_run_id']}", time.monotonic() + patience
        while (found := self._look(path))["state"] not in ENDED:
            if time.monotonic() > end:
                raise SystemExit(f"{dag} did not end within {patience:.0f} seconds.")
            time.sleep(0.3)
        return found

    def ended(self, dag: str) -> list[dict[str, Any]]:
        """Records of the DAG's runs that have ended, oldest first."""
        found = self._ask("GET", f"dags/{dag}/dagRuns", params={"order_by": "start_date"})["dag_runs"]
        return [run for run in found if run["state"] in ENDED]

    def tasks(self, dag: str, run_id: str) -> list[dict[str, Any]]:
        """Records of the task instances of a run."""
        found = self._ask("GET", f"dags/{dag}/dagRuns/{run_id}/taskInstances", params={"limit": 1000})
        return list(found["task_instances"])

    def _look(self, path: str) -> dict[str, Any]:
        """As `_ask`; an API server that is busy for a while is asked again."""
        try:
            return self._ask("GET", path)
        except requests.Timeout:
            return {"state": "unknown"}

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = self.http.request(method, f"{self.address}/api/v2/{path}", timeout=20, **more)
        answer.raise_for_status()
        return dict(answer.json())


def seconds(record: dict[str, Any]) -> float:
    """From the start of a run or of a task instance to its end; 0 for what was skipped."""
    if not (record["start_date"] and record["end_date"]):
        return 0.0
    return (datetime.fromisoformat(record["end_date"]) - datetime.fromisoformat(record["start_date"])).total_seconds()
