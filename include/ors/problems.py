"""Errors as people and clients read them: problem+json (RFC 9457), in the language that the client asks for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.routing import Match

MEDIA = "application/problem+json"


class ProblemBody(BaseModel):
    """RFC 9457."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str


class Problem(Exception):
    """An answer that is an error; `kind` is a key of problems.yaml, `values` fill its sentence."""

    def __init__(
        self, status: int, kind: str, *, headers: dict[str, str] | None = None, more: Any = None, **values: Any
    ) -> None:
        super().__init__(kind)
        self.status, self.kind, self.headers, self.values = status, kind, headers or {}, values
        self.more: dict[str, Any] = more or {}


@cache
def _table() -> dict[str, dict[str, str]]:
    plain: dict[str, dict[str, str]] = yaml.safe_load(
        Path(__file__).with_name("problems.yaml").read_text(encoding="utf-8")
    )
    return plain


def sentence(kind: str, language: str, **values: Any) -> str:
    """What happened and what to do next."""
    return _table()[kind][language].format(**values)


def language_of(request: Request) -> str:
    """French unless the client prefers English."""
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "fr"


def body(kind: str, status: int, language: str, more: dict[str, Any] | None = None, **values: Any) -> dict[str, Any]:
    """The members of a problem object."""
    title = kind.replace("-", " ")
    detail = sentence(kind, language, **values)
    return {"type": f"urn:ors:{kind}", "title": title, "status": status, "detail": detail} | (more or {})


def answer(problem: Problem, language: str) -> JSONResponse:
    plain = body(problem.kind, problem.status, language, problem.more, **problem.values)
    return JSONResponse(plain, problem.status, problem.headers, MEDIA)


def pointer(location: tuple[Any, ...]) -> str:
    """A JSON pointer to the value in question; the models' own labels are left out."""
    parts = list(location[1:]) if location and location[0] in ("body", "query", "path", "header") else list(location)
    if len(parts) > 2 and parts[0] == "changes":
        parts = parts[:2] + parts[3:]  # the label of the form in the union
    return "/" + "/".join(str(part) for part in parts)


def _methods(request: Request) -> set[str]:
    """Methods of all routes at this address; the framework's own answer knows only the first of them."""
    found: set[str] = set()
    for route in request.app.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= getattr(route, "methods", None) or set()
    return found


def install(app: FastAPI) -> None:
    """Make every error of the app a problem object."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> JSONResponse:
        return answer(error, language_of(request))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # the values themselves are not echoed: they may be the very thing that must not be stored
        errors = [{"pointer": pointer(e["loc"]), "error": e["type"], "detail": e["msg"]} for e in error.errors()]
        in_body = any(e["loc"] and e["loc"][0] == "body" for e in error.errors())
        status, kind = (422, "invalid-body") if in_body else (400, "invalid-parameter")
        more = {"errors": errors[:1000]}
        first = f"{errors[0]['pointer']}: {errors[0]['detail']}"
        return answer(Problem(status, kind, more=more, first=first), language_of(request))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        kind = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "refused")
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(sorted(_methods(request)))
        return answer(Problem(error.status_code, kind, headers=headers), language_of(request))

    @app.exception_handler(Exception)
    async def _broken(request: Request, _error: Exception) -> JSONResponse:
        return answer(Problem(500, "internal"), language_of(request))
