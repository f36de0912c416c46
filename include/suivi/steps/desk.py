"""What the team maintains in the internal sheet, as the registers need it: settings and indicator choices."""

from __future__ import annotations

from sqlalchemy.orm import Session

from suivi.ledger import desk
from suivi.publish.sheets.settings_tab import with_settings
from suivi.registers.inputs import Choice
from suivi.settings import Cluster
from suivi.steps.context import Run


def effective_cluster(run: Run, session: Session) -> Cluster:
    """The cluster's file with what *Paramètres* says over it."""
    return with_settings(run.cluster, desk.desk(session, run.cluster.cluster, "settings"))


def choices(session: Session, cluster: str) -> tuple[Choice, ...]:
    """One entry an organisation and indicator chosen, from *Choix des indicateurs*."""
    found = []
    for row in desk.desk(session, cluster, "choices"):
        for organisation in (row.get("organisations") or "").split(";"):
            if organisation.strip():
                found.append(Choice(organisation.strip(), str(row["record_id"])))
    return tuple(found)


def dashboard(session: Session, cluster: str) -> tuple[str, ...]:
    """Codes of the indicators that the coordinator ticked for the dashboard."""
    return tuple(str(row["record_id"]) for row in desk.desk(session, cluster, "choices") if row.get("chosen"))
