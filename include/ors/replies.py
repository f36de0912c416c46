"""Answers of the API: the error responses that every route declares, and one way to send JSON."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Response

from ors.problems import MEDIA, ProblemBody

_MEANING = {
    400: "A parameter is wrong",
    401: "No valid token",
    403: "The token's role or cluster may not do this",
    404: "There is no such thing",
    409: "The database is in another state",
    413: "The body is too large",
    422: "The body is wrong",
    424: "Refused with the rest of its batch",
    429: "Too many requests; see Retry-After",
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for these statuses, as problem objects."""
    schema = {"$ref": "#/components/schemas/ProblemBody"}
    found: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        found[status] = {"description": _MEANING[status], "content": {MEDIA: {"schema": schema}}}
        if status == 429:
            found[status]["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
    return found


def problem_schema() -> dict[str, Any]:
    """The schema that `errors` points at."""
    return ProblemBody.model_json_schema()


def send(plain: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON without another pass through the response model; problem+json for errors."""
    media = "application/json" if status < 400 else MEDIA
    return Response(json.dumps(plain, ensure_ascii=False), status, headers, media)
