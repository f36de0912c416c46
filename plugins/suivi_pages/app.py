"""The pages themselves: server-rendered, a few forms, nothing loaded from elsewhere. Every route asks who it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from airflow.api_fastapi.core_api.security import GetUserDep, get_user
from fastapi import Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates

from suivi.errors import SuiviError
from suivi.issues import advice, place, sentence
from suivi.models import Decision, issue_from_json
from suivi.redaction import out_of_reach
from suivi.schema import label
from suivi.store import Store
from suivi_pages import data, text
from suivi_pages.access import Decider, Reader, may_decide, may_read
from suivi_pages.words import language, words

PREFIX = "/suivi"
HERE = Path(__file__).parent

app = FastAPI(title="Suivi", docs_url=None, redoc_url=None, openapi_url=None)
_templates = Jinja2Templates(directory=HERE / "templates")
_templates.env.filters["place"] = place
_templates.env.filters["status"] = lambda code, language: label("status", code, language)


def _page(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    spoken = language(request)
    page = {"w": words(spoken), "lang": spoken, "prefix": PREFIX, **values}
    answer = _templates.TemplateResponse(request, name, page, status_code=status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'self'; style-src 'self' 'unsafe-inline'"
    return answer


def _pages(page: int, total: int) -> dict[str, int]:
    """What pages.html needs to lead on and back."""
    return {"page": max(page, 0), "size": data.PAGE, "total": total}


@app.exception_handler(SuiviError)
def _unusable(request: Request, error: SuiviError) -> HTMLResponse:
    return _page(request, "message.html", status=503, message=str(error))


@app.get("/style.css", dependencies=[Depends(get_user)])
def style() -> Response:
    return FileResponse(HERE / "templates" / "style.css", media_type="text/css")


@app.get("/")
def home(request: Request, user: GetUserDep) -> Response:
    """Clusters with their last nights."""
    found = []
    for code, cluster, wrong in data.known_clusters():
        if may_read(user, code):
            night = next(iter(data.recent(code, 1)), None)
            found.append({"code": code, "cluster": cluster, "wrong": wrong, "night": night})
    return _page(request, "home.html", clusters=found)


@app.get("/clusters/{cluster}")
def cluster_page(request: Request, cluster: Reader, q: str = "", page: int = 0) -> Response:
    """Nights, and the documents page by page."""
    lines, total = data.documents(cluster, q.strip()[:100], max(page, 0))
    return _page(
        request,
        "cluster.html",
        cluster=cluster,
        nights=data.recent(cluster, 8),
        lines=lines,
        **_pages(page, total),
        q=q,
        waiting=sum(entry["decision"] is None for entry in data.queue(cluster)[1]),
        issues=data.issues(cluster),
    )


@app.get("/dags/{dag_id}")
def dag_tab(request: Request, dag_id: str, user: GetUserDep) -> Response:
    """The tab on a cluster's DAG."""
    cluster = dag_id.removeprefix("minutes__")
    if cluster == dag_id:
        return _page(request, "message.html", message=words(language(request))["no_night"])
    if not may_read(user, cluster):
        raise HTTPException(403)
    return RedirectResponse(f"{PREFIX}/clusters/{cluster}", 303)


@app.get("/dags/{dag_id}/runs/{run_id:path}")
def run_tab(request: Request, dag_id: str, run_id: str, user: GetUserDep) -> Response:
    """The tab on a run: what this night did, step by step."""
    cluster = dag_id.removeprefix("minutes__")
    if not may_read(user, cluster):
        raise HTTPException(403)
    night = data.night_of_run(cluster, run_id)
    if night is None:
        return _page(request, "message.html", message=words(language(request))["no_run"])
    return _page(request, "night.html", cluster=cluster, night=night, steps=data.steps(night))


@app.get("/clusters/{cluster}/documents/{document_id:path}")
def document_page(request: Request, cluster: Reader, user: GetUserDep, document_id: str) -> Response:
    """One document: what was understood, each value's quote marked in the source text."""
    found = data.document(cluster, document_id)
    if found is None:
        raise HTTPException(404)
    file, kept, minutes = found
    source = "" if kept.purged else text.source_text(Store(data.settings().store), kept.store_key, kept.name)
    marks = text.anchors(minutes) if minutes else {}
    spoken = language(request)
    issues = [
        {"text": sentence(issue, spoken, file.name), "advice": advice(issue, spoken)}
        for issue in (minutes.issues if minutes else ())
    ]
    return _page(
        request,
        "document.html",
        cluster=cluster,
        file=file,
        kept=kept,
        minutes=minutes,
        may_decide=may_decide(user, cluster),
        pieces=text.pieces(source, text.placed(source, marks)) if source else [],
        issues=issues,
    )


