"""A listener in the scheduler: a finished night's counts become the note of its DAG run.

Tasks cannot write notes: since Airflow 3 they have neither the metadata database nor a user's token.
"""

from __future__ import annotations

import logging
from typing import Any

from airflow.listeners import hookimpl
from sqlalchemy import select

from suivi.errors import SuiviError
from suivi.ledger import Ledger
from suivi.ledger.tables import NightRow
from suivi.settings import Settings

LONGEST = 1000  # characters of a note
log = logging.getLogger("suivi")


@hookimpl
def on_dag_run_success(dag_run: Any, msg: str) -> None:  # noqa: ARG001 (names are the hook's)
    _write(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: Any, msg: str) -> None:  # noqa: ARG001 (names are the hook's)
    _write(dag_run)


def _write(dag_run: Any) -> None:
    """The scheduler goes on whatever happens here; what a person wrote as a note stays."""
    if not dag_run.dag_id.startswith("minutes__"):
        return
    try:
        written = dag_run.dag_run_note
        text = night_note(dag_run.dag_id.removeprefix("minutes__"), dag_run.run_id)
        if text and (written is None or written.user_id is None):
            dag_run.note = text
    except Exception as error:
        log.warning("The run's note could not be written: %s", error)


def night_note(cluster: str, run_id: str) -> str:
    """The night's sentence; empty where the ledger does not know it."""
    try:
        ledger = Ledger(Settings.from_environment().db)
    except SuiviError:
        return ""
    try:
        with ledger.read() as session:
            query = select(NightRow.summary).where(NightRow.cluster == cluster, NightRow.run_id == run_id)
            return str((session.scalar(query) or {}).get("note", ""))[:LONGEST]
    finally:
        ledger.engine.dispose()  # the scheduler forks: no connection may be inherited
