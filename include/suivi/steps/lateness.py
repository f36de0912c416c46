"""Is a night late: the one that its schedule last called for has not ended within its hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter
from sqlalchemy import select

from suivi.ledger import Ledger
from suivi.ledger.tables import DeskRow, NightRow
from suivi.settings import Cluster

HOURS = 3.0  # of a night, unless the cluster's `limits.night_hours` says otherwise
TOLD = "late_told"


def late_since(cluster: Cluster, ledger: Ledger, now: datetime) -> str | None:
    """When the missing night was due (ISO, the cluster's zone); None where all is well or nothing is scheduled."""
    if not cluster.schedule:
        return None
    local = now.astimezone(ZoneInfo(cluster.timezone))
    patience = timedelta(hours=float(cluster.limits.get("night_hours", HOURS)))
    due: datetime = croniter(cluster.schedule, local - patience).get_prev(datetime)
    with ledger.read() as session:
        nights = session.scalars(
            select(NightRow).where(NightRow.cluster == cluster.cluster, NightRow.finished_at.is_not(None))
        ).all()
    if not nights or any(datetime.fromisoformat(night.now) >= due for night in nights):
        return None
    return due.isoformat(timespec="minutes")


def remember(ledger: Ledger, cluster: str, due: str) -> bool:
    """True the first time that this lateness is told."""
    with ledger.write() as session:
        row = session.get(DeskRow, (cluster, TOLD)) or DeskRow(cluster=cluster, name=TOLD, night=0, payload=[])
        if row.payload == [due]:
            return False
        row.payload = [due]
        session.add(row)
    return True
