"""
### Housekeeping

**Purpose.** Backs the ledger up, lets originals and personal data go after the days that the cluster's YAML says
(`retention`), and proves that every original in the store is whole.

**Schedule.** Every Sunday morning, in Airflow's time zone.

**Idempotence.** Each task may be cleared at any time; a backup is a new file, the newest fourteen are kept.

**When it is red.** `verify` names how many originals are damaged: restore them (runbook: store). `back_up` says which
folder could not be written.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from wiring import desk
from wiring.night import START


@dag(
    dag_id="housekeeping",
    doc_md=__doc__,
    schedule="0 7 * * 0",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "im", "retries": 3, "retry_delay": timedelta(minutes=5)},
    tags=["suivi"],
)
def housekeeping() -> None:
    names = desk.names()
    backed = task(desk.back_up, map_index_template="{{ part }}").expand(cluster=names)
    kept = task(desk.retain, map_index_template="{{ part }}").expand(cluster=names)
    proved = task(desk.verify, map_index_template="{{ part }}").expand(cluster=names)
    backed >> kept >> proved


housekeeping()
