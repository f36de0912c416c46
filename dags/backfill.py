"""
### Backfill: the minutes of an archive folder

**Purpose.** Reads a folder of old minutes for a cluster, batch by batch on all workers. The next night takes them into
the registers; actions of meetings before the YAML's `follow_from` are history and never wake as open.

**Schedule.** None: trigger it with the cluster and the folder (any URL that a drive may have).

**Idempotence.** Resumable: triggering it again reads what still lacks minutes. It works under the cluster's lease, so
a night that starts meanwhile waits and tries again.

**When it is red.** The log of `list_archive` says why the folder could not be read; a red `read_archive` is cleared
alone.
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task

from wiring import desk
from wiring.last_word import TOLD
from wiring.night import START


@dag(
    dag_id="backfill",
    doc_md=__doc__,
    schedule=None,
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "im", "retries": 2, "retry_delay": timedelta(minutes=1), **TOLD},
    params={
        "cluster": Param("mali_protection", type="string"),
        "folder": Param("/srv/archive", type="string", description="Dossier ou URL · folder or URL"),
        "connection": Param(None, type=["null", "string"]),
    },
    tags=["suivi"],
)
def backfill() -> None:
    batches = task(desk.list_archive)()
    task(desk.read_archive, map_index_template="{{ part }}").expand(batch=batches)


backfill()
