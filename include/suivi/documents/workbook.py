"""Excel trackers (xlsx, xlsm): every sheet a table, the values that the cells show."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from suivi.documents.compose import compose
from suivi.documents.content import MOST_XML, Content
from suivi.documents.pieces import MOST_CELLS, Cell, Table, Unreadable
from suivi.models import Reading

name = "workbook"

MOST_COLUMNS = 200


def accepts(content: Content) -> bool:
    return any(member.startswith("xl/workbook") for member in content.members)


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    for info in content.archive.infolist():
        if info.filename.startswith("xl/") and info.filename.endswith(".xml") and info.file_size > 3 * MOST_XML:
            raise Unreadable("document_too_large", f"{info.filename}: {info.file_size // 1024 // 1024} MB unpacked")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content.data), read_only=True, data_only=True, keep_links=False)
            return compose(list(_tables(book)), name)
    except Unreadable:
        raise
    except RuntimeError as error:  # zipfile says so for a password
        kind = "document_encrypted" if "password" in str(error) else "document_damaged"
        raise Unreadable(kind, str(error)) from error
    except (InvalidFileException, LookupError, ValueError, TypeError, AttributeError, OSError, SyntaxError) as error:
        raise Unreadable("document_damaged", f"{type(error).__name__}: {error}") from error
    except Exception as error:
        if type(error).__module__.split(".")[0] in ("zipfile", "zlib", "xml", "lxml", "openpyxl"):
            raise Unreadable("document_damaged", str(error)) from error
        raise


def _tables(book: Any) -> Iterator[Table]:
    """One table a visible sheet. Merged cells show their value in the first cell alone, as in the file."""
    cells = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        table = Table(sheet=sheet.title)
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            filled = [cell for cell in row if cell.value is not None]
            for cell in filled:
                table.cells.append(Cell(shown(cell.value), number, cell.column, bold=_bold(cell)))
            cells += len(filled)
            if cells > MOST_CELLS:
                raise Unreadable("document_too_large", f"more than {MOST_CELLS:,} cells")
        yield _filled_out(table)


def _filled_out(table: Table) -> Table:
    """Empty cells added, so that every row has its columns."""
    columns = sorted({cell.column for cell in table.cells})
    held = {(cell.row, cell.column) for cell in table.cells}
    rows = sorted({cell.row for cell in table.cells})
    if len(rows) * len(columns) <= MOST_CELLS:
        table.cells += [Cell("", row, column) for row in rows for column in columns if (row, column) not in held]
        table.cells.sort(key=lambda cell: (cell.row, cell.column))
    return table


def _bold(cell: Any) -> bool:
    return bool(cell.font and cell.font.b) if cell.has_style else False


def shown(value: Any) -> str:
    """Dates as a reader of the sheet sees them (day first), whole numbers without decimals."""
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M") if (value.hour or value.minute) else value.strftime("%d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
