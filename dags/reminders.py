"""
### Reminders of late and long-open actions

**Purpose.** A digest by organisation, in the cluster's language: to the IM officer as drafts, to partners only where
the YAML says `send_to_partners: true`. Only what members may see of an action stands in it.

**Schedule.** Every morning; a cluster's letters go out some days before its next meeting when the minutes give its
date, else on Mondays. The parameter `now` sends today.

**Idempotence.** A letter with the same content to the same party is sent once.

**When it is red.** The log says which connection or address is missing (runbook: reminders).
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task

from wiring import desk
from wiring.last_word import TOLD
from wiring.night import START


@dag(
    dag_id="reminders",
    doc_md=__doc__,
    schedule="0 6 * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "im", "retries": 1, "retry_delay": timedelta(minutes=5), **TOLD},
    params={"now": Param(False, type="boolean", description="Envoyer aujourd'hui · Send today")},
    tags=["suivi"],
)
def reminders() -> None:
    task(desk.remind, map_index_template="{{ part }}").expand(cluster=desk.names())


reminders()
