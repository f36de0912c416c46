"""The write API: a batch of changes, each judged on its own or all of them together.

A body that breaks the schema (an internal column, an unknown code) is refused as a whole with 422 and a pointer
to each fault. A row that meets another state of the database (a newer version, a closed period, a redaction)
gets its own result; the others are stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, select

from ors import forms
from ors.auth import Principal, authorise
from ors.bulk import Batch
from ors.models import clusters, periods
from ors.once import fingerprint, once
from ors.problems import Problem, body, language_of
from ors.replies import errors, send

router = APIRouter(prefix="/api/v1", tags=["write"])
# left out of the generated parameters: that a key used twice is 422 cannot be said in JSON Schema; the text says it
IdempotencyKey = Annotated[str | None, Header(max_length=200, include_in_schema=False)]
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}|(?:\+|\b00)\d{2,3}(?:[ .-]?\d{2,4}){3,5}\b")


class UpdateBody(BaseModel):
    """Changes to rows. `fields` is the whole row: a column left out is empty."""

    model_config = ConfigDict(extra="forbid")
    changes: Annotated[list[forms.change_type()], Field(min_length=1)]  # type: ignore[valid-type]
    cluster: Annotated[str | None, Field(max_length=64, description="If given, the cluster the token must be of")] = (
        None
    )
    atomic: Annotated[bool, Field(strict=True, description="All rows or none")] = False


Outcome = Literal[
    "created",
    "updated",
    "unchanged",
    "deleted",
    "conflict",
    "period-closed",
    "redacted",
    "invalid",
    "other-origin",
    "skipped",
]


class Fault(BaseModel):
    pointer: str
    error: str
    detail: str


class Result(BaseModel):
    """What became of one change, in the order of the request."""

    recordId: str
    form: str
    status: int
    outcome: Outcome
    version: int | None = None
    approval: str | None = None
    detail: str | None = None
    errors: list[Fault] | None = None
    period: Annotated[str | None, Field(description="The closed month that the row waits for")] = None
    current: dict[str, Any] | None = None


class UpdateAnswer(BaseModel):
    """Results in the order of the changes, the cursor of this write, and how many changes a batch may hold."""

    results: list[Result]
    cursor: int
    maxChanges: int


async def raw_body(request: Request) -> bytes:
    """The body as sent, for the fingerprint of the key."""
    return await request.body()


@router.post(
    "/update",
    response_model=UpdateAnswer,
    responses={207: {"model": UpdateAnswer, "description": "Some rows were refused; see results"}}
    | errors(400, 401, 403, 409, 413, 422, 429),
)
def update_rows(
    request: Request,
    changes: UpdateBody,
    principal: Annotated[Principal, Depends(authorise)],
    raw: Annotated[bytes, Depends(raw_body)],
    idempotency_key: IdempotencyKey = None,
) -> Any:
    """Create, update or delete rows of the token's cluster. A repeat of the same rows changes nothing.

    Header `Idempotency-Key` (up to 200 characters, kept seven days): the same key with the same body gives the
    same answer again (`Idempotent-Replayed: true`), with another body 422, while the first still runs 409.
    """
    state = request.app.state
    if changes.cluster is not None and changes.cluster != principal.cluster:
        raise Problem(403, "wrong-cluster", cluster=principal.cluster, asked=changes.cluster)
    if len(changes.changes) > state.limits.changes:
        limit = {"maxChanges": state.limits.changes}
        raise Problem(413, "body-too-large", limit=state.limits.body_bytes, more=limit)
    language, now = language_of(request), state.clock()
    asked = [_plain(change) for change in changes.changes]

    def work(connection: Connection) -> tuple[int, dict[str, Any]]:
        return apply(connection, principal, asked, now, language, changes.atomic)

    key_of = fingerprint("/api/v1/update", raw)
    status, answer, replayed = once(state.store, principal.cluster, idempotency_key, key_of, now, work)
    answer = answer | {"maxChanges": state.limits.changes}
    headers = {"Idempotent-Replayed": "true"} if replayed else {}
    return send(answer, status, headers)


def _plain(change: Any) -> dict[str, Any]:
    deleted = isinstance(change, forms.Deletion)
    return {
        "recordId": change.recordId,
        "form": change.form,
        "previousVersion": change.previousVersion,
        "deleted": deleted,
        "fields": {} if deleted else forms.canonical(change.fields.model_dump(exclude_none=True)),
    }


def apply(
    connection: Connection,
    principal: Principal,
    changes: Sequence[dict[str, Any]],
    now: datetime,
    language: str,
    atomic: bool = False,
    origin: str = "sync",
) -> tuple[int, dict[str, Any]]:
    """Judge and store changes inside the caller's transaction; returns HTTP status and answer."""
    batch = Batch(connection, principal, now, origin, [(c["form"], c["recordId"]) for c in changes])
    rules = Rules(connection, principal.cluster)
    results = [_one(batch, rules, change, language) for change in changes]
    refused = [r for r in results if r["status"] >= 400]
    if refused and atomic:
        batch.forget()
        skipped = {"status": 424, "outcome": "skipped", "detail": body("whole-batch", 424, language)["detail"]}
        keep = ("recordId", "form")
        results = [r if r["status"] >= 400 else {k: r[k] for k in keep} | skipped for r in results]
    batch.store()
    answer = {"results": results, "cursor": batch.revision}
    statuses = {r["status"] for r in refused}
    if not refused:
        return 200, answer
    if atomic or (len(statuses) == 1 and len(refused) == len(results)):
        return refused[0]["status"], _as_problem(refused, results, language) | answer
    return 207, answer


