"""Bytes in and out of Google's own types: uploads converted to spreadsheets and documents, exports made of them."""

import csv
import io
import re
import secrets
import zipfile
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

from .. import defaults
from ..cells.locales import locale_of
from ..cells.typing import serial
from ..changes.registry import new_number
from ..errors import ApiError
from ..model import Spreadsheet, Tab
from ..protection import Guard
from ..sheets import values
from ..sheets.addresses import Address, first_tab
from ..workspace import SHEET_TYPE
from .resources import DOCX, EXPORTS, XLSX

Json = dict[str, Any]
IMPORT_TIME_ZONE = "America/Los_Angeles"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def table_rows(content: bytes, mime_type: str) -> list[tuple[str | None, list[list[Any]]]]:
    """(tab title or None, rows) of an uploaded table. Raises ApiError for types that are not modelled."""
    if mime_type in ("text/csv", "text/plain", "text/tab-separated-values", "application/octet-stream"):
        text = content.decode("utf-8-sig", errors="replace")
        delimiter = "\t" if mime_type == "text/tab-separated-values" else ","
        return [(None, list(csv.reader(io.StringIO(text), delimiter=delimiter)))]
    if mime_type == XLSX:
        return _workbook_rows(content)
    raise ApiError(501, f"The emulator does not convert {mime_type} to a spreadsheet.")


def _workbook_rows(content: bytes) -> list[tuple[str | None, list[list[Any]]]]:
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(io.BytesIO(content))
    except Exception as error:
        raise ApiError(400, "Bad Request", reason="badRequest") from error
    return [
        (sheet.title, [[_typed(cell.value) for cell in row] for row in sheet.iter_rows()])
        for sheet in workbook.worksheets
    ]


def _typed(value: Any) -> Any:
    """A workbook's value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime(
            "%Y-%m-%d %H:%M:%S" if (value.hour, value.minute, value.second) != (0, 0, 0) else "%Y-%m-%d"
        )
    return serial(value) if isinstance(value, date) else value if isinstance(value, (bool, int, float)) else str(value)


def fill(book: Spreadsheet, content: bytes, mime_type: str, title: str) -> None:
    """The spreadsheet's tabs replaced by an uploaded table; Drive's import gives new tab ids and its own time zone."""
    tabs: list[Tab] = []
    book.properties["timeZone"] = IMPORT_TIME_ZONE
    for name, rows in table_rows(content, mime_type):
        tab = defaults.tab(new_number({made.id for made in tabs}), name or title)
        book.tabs = [tab]
        guard = Guard(book, "", True)
        values.write(book, Address(tab, tab.whole(), open=True), {"values": rows}, "USER_ENTERED", guard)
        tabs.append(tab)
    book.tabs = tabs


def document(content: bytes, mime_type: str) -> bytes:
    """The docx body that stands for a Google Doc. Raises ApiError for types that are not modelled."""
    if mime_type == DOCX or content[:2] == b"PK":
        return content
    if mime_type.startswith("text/"):
        from docx import Document

        made, buffer = Document(), io.BytesIO()
        for line in content.decode("utf-8", errors="replace").splitlines():
            made.add_paragraph(line)
        made.save(buffer)
        return buffer.getvalue()
    raise ApiError(501, f"The emulator does not convert {mime_type} to a document.")


def export_document(content: bytes, mime_type: str) -> bytes:
    """A Google Doc exported. As at Google two exports of one revision are never the same bytes."""
    if mime_type == DOCX:
        buffer = io.BytesIO(content)
        try:
            with zipfile.ZipFile(buffer, "a") as archive:
                archive.comment = secrets.token_hex(8).encode()
        except zipfile.BadZipFile:
            return content
        return buffer.getvalue()
    if mime_type == "text/plain":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            tree = ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314  (our own upload, local only)
        lines = ["".join(node.text or "" for node in paragraph.iter(f"{WORD}t")) for paragraph in tree.iter(f"{WORD}p")]
        return ("\ufeff" + "\r\n".join(lines)).encode()
    raise conversion_refused()


def conversion_refused() -> ApiError:
    """Drive's answer to an export that the type does not offer."""
    return ApiError(400, "The requested conversion is not supported.", reason="badRequest", parameter="convertTo")


def export_spreadsheet(book: Spreadsheet, mime_type: str) -> bytes:
    """A spreadsheet exported: the first tab as CSV or TSV, all tabs as XLSX."""
    if mime_type not in EXPORTS[SHEET_TYPE]:
        raise conversion_refused()
    if mime_type == XLSX:
        return _workbook(book)
    rows = _rows(book, first_tab(book), values.Rendering())
    buffer = io.StringIO()
    delimiter = "\t" if mime_type.startswith("text/tab") else ","
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().removesuffix("\r\n").encode()


def _rows(book: Spreadsheet, tab: Tab, how: values.Rendering) -> list[list[Any]]:
    found: list[list[Any]] = values.read(book, Address(tab, tab.whole()), how).get("values", [])
    width = max((len(row) for row in found), default=0)
    return [row + [""] * (width - len(row)) for row in found]


def _workbook(book: Spreadsheet) -> bytes:
    from openpyxl import Workbook

    workbook, buffer = Workbook(), io.BytesIO()
    workbook.remove(workbook.worksheets[0])
    for tab in book.tabs:
        sheet = workbook.create_sheet(re.sub(r"[\[\]:*?/\\]", "_", tab.title)[:31])
        for row, line in enumerate(_rows(book, tab, values.Rendering("FORMULA")), start=1):
            for column, value in enumerate(line, start=1):
                if value != "":
                    _put(sheet, row, column, value, tab, book)
    workbook.save(buffer)
    return buffer.getvalue()


def _put(sheet: Any, row: int, column: int, value: Any, tab: Tab, book: Spreadsheet) -> None:
    cell = sheet.cell(row, column)
    entered = tab.cell(row - 1, column - 1)
    number_format = entered.get("userEnteredFormat", {}).get("numberFormat")
    cell.value = value
    if isinstance(value, str) and "formulaValue" not in entered.get("userEnteredValue", {}):
        cell.data_type = "s"
    if number_format:
        kind = number_format.get("type")
        cell.number_format = number_format.get("pattern") or (
            locale_of(book.locale).date_pattern if kind == "DATE" else "General"
        )
