"""Tokens, settings, history and redaction."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, delete, insert, select, update

from ors import auth, forms
from ors.auth import Principal, authorise
from ors.db import make_revision, stamp
from ors.models import clusters, history, idempotency, rows, tokens, tombstones
from ors.problems import Problem
from ors.replies import errors, send
from ors.settings import ClusterSettings, merge

router = APIRouter(prefix="/api/v1", tags=["administration"])
FormName = Literal[forms.FORMS]  # type: ignore[valid-type]
ByAnybody = Annotated[Principal, Depends(authorise)]


class TokenBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Literal["reporter", "member", "lead", "admin"]
    label: Annotated[forms.Text, Field(max_length=100, description="Whose it is: an organisation or a program")] = ""
    days: forms.whole(1, 3650) | None = None


class TokenLine(BaseModel):
    id: str
    role: str
    label: str
    created: str
    expires: str | None
    revoked: str | None


class NewToken(BaseModel):
    id: str
    token: str


class TokenList(BaseModel):
    data: list[TokenLine]


class Redaction(BaseModel):
    """What is to be removed for good, and why (no personal data in the reason)."""

    model_config = ConfigDict(extra="forbid")
    form: FormName
    recordId: forms.RecordId
    reason: Annotated[forms.Text, Field(max_length=500)] = ""


class RedactionLine(BaseModel):
    form: str
    recordId: str
    at: str
    actor: str
    reason: str


class RedactionList(BaseModel):
    data: list[RedactionLine]


class HistoryLine(BaseModel):
    """Who changed what, when, from what to what."""

    form: str
    recordId: str
    version: int
    at: str
    actor: str
    event: str
    changes: dict[str, list[Any]]


class HistoryList(BaseModel):
    data: list[HistoryLine]


class SettingsAnswer(BaseModel):
    cluster: str
    settings: ClusterSettings


@router.post("/tokens", status_code=201, response_model=NewToken, responses=errors(400, 401, 403, 413, 422, 429))
def make_token(request: Request, token: TokenBody, principal: ByAnybody) -> Any:
    """A new token of this cluster; it is shown this once."""
    state = request.app.state
    now: datetime = state.clock()
    expires = now + timedelta(days=token.days) if token.days else None
    made, text = auth.issue(state.store, principal.cluster, token.role, token.label, now, expires)
    return send({"id": made, "token": text}, 201, {"Cache-Control": "no-store"})


@router.get("/tokens", response_model=TokenList, responses=errors(400, 401, 403, 429))
def list_tokens(request: Request, principal: ByAnybody) -> Any:
    """The tokens of this cluster, without their secrets."""
    columns = [tokens.c[name] for name in TokenLine.model_fields]
    query = select(*columns).where(tokens.c.cluster == principal.cluster).order_by(tokens.c.created)
    with request.app.state.store.read() as connection:
        return send({"data": [dict(line) for line in connection.execute(query).mappings()]})


@router.delete(
    "/tokens/{token_id}", status_code=204, response_class=Response, responses=errors(400, 401, 403, 404, 429)
)
def revoke_token(
    request: Request, token_id: Annotated[str, Path(pattern="^[0-9a-f]{12}$")], principal: ByAnybody
) -> Response:
    """End a token, and the sessions opened with it."""
    state = request.app.state
    with state.store.write() as connection:
        if not auth.revoke(connection, principal.cluster, token_id, state.clock()):
            raise Problem(404, "not-found")
    return Response(status_code=204)


@router.get(
    "/settings", response_model=SettingsAnswer, response_model_exclude_none=True, responses=errors(400, 401, 403, 429)
)
def read_settings(request: Request, principal: ByAnybody) -> Any:
    """What the service knows of the cluster."""
    query = select(clusters.c.settings).where(clusters.c.code == principal.cluster)
    with request.app.state.store.read() as connection:
        return send({"cluster": principal.cluster, "settings": json.loads(connection.execute(query).scalar_one())})


@router.put(
    "/settings",
    response_model=SettingsAnswer,
    response_model_exclude_none=True,
    responses=errors(400, 401, 403, 413, 422, 429),
)
def write_settings(request: Request, settings: ClusterSettings, principal: ByAnybody) -> Any:
    """Replace the settings that are given."""
    told = settings.model_dump(exclude_none=True)
    mine = clusters.c.code == principal.cluster
    with request.app.state.store.write() as connection:
        make_revision(connection, principal.cluster)
        stored = json.loads(connection.execute(select(clusters.c.settings).where(mine)).scalar_one())
        merged = merge(stored, told)
        connection.execute(update(clusters).where(mine).values(settings=json.dumps(merged, ensure_ascii=False)))
    return send({"cluster": principal.cluster, "settings": merged})


@router.get("/history", response_model=HistoryList, responses=errors(400, 401, 403, 429))
def read_history(
    request: Request,
    principal: ByAnybody,
    form: Annotated[FormName | None, Query()] = None,
    recordId: Annotated[forms.RecordId | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
) -> Any:
    """Changes, newest first; of one form or one row if asked."""
    query = select(history).where(history.c.cluster == principal.cluster)
    if form is not None:
        query = query.where(history.c.form == form)
    if recordId is not None:
        query = query.where(history.c.record_id == recordId)
    with request.app.state.store.read() as connection:
        lines = connection.execute(query.order_by(history.c.id.desc()).limit(limit)).mappings()
        return send({"data": [history_line(line) for line in lines]})


def history_line(line: Any) -> dict[str, Any]:
    """A line of the history table as the API shows it."""
    keep = {name: line[name] for name in ("form", "version", "at", "actor", "event")}
    return keep | {"recordId": line["record_id"], "changes": json.loads(line["changes"])}


@router.post("/redactions", response_model=RedactionLine, responses=errors(400, 401, 403, 413, 422, 429))
def redact_row(request: Request, redaction: Redaction, principal: ByAnybody) -> Any:
    """Remove a row and its history for good; a tombstone keeps its id from coming back."""
    state = request.app.state
    with state.store.write() as connection:
        line = redact(connection, principal.cluster, principal.actor, redaction.model_dump(), state.clock())
    state.store.clean()
    return send(line)


def redact(connection: Connection, cluster: str, actor: str, asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Redact inside the caller's transaction: row, history, kept answers that may quote it."""
    form, record_id = asked["form"], asked["recordId"]
    revision = make_revision(connection, cluster)
    for table in (rows, history, tombstones):
        mine = (table.c.cluster == cluster) & (table.c.form == form) & (table.c.record_id == record_id)
        connection.execute(delete(table).where(mine))
    quoted = idempotency.c.answer.contains(json.dumps(record_id, ensure_ascii=False), autoescape=True)
    connection.execute(delete(idempotency).where(idempotency.c.cluster == cluster, quoted))
    line = {"form": form, "at": stamp(now), "actor": actor, "reason": asked["reason"]}
    stored = line | {"cluster": cluster, "record_id": record_id, "revision": revision}
    connection.execute(insert(tombstones).values(stored))
    return line | {"recordId": record_id}


@router.get("/redactions", response_model=RedactionList, responses=errors(400, 401, 403, 429))
def list_redactions(request: Request, principal: ByAnybody) -> Any:
    """What was removed for good: ids, never contents."""
    query = select(tombstones).where(tombstones.c.cluster == principal.cluster).order_by(tombstones.c.at)
    with request.app.state.store.read() as connection:
        lines = [
            {k: line[k] for k in ("form", "at", "actor", "reason")} | {"recordId": line["record_id"]}
            for line in connection.execute(query).mappings()
        ]
    return send({"data": lines})