def _as_problem(refused: list[dict[str, Any]], results: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """A batch of which nothing was stored is an error of its own; that of a single row speaks for itself."""
    first = refused[0]
    problem = body("some-refused", first["status"], language, refused=len(refused), all=len(results))
    if len(results) > 1:
        return problem
    kind = first["outcome"]
    own = {"type": f"urn:ors:{kind}", "title": kind.replace("-", " "), "detail": first["detail"]}
    return problem | own | {key: first[key] for key in ("current", "errors") if key in first}


class Rules:
    """What the cluster's state allows: closed periods, the catalogue."""

    def __init__(self, connection: Connection, cluster: str) -> None:
        closed = select(periods.c.month).where(periods.c.cluster == cluster, periods.c.state == "closed")
        self.closed = frozenset(connection.scalars(closed))
        plain = connection.scalar(select(clusters.c.settings).where(clusters.c.code == cluster))
        self.catalogue = frozenset(item["code"] for item in json.loads(plain or "{}").get("indicators", ()))


def period_of(form: str, fields: dict[str, Any]) -> str | None:
    """The reporting month a row belongs to; `None` for forms without periods."""
    value = fields.get(forms.PERIOD_FIELD.get(form, ""), "")
    return value[:7] or None


def _one(batch: Batch, rules: Rules, change: dict[str, Any], language: str) -> dict[str, Any]:
    form, record_id, fields = change["form"], change["recordId"], change["fields"]
    current = batch.current(form, record_id)
    asked = change["previousVersion"]
    base: dict[str, Any] = {"recordId": record_id, "form": form}

    def refuse(status: int, kind: str, outcome: str, **values: Any) -> dict[str, Any]:
        more = {key: values.pop(key) for key in ("errors", "current") if key in values}
        detail = body(kind, status, language, **values)["detail"]
        return base | {"status": status, "outcome": outcome, "detail": detail} | more

    if batch.redacted(form, record_id):
        return (
            base | {"status": 200, "outcome": "unchanged"} if change["deleted"] else refuse(409, "redacted", "redacted")
        )
    if current and current["origin"] != batch.origin:
        return refuse(409, "other-origin", "other-origin")
    text = forms.to_text(fields)
    same = current and (
        current["deleted"] if change["deleted"] else not current["deleted"] and current["fields"] == text
    )
    if same or (change["deleted"] and current is None):
        version = current["version"] if current else None
        return base | {"status": 200, "outcome": "unchanged", "version": version} | _approval(current)
    if asked is not None and asked != (current["version"] if current else 0):
        version = current["version"] if current else 0
        return refuse(409, "conflict", "conflict", version=version, asked=asked, current=_shown(current))
    if change["deleted"]:  # taking back is never delayed by a closed period
        stored = batch.delete(form, record_id)
        return base | {"status": 200, "outcome": "deleted", "version": stored["version"]}
    faults = list(_faults(form, fields, rules, language))
    if faults:
        return base | {"status": 422, "outcome": "invalid", "detail": faults[0]["detail"], "errors": faults}
    old = json.loads(current["fields"]) if current and not current["deleted"] else {}
    closed = {period_of(form, fields), period_of(form, old)} & rules.closed
    if closed:
        return refuse(409, "period-closed", "period-closed", month=min(closed)) | {"period": min(closed)}
    outcome = "updated" if current and not current["deleted"] else "created"
    stored = batch.put(form, record_id, fields, text)
    return base | {"status": 200, "outcome": outcome, "version": stored["version"]} | _approval(stored)


def _approval(row: dict[str, Any] | None) -> dict[str, Any]:
    return {"approval": row["approval"]} if row and row["approval"] else {}


def _shown(row: dict[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"version": row["version"], "deleted": row["deleted"], "fields": json.loads(row["fields"])}


def _faults(form: str, fields: dict[str, Any], rules: Rules, language: str) -> Iterable[dict[str, str]]:
    """Second line of defence: the sharing rules of the ETL should have left none of this."""
    for name, value in fields.items():
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and _PERSONAL.search(text) for text in texts):
            detail = body("personal-data", 422, language, field=name)["detail"]
            yield {"pointer": f"/fields/{name}", "error": "personal-data", "detail": detail}
    if form == "indicators" and rules.catalogue and fields["code"] not in rules.catalogue:
        detail = body("unknown-indicator", 422, language, code=fields["code"])["detail"]
        yield {"pointer": "/fields/code", "error": "unknown-indicator", "detail": detail}
