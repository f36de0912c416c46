"""The feeds of the original ORS, field for field, so that its clients read this service unchanged.

Kept habits: XML by default (a .NET DataSet: root and row names below), `format=json` a bare array with dates as
``/Date(ms)/``, French unless `lng` says otherwise, no paging, a filter that is no number silently ignored. Personal
columns stay empty. Added: `format=csv`, a token. Names of fields: MIT, luiscape/hdxscraper-ors, config/dev.json.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any
from xml.sax.saxutils import escape

from fastapi import APIRouter, Depends, Request, Response

from ors.auth import Principal, authorise
from ors.feed_rows import FEEDS, Feed, Filters
from ors.problems import Problem
from ors.reads import etag, not_modified, snapshot_of
from ors.snapshot import Snapshot

router = APIRouter(include_in_schema=False)
Asker = Annotated[Principal, Depends(authorise)]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RUNS = frozenset("=+-@\t\r")  # first signs that make a spreadsheet run a cell


@router.get("/DataFeeds/{feed}")
@router.get("/datafeeds/{feed}")
def read_feed(request: Request, feed: str, principal: Asker) -> Response:
    """One feed, e.g. /DataFeeds/ReportedData.ashx; names and parameters in any case, as IIS takes them."""
    found = FEEDS.get(feed.lower().removesuffix(".ashx"))
    if found is None:
        raise Problem(404, "not-found")
    asked = {name.lower(): value for name, value in request.query_params.items() if name.lower() != "token"}
    snapshot = snapshot_of(request, principal)
    kind = asked.get("format", "xml") if asked.get("format") in ("json", "csv") else "xml"
    language = "en" if asked.get("lng", "fr").lower().startswith("en") else "fr"
    filters = {name: wanted for name in found.filters if (wanted := _numbers(asked.get(name, "")))}
    key = (
        "feed",
        feed.lower(),
        kind,
        language,
        tuple(sorted((name, tuple(sorted(wanted))) for name, wanted in filters.items())),
    )
    tag = etag(snapshot, key)
    same = not_modified(tag, request.headers.get("if-none-match"))
    if same:
        return same
    content = snapshot.derive(key, lambda: _bytes(snapshot, found, kind, language, filters))
    media = {"xml": "text/xml", "json": "application/json", "csv": "text/csv"}[kind]
    return Response(content, headers={"ETag": tag, "Cache-Control": "private, no-cache"}, media_type=media)


def _bytes(snapshot: Snapshot, feed: Feed, kind: str, language: str, filters: Filters) -> bytes:
    rows = [row for row in feed.rows(snapshot, language, filters) if _passes(row, feed.filters, filters)]
    return _WRITERS[kind](feed, rows).encode()


def _numbers(text: str) -> frozenset[int]:
    """Ids of a filter, separated by commas; anything else is no filter, as the original had it."""
    parts = [part.strip() for part in text.split(",")]
    numbers = frozenset(int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 11)
    return numbers - {0}


def _passes(row: Mapping[str, Any], columns: Mapping[str, str], filters: Filters) -> bool:
    return all(row.get(columns[name]) in wanted for name, wanted in filters.items())


_PLAIN = frozenset({int, float, str})  # JSON and CSV take these as they are


def _json(feed: Feed, rows: Iterable[Mapping[str, Any]]) -> str:
    names, day_first = feed.fields, feed.day_first

    def wire(row: Mapping[str, Any]) -> dict[str, Any]:
        values = map(row.get, names)
        return {n: v if v.__class__ in _PLAIN else _wire(v, day_first) for n, v in zip(names, values, strict=True)}

    return json.dumps([wire(row) for row in rows])


def _wire(value: Any, day_first: bool) -> Any:
    """Dates as the original's serialiser wrote them."""
    if isinstance(value, date):
        if day_first:
            return value.strftime("%d-%m-%Y")
        moment = datetime(value.year, value.month, value.day, tzinfo=UTC)
        return f"/Date({int((moment - _EPOCH).total_seconds() * 1000)})/"
    return value


class _Texts(dict[Any, str]):
    """Value → its XML text, made once: the same names and dates come back in thousands of rows.

    Numbers are never asked for (1, 1.0 and True would be one key).
    """

    def __init__(self, day_first: bool) -> None:
        super().__init__()
        self._day_first = day_first

    def __missing__(self, value: Any) -> str:
        found = self[value] = _text(value, self._day_first)
        return found


def _xml(feed: Feed, rows: Iterable[Mapping[str, Any]]) -> str:
    names, texts, numbers = feed.fields, _Texts(feed.day_first), (int, float)
    cells = "".join(f"<{name}>%s</{name}>" for name in names)
    line = f"<{feed.row}>{cells}</{feed.row}>"
    lines = [line % tuple([v if v.__class__ in numbers else texts[v] for v in map(row.get, names)]) for row in rows]
    return f'<?xml version="1.0" encoding="utf-8"?><{feed.root}>{"".join(lines)}</{feed.root}>'


def _text(value: Any, day_first: bool) -> str:
    """One value as XML text; numbers are written as they are."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y") if day_first else f"{value.isoformat()}T00:00:00+00:00"
    return escape(str(value))


def _csv(feed: Feed, rows: Iterable[Mapping[str, Any]]) -> str:
    text, names = io.StringIO(), feed.fields
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        values = map(row.get, names)
        writer.writerow(["'" + v if v.__class__ is str and v[:1] in _RUNS else v for v in values])
    return "\ufeff" + text.getvalue()


_WRITERS: dict[str, Callable[[Feed, Iterable[Mapping[str, Any]]], str]] = {"json": _json, "xml": _xml, "csv": _csv}
