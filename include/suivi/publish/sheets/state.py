"""What we know a spreadsheet holds, and what a write that may or may not have arrived would have put there.

A publication says what it is about to write before it writes (`begun`, kept by the caller's `record`). When the
process dies between the write and the ledger, the next pull knows both values of a cell as the machine's own, and
takes neither for a person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from suivi.publish.sheets.layout import Column
from suivi.publish.sheets.model import Plain, Published, Row
from suivi.publish.sheets.values import holds

PENDING = "_pending"
DELETED = "_deleted"  # in a row: how often people deleted it
ENOUGH = 2  # a row deleted that often stays deleted


@dataclass(frozen=True)
class Base:
    """The published rows of one tab, and the cells of a write begun."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    pending: Mapping[str, Row] = field(default_factory=dict)

    def knows(self, record: str) -> bool:
        return record in self.rows or record in self.pending

    def value(self, record: str, column: str) -> Plain:
        known: Plain = self.rows.get(record, {}).get(column)
        return known

    def deleted(self, record: str) -> int:
        """How often people deleted a row that stands in the sheet now."""
        times = self.pending.get(record, {}).get(DELETED) or self.rows.get(record, {}).get(DELETED)
        return int(times or 0)

    def wrote(self, record: str, column: Column, content: object, language: str) -> bool:
        """Whether the machine itself put this content into the cell."""
        if record in self.rows and holds(column, content, self.rows[record].get(column.name), language):
            return True
        row = self.pending.get(record)
        return row is not None and column.name in row and holds(column, content, row[column.name], language)


def base(published: Published, tab: str) -> Base:
    """The base of one tab's difference."""
    prefix = f"{tab}|"
    pending = {k.removeprefix(prefix): v for k, v in published.get(PENDING, {}).items() if k.startswith(prefix)}
    return Base(published.get(tab, {}), pending)


def begun(published: Published, intended: Published) -> Published:
    """`published`, plus the cells that are about to change: what to keep before writing."""
    pending: dict[str, Row] = dict(published.get(PENDING, {}))
    for tab, rows in intended.items():
        before = published.get(tab, {})
        for record, row in rows.items():
            old = before.get(record, {})
            cells = {c: v for c, v in row.items() if record not in before or old.get(c) != v}
            if cells:
                key = f"{tab}|{record}"
                pending[key] = {**pending.get(key, {}), **cells}
    return {**published, PENDING: pending} if pending else published
