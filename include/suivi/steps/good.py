"""What may be published: the good rows of this night, and the reasons to publish nothing."""

from __future__ import annotations

import pandas as pd
from sqlalchemy.orm import Session

from suivi import frames
from suivi.errors import SuiviError
from suivi.ledger import nights
from suivi.ledger.nights import Night
from suivi.schema import REGISTERS
from suivi.steps.context import Done, Run


class StoppedError(SuiviError):
    """The night's change is too large to be true; nothing is published until somebody accepts it."""

    runbook = "change"


def good_frames(session: Session, night: Night) -> dict[str, pd.DataFrame]:
    """The validated registers of this night."""
    return {name: frames.from_rows(name, nights.snapshot(session, night, f"good {name}")) for name in REGISTERS}


def refuse_to_publish(run: Run, *targets: str) -> Done | None:
    """A sentence where a newer night has published (an old run was cleared); `StoppedError` where breakers tripped."""
    with run.ledger.read() as session:
        stopped = nights.snapshot(session, run.night, "stopped")
        fresh = all(nights.may_publish(session, run.night, target) for target in targets)
    if stopped:
        raise StoppedError(" ".join(stopped))
    if fresh:
        return None
    return Done(
        run.say(
            f"La nuit {run.night.number} ne publie rien : une nuit plus récente a publié.",
            f"Night {run.night.number} publishes nothing: a newer night has published.",
        )
    )
