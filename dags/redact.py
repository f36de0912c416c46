"""
### Redact: take a document or a row back from everywhere

**Purpose.** Removes a document with all its versions, or one row, from store, ledger, both spreadsheets, the ORS with
its history and the Data Docs, leaves a tombstone against re-import, lists in its log what it cannot reach, and starts
the cluster's night so that everything counts anew. The same work as `suivi redact`.

**Schedule.** None. The page *Minutes* triggers it for those who may trigger the cluster's own DAG (a document's page,
*Retirer ce document partout*); a right on this DAG itself is a right on every cluster.

**Idempotence.** It may be cleared until it is green; nothing is forgotten before the sheets and the ORS let go of it.

**When it is red.** Its last line says which target is out of reach: mend it and clear the task. The name of what is
taken back stays in this run's parameters: it is a hash, an id or a number, never a person.
"""

from datetime import timedelta

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Param, dag, task

from wiring import desk
from wiring.last_word import TOLD
from wiring.night import START


@dag(
    dag_id="redact",
    doc_md=__doc__,
    schedule=None,
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "im", "retries": 5, "retry_delay": timedelta(minutes=1), **TOLD},
    params={
        "cluster": Param(type="string", minLength=1),
        "what": Param(type="string", minLength=8, description="Empreinte du document, id ou numéro · Hash, id, number"),
        "reason": Param("", type="string", maxLength=200, description="Sans nom de personne · Nobody's name"),
    },
    tags=["suivi"],
)
def redact() -> None:
    night = TriggerDagRunOperator(
        task_id="night_anew", trigger_dag_id="minutes__{{ params.cluster }}", reset_dag_run=False
    )
    task(desk.redact)() >> night


redact()
