"""The walk over a Word body: paragraphs, runs, tables, text boxes."""

from __future__ import annotations

import re

from lxml import etree

from suivi.documents.docx.numbering import Numbering
from suivi.documents.docx.parts import Relations
from suivi.documents.docx.styles import Style, Styles, W, list_of, outline, switch
from suivi.documents.pieces import Cell, Paragraph, Piece, Table, cell_of, layout_table
from suivi.models import BlockKind

_VAL = W + "val"
_P, _TBL, _SDT, _R, _T, _PPR, _RPR = (W + name for name in ("p", "tbl", "sdt", "r", "t", "pPr", "rPr"))
_TR, _TC, _TCPR, _TXBX = W + "tr", W + "tc", W + "tcPr", W + "txbxContent"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_DROPPED = {W + name for name in ("del", "moveFrom", "rPr", "pPr", "sdtPr", "sdtEndPr", "instrText", "delText")}
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SIGNS = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "ptab": "\t", W + "noBreakHyphen": "-"}
_WRAPPERS = {W + name for name in ("ins", "moveTo", "hyperlink", "smartTag", "fldSimple", "customXml", "dir", "bdo")}
_HEX = re.compile(r"^[0-9A-Fa-f]{1,4}$")
MOST_DEPTH = 30


class _Line:
    """The text of one paragraph as its runs add to it, with how much of it is bold and at which sizes."""

    __slots__ = ("bold", "boxes", "letters", "sizes", "text")

    def __init__(self) -> None:
        self.text: list[str] = []
        self.boxes: list[etree._Element] = []
        self.bold = 0
        self.letters = 0
        self.sizes: dict[float, int] = {}


class Body:
    """Reads any block content of the document (body, cell, note, text box) with its styles and numbering."""

    def __init__(self, styles: Styles, numbering: Numbering, relations: Relations) -> None:
        self._styles = styles
        self._numbering = numbering
        self._relations = relations
        self._depth = 0

    def read(self, document: etree._Element) -> list[Piece]:
        body = document.find(W + "body")
        return [] if body is None else self.content(body)

    def content(self, parent: etree._Element) -> list[Piece]:
        """Paragraphs and tables of a block container, in order."""
        pieces: list[Piece] = []
        for child in parent:
            tag = child.tag
            if tag == _P:
                self._paragraph(child, pieces)
            elif tag == _TBL:
                self._table(child, pieces)
            elif tag == _SDT:
                inner = child.find(W + "sdtContent")
                if inner is not None and child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                    pieces += self.content(inner)
            elif tag == W + "altChunk":
                part = self._relations.part(child.get(_REL_ID, ""))
                pieces += [part] if part else []
            elif tag in _WRAPPERS:
                pieces += self.content(child)
        return pieces

    def _paragraph(self, element: etree._Element, pieces: list[Piece]) -> None:
        properties = element.find(_PPR)
        style, numbering, heading = self._properties(properties)
        line = _Line()
        self._inline(element, style, line)
        text = "".join(line.text).strip()
        if text and not style.contents:
            marker = self._numbering.marker(*numbering) if numbering else ""
            bold = line.bold * 2 > line.letters
            size = max(line.sizes, key=lambda key: line.sizes[key]) if line.sizes else style.size
            kind: BlockKind = "heading" if heading else "item" if marker else "paragraph"
            level = heading or (numbering[1] if numbering and marker else 0)
            if marker:
                text = f"{marker} {text}"
            pieces.append(Paragraph(text, kind, level, bold, size))
        for box in line.boxes:
            pieces += self.content(box)

    def _properties(self, properties: etree._Element | None) -> tuple[Style, tuple[str, int] | None, int]:
        if properties is None:
            style = self._styles.style(self._styles.default)
            return style, style.numbering, style.heading
        name = properties.find(W + "pStyle")
        style = self._styles.style(name.get(_VAL, "") if name is not None else self._styles.default)
        listed = properties.find(W + "numPr")
        numbering = style.numbering if listed is None else list_of(listed, style.numbering)
        return style, numbering, outline(properties) or style.heading

    def _inline(self, parent: etree._Element, style: Style, line: _Line) -> None:
        for child in parent:
            tag = child.tag
            if tag == _R:
                self._run(child, style, line)
            elif tag == _SDT:
                inner = child.find(W + "sdtContent")
                if inner is not None and child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                    self._inline(inner, style, line)
            elif tag in _WRAPPERS:
                self._inline(child, style, line)

    def _run(self, run: etree._Element, style: Style, line: _Line) -> None:
        bold, size, added = style.bold, style.size, 0
        for child in run:
            tag = child.tag
            if tag == _T:
                if child.text:
                    line.text.append(child.text)
                    added += len(child.text)
            elif tag == _RPR:
                if switch(child, "vanish"):
                    return
                bold, size = self._run_style(child, style)
            elif tag in _SIGNS:
                line.text.append(_SIGNS[tag])
            elif tag == W + "sym":
                line.text.append(_symbol(child))
            elif tag not in _DROPPED:
                self._object(child, line)
        line.letters += added
        if bold:
            line.bold += added
        if size and added:
            line.sizes[size] = line.sizes.get(size, 0) + added

    def _run_style(self, properties: etree._Element, style: Style) -> tuple[bool, float | None]:
        bold, size = style.bold, style.size
        named = properties.find(W + "rStyle")
        if named is not None:
            own = self._styles.style(named.get(_VAL, ""))
            bold = bold or own.bold
        said = switch(properties, "b")
        sized = properties.find(W + "sz")
        if sized is not None and sized.get(_VAL, "").isdigit():
            size = int(sized.get(_VAL, "")) / 2
        return (bold if said is None else said), size

    def _object(self, element: etree._Element, line: _Line) -> None:
        """A drawing, picture, form field or alternative inside a run: text boxes wait, check boxes are signs."""
        if element.tag == _ALTERNATE:
            for option in element:
                boxes = list(option.iter(_TXBX))
                if boxes:
                    line.boxes += _outermost(boxes)
                    return
        elif element.tag == W + "fldChar":
            box = element.find(f"{W}ffData/{W}checkBox")
            if box is not None:
                said = switch(box, "checked")
                line.text.append("☒" if (said if said is not None else switch(box, "default")) else "☐")
        elif len(element):
            line.boxes += _outermost(list(element.iter(_TXBX)))

    def _table(self, element: etree._Element, pieces: list[Piece]) -> None:
        self._depth += 1
        if self._depth <= MOST_DEPTH:
            table, inner = Table(), []
            open_cells: dict[int, Cell] = {}
            bold = self._bold_parts(element)
            for number, row in enumerate(_rows(element), start=1):
                inner = self._row(row, number, table, open_cells)
            for cell in table.cells:
                cell.bold = (
                    cell.bold or ("firstRow" in bold and cell.row == 1) or ("firstCol" in bold and cell.column == 1)
                )
            if layout_table(table):
                pieces += inner
            else:
                pieces.append(table)
        self._depth -= 1

    def _bold_parts(self, table: etree._Element) -> frozenset[str]:
        """Parts that the table's style makes bold and the table uses."""
        properties = table.find(W + "tblPr")
        style = None if properties is None else properties.find(W + "tblStyle")
        if properties is None or style is None:
            return frozenset()
        parts, look = self._styles.bold_parts(style.get(_VAL, "")), properties.find(W + "tblLook")
        if not parts or look is None:
            return parts & {"firstRow"}
        bits = int(look.get(_VAL, "0"), 16) if _HEX.match(look.get(_VAL, "")) else 0
        used = {
            part
            for part, name, bit in (("firstRow", "firstRow", 0x20), ("firstCol", "firstColumn", 0x80))
            if look.get(W + name, "1" if bits & bit else "0") not in ("0", "false")
        }
        return parts & used

    def _row(self, row: etree._Element, number: int, table: Table, open_cells: dict[int, Cell]) -> list[Piece]:
        properties = row.find(W + "trPr")
        header = switch(properties, "tblHeader") or False
        skipped = properties.find(W + "gridBefore") if properties is not None else None
        column = 1 + (int(skipped.get(_VAL, "0")) if skipped is not None else 0)
        inner: list[Piece] = []
        for element in _cells(row):
            span, merge = _spans(element.find(_TCPR))
            above = open_cells.get(column)
            if merge == "continue" and above is not None:
                above.row_span = number - above.row + 1
            else:
                inner = self.content(element)
                cell = cell_of(inner, number, column, 1, span, header)
                table.add(cell)
                open_cells[column] = cell
            column += span
        return inner


