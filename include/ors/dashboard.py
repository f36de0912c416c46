"""The pages that coordinators open before a meeting."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import select

from ors import agenda, charts, codes, coordination, follow, forms, indicators, presence, reporting
from ors.admin import history_line
from ors.auth import Principal, authorise
from ors.models import history
from ors.pages import Build, Query, Words, page
from ors.problems import Problem
from ors.reads import snapshot_of
from ors.snapshot import Snapshot

router = APIRouter(include_in_schema=False)
Asker = Annotated[Principal, Depends(authorise)]
_PAGE = 50


def _overview(snapshot: Snapshot, words: Words, today: date, query: Query) -> dict[str, Any]:
    """Next meeting, counts, what changed, the chosen indicators."""
    year = _year(query, snapshot, today)
    known = [one for one in indicators.series(snapshot, year) if one.last]
    chosen = ([one for one in known if one.dashboard] or known)[:3]
    return {
        "standing": follow.standing(snapshot, today),
        "changes": follow.changes(snapshot, today),
        "urgent": follow.chosen(snapshot, follow.Asked(status="late"))[:10],
        "oldest": [r for r in follow.chosen(snapshot, follow.Asked()) if follow.is_open(r)][:10],
        "loads": follow.loads(snapshot)[:10],
        "series": [(one, _chart(one, words)) for one in chosen],
        "period": reporting.period(snapshot, reporting.previous_month(today), today),
        "year": year,
    }


def _actions(snapshot: Snapshot, _words: Words, _today: date, query: Query) -> dict[str, Any]:
    """The list with its filters."""
    asked = follow.Asked(*(query.get(name, "") for name in ("owner", "place", "status", "agenda", "words")))
    rows = follow.chosen(snapshot, asked)
    number = _page_number(query.get("page", ""), len(rows))
    return {
        "rows": rows[(number - 1) * _PAGE : number * _PAGE],
        "total": len(rows),
        "number": number,
        "pages": max(1, -(-len(rows) // _PAGE)),
        "asked": asked,
        "choices": follow.choices(snapshot),
        "loads": follow.loads(snapshot),
        "link": lambda page: urlencode({**query, "page": page}),
    }


def _page_number(text: str, rows: int) -> int:
    number = int(text) if text.isdigit() and len(text) < 7 else 1
    return min(max(number, 1), max(1, -(-rows // _PAGE)))


def _indicators(snapshot: Snapshot, words: Words, today: date, query: Query) -> dict[str, Any]:
    """Value against target by month, the chosen indicators first, a table under every chart."""
    year, place = _year(query, snapshot, today), query.get("place", "")
    series = indicators.series(snapshot, year, place)
    return {
        "series": [(one, _chart(one, words)) for one in series if one.last],
        "without": [one for one in series if not one.last],
        "years": indicators.years(snapshot) or [str(today.year)],
        "year": year,
        "place": place,
        "places": indicators.regions(snapshot),
        "place_name": codes.place_name,
    }


def _year(query: Query, snapshot: Snapshot, today: date) -> str:
    known = indicators.years(snapshot)
    asked = query.get("year", "")
    return asked if asked in known else known[0] if known else str(today.year)


def _chart(series: indicators.Series, words: Words) -> Any:
    labels = [words.month(m.month, "MMM") for m in series.months]
    target = series.months[0].target
    title = words("chart_title", name=series.names[words.language], year=series.year)
    return charts.bars_and_line(
        title,
        labels,
        [m.achieved for m in series.months],
        [m.running for m in series.months],
        target,
        (words("achieved"), words("running"), words("target")),
        words.language,
    )


def _presence(snapshot: Snapshot, _words: Words, _today: date, query: Query) -> dict[str, Any]:
    """Places and organisations."""
    status = query.get("status", "")
    status = status if status in forms.labels("presence_status") else ""
    level = "2" if query.get("level") == "2" else "1"
    return {"matrix": presence.matrix(snapshot, status, int(level)), "status": status, "level": level}


def _coordination(snapshot: Snapshot, words: Words, today: date, _query: Query) -> dict[str, Any]:
    """The derived indicators of the cluster's own work, over time."""
    found = coordination.months(snapshot, today)
    labels = [words.month(m.month, "MMM") for m in found]
    pictures = {
        name: charts.line(words(f"measure_{name}"), labels, _values(found, name), words.language)
        for name in coordination.MEASURES
    }
    attendance = coordination.attendance(snapshot, today)
    return {"months": found, "pictures": pictures, "attendance": attendance, "measures": coordination.MEASURES}


def _values(found: tuple[coordination.Month, ...], name: str) -> list[float | None]:
    share = name in ("with_owner", "with_deadline", "closed")
    return [None if (v := getattr(m, name)) is None else v * 100 if share else v for m in found]


def _reporting(snapshot: Snapshot, _words: Words, today: date, query: Query) -> dict[str, Any]:
    """Who has reported, who has not, and who of them was in the room."""
    months = coordination.last_months(today, 13)[::-1]
    asked = query.get("month", "")
    month = asked if asked in months else reporting.previous_month(today)
    return {"period": reporting.period(snapshot, month, today), "months": months}


def _calendar(snapshot: Snapshot, _words: Words, today: date, _query: Query) -> dict[str, Any]:
    """Meetings, trainings and deadlines ahead."""
    return {"entries": [e for e in agenda.entries(snapshot, today) if (e.end or e.start) >= today][:200]}


PAGES: dict[str, tuple[str, Build]] = {
    "/": ("overview.html", _overview),
    "/actions": ("actions.html", _actions),
    "/indicators": ("indicators.html", _indicators),
    "/presence": ("presence.html", _presence),
    "/coordination": ("coordination.html", _coordination),
    "/reporting": ("reporting.html", _reporting),
    "/calendar": ("calendar.html", _calendar),
}


def _add(path: str, template: str, build: Build) -> None:
    def show(request: Request, principal: Asker) -> Response:
        return page(request, principal, template, build)

    router.add_api_route(path, show, methods=["GET"], name=template)


for _path, (_template, _build) in PAGES.items():
    _add(_path, _template, _build)


@router.get("/actions/{record_id:path}")
def action(request: Request, record_id: str, principal: Asker) -> Response:
    """The life of one action. Quotes and links to the minutes are internal: they are not here to be shown."""
    found = snapshot_of(request, principal)
    row = found.one("actions", record_id)
    if row is None:
        raise Problem(404, "not-found")

    def build(snapshot: Snapshot, _words: Words, _today: date, _query: Query) -> dict[str, Any]:
        mine = (history.c.cluster == snapshot.cluster) & (history.c.form == "actions")
        query = select(history).where(mine, history.c.record_id == record_id).order_by(history.c.id.desc()).limit(100)
        with request.app.state.store.read() as connection:
            changes = [history_line(line) for line in connection.execute(query).mappings()]
        return {
            "row": row,
            "fields": [f for f in forms.form("actions").fields if f.name not in ("text", "state", "meeting_id")],
            "meeting": snapshot.one("meetings", row.fields["meeting_id"]),
            "changes": changes,
            "titles": {f.name: f for f in forms.form("actions").fields},
        }

    return page(request, principal, "action.html", build)
