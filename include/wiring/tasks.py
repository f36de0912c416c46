"""The tasks of a night: each opens the night of its DAG run and hands over to one step of the ETL.

The ETL is imported inside, so that the DAG processor stays light. XComs carry the night's number and batch keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from wiring.secrets import secret

if TYPE_CHECKING:
    from suivi.steps.context import Done, Run


@contextmanager
def _run(cluster: str) -> Iterator[Run]:
    from suivi.errors import ConfigurationError
    from suivi.settings import Settings
    from suivi.steps.context import open_run

    context = get_current_context()
    dag_run = context["dag_run"]
    chosen = {name: bool(context["params"].get(name)) for name in ("accept_changes", "adopt")}
    now = dag_run.run_after
    try:
        yield open_run(cluster, dag_run.run_id, now, Settings.from_environment(), secret, **chosen)
    except ConfigurationError as error:  # trying again changes nothing
        raise AirflowFailException(str(error)) from error


def _perform(cluster: str, step: str, part: str = "") -> int:
    from suivi import pipeline

    context = get_current_context()
    context["part"] = part
    with _run(cluster) as run:
        work: Callable[..., Done] = getattr(pipeline, step)
        done = work(run, part) if part else work(run)
        events: Any = context["outlet_events"]
        for asset in context["task"].outlets:
            events[asset].extra = {"night": run.night.number, **done.counts}
        return run.night.number


def pull_edits(cluster: str) -> int:
    return _perform(cluster, "pull_edits")


def collect(cluster: str, drive: str) -> int:
    return _perform(cluster, "collect", drive)


def batches(cluster: str) -> list[str]:
    from suivi import pipeline

    with _run(cluster) as run:
        return pipeline.batches(run)


def read(cluster: str, batch: str) -> int:
    return _perform(cluster, "read", batch)


def register(cluster: str) -> int:
    return _perform(cluster, "register")


def validate(cluster: str) -> int:
    return _perform(cluster, "validate")


def publish_sheets(cluster: str) -> int:
    return _perform(cluster, "publish_sheets")


def publish_ors(cluster: str) -> int:
    return _perform(cluster, "publish_ors")


def report(cluster: str) -> int:
    return _perform(cluster, "report")
