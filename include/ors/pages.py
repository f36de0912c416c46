"""How a page is made: language, freshness, template; kept with the snapshot it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import yaml
from babel.dates import format_date, format_datetime
from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader

from ors import charts, forms
from ors.auth import COOKIE, Principal
from ors.reads import snapshot_of
from ors.snapshot import Snapshot

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "ors_language"
_CSRF_SLOT = "csrf-value-of-this-session"
_NIGHT_HOURS = 26
_OTHER = {"fr": "en", "en": "fr"}


@cache
def texts() -> dict[str, dict[str, str]]:
    """Every word of the pages, in French and English."""
    plain: dict[str, dict[str, str]] = yaml.safe_load((HERE / "texts.yaml").read_text(encoding="utf-8"))
    return plain


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["style"] = hashlib.sha256((HERE / "static" / "ors.css").read_bytes()).hexdigest()[:8]
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """Texts and formats of one language, as templates use them."""

    language: str

    def __call__(self, key: str, **values: Any) -> str:
        return texts()[key][self.language].format(**values)

    def count(self, key: str, n: float, **values: Any) -> str:
        """A sentence about a number of things; `KEY_one` is its singular (French: below two)."""
        single = abs(n) < 2 if self.language == "fr" else n == 1
        return self(f"{key}_one" if single else key, n=self.number(n), **values)

    def label(self, codes: str, code: str | None) -> str:
        """The word for a code of registers.yaml."""
        if code is None:
            return ""
        return forms.labels(codes).get(code, {}).get(self.language, code)

    def day(self, value: date | str | None) -> str:
        """8 avril 2026."""
        if not value:
            return ""
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return format_date(day, "d MMMM y", locale=self.language)

    def month(self, value: str, form: str = "MMMM y") -> str:
        """avril 2026, from 2026-04."""
        return format_date(date.fromisoformat(f"{value}-01"), form, locale=self.language)

    def moment(self, value: datetime) -> str:
        """8 avril 2026, 03:00."""
        return f"{self.day(value.date())}, {format_datetime(value, 'HH:mm', locale=self.language)}"

    def number(self, value: float | None) -> str:
        return charts.number(value, self.language)

    def percent(self, share: float | None) -> str:
        """0.42 → 42 %."""
        if share is None:
            return "–"
        return f"{share * 100:.0f}\u00a0%" if self.language == "fr" else f"{share * 100:.0f}%"


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the last night reported, and whether it is late or failed."""

    state: str  # fresh | late | failed | none
    night: int | None
    at: datetime | None
    message: str


def freshness(snapshot: Snapshot, now: datetime) -> Freshness:
    """What the banner says. Late: no night for longer than `night_hours` of the settings (26)."""
    if not snapshot.nights:
        return Freshness("none", None, None, "")
    last = snapshot.nights[0]
    at = datetime.fromisoformat(last.at)
    hours = snapshot.settings.get("night_hours", _NIGHT_HOURS)
    state = "late" if now - at > timedelta(hours=hours) else "failed" if last.status == "failed" else "fresh"
    return Freshness(state, last.night, at.astimezone(zone(snapshot)), last.body.get("message", ""))


def zone(snapshot: Snapshot) -> ZoneInfo:
    """The cluster's time zone."""
    try:
        return ZoneInfo(snapshot.settings.get("timezone") or "UTC")
    except (KeyError, ValueError):
        return ZoneInfo("UTC")


def today_of(request: Request, snapshot: Snapshot) -> date:
    """The day it is where the cluster is."""
    now: datetime = request.app.state.clock()
    return now.astimezone(zone(snapshot)).date()


def language_of(request: Request, snapshot: Snapshot | None) -> str:
    """Asked for in the address, else chosen before, else the cluster's, else the browser's."""
    for wanted in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wanted in ("fr", "en"):
            return wanted
    if snapshot is not None:
        return snapshot.language
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "fr"


Query = Mapping[str, str]
Build = Callable[[Snapshot, Words, date, Query], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class View:
    """All that the HTML of a page depends on, beside its snapshot; `leads`: the lead's page is in the menu."""

    path: str
    query: tuple[tuple[str, str], ...]
    language: str
    leads: bool
    today: date
    fresh: Freshness


def page(request: Request, principal: Principal, template: str, build: Build) -> Response:
    """A page of the dashboard, or 304 when the browser has it.

    The HTML is made once for a snapshot and view; only the form value of the session differs.
    """
    snapshot = snapshot_of(request, principal)
    now: datetime = request.app.state.clock()
    query = tuple(sorted((k, v) for k, v in request.query_params.items() if k != "lang"))
    today, language, leads = today_of(request, snapshot), language_of(request, snapshot), principal.role == "lead"
    view = View(request.url.path, query, language, leads, today, freshness(snapshot, now))
    session = request.cookies.get(COOKIE, "") if principal.by_cookie else ""
    tag = hashlib.sha256(repr((snapshot.cluster, snapshot.revision, view, session)).encode()).hexdigest()[:32]
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
    if f'"{tag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    html = html_of(snapshot, view, template, build)
    csrf = request.app.state.sessions.csrf(session) if session else ""
    answer = HTMLResponse(html.replace(_CSRF_SLOT, csrf), headers=headers)
    if request.query_params.get("lang") in ("fr", "en"):
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 86400, samesite="lax", httponly=True)
    return answer


def html_of(snapshot: Snapshot, view: View, template: str, build: Build) -> str:
    """The page as text, kept with the snapshot; the session's form value is still a slot."""

    def make() -> str:
        words, query = Words(view.language), dict(view.query)
        return _render(snapshot, view, template, build(snapshot, words, view.today, query))

    return snapshot.derive(("page", template, view), make)


def answer_page(request: Request, principal: Principal, template: str, values: dict[str, Any]) -> Response:
    """The answer to a form: made for this once, kept nowhere."""
    snapshot = request.app.state.snapshots.known(principal.cluster)
    now: datetime = request.app.state.clock()
    language, leads = language_of(request, snapshot), principal.role == "lead"
    view = View("/lead", (), language, leads, today_of(request, snapshot), freshness(snapshot, now))
    csrf = request.app.state.sessions.csrf(request.cookies.get(COOKIE, ""))
    html = _render(snapshot, view, template, values).replace(_CSRF_SLOT, csrf)
    return HTMLResponse(html, headers={"Cache-Control": "no-store"})


def _render(snapshot: Snapshot, view: View, template: str, values: dict[str, Any]) -> str:
    shared = {
        "t": Words(view.language),
        "leads": view.leads,
        "fresh": view.fresh,
        "today": view.today,
        "path": view.path,
        "other": f"{view.path}?{urlencode(dict(view.query) | {'lang': _OTHER[view.language]})}",
        "csrf": _CSRF_SLOT,
        "cluster": snapshot.settings.get("name", {}).get(view.language) or snapshot.cluster,
    }
    return _environment().get_template(template).render(shared | values)


def plain_page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page that belongs to no cluster: the login."""
    language = language_of(request, None)
    query = dict(request.query_params) | {"lang": _OTHER[language]}
    shared = {"t": Words(language), "other": f"{request.url.path}?{urlencode(query)}"}
    html = _environment().get_template(template).render(shared | values)
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})
