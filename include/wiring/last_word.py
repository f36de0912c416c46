"""The last line of a failed task's log: what to do, and where the runbook says more."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

log = logging.getLogger("suivi")


def say_what_to_do(context: Mapping[str, Any]) -> None:
    """Callback of a task that failed or is to be tried again; in the cluster's language where one is known."""
    from suivi.runbook import advice

    error = context.get("exception")
    error = error.__cause__ if getattr(error, "__cause__", None) is not None else error
    log.info("::endgroup::")  # Airflow's page folds what follows a task; this must be seen
    log.error("%s", advice(error, context["task_instance"].task_id, _language(context)))


def _language(context: Mapping[str, Any]) -> str:
    from suivi import clusters
    from suivi.errors import SuiviError
    from suivi.settings import Settings

    cluster = str(context["dag"].dag_id).removeprefix("minutes__")
    try:
        return clusters.load(cluster, Settings.from_environment().clusters).language
    except SuiviError:
        return "fr"  # a DAG of several clusters


TOLD: dict[str, Any] = {"on_failure_callback": say_what_to_do, "on_retry_callback": say_what_to_do}
