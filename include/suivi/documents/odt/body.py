"""The walk over an OpenDocument body: paragraphs, headings, lists, tables, frames."""

from __future__ import annotations

from lxml import etree

from suivi.documents.odt.lists import Lists
from suivi.documents.odt.names import DRAW, OFFICE, TABLE, TEXT, XLINK
from suivi.documents.odt.objects import Objects
from suivi.documents.odt.styles import Look, Styles
from suivi.documents.pieces import Paragraph, Piece, Table, cell_of, layout_table
from suivi.documents.spans import Grid

_SKIPPED = {
    TEXT + "tracked-changes",
    TEXT + "table-of-content",
    TEXT + "alphabetical-index",
    TEXT + "sequence-decls",
    OFFICE + "annotation",
    OFFICE + "annotation-end",
    OFFICE + "forms",
}
_SIGNS = {TEXT + "line-break": "\n", TEXT + "tab": "\t", TEXT + "soft-page-break": ""}
_LIST, _ITEMS = TEXT + "list", {TEXT + "list-item", TEXT + "list-header"}
MOST_DEPTH = 30


class _Line:
    """The text of one paragraph as its spans add to it."""

    __slots__ = ("bold", "frames", "letters", "sizes", "text")

    def __init__(self) -> None:
        self.text: list[str] = []
        self.frames: list[etree._Element] = []
        self.bold = 0
        self.letters = 0
        self.sizes: dict[float, int] = {}

    def add(self, text: str | None, look: Look) -> None:
        if text:
            self.text.append(" ".join(text.split("\n")))
            self.letters += len(text)
            self.bold += len(text) if look.bold else 0
            if look.size:
                self.sizes[look.size] = self.sizes.get(look.size, 0) + len(text)


class Body:
    """Reads any block content; footnotes collect in `notes`."""

    def __init__(self, styles: Styles, objects: Objects) -> None:
        self.notes: list[Piece] = []
        self._styles = styles
        self._objects = objects
        self._lists = Lists(styles)
        self._depth = 0

    def content(self, parent: etree._Element) -> list[Piece]:
        """Paragraphs and tables of a container, in order."""
        pieces: list[Piece] = []
        self._depth += 1
        for child in parent if self._depth < MOST_DEPTH * 3 else ():
            tag = child.tag
            if tag == TEXT + "p":
                pieces += self._paragraph(child)
            elif tag == TEXT + "h":
                pieces += self._heading(child)
            elif tag == _LIST:
                name = self._lists.begin(child, "")
                pieces += self._list(child, name, 1)
            elif tag == TABLE + "table":
                pieces += self._table(child)
            elif tag not in _SKIPPED and len(child):
                pieces += self.content(child)  # sections, frames, text boxes
        self._depth -= 1
        return pieces

    def _paragraph(self, element: etree._Element, marker: str = "", level: int = 0) -> list[Piece]:
        text, line, look = self._line(element)
        pieces: list[Piece] = []
        if text:
            whole = f"{marker} {text}" if marker else text
            pieces.append(
                Paragraph(
                    whole, "item" if marker else "paragraph", level, line.bold * 2 > line.letters, _size(line, look)
                )
            )
        for frame in line.frames:
            pieces += self.content(frame)
        return pieces

    def _heading(self, element: etree._Element, marker: str = "") -> list[Piece]:
        text, line, look = self._line(element)
        if not text:
            return []
        depth = element.get(TEXT + "outline-level", "1")
        level = int(depth) if depth.isdigit() and len(depth) < 3 else 1
        marker = marker or ("" if element.get(TEXT + "is-list-header") == "true" else self._lists.heading(level))
        whole = f"{marker} {text}" if marker else text
        return [Paragraph(whole, "heading", level, line.bold * 2 > line.letters, _size(line, look))]

    def _line(self, element: etree._Element) -> tuple[str, _Line, Look]:
        look, line = self._styles.look(element.get(TEXT + "style-name", "")), _Line()
        self._inline(element, look, line)
        return "".join(line.text).strip(), line, look

    def _inline(self, element: etree._Element, look: Look, line: _Line) -> None:
        line.add(element.text, look)
        for child in element:
            tag = child.tag
            if tag in _SIGNS:
                line.text.append(_SIGNS[tag])
            elif tag == TEXT + "s":
                line.text.append(" ")
            elif tag == TEXT + "note":
                body = child.find(TEXT + "note-body")
                self.notes += [] if body is None else self.content(body)
            elif tag == DRAW + "frame" or tag == DRAW + "custom-shape":
                self._frame(child, line)
            elif tag not in _SKIPPED:
                span = child.get(TEXT + "style-name")
                self._inline(child, self._styles.look(span, look) if span else look, line)
            line.add(child.tail, look)

    def _frame(self, element: etree._Element, line: _Line) -> None:
        line.frames.append(element)
        for item in element.iterchildren(DRAW + "object", DRAW + "object-ole"):
            self._objects.met(item.get(XLINK + "href", ""))

    def _list(self, element: etree._Element, name: str, depth: int) -> list[Piece]:
        pieces: list[Piece] = []
        for item in element:
            if item.tag not in _ITEMS or depth > MOST_DEPTH:
                continue
            start = item.get(TEXT + "start-value")
            marked = item.tag == TEXT + "list-header"
            for child in item:
                if child.tag == _LIST:
                    pieces += self._list(child, child.get(TEXT + "style-name") or name, depth + 1)
                    continue
                marker = "" if marked else self._lists.marker(name, depth, start)
                marked = True
                if child.tag == TEXT + "h":
                    pieces += self._heading(child, marker)
                elif child.tag == TEXT + "p":
                    pieces += self._paragraph(child, marker, depth - 1)
        return pieces

    def _table(self, element: etree._Element) -> list[Piece]:
        table, grid, inner = Table(), Grid(), []
        for row, header in _rows(element, False):
            grid.next_row()
            for cell in row.iterchildren(TABLE + "table-cell"):
                for _ in range(_repeated(cell)):
                    inner = self.content(cell)
                    spans = cell.get(TABLE + "number-columns-spanned"), cell.get(TABLE + "number-rows-spanned")
                    column, across, down = grid.place(*spans)
                    table.add(cell_of(inner, grid.row, column, down, across, header))
        grid.crop(table)
        return inner if layout_table(table) else [table]


def _size(line: _Line, look: Look) -> float | None:
    return max(line.sizes, key=lambda key: line.sizes[key]) if line.sizes else look.size


def _rows(table: etree._Element, header: bool) -> list[tuple[etree._Element, bool]]:
    found: list[tuple[etree._Element, bool]] = []
    for child in table:
        if child.tag == TABLE + "table-row":
            found.append((child, header))
        elif child.tag in (TABLE + "table-header-rows", TABLE + "table-rows", TABLE + "table-row-group"):
            found += _rows(child, header or child.tag == TABLE + "table-header-rows")
    return found


def _repeated(cell: etree._Element) -> int:
    value = cell.get(TABLE + "number-columns-repeated", "1")
    return min(int(value), 60) if value.isdigit() and len(value) < 6 else 1
