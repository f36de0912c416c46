"""Where the next cell of a table row goes when cells above reach down into it."""

from __future__ import annotations

from suivi.documents.pieces import Table

_MOST_SPAN = 500


class Grid:
    """Rows and columns from 1; `row` is the current one."""

    def __init__(self) -> None:
        self.row = 0
        self._column = 1
        self._taken: dict[int, int] = {}  # column → last row that a cell above reaches

    def next_row(self) -> None:
        self.row += 1
        self._column = 1

    def place(self, across: str | None, down: str | None) -> tuple[int, int, int]:
        """(column, columns, rows) of the next cell; spans as the markup writes them."""
        return self.take(_span(across), _span(down))

    def take(self, wide: int, high: int) -> tuple[int, int, int]:
        """As `place`, for spans that are numbers."""
        while self._taken.get(self._column, 0) >= self.row:
            self._column += 1
        column = self._column
        for taken in range(column, column + wide):
            self._taken[taken] = self.row + high - 1
        self._column += wide
        return column, wide, high

    def full(self, columns: int) -> bool:
        """Whether the current row has no free column left of `columns`."""
        return all(place < self._column or self._taken.get(place, 0) >= self.row for place in range(1, columns + 1))

    def crop(self, table: Table) -> None:
        """Cut row spans that reach below the table's last row."""
        for cell in table.cells:
            cell.row_span = min(cell.row_span, self.row - cell.row + 1)


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_SPAN) if text and text.strip().isdigit() and len(text) < 8 else 1
