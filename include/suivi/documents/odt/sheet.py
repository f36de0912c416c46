"""OpenDocument spreadsheets: trackers in ods, and sheets embedded in a text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from suivi.documents.compose import compose
from suivi.documents.content import Content
from suivi.documents.odt.names import OFFICE, TABLE, TEXT
from suivi.documents.pieces import MOST_CELLS, Cell, Table, Unreadable
from suivi.documents.workbook import shown
from suivi.models import Reading

name = "ods"

MOST_COLUMNS = 200
_GROUPS = {TABLE + name for name in ("table-header-rows", "table-rows", "table-row-group")}


def accepts(content: Content) -> bool:
    if content.is_zip:
        return content.odf_kind in ("spreadsheet", "spreadsheet-template")
    return False


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    return read_root(content.xml("content.xml"))


def read_root(root: etree._Element) -> Reading:
    """A reading of a content.xml; without blocks where it holds no spreadsheet."""
    body = root.find(f"{OFFICE}body/{OFFICE}spreadsheet")
    tables = [] if body is None else list(body.iterchildren(TABLE + "table"))
    return compose(map(_table, tables), name)


def _table(element: etree._Element) -> Table:
    table = Table(sheet=element.get(TABLE + "name", ""))
    row = 0
    for child in _rows(element):
        cells = list(_cells(child, row + 1))
        table.cells += cells
        row += 1 if cells else _count(child, "number-rows-repeated")
        if len(table.cells) > MOST_CELLS:
            raise Unreadable("document_too_large", f"more than {MOST_CELLS:,} cells")
    return table


def _rows(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == TABLE + "table-row":
            yield child
        elif child.tag in _GROUPS:
            yield from _rows(child)


def _cells(row: etree._Element, number: int) -> Iterator[Cell]:
    column = 1
    for child in row:
        if child.tag not in (TABLE + "table-cell", TABLE + "covered-table-cell"):
            continue
        repeated = _count(child, "number-columns-repeated")
        text = _typed(child) or "\n".join("".join(_texts(p)) for p in child.iterchildren(TEXT + "p"))
        if text:
            for place in range(column, min(column + repeated, MOST_COLUMNS)):
                down, across = _count(child, "number-rows-spanned"), _count(child, "number-columns-spanned")
                yield Cell(text, number, place, down, across)
        column += repeated


def _typed(cell: etree._Element) -> str:
    """A date or number as in any workbook, whatever the cell's format makes of it ("03/31/24", "1,250")."""
    try:
        if cell.get(OFFICE + "value-type") == "date":
            return shown(datetime.fromisoformat(cell.get(OFFICE + "date-value", "")))
        if cell.get(OFFICE + "value-type") == "float":
            return shown(float(cell.get(OFFICE + "value", "")))
    except ValueError:
        pass  # a value that is none: the text of the cell stands
    return ""


def _texts(paragraph: etree._Element) -> Iterator[str]:
    for node in paragraph.iter():
        if node.tag == OFFICE + "annotation":
            continue
        if node.tag == TEXT + "s":
            yield " "
        if node.text:
            yield node.text
        if node is not paragraph and node.tail:
            yield node.tail


def _count(element: etree._Element, attribute: str) -> int:
    value = element.get(TABLE + attribute, "1")
    return min(max(int(value), 1), 2_000_000) if value.isdigit() and len(value) < 9 else 1
