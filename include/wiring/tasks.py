"""The tasks of a night: each opens the night of its DAG run and hands over to one step of the ETL.

The ETL is imported inside, so that the DAG processor stays light. XComs carry the night's number and batch keys.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from wiring.secrets import secret

log = logging.getLogger("suivi")

NOTHING = "0/0"  # the batch of a night that has nothing to read

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


def _perform(cluster: str, step: str, part: str = "", then: Callable[[Run], None] = lambda _: None) -> int:
    """`then`: what follows in the same run once the step went well."""
    from suivi import pipeline

    context = get_current_context()
    context["part"] = part
    with _run(cluster) as run:
        work: Callable[..., Done] = getattr(pipeline, step)
        done = work(run, part) if part else work(run)
        events: Any = context["outlet_events"]
        for asset in context["task"].outlets:
            events[asset].extra = {"night": run.night.number, **done.counts}
        then(run)
        return run.night.number


def pull_edits(cluster: str) -> int:
    return _perform(cluster, "pull_edits")


def collect(cluster: str, drive: str) -> int:
    return _perform(cluster, "collect", drive)


def batches(cluster: str) -> list[str]:
    """Keys of the batches; on a quiet night one that says so, since Airflow shows mapping over nothing as skipped."""
    from suivi import pipeline

    with _run(cluster) as run:
        found = pipeline.batches(run)
        count = len(found)
        log.info("%s", run.say(f"{count} lots de documents à lire.", f"{count} batches of documents to read."))
        return found or [NOTHING]


def read(cluster: str, batch: str) -> int:
    if batch != NOTHING:
        return _perform(cluster, "read", batch)
    get_current_context()["part"] = "rien de nouveau · nothing new"
    log.info("Rien de nouveau à lire cette nuit. / Nothing new to read tonight.")
    return 0


def register(cluster: str) -> int:
    return _perform(cluster, "register")


def validate(cluster: str) -> int:
    return _perform(cluster, "validate")


def publish_sheets(cluster: str) -> int:
    return _perform(cluster, "publish_sheets")


def publish_ors(cluster: str) -> int:
    return _perform(cluster, "publish_ors")


def report(cluster: str) -> int:
    """The last word of the night; then the mail about new minutes, which never makes a night red."""
    from wiring.alarms import tell_morning

    return _perform(cluster, "report", then=tell_morning)
