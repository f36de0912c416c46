"""The pages that coordinators open before a meeting."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import select

from ors import agenda, charts, codes, coordination, follow, forms, indicators, presence, reporting
from ors.admin import history_line
from ors.auth import Principal, authorise
from ors.models import history
from ors.pages import Words, page
from ors.problems import Problem
from ors.reads import snapshot_of
from ors.snapshot import Snapshot

router = APIRouter(include_in_schema=False)
Asker = Annotated[Principal, Depends(authorise)]
_PAGE = 50


@router.get("/")
def overview(request: Request, principal: Asker) -> Response:
    """Next meeting, counts, what changed, the chosen indicators."""

    def build(snapshot: Snapshot, words: Words, today: date) -> dict[str, Any]:
        year = _year(request, snapshot, today)
        chosen = [s for s in indicators.series(snapshot, year) if s.dashboard][:3]
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

    return page(request, principal, "overview.html", build)


@router.get("/actions")
def actions(request: Request, principal: Asker) -> Response:
    """The list with its filters."""
    query = request.query_params

    def build(snapshot: Snapshot, _words: Words, _today: date) -> dict[str, Any]:
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
            "link": lambda page: str(request.url.include_query_params(page=page).query),
        }

    return page(request, principal, "actions.html", build)


def _page_number(text: str, rows: int) -> int:
    number = int(text) if text.isdigit() and len(text) < 7 else 1
    return min(max(number, 1), max(1, -(-rows // _PAGE)))


@router.get("/actions/{record_id:path}")
def action(request: Request, record_id: str, principal: Asker) -> Response:
    """The life of one action. Quotes and links to the minutes are internal: they are not here to be shown."""
    row = next((r for r in snapshot_of(request, principal).shown("actions") if r.id == record_id), None)
    if row is None:
        raise Problem(404, "not-found")

    def build(snapshot: Snapshot, _words: Words, _today: date) -> dict[str, Any]:
        mine = (history.c.cluster == snapshot.cluster) & (history.c.form == "actions")
        query = select(history).where(mine, history.c.record_id == record_id).order_by(history.c.id.desc()).limit(100)
        with request.app.state.store.read() as connection:
            changes = [history_line(line) for line in connection.execute(query).mappings()]
        return {
            "row": row,
            "fields": [f for f in forms.form("actions").fields if f.name not in ("text", "state", "meeting_id")],
            "meeting": next((m for m in snapshot.shown("meetings") if m.id == row.fields["meeting_id"]), None),
            "changes": changes,
            "titles": {f.name: f for f in forms.form("actions").fields},
        }

    return page(request, principal, "action.html", build)


@router.get("/indicators")
def indicator_page(request: Request, principal: Asker) -> Response:
    """Value against target by month, the chosen indicators first, a table under every chart."""
    query = request.query_params

    def build(snapshot: Snapshot, words: Words, today: date) -> dict[str, Any]:
        year, place = _year(request, snapshot, today), query.get("place", "")
        here = {r.fields.get("admin1_pcode") for r in snapshot.shown("indicators")}
        return {
            "series": [(one, _chart(one, words)) for one in indicators.series(snapshot, year, place)],
            "years": indicators.years(snapshot) or [str(today.year)],
            "year": year,
            "place": place,
            "places": [(code, name) for code, name in codes.admin1() if code in here],
            "place_name": codes.place_name,
        }

    return page(request, principal, "indicators.html", build)


def _year(request: Request, snapshot: Snapshot, today: date) -> str:
    known = indicators.years(snapshot)
    asked = request.query_params.get("year", "")
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


@router.get("/presence")
def presence_page(request: Request, principal: Asker) -> Response:
    """Places and organisations."""

    def build(snapshot: Snapshot, _words: Words, _today: date) -> dict[str, Any]:
        status = request.query_params.get("status", "")
        status = status if status in forms.labels("presence_status") else ""
        return {"matrix": presence.matrix(snapshot, status), "status": status}

    return page(request, principal, "presence.html", build)


@router.get("/coordination")
def coordination_page(request: Request, principal: Asker) -> Response:
    """The derived indicators of the cluster's own work, over time."""

    def build(snapshot: Snapshot, words: Words, today: date) -> dict[str, Any]:
        found = coordination.months(snapshot, today)
        labels = [words.month(m.month, "MMM") for m in found]
        pictures = {
            name: charts.line(words(f"measure_{name}"), labels, _values(found, name), words.language)
            for name in coordination.MEASURES
        }
        attendance = coordination.attendance(snapshot, today)
        return {"months": found, "pictures": pictures, "attendance": attendance, "measures": coordination.MEASURES}

    return page(request, principal, "coordination.html", build)


def _values(found: tuple[coordination.Month, ...], name: str) -> list[float | None]:
    share = name in ("with_owner", "with_deadline", "closed")
    return [None if (v := getattr(m, name)) is None else v * 100 if share else v for m in found]


@router.get("/reporting")
def reporting_page(request: Request, principal: Asker) -> Response:
    """Who has reported, who has not, and who of them was in the room."""

    def build(snapshot: Snapshot, _words: Words, today: date) -> dict[str, Any]:
        months = coordination.last_months(today, 13)[::-1]
        asked = request.query_params.get("month", "")
        month = asked if asked in months else reporting.previous_month(today)
        return {"period": reporting.period(snapshot, month, today), "months": months}

    return page(request, principal, "reporting.html", build)


@router.get("/calendar")
def calendar_page(request: Request, principal: Asker) -> Response:
    """Meetings, trainings and deadlines ahead."""

    def build(snapshot: Snapshot, _words: Words, today: date) -> dict[str, Any]:
        return {"entries": [e for e in agenda.entries(snapshot, today) if (e.end or e.start) >= today][:200]}

    return page(request, principal, "calendar.html", build)
