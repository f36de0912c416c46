"""A table of one page, still on the page's grid."""

from __future__ import annotations

from dataclasses import dataclass, field

from suivi.documents.pdf.flow import Text


@dataclass(slots=True)
class GridCell:
    """A cell of a page's table with its paragraphs; rows and columns from 0, ends exclusive."""

    row: int
    column: int
    row_end: int
    column_end: int
    texts: list[Text]
    page: int
    header: bool = False


@dataclass(slots=True)
class Grid:
    """A table of a page; `xs` are its column edges, by which it is known again on the next page.

    `guessed`: no lines drawn, columns told by white space.
    """

    xs: list[float]
    top: float
    bottom: float
    cells: list[GridCell] = field(default_factory=list)
    rows: int = 0
    guessed: bool = False
