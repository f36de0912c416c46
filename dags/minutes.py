"""
### Minutes to follow-up sheets and ORS, one night

**Purpose.** Collects the minutes that a cluster left on its drives, reads actions, owners, deadlines, figures and
who-does-what-where out of them, and publishes the difference to the internal sheet, the shared sheet and the ORS.

**Schedule.** Airflow starts it by the `schedule` of the cluster's YAML in its own time zone; no catch-up, one run
at a time.

**Idempotence.** Every task may be cleared or retried at any time: what is read, registered or published already is
not done again. A run that is older than the newest published one publishes nothing.

**When it is red.** Open the log of the failed task: its last line says what happened and what to do; the runbook in
the README has an entry for each alarm. `report` is red whenever anything before it was: look at the others first.
A publication that was stopped because too much would change goes out when the run is triggered again with
`accept_changes`.
"""

from airflow.sdk import get_parsing_context

from suivi import clusters
from suivi.errors import ConfigurationError
from suivi.settings import Settings
from wiring.night import broken_dag, minutes_dag

folder = Settings.from_environment().clusters
wanted = get_parsing_context().dag_id  # a task builds its own DAG alone, not those of a hundred clusters
for name in clusters.names(folder):
    if wanted and wanted != f"minutes__{name}":
        continue
    try:
        globals()[f"minutes__{name}"] = minutes_dag(clusters.load(name, folder), __doc__)
    except ConfigurationError as error:  # the others are untouched
        globals()[f"minutes__{name}"] = broken_dag(name, str(error))
