"""A piece of work by hand under the cluster's lease: numbered like a night."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from suivi.steps.context import Run


@contextmanager
def at_work(cluster: str, what: str) -> Iterator[Run]:
    """The run of a piece of work; the lease is given back whatever happens."""
    from suivi.ledger import lease
    from suivi.settings import Settings
    from suivi.steps.context import open_run

    run = open_run(cluster, f"{what}-{uuid.uuid4().hex}", datetime.now(UTC), Settings.from_environment(), work=True)
    try:
        yield run
    finally:
        lease.drop(run.ledger.engine, cluster, run.night.run_id)
