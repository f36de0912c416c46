"""
### Watch: is a night late?

**Purpose.** Tells once, in the log and by the alarms that are connected, when the night that a cluster's schedule
called for has not ended within its hours (`limits.night_hours`, three by default). A night that goes well again after
a failed one is told by the night itself.

**Schedule.** Every half hour.

**Idempotence.** A lateness is told once; it changes nothing else.

**When it is red.** The ledger cannot be reached: see the log, then the runbook entry *night late*. Airflow's own
deadline alerts are not used: `airflow dags test` of Airflow 3.3.2 breaks on a DAG that has one.
"""

from airflow.sdk import dag, task

from wiring import desk
from wiring.last_word import TOLD
from wiring.night import START


@dag(
    dag_id="watch",
    doc_md=__doc__,
    schedule="*/30 * * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "im", "retries": 1, **TOLD},
    tags=["suivi"],
)
def watch() -> None:
    task(desk.watch, map_index_template="{{ part }}").expand(cluster=desk.names())


watch()
