"""Made ready in the background after a night and at the start, so that the first reader does not wait for it."""

from __future__ import annotations

import threading
from datetime import date, datetime

from fastapi import FastAPI
from sqlalchemy import select

from ors import agenda, coordination, feed_rows, follow, indicators, presence, reporting
from ors.models import clusters
from ors.pages import zone
from ors.snapshot import Snapshot


def warm(snapshot: Snapshot, today: date) -> None:
    """Everything dear that the pages and the feed of reports are made of."""
    follow.standing(snapshot, today)
    follow.changes(snapshot, today)
    follow.loads(snapshot)
    follow.choices(snapshot)
    for asked in (follow.Asked(), follow.Asked(status="late")):
        follow.chosen(snapshot, asked)
    for year in indicators.years(snapshot)[:1] or [str(today.year)]:
        indicators.series(snapshot, year)
    coordination.months(snapshot, today)
    presence.matrix(snapshot)
    reporting.period(snapshot, reporting.previous_month(today), today)
    agenda.entries(snapshot, today)
    feed_rows.prepare(snapshot)


def warm_later(app: FastAPI, codes: list[str]) -> threading.Thread:
    """Do it in a thread of its own; a reader who comes earlier waits only for what it needs."""

    def work() -> None:
        now: datetime = app.state.clock()
        for code in codes:
            snapshot = app.state.snapshots.known(code)
            if snapshot is not None:
                warm(snapshot, now.astimezone(zone(snapshot)).date())

    thread = threading.Thread(target=work, name="warm", daemon=True)
    thread.start()
    return thread


def all_clusters(app: FastAPI) -> list[str]:
    """Codes of the clusters that this database knows."""
    with app.state.store.read() as connection:
        return list(connection.scalars(select(clusters.c.code)))
