"""Made ready in the background after a night and at the start, so that the first reader does not wait for it."""

from __future__ import annotations

import gc
import threading
from datetime import datetime

from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from ors import dashboard, feed_rows
from ors.models import clusters
from ors.pages import View, freshness, html_of, zone
from ors.snapshot import Snapshot


def warm(snapshot: Snapshot, now: datetime) -> None:
    """The pages as most will ask for them, and what the feed of reports is made of."""
    today, fresh, first = now.astimezone(zone(snapshot)).date(), freshness(snapshot, now), snapshot.language
    for language in (first, "en" if first == "fr" else "fr"):
        for leads in (False, True):
            for path, (template, build) in dashboard.PAGES.items():
                html_of(snapshot, View(path, (), language, leads, today, fresh), template, build)
        feed_rows.prepare(snapshot)


def warm_later(app: FastAPI, codes: list[str]) -> threading.Thread:
    """Do it in a thread of its own; a reader who comes earlier waits only for what it needs."""

    def work() -> None:
        try:
            for code in codes:
                snapshot = app.state.snapshots.known(code)
                if snapshot is not None:
                    warm(snapshot, app.state.clock())
        except OperationalError:  # the database went away: whoever asks next is told so
            return
        # what stays until the next night is taken out of the collector's rounds: with 100,000 rows each of them
        # would stop every reader for a third of a second
        gc.collect()
        gc.freeze()

    thread = threading.Thread(target=work, name="warm", daemon=True)
    thread.start()
    return thread


def all_clusters(app: FastAPI) -> list[str]:
    """Codes of the clusters that this database knows."""
    with app.state.store.read() as connection:
        return list(connection.scalars(select(clusters.c.code)))
