"""HTML, Google Docs exports included: blocks in reading order, tables with their spans."""

from __future__ import annotations

import re

from lxml import etree
from lxml import html as lxml_html

from suivi.documents.compose import compose
from suivi.documents.content import Content
from suivi.documents.encoding import decode, looks_like_text
from suivi.documents.html_style import Looks
from suivi.documents.numerals import numeral
from suivi.documents.pieces import Paragraph, Piece, Table, Unreadable, cell_of, layout_table
from suivi.documents.spans import Grid
from suivi.models import BlockKind, Issue, Reading

name = "html"

_SKIPPED = {"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe", "select"}
_BLOCKS = frozenset(
    """p div section article header footer main aside nav ul ol dl dt dd blockquote pre address form fieldset figure
    figcaption center hr body html tbody thead tfoot caption details summary""".split()  # noqa: SIM905
)
_LIST_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_START = re.compile(rb"<!doctype html|<html[\s>]", re.IGNORECASE)
_TAGS = re.compile(rb"<(?:p|div|table|h[1-6]|ul|span|body)[\s>]", re.IGNORECASE)
MOST_DEPTH = 200


def accepts(content: Content) -> bool:
    """By its opening tags, or by its extension and some tags."""
    if content.is_zip or content.is_ole or not looks_like_text(content.data):
        return False
    if _START.search(content.head[:1500]):
        return True
    return content.suffix in ("html", "htm", "xhtml") and len(_TAGS.findall(content.data[:20_000])) >= 2


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    declared = re.search(rb"charset=[\"']?([\w-]+)", content.data[:4096])
    issues: list[Issue] = []
    try:
        text = content.data.decode(declared[1].decode() if declared else "utf-8")
    except (UnicodeDecodeError, LookupError):
        text, issues = decode(content.data)
    return compose(pieces_of(text), name, issues)


def pieces_of(text: str) -> list[Piece]:
    """Paragraphs and tables of an HTML text. Raises `Unreadable`."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\0", "")
    if not text.strip():
        return []
    try:
        root = lxml_html.document_fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("document_damaged", str(error)) from error
    walk = _Walk(Looks(root))
    walk.children(root, 0)
    return walk.finish()


class _Walk:
    """Collects inline text until a block begins or ends."""

    def __init__(self, looks: Looks, counts: dict[str, int] | None = None) -> None:
        self._looks = looks
        self._counts = counts if counts is not None else {}
        self._pieces: list[Piece] = []
        self._text: list[str] = []
        self._bold = 0
        self._letters = 0
        self._sizes: dict[float, int] = {}
        self._kind: BlockKind = "paragraph"
        self._level = 0
        self._marker = ""

    def finish(self) -> list[Piece]:
        self._flush()
        return self._pieces

    def _flush(self) -> None:
        text = "".join(self._text).strip()
        if text:
            bold = self._letters > 0 and self._bold * 2 > self._letters
            size = max(self._sizes, key=lambda key: self._sizes[key]) if self._sizes else None
            self._pieces.append(Paragraph(self._marker + text, self._kind, self._level, bold, size))
            self._marker = ""
        self._text, self._bold, self._letters, self._sizes = [], 0, 0, {}

    def _add(self, text: str | None, element: etree._Element, preserved: bool) -> None:
        if not text:
            return
        self._text.append(text if preserved else re.sub(r"\s+", " ", text))
        letters = len(text.strip())
        if letters:
            look = self._looks.of(element)
            self._letters += letters
            self._bold += letters if look.bold else 0
            if look.size:
                self._sizes[look.size] = self._sizes.get(look.size, 0) + letters

    def children(self, element: etree._Element, depth: int) -> None:
        preserved = element.tag == "pre"
        self._add(element.text, element, preserved)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _SKIPPED and depth < MOST_DEPTH:
                self._element(child, depth)
            self._add(child.tail, element, preserved)

    def _element(self, element: etree._Element, depth: int) -> None:
        tag = str(element.tag)
        if tag == "br":
            self._text.append("\n")
        elif tag == "input" and element.get("type") in ("checkbox", "radio"):
            self._text.append("☒ " if element.get("checked") is not None else "☐ ")
        elif self._looks.hidden(element):
            return
        elif tag == "table":
            self._flush()
            self._table(element, depth)
        elif tag == "li":
            self._item(element, depth)
        elif tag[0] == "h" and tag[1:].isdigit():
            self._block(element, depth, "heading", int(tag[1:]))
        elif tag in _BLOCKS:
            self._block(element, depth, self._kind, self._level)
        else:
            self.children(element, depth + 1)

    def _block(self, element: etree._Element, depth: int, kind: BlockKind, level: int) -> None:
        self._flush()
        before = self._kind, self._level
        self._kind, self._level = kind, level
        self.children(element, depth + 1)
        self._flush()
        self._kind, self._level = before

    def _item(self, element: etree._Element, depth: int) -> None:
        self._flush()
        self._marker = self._next_marker(element)
        level = sum(1 for parent in element.iterancestors("ul", "ol")) - 1
        self._block(element, depth, "item", max(level, self._looks.list_level(element), 0))
        self._marker = ""

    def _next_marker(self, element: etree._Element) -> str:
        parent = element.getparent()
        if parent is None or parent.tag != "ol":
            return "- "
        key = self._looks.list_key(parent)
        start = parent.get("start", "")
        if key not in self._counts or ("start" in parent.get("class", "").split() and element.getprevious() is None):
            self._counts[key] = int(start) - 1 if start.isdigit() and len(start) < 7 else 0
        value = element.get("value", "")
        self._counts[key] = int(value) if value.isdigit() and len(value) < 7 else self._counts[key] + 1
        return numeral(self._counts[key], _LIST_FORMS.get(parent.get("type", ""), "decimal")) + ". "

    def _table(self, element: etree._Element, depth: int) -> None:
        table, grid, inner = Table(), Grid(), []
        for row, header in _rows(element):
            grid.next_row()
            for td in row.iterchildren("td", "th"):
                inner = self._inner(td, depth)
                column, across, down = grid.place(td.get("colspan"), td.get("rowspan"))
                is_header = header or (td.tag == "th" and grid.row == 1)
                table.add(cell_of(inner, grid.row, column, down, across, is_header))
        grid.crop(table)
        if layout_table(table):
            self._pieces += inner
        elif table.cells:
            self._pieces.append(table)

    def _inner(self, element: etree._Element, depth: int) -> list[Piece]:
        walk = _Walk(self._looks, self._counts)
        if depth < MOST_DEPTH:
            walk.children(element, depth + 1)
        return walk.finish()


def _rows(table: etree._Element) -> list[tuple[etree._Element, bool]]:
    """The rows of a table itself, each with whether it stands in its head."""
    found = []
    for child in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        if child.tag == "tr":
            found.append((child, False))
        else:
            found += [(row, child.tag == "thead") for row in child.iterchildren("tr")]
    return found
