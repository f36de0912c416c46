"""Reports that organisations made elsewhere: the ORS bulk template and a 5W workbook.

Both count as reported, and their rows wait for the lead like any others. Rows of an import have their own origin:
the sync neither sees nor changes them. A place below admin2, a person or a contact column is not read.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, File, Query, Request, UploadFile
from pydantic import BaseModel
from sqlalchemy import Connection, delete, insert, select

from ors import forms
from ors.auth import Principal, authorise
from ors.db import make_revision, stamp
from ors.models import reported
from ors.pages import today_of
from ors.problems import Problem, language_of
from ors.replies import errors, send
from ors.reporting import previous_month
from ors.sheets_in import Line, Unreadable, bulk_rows, five_w_rows, kind_of, read_table
from ors.write import apply

router = APIRouter(prefix="/api/v1", tags=["imports"])


class SkippedLine(BaseModel):
    """A line that was not taken: its row in the sheet, and why."""

    row: int
    reason: str


class ImportAnswer(BaseModel):
    kind: Literal["ors", "5w"]
    created: int
    updated: int
    unchanged: int
    organisations: list[str]
    months: list[str]
    skipped: list[SkippedLine]


async def one_file(request: Request) -> None:
    """A second file or another part would be dropped in silence: refuse it."""
    if [name for name, _ in (await request.form()).multi_items()] not in (["file"], []):
        raise Problem(422, "one-file")


@router.post(
    "/imports",
    dependencies=[Depends(one_file)],
    response_model=ImportAnswer,
    responses=errors(400, 401, 403, 409, 413, 422, 429),
)
def import_workbook(
    request: Request,
    principal: Annotated[Principal, Depends(authorise)],
    file: Annotated[UploadFile, File(description="XLSX or CSV: ORS bulk template or 5W workbook")],
    month: Annotated[
        forms.Month | None, Query(description="The month that a 5W reports on; left out: the one before this")
    ] = None,
) -> Any:
    """Take a workbook in. Sending it again changes nothing; lines that cannot be taken are listed with the reason.

    The bulk template names its months itself. 409 for a file that is neither of the two templates.
    """
    return send(take(request, principal, file.file.read(), month))


def take(request: Request, principal: Principal, data: bytes, month: str | None) -> dict[str, Any]:
    """A workbook's rows into the database; raises `Problem` 409 for a file that is none of the templates."""
    state = request.app.state
    now: datetime = state.clock()
    try:
        table = read_table(data)
    except Unreadable as error:
        # not 422: that a file is no known workbook cannot be said in the schema, which calls any file valid
        raise Problem(409, "import-unreadable", reason=str(error)) from None
    kind = kind_of(table)
    snapshot = state.snapshots.at(principal.cluster, principal.revision)
    month = month or previous_month(today_of(request, snapshot))
    found = bulk_rows(table, snapshot.settings) if kind == "ors" else five_w_rows(table, snapshot.settings, month)
    with state.store.write() as connection:
        return _take(connection, principal, kind, found, now, language_of(request))


def _take(
    connection: Connection, principal: Principal, kind: str, lines: list[Line], now: datetime, language: str
) -> dict[str, Any]:
    good = [line for line in lines if line.fields]
    skipped = [{"row": line.row, "reason": line.reason} for line in lines if not line.fields]
    changes = [_change(principal.cluster, line) for line in good]
    unique = {change["recordId"]: change for change in changes}
    outcomes: list[str] = []
    if unique:
        _, answer = apply(connection, principal, list(unique.values()), now, language, origin="import")
        rows = {change["recordId"]: line.row for change, line in zip(changes, good, strict=True)}
        for result in answer["results"]:
            outcomes.append(result["outcome"])
            if result["status"] >= 400:
                skipped.append({"row": rows[result["recordId"]], "reason": result["detail"]})
    months = {(line.organisation, line.month) for line in good}
    _count_as_reported(connection, principal.cluster, kind, months, now)
    return {
        "kind": kind,
        "created": outcomes.count("created"),
        "updated": outcomes.count("updated"),
        "unchanged": outcomes.count("unchanged"),
        "organisations": sorted({organisation for organisation, _ in months}),
        "months": sorted({month for _, month in months}),
        "skipped": sorted(skipped, key=lambda item: item["row"]),
    }


def _change(cluster: str, line: Line) -> dict[str, Any]:
    """An id from what the line is about, so that importing it twice finds the same row."""
    digest = hashlib.sha256("\n".join((cluster, *line.key)).encode()).hexdigest()[:24]
    fields = forms.canonical(line.fields)
    return {"recordId": f"imp-{digest}", "form": line.form, "previousVersion": None, "deleted": False, "fields": fields}


def _count_as_reported(
    connection: Connection, cluster: str, kind: str, months: set[tuple[str, str]], now: datetime
) -> None:
    known = set(
        connection.execute(
            select(reported.c.organisation, reported.c.month).where(
                reported.c.cluster == cluster, reported.c.source == kind
            )
        )
        .tuples()
        .all()
    )
    if not months - known:
        return
    make_revision(connection, cluster)
    for organisation, month in sorted(months - known):
        mine = (reported.c.cluster == cluster) & (reported.c.organisation == organisation)
        connection.execute(delete(reported).where(mine, reported.c.month == month))
        line = {"cluster": cluster, "organisation": organisation, "month": month, "source": kind, "at": stamp(now)}
        connection.execute(insert(reported).values(line))
