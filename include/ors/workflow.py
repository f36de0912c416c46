"""The lead's part: approve or reject what was submitted, open and close periods. The sync can do neither."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection, delete, insert, select

from ors import forms
from ors.auth import Principal, authorise
from ors.bulk import Batch
from ors.db import make_revision, stamp
from ors.models import periods
from ors.problems import body, language_of
from ors.replies import errors, send

router = APIRouter(prefix="/api/v1", tags=["workflow"])
Comment = Annotated[str, StringConstraints(strict=True, max_length=1000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$")]


class Decision(BaseModel):
    """The lead's word on one version of one row."""

    model_config = ConfigDict(extra="forbid")
    form: Literal["indicators", "key_figures", "presence"]
    recordId: forms.RecordId
    version: Annotated[forms.Version, Field(description="The version that was looked at")]
    decision: Literal["approved", "rejected"]
    comment: Comment | None = None


class DecisionsBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    decisions: Annotated[list[Decision], Field(min_length=1, max_length=5000)]


class DecisionResult(BaseModel):
    recordId: str
    form: str
    status: int
    outcome: Literal["approved", "rejected", "unchanged", "conflict", "not-found"]
    detail: str | None = None


class DecisionsAnswer(BaseModel):
    results: list[DecisionResult]
    cursor: int


class Period(BaseModel):
    """A reporting month. A month without a line is open."""

    month: str
    state: Literal["open", "closed"]
    at: str
    actor: str


class PeriodBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    state: Literal["open", "closed"]


class Periods(BaseModel):
    data: list[Period]


@router.post(
    "/decisions",
    response_model=DecisionsAnswer,
    responses={207: {"model": DecisionsAnswer, "description": "Some decisions met another version"}}
    | errors(400, 401, 403, 409, 413, 422, 429),
)
def decide_rows(request: Request, decisions: DecisionsBody, principal: Annotated[Principal, Depends(authorise)]) -> Any:
    """Approve or reject in bulk. A row that changed since it was looked at is left alone (conflict)."""
    state = request.app.state
    asked = [d.model_dump() for d in decisions.decisions]
    with state.store.write() as connection:
        answer = decide(connection, principal, asked, state.clock(), language_of(request))
    refused = [r for r in answer["results"] if r["status"] >= 400]
    return send(answer, 207 if refused else 200)


def decide(
    connection: Connection, principal: Principal, decisions: list[dict[str, Any]], now: datetime, language: str
) -> dict[str, Any]:
    """Store decisions inside the caller's transaction."""
    batch = Batch(connection, principal, now, "sync", [(d["form"], d["recordId"]) for d in decisions])
    results = [_one(batch, decision, language) for decision in decisions]
    batch.store()
    return {"results": results, "cursor": batch.revision}


def _one(batch: Batch, asked: dict[str, Any], language: str) -> dict[str, Any]:
    form, record_id = asked["form"], asked["recordId"]
    base = {"recordId": record_id, "form": form}
    row = batch.current(form, record_id)
    if row is None or row["deleted"]:
        detail = body("not-found", 404, language)["detail"]
        return base | {"status": 404, "outcome": "not-found", "detail": detail}
    if row["version"] != asked["version"]:
        detail = body("conflict", 409, language, version=row["version"], asked=asked["version"])["detail"]
        return base | {"status": 409, "outcome": "conflict", "detail": detail}
    if (row["approval"], row["comment"]) == (asked["decision"], asked["comment"] or None):
        return base | {"status": 200, "outcome": "unchanged"}
    batch.decide(form, record_id, asked["decision"], asked["comment"] or None)
    return base | {"status": 200, "outcome": asked["decision"]}


@router.get("/periods", response_model=Periods, responses=errors(400, 401, 403, 429))
def list_periods(request: Request, principal: Annotated[Principal, Depends(authorise)]) -> Any:
    """Months that were closed or reopened; all others are open."""
    with request.app.state.store.read() as connection:
        return send({"data": periods_of(connection, principal.cluster)})


def periods_of(connection: Connection, cluster: str) -> list[dict[str, Any]]:
    """Lines of the periods table, newest month first."""
    columns = (periods.c.month, periods.c.state, periods.c.at, periods.c.actor)
    query = select(*columns).where(periods.c.cluster == cluster).order_by(periods.c.month.desc())
    return [dict(line) for line in connection.execute(query).mappings()]


@router.put("/periods/{month}", response_model=Period, responses=errors(400, 401, 403, 413, 422, 429))
def set_period(
    request: Request,
    month: Annotated[forms.Month, Path()],
    period: PeriodBody,
    principal: Annotated[Principal, Depends(authorise)],
) -> Any:
    """Open or close a reporting month."""
    state = request.app.state
    with state.store.write() as connection:
        return send(put_period(connection, principal, month, period.state, state.clock()))


def put_period(connection: Connection, principal: Principal, month: str, to: str, now: datetime) -> dict[str, Any]:
    """Store a period's state inside the caller's transaction."""
    make_revision(connection, principal.cluster)
    line = {"month": month, "state": to, "at": stamp(now), "actor": principal.actor}
    mine = (periods.c.cluster == principal.cluster) & (periods.c.month == month)
    connection.execute(delete(periods).where(mine))
    connection.execute(insert(periods).values(line | {"cluster": principal.cluster}))
    return line
