"""Who hears of a night that failed, came late or went well again: the log always, mail and chat where connected.

The SMTP connection is `suivi_smtp`, the chat webhook `suivi_chat` (Slack or Teams, an HTTP connection whose password
is the webhook's address). Without them nothing is sent and nothing fails.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from wiring.secrets import secret

log = logging.getLogger("suivi")


def night_failed(context: Mapping[str, Any]) -> None:
    """Callback of a failed run: once, with the sentences of what failed and a link."""
    dag_run = context["dag_run"]
    cluster = dag_run.dag_id.removeprefix("minutes__")
    _tell(cluster, f"✗ {_what(cluster, dag_run.run_id)}")


def night_recovered(context: Mapping[str, Any]) -> None:
    """Callback of a run that went well: speaks only where the night before had failed."""
    from suivi.ledger import Ledger, nights
    from suivi.settings import Settings

    dag_run = context["dag_run"]
    cluster = dag_run.dag_id.removeprefix("minutes__")
    with Ledger(Settings.from_environment().db).read() as session:
        states = [night.state for night in nights.recent(session, cluster, 2)]
    if states == ["done", "failed"]:
        _tell(cluster, f"✓ {_what(cluster, dag_run.run_id)}")


def night_late(cluster: str, due: str) -> None:
    """A night that should have ended has not."""
    _tell(
        cluster,
        f"⏰ La nuit de {cluster} prévue le {due} est en retard / the night of {cluster} due {due} is late. "
        "Runbook: night late.",
    )


def send_mail(to: tuple[str, ...], subject: str, body: str, connection: str = "suivi_smtp") -> bool:
    """One text mail; False where there is no such connection or nobody to write to."""
    if not to or secret(connection) is None:
        return False
    from html import escape

    from airflow.providers.smtp.hooks.smtp import SmtpHook

    with SmtpHook(smtp_conn_id=connection) as hook:
        hook.send_email_smtp(to=list(to), subject=subject, html_content=f"<pre>{escape(body)}</pre>")
    return True


def _what(cluster: str, run_id: str) -> str:
    from sqlalchemy import select

    from suivi.ledger import Ledger
    from suivi.ledger.tables import NightRow
    from suivi.settings import Settings

    with Ledger(Settings.from_environment().db).read() as session:
        night = session.scalar(select(NightRow).where(NightRow.cluster == cluster, NightRow.run_id == run_id))
    summary = (night.summary if night else None) or {}
    failures = " ".join(summary.get("failures", []))
    counts = {name: summary.get(name) for name in ("documents", "actions", "sheets", "ors") if summary.get(name)}
    return f"{cluster}, nuit / night {night.number if night else '?'}: {failures or 'ok'} {counts or ''}".strip()


def _tell(cluster: str, sentence: str) -> None:
    from airflow.configuration import conf

    link = f"{conf.get('api', 'base_url', fallback='')}/dags/minutes__{cluster}"
    log.warning("%s %s", sentence, link)
    officer = _officer(cluster)
    try:
        send_mail((officer,) if officer else (), f"Suivi: {sentence[:120]}", f"{sentence}\n{link}\n")
        _chat(f"{sentence} {link}")
    except Exception:  # an alarm that cannot be sent must not hide the failure it tells of
        log.exception("The alarm could not be sent.")


def _officer(cluster: str) -> str:
    from suivi import clusters
    from suivi.errors import SuiviError
    from suivi.settings import Settings

    try:
        return str(clusters.load(cluster, Settings.from_environment().clusters).reminders.get("officer") or "")
    except SuiviError:
        return ""


def _chat(text: str) -> None:
    import requests

    held = secret("suivi_chat")
    if held and held.get("password"):
        requests.post(held["password"], json={"text": text}, timeout=20).raise_for_status()
