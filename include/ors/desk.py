"""Login, logout and the lead's page: the forms that change something, each with the session's CSRF value."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from ors import codes, coordination, forms, imports, workflow
from ors.auth import COOKIE, SESSION_SECONDS, Principal, authorise, by_token
from ors.pages import Query, Words, answer_page, language_of, page, plain_page
from ors.problems import Problem, sentence
from ors.snapshot import Row, Snapshot

router = APIRouter(include_in_schema=False)
Asker = Annotated[Principal, Depends(authorise)]
Text = Annotated[str, Form(max_length=5000)]
_SHOWN = 200
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


@router.get("/login", dependencies=[Depends(authorise)])
def login_form(request: Request) -> Response:
    """Ask for a token."""
    return plain_page(request, "login.html", failed=False, target=_local(request.query_params.get("next", "/")))


@router.post("/login", dependencies=[Depends(authorise)])
def login(request: Request, token: Text = "", target: Text = "/") -> Response:
    """A token for a session cookie."""
    state = request.app.state
    principal = by_token(state.store, token.strip(), state.clock())
    if principal is None:
        state.limits.count_failure(request)
        return plain_page(request, "login.html", 401, failed=True, target=_local(target))
    answer = RedirectResponse(_local(target), 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(
        COOKIE,
        state.sessions.cookie(principal),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=secure,
    )
    return answer


def _local(target: str) -> str:
    """Only an address of this service: never another host after the login."""
    return target if re.fullmatch(r"/(?![/\\])[^\s\\]*", target) else "/"


@router.post("/logout")
def logout(request: Request, principal: Asker, csrf: Text = "") -> Response:
    """End the session in this browser."""
    _check(request, principal, csrf)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


def _check(request: Request, principal: Principal, csrf: str) -> None:
    # a Bearer header is never sent by a browser on its own, a cookie is
    if principal.by_cookie and not request.app.state.sessions.check(request.cookies.get(COOKIE, ""), csrf):
        raise Problem(403, "stale-form")


@router.get("/lead")
def lead(request: Request, principal: Asker) -> Response:
    """What waits for the lead: values to approve, periods to close."""
    return page(request, principal, "lead.html", build)


def build(snapshot: Snapshot, _words: Words, today: date, query: Query) -> dict[str, Any]:
    """The lead's page, of one form if asked."""
    form = query.get("form", "")
    waiting = waiting_rows(snapshot)
    counts = {name: sum(row.form == name for row in waiting) for name in sorted(forms.NEED_APPROVAL)}
    rows = [row for row in waiting if not form or row.form == form]
    done = {name: query[name] for name in ("approved", "rejected", "conflict") if query.get(name, "").isdigit()}
    return {
        "rows": rows[:_SHOWN],
        "total": len(rows),
        "counts": counts,
        "form": form,
        "silent": "silent" in query,
        "done": done,
        "form_title": lambda name, language: forms.form(name).title(language),
        "place_name": codes.place_name,
        "describe": describe,
        "months": [(m, snapshot.periods.get(m, "open")) for m in coordination.last_months(today, 12)[::-1]],
    }


def waiting_rows(snapshot: Snapshot) -> list[Row]:
    """Submitted rows, by form, month and place."""
    found = [
        row
        for form in sorted(forms.NEED_APPROVAL)
        for row in snapshot.rows[form].values()
        if row.approval == "submitted"
    ]
    return sorted(found, key=lambda r: (r.form, str(r.fields.get(forms.PERIOD_FIELD[r.form], "")), r.id))


def describe(row: Row, words: Words) -> tuple[str, str, str, str]:
    """What, where, when, how much: a row in four cells, with the approved value an update would replace."""
    fields, old = row.fields, row.approved or {}
    place = fields.get("admin2_pcode") or fields.get("admin1_pcode") or ""
    names = ", ".join(codes.place_name(p) for p in (place if isinstance(place, list) else [place]) if p)
    if row.form == "presence":
        return (
            f"{fields['organisation']} : {fields['activity']}",
            names,
            words.day(fields["reported"]),
            words.label("presence_status", fields["status"]),
        )
    value, unit = ("achieved", "unit") if row.form == "indicators" else ("value", "unit")
    now = f"{words.number(fields.get(value))} {fields.get(unit) or ''}".strip()
    if old.get(value) is not None:
        now = f"{words.number(old[value])} → {now}"
    if row.form == "indicators":
        return f"{fields['code']} {fields['name']}", names, words.month(fields["month"]), now
    return str(fields.get("said_by") or ""), names, words.day(fields["as_of"]), now


@router.post("/lead/decide")
def decide(
    request: Request,
    principal: Asker,
    decision: Text,
    csrf: Text = "",
    comment: Annotated[str, Form(max_length=1000)] = "",
    rows: Annotated[list[str] | None, Form(max_length=5000)] = None,
) -> Response:
    """Approve or reject the ticked rows. Each is named with the version that the page showed."""
    _check(request, principal, csrf)
    if decision not in ("approved", "rejected"):
        raise Problem(400, "stale-form")
    if decision == "rejected" and not comment.strip():
        return RedirectResponse("/lead?silent=1", 303)
    asked = []
    for name in rows or []:
        form, version, record_id = [*name.split("|", 2), "", ""][:3]
        if form not in forms.NEED_APPROVAL or not version.isdigit():
            raise Problem(400, "stale-form")
        asked.append(
            {
                "form": form,
                "recordId": record_id,
                "version": int(version),
                "decision": decision,
                "comment": comment.strip() or None,
            }
        )
    state = request.app.state
    with state.store.write() as connection:
        answer = workflow.decide(connection, principal, asked, state.clock(), "fr")
    outcomes = [result["outcome"] for result in answer["results"]]
    told = {name: outcomes.count(name) for name in ("approved", "rejected", "conflict") if name in outcomes}
    return RedirectResponse("/lead?" + "&".join(f"{k}={v}" for k, v in told.items()), 303)


@router.post("/lead/period")
def set_period(request: Request, principal: Asker, month: Text, state: Text, csrf: Text = "") -> Response:
    """Open or close a month."""
    _check(request, principal, csrf)
    if not _MONTH.fullmatch(month) or state not in ("open", "closed"):
        raise Problem(400, "stale-form")
    store = request.app.state.store
    with store.write() as connection:
        workflow.put_period(connection, principal, month, state, request.app.state.clock())
    return RedirectResponse(f"/lead#{quote(month)}", 303)


@router.post("/lead/import")
def import_workbook(
    request: Request, principal: Asker, file: UploadFile, csrf: Text = "", month: Text = ""
) -> Response:
    """A workbook that an organisation filled elsewhere: what was taken, and which lines were not."""
    _check(request, principal, csrf)
    if month and not _MONTH.fullmatch(month):
        raise Problem(400, "stale-form")
    try:
        found: dict[str, Any] = imports.take(request, principal, file.file.read(), month or None)
    except Problem as problem:
        found = {"refused": sentence(problem.kind, language_of(request, None), **problem.values)}
    return answer_page(request, principal, "imported.html", {"file": file.filename or "", "found": found})
