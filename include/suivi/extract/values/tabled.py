"""Figures that stand in table cells: the column's header or the row's label names what they count."""

from __future__ import annotations

import re
from collections.abc import Iterator

from suivi.extract.values import numbers, units
from suivi.extract.values.grids import grids
from suivi.extract.values.places import located_in
from suivi.extract.values.scan import Scan
from suivi.extract.values.text import fold, found
from suivi.extract.values.units import Unit
from suivi.extract.values.words import both
from suivi.models import Block, Figure, Reading

_NUMBER = re.compile(r"\s*\d[\d .,\u00a0\u202f]*\s*%?\s*")
_ROW_HEADS = frozenset(fold(word) for word in both("figures", "row_heads"))  # what numbers rows, counting nothing
_COUNT_OF = re.compile(r"\s*(?:(?:nb|nbre|nombre|number|no|n°|#|total)\.?\s*)*(?:total\s+)?(?:de\s+|des\s+|d'|of\s+)?")
_LABEL = 60  # characters of a cell that may name a place or a unit
_CONFIDENCE = 0.8


def figures_in_tables(reading: Reading, scanned: Scan, language: str) -> Iterator[Figure]:
    """A figure for every cell that is nothing but a number under or beside a unit that minutes count."""
    for grid in grids(reading):
        rows = [row for row in grid.rows if any(_NUMBER.fullmatch(cell.text) for cell in row.values())]
        counted = {
            column: unit
            for column, cell in [*grid.header.items()][1:]  # the first column numbers or names the rows
            if rows and (unit := _unit(reading, scanned, cell, language)) is not None
        }
        for row in rows:
            yield from _row(reading, scanned, row, counted, language)


def _row(
    reading: Reading, scanned: Scan, row: dict[int, Block], counted: dict[int, Unit], language: str
) -> Iterator[Figure]:
    label = next((cell for cell in row.values() if not _NUMBER.fullmatch(cell.text)), None)
    if label is None:
        return
    beside = None if counted else _unit(reading, scanned, label, language)
    first = label.locator.column or 0
    places = tuple(dict.fromkeys(hit.name for hit in located_in(scanned, label.start, label.end, loose=True)))
    for column, cell in row.items():
        unit = counted.get(column) or (beside if column > first else None)
        if unit is None or not _NUMBER.fullmatch(cell.text):
            continue
        number = next(iter(numbers.find(cell.text, language)), None)
        if number is None or number.value == 0:
            continue
        words = f"% {unit.text}" if number.kind == "percent" else unit.text
        start = cell.start + number.start
        origin = found(reading, start, cell.start + number.end, "table_cell", _CONFIDENCE)
        yield Figure(number.value, words, places or _named(label, column), origin)


def _named(label: Block, column: int) -> tuple[str, ...]:
    """A row's short label that opens with a capital is taken for a place, unless it sums the rows up."""
    text = " ".join(label.text.split())
    if label.locator.column == column or len(text) > _LABEL or not text[:1].isupper() or text.isdigit():
        return ()
    return () if fold(text).startswith("total") else (text,)


def _unit(reading: Reading, scanned: Scan, cell: Block, language: str) -> Unit | None:
    """The unit that a short header or label names, of a class that is counted in its own right."""
    if len(cell.text) > _LABEL or _NUMBER.fullmatch(cell.text):
        return None
    unit = units.before(reading.text, scanned.folded, cell.start, cell.end, language)
    if unit is None or unit.kind not in units.STRONG or fold(unit.text) in _ROW_HEADS:
        return None
    return unit if _COUNT_OF.fullmatch(scanned.folded, cell.start, unit.start) else None
