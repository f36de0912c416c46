"""Rows as files: CSV, CSV with an HXL tag row, XLSX. A cell that a spreadsheet could run is made plain text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

from ors import forms
from ors.snapshot import Shown

SEPARATOR = " ; "
_RUNS = ("=", "+", "-", "@", "\t", "\r")
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "hxl": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_HXL_EXTRA = {"record_id": "#meta+id", "approval": "#status+validation+code", "provisional": "#status+provisional"}


def columns(form: str) -> list[str]:
    """Column order of every file and of the API."""
    names = ["record_id", *(field.name for field in forms.form(form).fields if field.name != "state")]
    return [*names, "approval", "provisional"] if form in forms.NEED_APPROVAL else names


def tags(form: str) -> list[str]:
    """HXL tags of `columns`."""
    known = {field.name: field.hxl for field in forms.form(form).fields}
    return [_HXL_EXTRA.get(name) or known.get(name, "") for name in columns(form)]


def record(form: str, row: Shown) -> dict[str, Any]:
    """A row as the API shows it: every column, empty ones as null."""
    fields = row.fields
    plain: dict[str, Any] = {name: fields.get(name) for name in columns(form)}
    plain["record_id"] = row.id
    if form in forms.NEED_APPROVAL:
        plain |= {"approval": row.approval, "provisional": row.provisional, "waiting": row.waiting}
    return plain | {"version": row.version, "updated_at": row.updated, "origin": row.origin}


def cell(value: Any) -> Any:
    """A value for a spreadsheet: lists joined, flags as true / false, nothing that could run as a formula."""
    if isinstance(value, list):
        value = SEPARATOR.join(str(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_RUNS):
        return "'" + value
    return "" if value is None else value


def render(form: str, rows: Sequence[Shown], kind: str) -> bytes:
    """A file of these rows; `kind` is csv, hxl or xlsx."""
    names = columns(form)
    lines: Iterable[list[Any]] = ([cell(record(form, row)[name]) for name in names] for row in rows)
    head = [names, tags(form)] if kind != "csv" else [names]
    return workbook(form, [*head, *lines]) if kind == "xlsx" else csv_bytes([*head, *lines])


def csv_bytes(lines: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads the accents."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode("utf-8-sig")


def workbook(title: str, lines: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet with a frozen header."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for line in lines:
        sheet.append(list(line))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
