"""A reading as bytes between two processes: JSON, so that a broken child can hand over nothing but data."""

from __future__ import annotations

import json
from dataclasses import astuple
from typing import Any

from suivi.models import Block, Issue, Locator, Reading


def pack(reading: Reading) -> bytes:
    """The inverse of `unpack`; block texts are left out, being slices of the text."""
    blocks = [
        (b.kind, b.start, b.end, astuple(b.locator), b.level, b.row_span, b.column_span, b.bold, b.header, b.size)
        for b in reading.blocks
    ]
    issues = [astuple(issue) for issue in reading.issues]
    return json.dumps([reading.text, blocks, reading.format, issues, reading.scanned]).encode()


def unpack(data: bytes) -> Reading:
    text, blocks, kind, issues, scanned = json.loads(data)
    return Reading(text, tuple(_block(text, *block) for block in blocks), kind, tuple(map(_issue, issues)), scanned)


def _block(text: str, kind: Any, start: int, end: int, locator: list[Any], *rest: Any) -> Block:
    return Block(kind, text[start:end], start, Locator(*locator), *rest)


def _issue(fields: list[Any]) -> Issue:
    type, document, locator, *rest = fields
    return Issue(type, document, Locator(*locator) if locator else None, *rest)