def _rows(table: etree._Element) -> list[etree._Element]:
    return _through(table, _TR)


def _cells(row: etree._Element) -> list[etree._Element]:
    return _through(row, _TC)


def _through(parent: etree._Element, wanted: str) -> list[etree._Element]:
    """Children of a tag, looking through content controls and insertions; deleted rows left out."""
    found: list[etree._Element] = []
    for child in parent:
        if child.tag == wanted:
            if wanted == _TC or child.find(f"{W}trPr/{W}del") is None:
                found.append(child)
        elif child.tag == _SDT:
            inner = child.find(W + "sdtContent")
            found += [] if inner is None else _through(inner, wanted)
        elif child.tag in _WRAPPERS:
            found += _through(child, wanted)
    return found


def _spans(properties: etree._Element | None) -> tuple[int, str]:
    """Columns that a cell covers, and whether it goes on the one above ("continue")."""
    if properties is None:
        return 1, ""
    span, merge = properties.find(W + "gridSpan"), properties.find(W + "vMerge")
    wide = span.get(_VAL, "1") if span is not None else "1"
    return int(wide) if wide.isdigit() and 0 < int(wide) < 1000 else 1, (
        "" if merge is None else merge.get(_VAL, "continue")
    )


def _symbol(element: etree._Element) -> str:
    try:
        code = int(element.get(W + "char", ""), 16)
        return chr(code if code >= 0xF000 or code < 32 else 0xF000 + code if code < 256 else code)
    except (ValueError, OverflowError):
        return ""


def _outermost(boxes: list[etree._Element]) -> list[etree._Element]:
    """Text boxes that stand in no other of the list, one of each choice/fallback pair."""
    kept: list[etree._Element] = []
    for box in boxes:
        if not any(parent in kept for parent in box.iterancestors(_TXBX)):
            kept.append(box)
    return kept
