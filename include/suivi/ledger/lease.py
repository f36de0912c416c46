"""One night at a time a cluster: a lease that outlives no crash.

It is taken or renewed by every step, runs out after `SECONDS`, and falls at once when its holder was a single
process of this machine that is gone (kill -9). Fencing does the rest: `Ledger.may_publish` refuses a night when a
newer one has published.
"""

from __future__ import annotations

import os
import socket

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from suivi.errors import SuiviError
from suivi.ledger.tables import LeaseRow

SECONDS = 120


class LeaseHeldError(SuiviError):
    """Another run works on this cluster now."""

    runbook = "lease"


def take(engine: Engine, cluster: str, holder: str, clock: float) -> None:
    """Take or renew the lease; `LeaseHeldError` names the other holder. `clock` in seconds since the epoch."""
    with Session(engine.execution_options(suivi_write=True)) as session, session.begin():
        row = session.scalar(select(LeaseRow).where(LeaseRow.cluster == cluster).with_for_update())
        if row is None:
            row = LeaseRow(cluster=cluster)
            session.add(row)
        elif row.holder != holder and row.expires_at > clock and not _gone(row.process):
            raise LeaseHeldError(
                f"Another run ({row.holder}) is working on cluster '{cluster}'. Wait for it to end; if it was killed, "
                f"the cluster is free again in {row.expires_at - clock:.0f} seconds."
            )
        row.holder, row.expires_at = holder, clock + SECONDS
        row.process = _process()


def drop(engine: Engine, cluster: str, holder: str) -> None:
    """Give the lease back at the end of a night."""
    with Session(engine.execution_options(suivi_write=True)) as session, session.begin():
        session.execute(delete(LeaseRow).where(LeaseRow.cluster == cluster, LeaseRow.holder == holder))


def _process() -> str:
    """`host:pid` of a run that lives and dies with one process (`SUIVI_LEASE_PID`); empty under a scheduler."""
    pid = os.environ.get("SUIVI_LEASE_PID")
    return f"{socket.gethostname()}:{pid}" if pid else ""


def _gone(process: str) -> bool:
    host, _, pid = process.rpartition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
