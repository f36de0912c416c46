"""Tasks that people's work hangs on beside the night: checks, reminders, housekeeping, the backfill of an archive."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from wiring.alarms import night_late, send_mail
from wiring.secrets import secret

log = logging.getLogger("suivi")

if TYPE_CHECKING:
    from suivi.steps.context import Run


def names() -> list[str]:
    """Clusters with a usable file; a broken one has its own red DAG."""
    from suivi import clusters
    from suivi.errors import SuiviError
    from suivi.settings import Settings

    folder, found = Settings.from_environment().clusters, []
    for name in clusters.names(folder):
        try:
            clusters.load(name, folder)
        except SuiviError:
            continue
        found.append(name)
    return found


@contextmanager
def at_work(cluster: str, *, release: bool = True) -> Iterator[Run]:
    """The cluster under its lease for a piece of work that is no night of minutes.

    Without `release` the lease runs out by itself: other tasks of the same run work under it.
    """
    from suivi.ledger import lease
    from suivi.settings import Settings
    from suivi.steps.context import open_run

    context = get_current_context()
    context["part"] = cluster
    dag_run = context["dag_run"]
    name = f"{dag_run.dag_id}-{dag_run.run_id}"
    run = open_run(cluster, name, dag_run.run_after, Settings.from_environment(), secret, work=True)
    try:
        yield run
    finally:
        if release:
            lease.drop(run.ledger.engine, cluster, run.night.run_id)


def check(cluster: str) -> None:
    """Try everything the cluster needs; red with what to fix."""
    from suivi.settings import Settings
    from suivi.steps.check import check_cluster

    context = get_current_context()
    context["part"] = cluster
    found = check_cluster(cluster, Settings.from_environment(), context["dag_run"].run_after, secret, _mail_server)
    for outcome in found:
        log.info("%s %s: %s", "ok " if outcome.fine else "FIX", outcome.what, outcome.sentence)
    wrong = [f"{outcome.what}: {outcome.sentence}" for outcome in found if not outcome.fine]
    if wrong:
        raise AirflowFailException(" ".join(wrong))


def _mail_server(connection: str) -> bool:
    """Log in at the connection's mail server; False where there is no such connection."""
    if secret(connection) is None:
        return False
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    with SmtpHook(smtp_conn_id=connection):
        return True


def remind(cluster: str) -> int:
    """Send or draft tonight's letters; skipped where it is not the day or there is nothing new to say."""
    from suivi.steps.reminders import due, letters, remember

    forced = bool(get_current_context()["params"].get("now"))
    with at_work(cluster) as run:
        if not (forced or due(run)):
            raise AirflowSkipException(run.say("Pas de rappel aujourd'hui.", "No reminder today."))
        sent = 0
        for letter in letters(run):
            connection = str(run.cluster.reminders.get("connection") or "suivi_smtp")
            if not send_mail(letter.to, letter.subject, letter.body, connection):
                raise AirflowFailException(
                    run.say(
                        f"Aucun rappel envoyé : créez la connexion '{connection}' et `reminders.officer` dans le YAML.",
                        f"No reminder sent: make the connection '{connection}' and set `reminders.officer` "
                        "in the YAML.",
                    )
                )
            remember(run, letter)
            sent += 1
        log.info("%s", run.say(f"{sent} rappels envoyés.", f"{sent} reminders sent."))
    return sent


def watch(cluster: str) -> None:
    """Alarm when the night that was due has not ended in its hours; once a night."""
    from suivi import clusters
    from suivi.ledger import Ledger
    from suivi.settings import Settings
    from suivi.steps.lateness import late_since, remember

    context = get_current_context()
    context["part"] = cluster
    settings = Settings.from_environment()
    known, ledger = clusters.load(cluster, settings.clusters), Ledger(settings.db)
    due = late_since(known, ledger, context["dag_run"].run_after)
    if due and remember(ledger, cluster, due):
        night_late(cluster, due)
    log.info("%s", f"{cluster}: late since {due}" if due else f"{cluster}: in time")


def redact() -> None:
    """Take back what the run's parameters name; its last line lists what is out of reach."""
    from suivi.errors import ConfigurationError
    from suivi.steps.context import perform
    from suivi.steps.redact import redact as work

    given = get_current_context()["params"]
    what, reason = str(given["what"]).strip(), str(given["reason"]).strip() or "redacted"
    with at_work(given["cluster"]) as run:
        try:
            perform(run, "redact", lambda: work(run, what, reason))
        except ConfigurationError as error:  # trying again changes nothing
            raise AirflowFailException(str(error)) from error


def list_archive() -> list[str]:
    """Collect the archive folder as a drive named `archive`; keys of the batches that lack minutes."""
    from suivi.settings import Drive
    from suivi.steps.collect import collect
    from suivi.steps.context import perform
    from suivi.steps.read import batches

    given = get_current_context()["params"]
    drive = Drive("archive", given["folder"], given.get("connection") or None)
    with at_work(given["cluster"], release=False) as run:
        perform(run, "collect", lambda: collect(run, drive), "archive")
        return batches(run)


def read_archive(batch: str) -> None:
    """One batch; a repeat takes what still lacks minutes. The next night follows their actions from `follow_from`."""
    from suivi.steps.context import perform
    from suivi.steps.read import read

    context = get_current_context()
    with at_work(context["params"]["cluster"], release=False) as run:
        context["part"] = batch
        perform(run, "read", lambda: read(run, batch), batch)