@app.get("/clusters/{cluster}/held")
def held_page(
    request: Request, cluster: Reader, user: GetUserDep, kept: bool = False, q: str = "", page: int = 0
) -> Response:
    """The held queue, page by page: the same as the sheet's *À vérifier*. What is undecided comes first."""
    night, entries = data.queue(cluster)
    found = [entry for entry in entries if q.casefold() in f"{entry['about']} {entry['source']}".casefold()]
    found.sort(key=lambda entry: entry["decision"] is not None)
    start = max(page, 0) * data.PAGE
    return _page(
        request,
        "held.html",
        cluster=cluster,
        night=night,
        entries=found[start : start + data.PAGE],
        may_decide=may_decide(user, cluster),
        kept=kept,
        q=q,
        **_pages(page, len(found)),
    )


@app.post("/clusters/{cluster}/held")
def decide(
    request: Request,
    cluster: Decider,
    held_id: Annotated[str, Form(max_length=500)],
    choice: Annotated[str, Form(pattern="^(accept|reject|correct|merge)$")],
    correction: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Keep one decision."""
    night, entries = data.queue(cluster)
    if night is None or held_id not in {entry["held_id"] for entry in entries}:
        raise HTTPException(404)
    fields = _fields(choice, correction)
    if choice in ("correct", "merge") and not fields:
        raise HTTPException(422, words(language(request))["correction"])
    zone = next((c.timezone for code, c, _ in data.known_clusters() if code == cluster and c), "UTC")
    today = datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
    data.decide(cluster, Decision(held_id, choice, night.number, today, fields, "page"))  # type: ignore[arg-type]
    return RedirectResponse(f"{PREFIX}/clusters/{cluster}/held?kept=1&lang={language(request)}", 303)


def _fields(choice: str, correction: str) -> dict[str, str]:
    """ "column = value ; column = value", or the number or id to merge into."""
    if choice == "merge":
        return {"into": correction.strip()} if correction.strip() else {}
    pairs = (piece.partition("=") for piece in correction.split(";"))
    return {name.strip(): value.strip() for name, sign, value in pairs if choice == "correct" and sign and name.strip()}


@app.get("/clusters/{cluster}/redact")
def redact_page(request: Request, cluster: Reader, user: GetUserDep, what: str = "", run: str = "") -> Response:
    """What taking back does and does not reach, a form for those who may, and what was taken back so far."""
    return _redact_page(request, cluster, may_decide(user, cluster), what[:200], run=run[:250])


def _redact_page(request: Request, cluster: str, allowed: bool, what: str, status: int = 200, **more: str) -> Response:
    return _page(
        request,
        "redact.html",
        status=status,
        cluster=cluster,
        may_decide=allowed,
        what=what,
        file=data.names(cluster, {what}).get(what, ""),
        beyond=out_of_reach(language(request)),
        redactions=data.redactions(cluster),
        **more,
    )


@app.post("/clusters/{cluster}/redact")
def redact(
    request: Request,
    cluster: Decider,
    user: GetUserDep,
    what: Annotated[str, Form(min_length=8, max_length=200)],
    sure: Annotated[str, Form(max_length=40)] = "",
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Start the DAG `redact`, which does what `suivi redact` does, with Airflow's own connections."""
    if sure.strip().upper() not in ("RETIRER", "REDACT"):
        unsure = words(language(request))["redact_unsure"]
        return _redact_page(request, cluster, True, what, status=422, message=unsure)
    run = data.start_redaction(cluster, what.strip(), reason, user.get_name())
    if run is None:
        return _redact_page(request, cluster, True, what, status=409, message=words(language(request))["redact_off"])
    query = urlencode({"run": run, "lang": language(request)})
    return RedirectResponse(f"{PREFIX}/clusters/{cluster}/redact?{query}", 303)


@app.get("/clusters/{cluster}/issues")
def issues_page(request: Request, cluster: Reader, page: int = 0) -> Response:
    """What was not understood or wrong in the last night, with advice, page by page."""
    spoken = language(request)
    rows = []
    plain, total = data.issue_rows(cluster, max(page, 0))
    issues = [issue_from_json(one) for one in plain]
    names = data.names(cluster, {issue.document or "" for issue in issues})
    for issue in issues:
        text = sentence(issue, spoken, names.get(issue.document or "", ""))
        rows.append({"type": issue.type, "text": text, "advice": advice(issue, spoken)})
    return _page(request, "issues.html", cluster=cluster, rows=rows, q="", **_pages(page, total))


@app.get("/clusters/{cluster}/data-docs/{path:path}")
def data_docs(cluster: Reader, path: str = "index.html") -> Response:
    """The Data Docs of the last night, for readers of the cluster only."""
    root = (data.settings().var / "data_docs" / cluster).resolve()
    found = (root / (path or "index.html")).resolve()
    if not found.is_relative_to(root) or not found.is_file():
        raise HTTPException(404)
    return FileResponse(found)
