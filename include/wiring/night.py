"""The DAG of one cluster: the tasks of a night in their order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import (
    DAG,
    CronTriggerTimetable,
    Param,
    TriggerRule,
    task,
)
from airflow.sdk.definitions.param import ParamsDict
from airflow.sdk.exceptions import AirflowFailException

from suivi.settings import Cluster
from wiring import alarms, tasks
from wiring.assets import ors_asset, register_assets, sheet_assets
from wiring.last_word import TOLD

START = datetime(2026, 1, 1, tzinfo=UTC)
DEFAULTS = {
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(minutes=45),
    **TOLD,
}
ACCEPT = Param(
    False,
    type="boolean",
    title="accept_changes",
    description="Publier même si beaucoup de lignes changent · Publish even though many rows change",
)

ADOPT = Param(
    False,
    type="boolean",
    title="adopt",
    description="Reprendre les feuilles d'un registre perdu · Take over the sheets of a ledger that was lost",
)


def minutes_dag(cluster: Cluster, documentation: str) -> DAG:
    """The nightly DAG `minutes__<cluster>`."""
    name = cluster.cluster
    with DAG(
        f"minutes__{name}",
        dag_display_name=f"{cluster.name[cluster.language]}",
        description=f"Minutes of {cluster.name['en']} to sheets and ORS",
        doc_md=documentation,
        schedule=CronTriggerTimetable(cluster.schedule, timezone=cluster.timezone) if cluster.schedule else None,
        start_date=START,
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=4),
        default_args=DEFAULTS | {"owner": cluster.owner},
        on_failure_callback=alarms.night_failed,
        on_success_callback=alarms.night_recovered,
        tags=["suivi", "minutes", *cluster.tags],
    ) as dag:
        done = {"trigger_rule": TriggerRule.ALL_DONE}
        pulled = task(tasks.pull_edits, pool="sheets")(name)
        collected = task(tasks.collect, map_index_template="{{ part }}").partial(cluster=name)
        collected = collected.expand(drive=[drive.name for drive in cluster.drives])
        keys = task(tasks.batches, **done)(name)
        readings = task(tasks.read, map_index_template="{{ part }}").partial(cluster=name).expand(batch=keys)
        registered = task(tasks.register, outlets=register_assets(name), **done)(name)
        validated = task(tasks.validate)(name)
        sheets = task(tasks.publish_sheets, outlets=sheet_assets(name), pool="sheets")(name)
        ors = task(tasks.publish_ors, outlets=[ors_asset(name)])(name)
        told = task(tasks.report, **done)(name)
        collected >> keys
        [pulled, readings] >> registered >> validated >> [sheets, ors] >> told
        pulled >> sheets
        [collected, readings] >> told
    # after the tasks, each of which would otherwise carry a copy of them: a quarter of what parsing costs
    dag.params = ParamsDict({"accept_changes": ACCEPT, "adopt": ADOPT})
    return dag


def broken_dag(name: str, sentence: str) -> DAG:
    """A DAG that fails with the sentence: the cluster's YAML cannot be used."""
    with DAG(
        f"minutes__{name}",
        doc_md=sentence,
        schedule="@daily",
        start_date=START,
        catchup=False,
        max_active_runs=1,
        tags=["suivi", "broken"],
    ) as dag:

        @task(retries=0, owner="im")
        def configuration() -> None:
            raise AirflowFailException(sentence)

        configuration()
    return dag
