"""Charts under *Lisez-moi*: actions by status, and one for each indicator that has values. Drawn once each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suivi.publish.sheets import dress
from suivi.publish.sheets.grid import Book
from suivi.publish.sheets.layout import Tab, words
from suivi.publish.sheets.model import Row
from suivi.settings import Cluster

FIRST = 720_000  # chart ids: this one for the statuses, the next for the indicators in the catalogue's order
MONTHS = 240  # rows of the summary that a chart looks at


def missing(
    now: Book, page: Tab, summary: Tab, cluster: Cluster, drawn: Mapping[str, Row]
) -> tuple[list[dress.Request], dict[str, Row]]:
    """Requests for charts that were never drawn, and what is drawn after them; one that people deleted stays away."""
    grid = now.grids.get(page.sheet_id)
    there = grid.charts if grid else frozenset()
    wanted = _wanted(summary, cluster)
    known: dict[str, Row] = {str(n): {} for n in there} | {
        key: dict(row) for key, row in drawn.items() if grid is not None
    }
    made: list[dress.Request] = []
    for position, (chart_id, (title, kind, place, span)) in enumerate(wanted.items()):
        if str(chart_id) not in known:
            made.append(dress.chart(chart_id, title, kind, summary, place, span, page.sheet_id, position))
            known[str(chart_id)] = {}
    return made, known


def _wanted(summary: Tab, cluster: Cluster) -> dict[int, tuple[str, str, int, tuple[int, int]]]:
    """Chart id → title, kind, column of values, rows."""
    statuses = sum(record.startswith("status_") for record in summary.rows)
    names = [column.name for column in summary.columns]
    title = words("actions_by_status", cluster.language)
    charts: dict[int, tuple[str, str, int, tuple[int, int]]] = {
        FIRST: (title, "COLUMN", names.index("count"), (1, 1 + statuses))
    }
    months: list[Mapping[str, Any]] = [row for record, row in summary.rows.items() if record.startswith("month_")]
    for n, indicator in enumerate(cluster.indicators, start=1):
        name = f"i_{indicator['code']}"
        if any(row.get(name) is not None for row in months):
            title = words("running", cluster.language).format(name=indicator[cluster.language])
            charts[FIRST + n] = (title, "LINE", names.index(name), (1 + statuses, 1 + statuses + MONTHS))
    return charts
