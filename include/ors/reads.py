"""The modern read API: the five forms with filters, paging, ETag and files."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from ors import forms, tables
from ors.auth import Principal, authorise
from ors.replies import errors, send
from ors.snapshot import Shown, Snapshot

router = APIRouter(prefix="/api/v1", tags=["read"])
Asker = Annotated[Principal, Depends(authorise)]
IfNoneMatch = Annotated[str | None, Header(max_length=2000)]
_FILE = {
    "text/csv": {"schema": {"type": "string"}},
    tables.MEDIA["xlsx"]: {"schema": {"type": "string", "format": "binary"}},
}


class Filters(BaseModel):
    """Filters of all forms. A filter that a form has no column for is an error, like an unknown one."""

    model_config = ConfigDict(extra="forbid")
    limit: Annotated[int, Field(ge=1, le=10_000)] = 1000
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    format: Annotated[Literal["json", "csv", "hxl", "xlsx"], Field(description="hxl: CSV with an HXL tag row")] = "json"
    record_id: forms.RecordId | None = None
    version: Annotated[
        Literal["visible", "latest"],
        Field(description="visible: as members see it; latest: as last submitted (not for members)"),
    ] = "visible"


# column → how a filter of that name compares
_COLUMNS = {
    "meetings": ("body", "body_level", "validation", "organisations"),
    "actions": ("status", "responsible", "admin1_pcode", "admin2_pcode", "agenda_item", "kind", "meeting_id"),
    "indicators": ("code", "organisation", "admin1_pcode", "admin2_pcode", "month", "cluster", "country"),
    "key_figures": ("unit", "said_by", "admin1_pcode", "admin2_pcode", "meeting_id"),
    "presence": ("organisation", "admin1_pcode", "admin2_pcode", "status", "cluster", "country"),
}
_DATES = {"meetings": "date", "actions": "meeting_date", "key_figures": "as_of", "presence": "reported"}


def _filters(form: str) -> type[Filters]:
    """The query model of one form."""
    kinds = {
        "month": forms.Month,
        "admin1_pcode": forms.Place,
        "admin2_pcode": forms.Place,
        "meeting_id": forms.RecordId,
    }
    listed: dict[str, Any] = {}
    for name in _COLUMNS[form]:
        column = next(field for field in forms.form(form).fields if field.name == name)
        coded = Literal[tuple(forms.labels(column.codes))] if column.codes else None
        listed[name] = ((coded or kinds.get(name, forms.Text)) | None, None)
    if form in _DATES:
        listed |= {"since": (forms.IsoDate | None, None), "until": (forms.IsoDate | None, None)}
    if form == "actions":
        listed["late"] = (bool | None, None)
    if form in forms.NEED_APPROVAL:
        listed["approval"] = (Literal["submitted", "approved", "rejected"] | None, None)
    return create_model(f"{form.title().replace('_', '')}Filters", __base__=Filters, **listed)


def _page_model(form: str) -> type[BaseModel]:
    base = forms.fields_model(form).model_fields
    shown: dict[str, Any] = {name: (info.annotation | None, None) for name, info in base.items() if name != "state"}
    shown |= {"record_id": (str, ...), "version": (int, ...), "updated_at": (str, ...), "origin": (str, ...)}
    if form in forms.NEED_APPROVAL:
        shown |= {"approval": (str | None, None), "provisional": (bool, ...), "waiting": (bool, ...)}
    title = "".join(part.title() for part in form.split("_"))
    row = create_model(f"{title}Row", **shown)
    return create_model(f"{title}Page", data=(list[row], ...), total=(int, ...), limit=(int, ...), offset=(int, ...))


def snapshot_of(request: Request, principal: Principal) -> Snapshot:
    """The cluster as it stood when the token was looked up, or newer."""
    found: Snapshot = request.app.state.snapshots.at(principal.cluster, principal.revision)
    return found


def etag(snapshot: Snapshot, *parts: Any) -> str:
    """A strong tag: the same cluster, revision and question give the same bytes."""
    text = repr((snapshot.cluster, snapshot.revision, parts)).encode()
    return f'"{hashlib.sha256(text).hexdigest()[:32]}"'


def not_modified(tag: str, asked: str | None) -> Response | None:
    """304 when the client already has it."""
    known = {part.strip().removeprefix("W/") for part in (asked or "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=_headers(tag))
    return None


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}


def select_rows(snapshot: Snapshot, form: str, asked: dict[str, Any], latest: bool = False) -> list[Shown]:
    """Rows of a form that match all filters; a list column matches when it holds the value."""
    since, until, record_id = asked.pop("since", None), asked.pop("until", None), asked.pop("record_id", None)
    approval, late = asked.pop("approval", None), asked.pop("late", None)
    rows = _latest(snapshot, form) if latest else snapshot.shown(form)
    if record_id is not None:
        rows = [row for row in rows if row.id == record_id]
    for name, wanted in asked.items():
        rows = [row for row in rows if _matches(row.fields.get(name), wanted)]
    if late is not None:
        rows = [row for row in rows if bool(row.fields.get("late")) is late]
    if approval is not None:
        rows = [row for row in rows if row.approval == approval]
    date = _DATES.get(form, "")
    if since:
        rows = [row for row in rows if row.fields.get(date, "") >= since]
    if until:
        rows = [row for row in rows if row.fields.get(date, "9") <= until]
    return rows


def _latest(snapshot: Snapshot, form: str) -> list[Shown]:
    return [
        Shown(r.id, r.fields, r.approval, r.version, r.updated, r.origin, provisional=r.approval == "submitted")
        for _, r in sorted(snapshot.rows[form].items())
    ]


def _matches(value: Any, wanted: Any) -> bool:
    return wanted in value if isinstance(value, list) else bool(value == wanted)


def _add(form: str) -> None:
    filters = _filters(form)
    page = _page_model(form)

    def read(
        request: Request,
        principal: Asker,
        asked: Any,
        if_none_match: IfNoneMatch = None,
    ) -> Any:
        return answer(request, principal, form, asked, if_none_match)

    read.__annotations__["asked"] = Annotated[filters, Query()]  # a local name, which the string above cannot say
    title = forms.form(form).en
    router.add_api_route(
        f"/{form}",
        read,
        methods=["GET"],
        name=f"read_{form}",
        summary=f"Rows of the form {title}",
        response_model=page,
        responses={200: {"content": _FILE, "headers": {"ETag": {"schema": {"type": "string"}, "required": True}}},
                   304: {"description": "Nothing changed since the ETag"}}
        | errors(400, 401, 403, 429),
    )  # fmt: skip


def answer(request: Request, principal: Principal, form: str, asked: Any, if_none_match: str | None) -> Response:
    """One page of rows as JSON, or all pages' worth of it as a file."""
    snapshot = snapshot_of(request, principal)
    latest = asked.version == "latest" and principal.role != "member"
    tag = etag(snapshot, form, latest, asked.model_dump())
    same = not_modified(tag, if_none_match)
    if same:
        return same
    kinds = ("limit", "offset", "format", "version")
    wanted = {k: v for k, v in asked.model_dump(exclude_none=True).items() if k not in kinds}
    rows = select_rows(snapshot, form, wanted, latest)
    window = rows[asked.offset : asked.offset + asked.limit]
    if asked.format == "json":
        data = [tables.record(form, row) for row in window]
        if form == "actions":
            data = [plain | {"events": row.fields.get("events")} for plain, row in zip(data, window, strict=True)]
        plain = {"data": data, "total": len(rows), "limit": asked.limit, "offset": asked.offset}
        return send(plain, headers=_headers(tag))
    suffix = "xlsx" if asked.format == "xlsx" else "csv"
    named = {"Content-Disposition": f'attachment; filename="{form}.{suffix}"'}
    content = tables.render(form, window, asked.format)
    return Response(content, headers=_headers(tag) | named, media_type=tables.MEDIA[asked.format])


for _form in forms.FORMS:
    _add(_form)
