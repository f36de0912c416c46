"""
### Housekeeping

**Purpose.** Backs up the ledger and the ORS, lets originals and personal data go after the days that a cluster's YAML
says (`retention`), proves that every original is whole and belongs to a document, and removes old runs from Airflow's
own database.

**Schedule.** Every Sunday morning, in Airflow's time zone.

**Idempotence.** Each task may be cleared at any time; a backup is a new file, the newest fourteen of each kind are
kept. How to restore: runbook, entry *restore*.

**When it is red.** The last line of the log says what to do; `verify` says how many originals are damaged. A skipped
`back_up_ors` or `clean_airflow` lacks the address of that database: its log says which setting.
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task

from wiring import desk, house
from wiring.last_word import TOLD
from wiring.night import START


@dag(
    dag_id="housekeeping",
    doc_md=__doc__,
    schedule="0 7 * * 0",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "im", "retries": 3, "retry_delay": timedelta(minutes=5), **TOLD},
    params={"airflow_days": Param(90, type="integer", minimum=7, description="Garder · Keep runs of so many days")},
    tags=["suivi"],
)
def housekeeping() -> None:
    names = desk.names()
    backed = task(house.back_up)()
    kept = task(house.retain, map_index_template="{{ part }}").expand(cluster=names)
    proved = task(house.verify, map_index_template="{{ part }}").expand(cluster=names)
    backed >> kept >> proved >> task(house.find_orphans)()
    task(house.back_up_ors)()
    task(house.clean_airflow)()


housekeeping()
