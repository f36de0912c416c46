"""Tables of a document as rows of cells, with the words of their header."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from suivi.models import Block, Reading


class Grid(NamedTuple):
    """One table: its header by column number, and the rows below it by column number."""

    header: dict[int, Block]
    rows: list[dict[int, Block]]


def grids(reading: Reading) -> Iterator[Grid]:
    """The tables of a document in order that have a header row and at least one more."""
    cells = (block for block in reading.blocks if block.kind == "cell" and block.locator.table and block.locator.column)
    for _, table in groupby(cells, key=lambda cell: (cell.locator.part, cell.locator.sheet, cell.locator.table)):
        rows: dict[int, dict[int, Block]] = {}
        for cell in table:
            rows.setdefault(cell.locator.row or 0, {}).setdefault(cell.locator.column or 0, cell)
        first, *below = rows.values() if rows else [{}]
        if len(first) > 1 and below:
            yield Grid(first, below)
