"""Trackers as delimited text: csv, tsv."""

from __future__ import annotations

import csv
import io

from suivi.documents.compose import compose
from suivi.documents.content import Content
from suivi.documents.encoding import decode, looks_like_text
from suivi.documents.pieces import MOST_CELLS, Cell, Table, Unreadable
from suivi.models import Reading

name = "csv"


def accepts(content: Content) -> bool:
    """By its extension; a text with tabs or semicolons is read as plain text otherwise."""
    return content.suffix in ("csv", "tsv") and not content.is_zip and looks_like_text(content.data)


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    text, issues = decode(content.data)
    text = text.replace("\0", "")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise Unreadable("document_damaged", str(error)) from error
    if sum(map(len, rows)) > MOST_CELLS:
        raise Unreadable("document_too_large", f"more than {MOST_CELLS:,} cells")
    cells = [
        Cell(value, row, column)
        for row, values in enumerate(rows, start=1)
        for column, value in enumerate(values, start=1)
    ]
    return compose([Table(cells)], name, issues)


def _delimiter(text: str) -> str:
    """The sign that the first lines hold most regularly."""
    head = text.splitlines()[:20]
    return max(
        ";,\t|",
        key=lambda sign: (
            min((line.count(sign) for line in head if line), default=0),
            sum(line.count(sign) for line in head),
        ),
    )
