"""Who hears of a night that failed, came late or went well again, and of new minutes: the log always, mail and chat
where connected.

The SMTP connection is `suivi_smtp`; the chat's is `suivi_chat`, whose password is the address of an incoming webhook
(Slack, or Teams with the extra `{"kind": "teams"}`). Without them nothing is sent and nothing fails.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from wiring.secrets import secret

if TYPE_CHECKING:
    from suivi.settings import Cluster
    from suivi.steps.context import Run

log = logging.getLogger("suivi")

TOLD = "alarm_told"  # in the desk: what stands told and has not been called off


def night_failed(context: Mapping[str, Any]) -> None:
    """Callback of a failed run: the night's counts, what failed, a link."""
    cluster, run_id = _names(context)
    _remember(cluster, ["failed"])
    _tell(cluster, f"✗ {cluster} : {_what(cluster, run_id)}", f"/runs/{quote(run_id)}", "report")


def night_recovered(context: Mapping[str, Any]) -> None:
    """Callback of a run that went well: calls off what had been told, else silent."""
    cluster, run_id = _names(context)
    if _remember(cluster, []):
        _tell(cluster, f"✓ {cluster} : {_what(cluster, run_id)}", f"/runs/{quote(run_id)}")


def night_late(cluster: str, due: str) -> None:
    """A night that should have ended has not."""
    _remember(cluster, ["late"])
    known = _cluster(cluster)
    french = f"⏰ {cluster} : la nuit prévue le {due} n'a pas fini."
    english = f"⏰ {cluster}: the night due {due} has not ended."
    _tell(cluster, french if known is None or known.language == "fr" else english, "", "night_late")


def tell_morning(run: Run) -> None:
    """The mail about new minutes, once a night; a post office that is down is a line in the log."""
    from suivi.steps.morning import morning_letter, remember

    letter = morning_letter(run, f"{_base()}/suivi/clusters/{run.cluster.cluster}")
    try:
        if letter is None or send_mail(letter.to, letter.subject, letter.body, _connection(run.cluster)):
            remember(run)
    except Exception:
        from suivi.runbook import advice

        log.exception("%s", advice(None, "mail", run.cluster.language))


def send_mail(to: tuple[str, ...], subject: str, body: str, connection: str = "suivi_smtp") -> bool:
    """One text mail; False where there is no such connection or nobody to write to."""
    if not to or secret(connection) is None:
        return False
    from html import escape

    from airflow.providers.smtp.hooks.smtp import SmtpHook

    with SmtpHook(smtp_conn_id=connection) as hook:
        hook.send_email_smtp(to=list(to), subject=subject, html_content=f"<pre>{escape(body)}</pre>")
    return True


def _names(context: Mapping[str, Any]) -> tuple[str, str]:
    dag_run = context["dag_run"]
    return dag_run.dag_id.removeprefix("minutes__"), dag_run.run_id


def _remember(cluster: str, told: list[str]) -> bool:
    """Keep what stands told; True where something stood before."""
    from suivi.ledger import Ledger
    from suivi.ledger.tables import DeskRow
    from suivi.settings import Settings

    with Ledger(Settings.from_environment().db).write() as session:
        row = session.get(DeskRow, (cluster, TOLD)) or DeskRow(cluster=cluster, name=TOLD, night=0, payload=[])
        before, row.payload = row.payload, told
        session.add(row)
    return bool(before)


def _what(cluster: str, run_id: str) -> str:
    """The night's own words: its note with counts and names of what failed, then the sentences."""
    from sqlalchemy import select

    from suivi.ledger import Ledger
    from suivi.ledger.tables import NightRow
    from suivi.settings import Settings

    with Ledger(Settings.from_environment().db).read() as session:
        night = session.scalar(select(NightRow).where(NightRow.cluster == cluster, NightRow.run_id == run_id))
    if night is None or not night.summary:
        return "le rapport n'a pas été écrit / no report was written"
    return " ".join([str(night.summary.get("note", "")), *night.summary.get("failures", [])])


def _tell(cluster: str, sentence: str, where: str = "", entry: str = "") -> None:
    from suivi.runbook import advice

    known = _cluster(cluster)
    link = f"{_base()}/dags/minutes__{cluster}{where}"
    what_to_do = advice(None, entry, known.language if known else "fr") if entry else ""
    log.warning("%s %s %s", sentence, what_to_do, link)
    officer = str(known.reminders.get("officer") or "") if known else ""
    body = "\n\n".join(part for part in (sentence, what_to_do, link) if part)
    for send in (
        lambda: send_mail((officer,) if officer else (), f"Suivi {sentence[:100]}", body, _connection(known)),
        lambda: _chat(body),
    ):
        try:
            send()
        except Exception:  # an alarm that cannot be sent must not hide the failure it tells of, nor stop the other
            log.exception("The alarm could not be sent.")


def _cluster(name: str) -> Cluster | None:
    from suivi import clusters
    from suivi.errors import SuiviError
    from suivi.settings import Settings

    try:
        return clusters.load(name, Settings.from_environment().clusters)
    except SuiviError:
        return None


def _connection(cluster: Cluster | None) -> str:
    return str((cluster.reminders.get("connection") if cluster else "") or "suivi_smtp")


def _base() -> str:
    from airflow.configuration import conf

    return str(conf.get("api", "base_url", fallback="")).rstrip("/")


def _chat(text: str) -> None:
    import requests

    held = secret("suivi_chat")
    if held and held.get("password"):
        body = _card(text) if held.get("kind") == "teams" else {"text": text}
        requests.post(held["password"], json=body, timeout=20).raise_for_status()


def _card(text: str) -> dict[str, Any]:
    """Workflows of Teams take an adaptive card, no bare text."""
    content = {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": text, "wrap": True}],
    }
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}],
    }
