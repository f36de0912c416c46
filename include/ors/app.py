"""The application: routes, middleware, state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from sqlalchemy import text

from ors import admin, auth, dashboard, derived, desk, feeds, imports, nights, problems, reads, workflow, write
from ors.access import ACCESS
from ors.db import Store
from ors.limits import Guard, Limits
from ors.replies import problem_schema, send
from ors.snapshot import Snapshots

ROUTERS = (write, nights, reads, derived, workflow, imports, admin, feeds, desk, dashboard)


class Healthy(BaseModel):
    """The service runs and reaches its database."""

    status: str


def create_app(url: str, *, clock: Callable[[], datetime] | None = None, limits: Limits | None = None) -> FastAPI:
    """The service on one database, whose schema it brings up to date."""
    store = Store(url)
    store.upgrade()
    app = FastAPI(
        title="Suivi ORS",
        version="1",
        description="Reporting service of a humanitarian cluster: submitted by a sync, approved by a lead.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.store = store
    app.state.clock = clock or (lambda: datetime.now(UTC))
    app.state.limits = limits or Limits()
    app.state.sessions = auth.Sessions(store)
    app.state.snapshots = Snapshots(store)
    app.add_middleware(Guard, limits=app.state.limits)
    problems.install(app)
    app.exception_handler(auth.LoginNeeded)(_to_login)
    for module in ROUTERS:
        app.include_router(module.router)
    _add_own_routes(app)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    _check_access(app)
    return app


async def _to_login(request: Request, _error: Exception) -> Response:
    target = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"/login?next={target}", 303)


def _add_own_routes(app: FastAPI) -> None:
    @app.get("/healthz", response_model=Healthy, responses={503: {"description": "No database"}}, tags=["service"])
    def healthz() -> Any:
        """For probes: open to anybody, says nothing of any cluster."""
        try:
            with app.state.store.read() as connection:
                connection.execute(text("SELECT 1"))
        except Exception:
            return send({"status": "no database"}, 503)
        return send({"status": "ok"})

    @app.get("/openapi.json", include_in_schema=False, dependencies=[Depends(auth.authorise)])
    def openapi() -> Any:
        return send(app.openapi())


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schema["components"]["schemas"]["ProblemBody"] = problem_schema()
        for name, part in schema["components"]["schemas"].items():
            if name.startswith("Body_"):  # the framework's models of forms
                part["additionalProperties"] = False
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                _tidy(operation, ACCESS.get(f"{method.upper()} {path}"))
        app.openapi_schema = schema
    return app.openapi_schema


def _tidy(operation: dict[str, Any], allowed: frozenset[str] | None) -> None:
    """FastAPI's own 422 is not what we send; roles are said in words."""
    body = operation["responses"].get("422", {}).get("content", {})
    if "application/json" in body:
        del body["application/json"]
        if not body:
            del operation["responses"]["422"]
    if allowed is not None:
        operation["description"] = f"{operation.get('description', '')}\n\nRoles: {', '.join(sorted(allowed))}."


def _check_access(app: FastAPI) -> None:
    """A route that the table does not know must not exist."""
    for route in app.routes:
        for method in getattr(route, "methods", None) or ():
            if method != "HEAD" and f"{method} {route.path}" not in ACCESS:  # type: ignore[attr-defined]
                raise RuntimeError(f"{method} {route.path} is not in ors.access.ACCESS")  # type: ignore[attr-defined]
