"""
### Check every cluster

**Purpose.** Tries drives, both spreadsheets, the ORS, ledger and store of each cluster with Airflow's own connections,
and prints in one sentence each what works and what to fix.

**Schedule.** None: trigger it after changing a connection or a cluster's YAML.

**Idempotence.** It changes nothing but an invisible mark in the spreadsheets.

**When it is red.** Open the red instance's log: every line that begins with FIX says what to do.
"""

from airflow.sdk import dag, task

from wiring import desk
from wiring.last_word import TOLD
from wiring.night import START


@dag(
    dag_id="check",
    doc_md=__doc__,
    schedule=None,
    start_date=START,
    catchup=False,
    default_args={"owner": "im", "retries": 0, **TOLD},
    tags=["suivi"],
)
def check() -> None:
    task(desk.check, map_index_template="{{ part }}").expand(cluster=desk.names())


check()
