"""Tables of AsciiDoc: cell specifiers, spans, several cells a line, a cell over several lines."""

from __future__ import annotations

import re

from suivi.documents.pieces import Cell, Table
from suivi.documents.spans import Grid

_SPLIT = re.compile(r"(?:(?<=\s)|^)((?:\d+(?:\.\d+)?|\.\d+)?[+*]?[<^>]?(?:\.[<^>])?[adehlmsv]?)(?<!\\)\|")
_COLS = re.compile(r"cols\s*=\s*\"?([^\"\]]+)\"?|cols\s*=\s*(\d+)")
_SPAN = re.compile(r"^(\d+)?(?:\.(\d+))?([+*])")


def table_of(lines: list[str], options: str) -> Table:
    """The table between its delimiters; `options` is the block attribute line before it."""
    cells, first_line = _cells(lines)
    columns = _columns(options) or first_line or 1
    header = "header" in options or (len(lines) > 1 and bool(lines[0].strip()) and not lines[1].strip() and bool(cells))
    table, grid = Table(), Grid()
    grid.next_row()
    for spec, text in cells:
        across, down, times = _spans(spec)
        for _ in range(times):
            while grid.full(columns):
                grid.next_row()
            column, wide, high = grid.take(across, down)
            bold = "s" in spec or "h" in spec
            table.cells.append(Cell(_clean(text), grid.row, column, high, wide, bold, header and grid.row == 1))
    grid.crop(table)
    return table


def _cells(lines: list[str]) -> tuple[list[tuple[str, str]], int]:
    """(specifier, text) of every cell, and how many the first line with cells holds."""
    cells: list[tuple[str, str]] = []
    first = 0
    for line in lines:
        found = list(_SPLIT.finditer(line))
        lead = line[: found[0].start()] if found else line
        if cells and lead.strip():
            cells[-1] = (cells[-1][0], cells[-1][1] + "\n" + lead)
        elif cells and not line.strip():
            cells[-1] = (cells[-1][0], cells[-1][1] + "\n")
        ends = [*(match.start() for match in found[1:]), len(line)]
        cells += [(match[1], line[match.end() : end]) for match, end in zip(found, ends, strict=False)]
        first = first or len(found)
    return cells, first


def _columns(options: str) -> int:
    match = _COLS.search(options)
    if match is None:
        return 0
    count = 0
    for part in (match[1] or match[2]).split(","):
        times = re.match(r"\s*(\d+)\*", part)
        count += int(times[1]) if times and len(times[1]) < 4 else 1
    return count


def _spans(spec: str) -> tuple[int, int, int]:
    """(columns, rows, copies) of a cell specifier such as "2.3+" or "3*"."""
    match = _SPAN.match(spec)
    if match is None:
        return 1, 1, 1
    first, second = int(match[1] or 1), int(match[2] or 1)
    return (1, 1, min(first, 200)) if match[3] == "*" else (min(first, 200), min(second, 200), 1)


def _clean(text: str) -> str:
    """Wrapped lines joined, items and paragraphs of the cell on lines of their own."""
    from suivi.documents.asciidoc import pieces_of  # a cell may hold any AsciiDoc
    from suivi.documents.pieces import text_of

    return text_of(pieces_of(text.replace("\\|", "|").strip()))
