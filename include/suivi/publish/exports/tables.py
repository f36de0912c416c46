"""One register as CSV, XLSX or JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from suivi import schema
from suivi.errors import SuiviError
from suivi.schema import LIST_SEPARATOR, Field, Register
from suivi.sharing import view

FORMATS = ("json", "csv", "xlsx")
LONGEST_CELL = 32_767  # characters, by Excel's limit
_LOOKS_LIKE_FORMULA = re.compile(r"^[\s'\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]")
_WIDTHS = {"date": 12, "integer": 9, "number": 11, "flag": 8, "month": 10, "list": 22, "text": 22}
_WIDE = {"text": 60, "quote": 60, "activity": 40, "name": 40, "source": 32}


class Event(Protocol):
    """A step in the life of an action (`suivi.registers.ActionEvent`)."""

    @property
    def record_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def document(self) -> str: ...
    @property
    def quote(self) -> str: ...


def export(
    frames: Mapping[str, pd.DataFrame],
    events: Iterable[Event],
    register: str,
    format: str,
    level: str,
    language: str,
    hxl: bool = True,
    *,
    consent: Collection[str] = (),
    names: Collection[str] = (),
) -> bytes:
    """The rows of a register that `level` may see. CSV is UTF-8 with a byte-order mark, so that Excel reads accents.

    CSV and XLSX carry headers in the language and, with `hxl`, the tag row; JSON is a list of objects by field name,
    codes as codes. Actions in JSON carry `events`; documents and quotes in them are internal. `SuiviError` for an
    unknown register or format.
    """
    if register not in schema.REGISTERS:
        raise SuiviError(f"There is no register '{register}'. Registers: {', '.join(schema.REGISTERS)}.")
    described = schema.register(register)
    rows = view(frames[register], register, level, consent=consent, names=names)
    if format == "json":
        return _json(described, rows, events, level)
    fields = described.visible(level)
    if format == "csv":
        return _csv(fields, rows, language, hxl)
    if format == "xlsx":
        return _xlsx(described, fields, rows, language, hxl)
    raise SuiviError(f"There is no export format '{format}'. Formats: {', '.join(FORMATS)}.")


def _records(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for row in rows.to_dict("records"):
        yield {str(name): _bare(value) for name, value in row.items()}


def _bare(value: Any) -> Any:
    """Missing values as `None`, numbers without a needless fraction."""
    if isinstance(value, (tuple, list)):
        return [str(item) for item in value]
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.item() if hasattr(value, "item") else value


def _json(register: Register, rows: pd.DataFrame, events: Iterable[Event], level: str) -> bytes:
    lives: dict[str, list[dict[str, Any]]] = {}
    inside = level == "interne"
    for event in events:
        life = {
            "document": event.document if inside else None,
            "date": event.day.isoformat(),
            "kind": event.kind,
            "quote": event.quote if inside else None,
        }
        lives.setdefault(event.record_id, []).append(life)
    plain = []
    for record in _records(rows):
        if register.name == "actions":
            record["events"] = lives.get(record["record_id"], [])
        plain.append(record)
    return (json.dumps(plain, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _csv(fields: Iterable[Field], rows: pd.DataFrame, language: str, hxl: bool) -> bytes:
    fields = tuple(fields)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([field.header(language) for field in fields])
    if hxl:
        writer.writerow([field.hxl for field in fields])
    for record in _records(rows):
        writer.writerow([inert(_shown(field, record[field.name], language)) for field in fields])
    return out.getvalue().encode("utf-8-sig")


def _shown(field: Field, value: Any, language: str) -> Any:
    """A value as people read it: labels for codes, lists joined."""
    if value is None:
        return ""
    if isinstance(value, list):
        return LIST_SEPARATOR.join(value)
    if isinstance(value, bool):
        return schema.label("flag", str(value).lower(), language)
    return schema.label(field.codes, value, language) if field.codes and isinstance(value, str) else value


def inert(value: Any) -> Any:
    """Text that no spreadsheet program takes for a formula: an apostrophe in front where it looks like one."""
    if isinstance(value, str) and _LOOKS_LIKE_FORMULA.search(value):
        return "'" + value
    return value.isoformat() if isinstance(value, date) else value


def _xlsx(register: Register, fields: Iterable[Field], rows: pd.DataFrame, language: str, hxl: bool) -> bytes:
    fields = tuple(fields)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", register.title(language))[:31])
    top = 2 if hxl else 1
    sheet.freeze_panes = f"A{top + 1}"
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(fields))}{max(top + len(rows), top + 1)}"
    for n, field in enumerate(fields, start=1):
        sheet.column_dimensions[get_column_letter(n)].width = _WIDE.get(field.name, _WIDTHS[field.type])
    bold, shade = Font(bold=True), PatternFill("solid", fgColor="E6E6E6")
    sheet.append([_cell(sheet, field.header(language), font=bold, fill=shade) for field in fields])
    if hxl:
        sheet.append([_cell(sheet, field.hxl, font=Font(size=7, color="999999")) for field in fields])
    wrapped = Alignment(wrap_text=True, vertical="top")
    for record in _records(rows):
        sheet.append([_cell(sheet, _shown(f, record[f.name], language), alignment=wrapped) for f in fields])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any, **look: Any) -> Cell:
    """A typed cell; text stays text whatever it starts with."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, None if value == "" else value)
    for name, part in look.items():
        setattr(cell, name, part)
    if isinstance(value, str) and value:
        cell.data_type = "s"
        if _LOOKS_LIKE_FORMULA.search(value):
            cell.quotePrefix = True
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell
