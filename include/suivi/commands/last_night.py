"""The newest finished night of a cluster, for the commands that show what it left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from suivi.ledger.nights import Night
    from suivi.settings import Cluster


@contextmanager
def last_night(name: str) -> Iterator[tuple[Cluster, Session, Night]]:
    """The cluster, a reading session of the ledger and the night; `SuiviError` where no night has ended yet."""
    from suivi import clusters
    from suivi.errors import SuiviError
    from suivi.ledger import Ledger, nights
    from suivi.settings import Settings

    settings = Settings.from_environment()
    cluster = clusters.load(name, settings.clusters)
    with Ledger(settings.db).read() as session:
        night = nights.find_night(session, name)
        if night is None:
            raise SuiviError(f"Cluster '{name}' has no finished night yet. Run: suivi run {name}")
        yield cluster, session, night
