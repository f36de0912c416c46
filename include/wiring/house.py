"""Tasks of the housekeeping DAG: backups, retention, integrity, Airflow's own old runs."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import timedelta

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from wiring.desk import at_work
from wiring.secrets import secret

log = logging.getLogger("suivi")


def back_up() -> None:
    """The whole ledger, once for all clusters."""
    from suivi.settings import Settings
    from suivi.steps.housekeeping import back_up as work

    log.info("%s", work(Settings.from_environment(), get_current_context()["dag_run"].run_after))


def back_up_ors() -> None:
    """The ORS, where its database is named; skipped with the sentence where it is not."""
    from suivi.settings import Settings
    from suivi.steps.housekeeping import back_up_ors as work

    settings = Settings.from_environment()
    url = settings.ors_db or _url("suivi_ors_db")
    if not url:
        raise AirflowSkipException(
            "L'ORS n'est pas sauvegardé ici : donnez SUIVI_ORS_DB ou la connexion `suivi_ors_db` (mot de passe = URL "
            "de sa base). / The ORS is not backed up here: set SUIVI_ORS_DB or the connection `suivi_ors_db`."
        )
    log.info("%s", work(settings, url, get_current_context()["dag_run"].run_after))


def retain(cluster: str) -> int:
    from suivi.steps.context import perform
    from suivi.steps.housekeeping import retain as work

    with at_work(cluster) as run:
        return int(perform(run, "retain", lambda: work(run, dict(run.cluster.retention))).counts["originals"])


def verify(cluster: str) -> int:
    from suivi.steps.context import perform
    from suivi.steps.housekeeping import verify as work

    with at_work(cluster) as run:
        return int(perform(run, "verify", lambda: work(run)).counts["originals"])


def find_orphans() -> None:
    from suivi.settings import Settings
    from suivi.steps.housekeeping import find_orphans as work

    log.info("%s", work(Settings.from_environment()))


def clean_airflow() -> None:
    """Old runs out of Airflow's database, by its own command: tasks may not open it, so its address must be given."""
    from suivi.errors import TargetError
    from suivi.settings import Settings

    context = get_current_context()
    url = Settings.from_environment().airflow_db or _url("suivi_airflow_db")
    before = context["dag_run"].run_after - timedelta(days=int(context["params"]["airflow_days"]))
    command = ["airflow", "db", "clean", "--clean-before-timestamp", before.isoformat(timespec="seconds"),
               "--skip-archive", "--yes", "--batch-size", "1000", "--error-on-cleanup-failure"]  # fmt: skip
    if not url:
        raise AirflowSkipException(
            "Airflow n'est pas nettoyé ici : donnez SUIVI_AIRFLOW_DB ou la connexion `suivi_airflow_db` (mot de passe "
            f"= URL de sa base), ou lancez près du planificateur : {' '.join(command)} / Airflow is not cleaned here: "
            "set SUIVI_AIRFLOW_DB or the connection `suivi_airflow_db`, or run that command beside the scheduler."
        )
    done = subprocess.run(
        [sys.executable, "-m", *command], env=_with_database(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = done.stderr.strip().rpartition("\n")[2].replace(url, "…")
        raise TargetError(f"Airflow n'a pas pu être nettoyé. / Airflow could not be cleaned. {reason}")
    day = before.date().isoformat()
    log.info("Airflow : exécutions d'avant le %s retirées. / Airflow: runs before %s removed.", day, day)


def _with_database(url: str) -> dict[str, str]:
    """The environment of a command beside the scheduler, not of a task: nothing that Airflow set for this one."""
    kept = {key: value for key, value in os.environ.items() if "SQL_ALCHEMY_CONN" not in key and key[0] != "_"}
    return kept | {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url}


def _url(connection: str) -> str:
    return str((secret(connection) or {}).get("password", ""))
