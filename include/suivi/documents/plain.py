"""Plain text: paragraphs, lists, tab-separated tables; leftovers of HTML and Markdown cleaned out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from suivi.documents import leftovers, pasted, spaced, wording
from suivi.documents.compose import compose
from suivi.documents.content import Content
from suivi.documents.encoding import decode, looks_like_text
from suivi.documents.pieces import Cell, Paragraph, Piece, Table
from suivi.models import Reading

name = "txt"

_FULL_LINE = 55  # characters: shorter lines are not wrapped by a mail program or editor
_RULE = re.compile(r"^[\s=_*~#+.-]{4,}$")


def accepts(content: Content) -> bool:
    return not content.is_zip and not content.is_ole and looks_like_text(content.data)


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    text, issues = decode(content.data)
    return compose(pieces_of(text), name, issues)


def pieces_of(text: str) -> Iterator[Piece]:
    """Paragraphs and tables of a text."""
    lines = _lines(leftovers.clean(text))
    first = 0
    for place in [place for place, line in enumerate(lines) if line.count("\t") > 1]:
        found = pasted.table_at(lines, place) if place >= first else None
        if found:
            yield from _stretch(lines[first:place])
            yield found[0]
            first = found[1]
    yield from _stretch(lines[first:])


def _stretch(lines: list[str]) -> Iterator[Piece]:
    """Paragraphs and tables of lines of which each that has tabs is a row."""
    for tabbed, group in groupby(lines, key=lambda line: "\t" in line.strip(" ")):
        if tabbed:
            yield from _tables(list(group))
            continue
        for part in spaced.tables_in(list(group)):
            yield from (part,) if isinstance(part, Table) else _paragraphs(part)


def _lines(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    found = text.split("\n")
    kept: list[str] = []
    for position, line in enumerate(found):
        between = 0 < position < len(found) - 1 and "\t" in found[position - 1] and "\t" in found[position + 1]
        if line.strip() or not between:
            kept.append(line)
    return kept


def _tables(rows: list[str]) -> Iterator[Piece]:
    """Runs of tab-separated lines: a table where they agree on two or more columns, else paragraphs."""
    split = [[leftovers.cell(field) for field in row.rstrip("\n").split("\t")] for row in rows]
    filled = [[field for field in row if field] for row in split]
    table = max(map(len, split)) >= 3 or len(rows) >= 2
    if not table or max(map(len, filled)) < 2:
        for row in filled:
            yield from (Paragraph(" ".join(row)),) if row else ()
        return
    yield Table(
        [
            Cell(field, number, column)
            for number, row in enumerate(split, start=1)
            for column, field in enumerate(row, start=1)
        ]
    )


def _paragraphs(lines: list[str]) -> Iterator[Piece]:
    for blank, group in groupby(lines, key=lambda line: not line.strip() or bool(_RULE.match(line))):
        if not blank:
            yield from _block(list(group))


def _block(lines: list[str]) -> Iterator[Piece]:
    """Lines between two empty ones: one paragraph each, unless an editor wrapped them."""
    widest = max(len(line.rstrip()) for line in lines)
    wrapped = _FULL_LINE <= widest <= 120 and all(len(line.rstrip()) > widest * 0.7 for line in lines[:-1])
    whole: list[str] = []
    for raw in lines:
        line = wording.line(raw)
        opens = wording.bulleted(line) or wording.numbered(line)
        if whole and not opens and (wrapped or (whole[-1].startswith("- ") and raw[:1] in " \t")):
            whole[-1] = f"{whole[-1]} {line}"
        else:
            whole.append(wording.bulleted(line) or line)
    for line in whole:
        yield Paragraph(line, "item" if line.startswith("- ") else "paragraph")
