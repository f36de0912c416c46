"""What is computed from the rows, for machines: indicator sums, coordination health, reporters, calendar."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from ors import agenda, coordination, follow, forms, indicators, reporting
from ors.auth import Principal, authorise
from ors.pages import Words, language_of, today_of
from ors.problems import Problem
from ors.reads import IfNoneMatch, etag, not_modified, snapshot_of
from ors.replies import errors, send
from ors.snapshot import Snapshot

router = APIRouter(tags=["derived"])
Asker = Annotated[Principal, Depends(authorise)]


class MonthLine(BaseModel):
    month: str
    achieved: float | None
    running: float | None
    target: float | None
    percent: float | None
    provisional: bool


class IndicatorLine(BaseModel):
    """An indicator over a year; `places` by admin1 P-code."""

    code: str
    names: dict[str, str]
    units: dict[str, str]
    dashboard: bool
    across_time: str
    across_places: str
    year: str
    months: list[MonthLine]
    places: dict[str, list[MonthLine]]


class IndicatorList(BaseModel):
    data: list[IndicatorLine]


class YearQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    year: Annotated[str, Field(pattern="^(19|20)[0-9]{2}$")] | None = None
    admin1: forms.Place | None = None


class HealthLine(BaseModel):
    """One month: shares 0 to 1, ages and delays in days."""

    month: str
    meetings: int
    days_to_minutes: float | None
    actions: int
    with_owner: float | None
    with_deadline: float | None
    closed: float | None
    median_age: float | None
    carried_over: int


class AttendanceLine(BaseModel):
    organisation: str
    meetings: int
    share: float


class Health(BaseModel):
    data: list[HealthLine]
    attendance: list[AttendanceLine]


class MonthQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    month: forms.Month | None = None


class ReporterLine(BaseModel):
    """`how`: indicators, ors, 5w, or empty when it has not reported."""

    organisation: str
    how: str
    at_last_meeting: bool


class ReportingAnswer(BaseModel):
    month: str
    due: str
    validation: str
    state: str
    last_meeting: str
    data: list[ReporterLine]


class PublicAnswer(BaseModel):
    """Sums only: approved indicator values of the whole country, counts of actions."""

    cluster: str
    actions: dict[str, int]
    indicators: list[IndicatorLine]


class NoQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PublicQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    cluster: Annotated[str, Field(min_length=1, max_length=64)]


def _lines(found: tuple[indicators.Series, ...]) -> list[dict[str, Any]]:
    return coordination.plain(found)


@router.get("/api/v1/aggregates", response_model=IndicatorList, responses=errors(400, 401, 403, 429))
def read_aggregates(request: Request, principal: Asker, asked: Annotated[YearQuery, Query()]) -> Any:
    """Indicators added up over time and places by their calculation method."""
    snapshot = snapshot_of(request, principal)
    year = asked.year or str(today_of(request, snapshot).year)
    return send({"data": _lines(indicators.series(snapshot, year, asked.admin1 or ""))})


@router.get("/api/v1/coordination", response_model=Health, responses=errors(400, 401, 403, 429))
def read_coordination(request: Request, principal: Asker, asked: Annotated[NoQuery, Query()]) -> Any:  # noqa: ARG001
    """The cluster's own work over the last twelve months."""
    snapshot = snapshot_of(request, principal)
    today = today_of(request, snapshot)
    months, present = coordination.months(snapshot, today), coordination.attendance(snapshot, today)
    return send({"data": coordination.plain(months), "attendance": coordination.plain(present)})


@router.get("/api/v1/reporting", response_model=ReportingAnswer, responses=errors(400, 401, 403, 429))
def read_reporting(request: Request, principal: Asker, asked: Annotated[MonthQuery, Query()]) -> Any:
    """Expected reporters of a month (default: the one before this), and how each has reported."""
    snapshot = snapshot_of(request, principal)
    today = today_of(request, snapshot)
    found = reporting.period(snapshot, asked.month or reporting.previous_month(today), today)
    plain = {"month": found.month, "due": found.due.isoformat(), "validation": found.validation.isoformat()}
    more = {"state": found.state, "last_meeting": found.last_meeting}
    return send(plain | more | {"data": coordination.plain(found.reporters)})


@router.get("/api/v1/public/aggregates", response_model=PublicAnswer, responses=errors(400, 404, 429))
def read_public(request: Request, asked: Annotated[PublicQuery, Query()]) -> Any:
    """Sums of a cluster whose settings open them; otherwise it looks as if there were no such cluster."""
    state = request.app.state
    state.limits.count_public(request)
    snapshot: Snapshot | None = state.snapshots.known(asked.cluster)
    if snapshot is None or not snapshot.settings.get("aggregates_public"):
        raise Problem(404, "not-found")
    today = today_of(request, snapshot)
    standing = follow.standing(snapshot, today)
    found = indicators.series(snapshot.approved_only(), str(today.year))
    sums = [dict(line, places={}) for line in _lines(found)]
    counts = {"open": standing.open, "late": standing.late, "done": standing.done}
    return send({"cluster": snapshot.cluster, "actions": counts, "indicators": sums})


@router.get(
    "/calendar.ics",
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}, 304: {"description": "Unchanged"}}
    | errors(400, 401, 403, 429),
    response_class=Response,
)
def calendar(
    request: Request,
    principal: Asker,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Meetings, trainings and deadlines as iCalendar; no venues."""
    snapshot = snapshot_of(request, principal)
    today, words = today_of(request, snapshot), Words(language_of(request, snapshot))
    tag = etag(snapshot, "calendar", today, words.language)
    same = not_modified(tag, if_none_match)
    if same:
        return same
    kinds = {kind: words(f"kind_{kind}") for kind in ("meeting", "training", "event", "deadline")}
    content = snapshot.derive(("ics", today, words.language), lambda: agenda.ics(snapshot, today, kinds))
    return Response(content, headers={"ETag": tag, "Cache-Control": "private, no-cache"}, media_type="text/calendar")
