"""The sync's word at the end of each night, and what it gets back: digests that differ, the lead's decisions.

One request a night is all that a night without changes needs.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection, delete, insert, select, update

from ors import forms
from ors.auth import Principal, authorise
from ors.db import make_revision, stamp
from ors.models import clusters, nights, periods, rows
from ors.once import forget_old
from ors.problems import Problem
from ors.replies import errors, send
from ors.settings import ClusterSettings, merge
from ors.warm import warm_later

router = APIRouter(prefix="/api/v1", tags=["nights"])
Digest = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]


class CalendarEntry(BaseModel):
    """A training or other dated event: what and when, in which region; never where exactly."""

    model_config = ConfigDict(extra="forbid")
    id: forms.RecordId
    kind: Literal["training", "event"] = "event"
    title: Annotated[forms.Text, Field(min_length=1)]
    start: forms.IsoDate
    end: forms.IsoDate | None = None
    admin1_pcode: forms.Place | None = None


class NightBody(BaseModel):
    """What the night did. `digests` holds a digest a form over what the sync believes stands here."""

    model_config = ConfigDict(extra="forbid")
    night: forms.whole(0, 2**53)
    status: Literal["success", "failed"]
    cluster: Annotated[str, Field(max_length=64)] | None = None
    started: Annotated[str, StringConstraints(strict=True, max_length=40, pattern=r"^[0-9T:.+Z-]*$")] | None = None
    finished: Annotated[str, StringConstraints(strict=True, max_length=40, pattern=r"^[0-9T:.+Z-]*$")] | None = None
    message: Annotated[forms.Text, Field(description="In one sentence, what failed")] | None = None
    counts: Annotated[
        dict[str, Annotated[float, Field(strict=True)] | dict[str, Annotated[float, Field(strict=True)]]],
        Field(max_length=50),
    ] = {}
    digests: dict[Literal[forms.FORMS], Digest] = {}  # type: ignore[valid-type]
    calendar: Annotated[list[CalendarEntry], Field(max_length=500)] | None = None
    settings: ClusterSettings | None = None
    cursor: Annotated[forms.Version, Field(description="`cursor` of the last answer; 0 for all decisions")] = 0


class Decided(BaseModel):
    """What the lead decided since the cursor."""

    form: str
    recordId: str
    version: int
    approval: str
    comment: str | None = None


class NightAnswer(BaseModel):
    """`mismatch`: forms whose rows here are not what the sync believes; it pushes them in full next night."""

    night: int
    mismatch: list[str]
    decisions: list[Decided]
    closedPeriods: list[str]
    cursor: int
    maxChanges: int


class NightLine(BaseModel):
    night: int
    status: str
    at: str
    started: str | None = None
    finished: str | None = None
    message: str | None = None
    counts: dict[str, Any]


class NightList(BaseModel):
    data: list[NightLine]


@router.post("/nights", response_model=NightAnswer, responses=errors(400, 401, 403, 413, 422, 429))
def report_night(request: Request, night: NightBody, principal: Annotated[Principal, Depends(authorise)]) -> Any:
    """Report one night, failed ones too. Sending the same night again replaces what was said of it."""
    if night.cluster is not None and night.cluster != principal.cluster:
        raise Problem(403, "wrong-cluster", cluster=principal.cluster, asked=night.cluster)
    state = request.app.state
    now = state.clock()
    with state.store.write() as connection:
        revision = make_revision(connection, principal.cluster)
        _keep(connection, principal.cluster, night, stamp(now))
        forget_old(connection, principal.cluster, now)
        here = digests(connection, principal.cluster)
        answer = {
            "night": night.night,
            "mismatch": sorted(form for form, said in night.digests.items() if here[form] != said),
            "decisions": _decisions(connection, principal.cluster, night.cursor),
            "closedPeriods": _closed(connection, principal.cluster),
            "cursor": revision,
            "maxChanges": state.limits.changes,
        }
    warm_later(request.app, [principal.cluster])
    return send(answer)


def _keep(connection: Connection, cluster: str, night: NightBody, at: str) -> None:
    plain = night.model_dump(exclude={"settings", "night", "status", "cluster", "cursor"}, exclude_none=True)
    mine = (nights.c.cluster == cluster) & (nights.c.night == night.night)
    connection.execute(delete(nights).where(mine))
    line = {"cluster": cluster, "night": night.night, "status": night.status, "at": at}
    connection.execute(insert(nights).values(line | {"body": json.dumps(plain, ensure_ascii=False)}))
    if night.settings is not None:
        stored = connection.execute(select(clusters.c.settings).where(clusters.c.code == cluster)).scalar_one()
        # the sync may describe its cluster; whether anything is public, only the administrator says
        told = night.settings.model_dump(exclude_none=True, exclude={"aggregates_public"})
        merged = json.dumps(merge(json.loads(stored), told), ensure_ascii=False)
        connection.execute(update(clusters).where(clusters.c.code == cluster).values(settings=merged))


def digests(connection: Connection, cluster: str) -> dict[str, str]:
    """A digest a form over the rows that came from the sync."""
    alive = (rows.c.cluster == cluster) & rows.c.deleted.is_(False) & (rows.c.origin == "sync")
    found: dict[str, list[str]] = {form: [] for form in forms.FORMS}
    for form, digest in connection.execute(select(rows.c.form, rows.c.digest).where(alive)):
        found[form].append(digest)
    return {form: forms.register_digest(listed) for form, listed in found.items()}


def _decisions(connection: Connection, cluster: str, cursor: int) -> list[dict[str, Any]]:
    wanted = (rows.c.cluster == cluster) & (rows.c.decided > cursor) & rows.c.deleted.is_(False)
    columns = (rows.c.form, rows.c.record_id.label("recordId"), rows.c.version, rows.c.approval, rows.c.comment)
    decided = wanted & rows.c.approval.in_(("approved", "rejected")) & (rows.c.origin == "sync")
    return [dict(line) for line in connection.execute(select(*columns).where(decided)).mappings()]


def _closed(connection: Connection, cluster: str) -> list[str]:
    query = select(periods.c.month).where(periods.c.cluster == cluster, periods.c.state == "closed")
    return sorted(connection.scalars(query))


@router.get("/nights", response_model=NightList, responses=errors(400, 401, 403, 429))
def list_nights(
    request: Request,
    principal: Annotated[Principal, Depends(authorise)],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Any:
    """The last nights, newest first."""
    with request.app.state.store.read() as connection:
        return send({"data": last_nights(connection, principal.cluster, limit)})


def last_nights(connection: Connection, cluster: str, limit: int) -> list[dict[str, Any]]:
    """What the sync said of its last nights."""
    query = select(nights).where(nights.c.cluster == cluster).order_by(nights.c.night.desc()).limit(limit)
    found = []
    for line in connection.execute(query).mappings():
        told = json.loads(line["body"])
        keep = {key: told.get(key) for key in ("started", "finished", "message")}
        found.append(
            {"night": line["night"], "status": line["status"], "at": line["at"]}
            | keep
            | {"counts": told.get("counts", {})}
        )
    return found
