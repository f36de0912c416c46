"""Tagged PDF → pieces: the document says itself what is a paragraph, a list, a table, over page breaks too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from suivi.documents import wording
from suivi.documents.pdf.flow import Text, paragraphs, told_paragraph
from suivi.documents.pdf.lattice import Lattice
from suivi.documents.pdf.lines import Line, lines_of
from suivi.documents.pdf.page import Page
from suivi.documents.pdf.structure import Node
from suivi.documents.pdf.tagged_table import TaggedCell, column_rights, place_cells
from suivi.documents.pdf.words import Word
from suivi.documents.pieces import Paragraph, Piece, Table, cell_of, layout_table
from suivi.models import BlockKind

_INLINE = {"Span", "Link", "Quote", "Reference", "Code", "Lbl", "Annot", "Form", "BibEntry", "Ruby", "Warichu", "Em"}
_INLINE |= {"Strong", "Sub", "RB", "RT", "RP", "WT", "WP", "NonStruct"}
_LEAF = {"P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Title", "LI", "Caption", "Note", "FENote", "TOCI"}
_ROW_GROUPS = ("THead", "TBody", "TFoot")


def tagged_pieces(
    root: Node, rights: dict[int, float], tables: dict[int, list[Lattice]], rest: list[Page]
) -> list[Piece]:
    """Pieces of the tree; lines outside it that are no running header stand before it (first page) or after."""
    pieces = _joined(Tagged(rights, tables).pieces(root))
    before: list[Piece] = []
    after: list[Piece] = []
    heads = {_compact("".join(cell.text for cell in table.cells if cell.row == 1)) for table in _tables(pieces)}
    for page in rest:
        above = page is rest[0]
        for text in paragraphs(page.lines, 0.0, rights.get(page.number, 0.0)):
            if any(_compact(text.text) in head for head in heads):
                continue  # a table's header, printed again on its next page
            group = before if above and text.lines[0].top < page.height / 3 else after
            group.append(Paragraph(text.text, "paragraph", 0, text.bold, text.size, page.number))
    return [*before, *pieces, *after]


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Tables that a writer ended at a page's foot and began again at the next one's head, as one."""
    done: list[Piece] = []
    for piece in pieces:
        above = done[-1] if done else None
        if isinstance(piece, Table) and isinstance(above, Table) and _goes_on(above, piece):
            shift = max(cell.row for cell in above.cells)
            for cell in piece.cells:
                cell.row += shift
                above.cells.append(cell)
        else:
            done.append(piece)
    return done


def _goes_on(above: Table, below: Table) -> bool:
    """Whether a table begins on the page after the one that another ends on, with as many columns and no header."""
    pages = [max((cell.page or 0 for cell in above.cells), default=0), min(cell.page or 10**6 for cell in below.cells)]
    widths = [max(cell.column + cell.column_span - 1 for cell in table.cells) for table in (above, below)]
    first = [cell for cell in below.cells if cell.row == 1]
    headed = any(cell.header for cell in first) or all(cell.bold for cell in first if cell.text)
    return pages[1] == pages[0] + 1 and widths[0] == widths[1] > 1 and not headed


def _tables(pieces: list[Piece]) -> list[Table]:
    return [piece for piece in pieces if isinstance(piece, Table)]


def _compact(text: str) -> str:
    return "".join(text.split())


@dataclass(slots=True)
class _Place:
    """Where a block stands: what it is, how deep, and whether its label waits for its text."""

    kind: BlockKind = "paragraph"
    level: int = 0
    right: float = 0.0
    begun: bool = False  # the first paragraph of a list item is out


@dataclass(slots=True)
class _Flow:
    """Words of one paragraph as they are collected, page by page."""

    runs: list[tuple[int, list[Word]]] = field(default_factory=list)
    label_only: bool = False


class Tagged:
    """Walks the tree; `rights` gives the right margin of every page for telling forced line breaks."""

    def __init__(self, rights: dict[int, float], tables: dict[int, list[Lattice]]) -> None:
        self._rights = rights
        self._tables = tables
        self._starts: dict[int, tuple[int, int]] = {}  # id of a piece → page and place of its first word
        self._pieces: list[Piece] = []

    def pieces(self, root: Node) -> list[Piece]:
        return self._walk(root, _Place())

    def _walk(self, node: Node, place: _Place) -> list[Piece]:
        outer, self._pieces = self._pieces, []
        flow = self._content(node, place, _Flow())
        self._flush(flow, place)
        done, self._pieces = self._pieces, outer
        done.sort(key=lambda piece: self._starts.get(id(piece), (0, 0)))
        return done

    def _content(self, node: Node, place: _Place, flow: _Flow) -> _Flow:
        """Inline words go to `flow`, which comes back; blocks inside end it and stand for themselves."""
        for part in node.parts():
            if not isinstance(part, Node):
                flow.runs.append(part)
                flow.label_only = node.type == "Lbl" and (len(flow.runs) == 1 or flow.label_only)
            elif part.type in _INLINE or part.type == "LBody":
                flow = self._content(part, place, flow)
            elif place.kind == "item" and part.type == "P" and (flow.label_only or not (flow.runs or place.begun)):
                flow.label_only = False
                flow = self._content(part, place, flow)
                self._flush(flow, place)
                flow = _Flow()
            else:
                self._flush(flow, place)
                flow = _Flow()
                self._block(part, place)
        return flow

    def _block(self, node: Node, place: _Place) -> None:
        if node.type == "Table":
            self._table(node)
        elif node.type in ("TOC", "TOCI"):
            return  # repeats the headings
        elif node.type == "L":
            deeper = place.level + 1 if place.kind == "item" else 0
            self._pieces += self._walk(node, _Place("item", deeper, place.right))
        elif node.type in _LEAF:
            self._pieces += self._walk(node, _place_of(node.type, place))
        else:
            self._pieces += self._walk(node, place)

    def _flush(self, flow: _Flow, place: _Place) -> None:
        text = _text(flow, place.right, self._rights)
        if text is not None:
            kind = "paragraph" if place.kind == "heading" and len(text.text) > 250 else place.kind
            if kind == "item" and not place.begun:
                place.begun = True
                marked = text.text if wording.numbered(text.text) else wording.bulleted(text.text)
                text.text = marked or f"- {text.text}"  # browsers draw the bullet
            page = text.lines[0].page
            piece = Paragraph(text.text, kind, place.level, text.bold, text.size, page)
            first = [word.order for line in text.lines if line.page == page for word in line.words]
            self._starts[id(piece)] = (page, min(first))
            self._pieces.append(piece)

    def _table(self, node: Node) -> None:
        rows = [([TaggedCell(cell) for cell in _cells(row)], header) for row, header in _rows(node)]
        place_cells([row for row, _ in rows], self._tables)
        rights = column_rights([cell for row, _ in rows for cell in row])
        table, inner = Table(), []
        for number, (row, header) in enumerate(rows, start=1):
            for cell in row:
                inner = self._walk(cell.node, _Place(right=rights.get(cell.column, 0.0)))
                head = header or (cell.node.type == "TH" and number == 1)
                table.cells.append(cell_of(inner, number, cell.column, cell.rows, cell.columns, head))
        if layout_table(table):
            self._pieces += inner
        elif table.cells:
            starts = [(cell.page, word.order) for row, _ in rows for cell in row for word in cell.words]
            self._starts[id(table)] = min(starts, default=(0, 0))
            self._pieces.append(table)


def _place_of(type: str, place: _Place) -> _Place:
    if type[0] == "H" or type == "Title":
        return _Place("heading", int(type[1:]) if type[1:].isdigit() else 1, place.right)
    if type == "LI" or place.kind == "item":
        return _Place("item" if type == "LI" else "paragraph", place.level, place.right)
    return _Place("paragraph", 0, place.right)


def _text(flow: _Flow, right: float, rights: dict[int, float]) -> Text | None:
    lines: list[Line] = []
    seen: set[str] = set()
    for page in dict.fromkeys(page for page, _ in flow.runs):
        found = lines_of([word for number, run in flow.runs if number == page for word in run], page)
        text = " ".join(line.text for line in found)
        lines += [] if text in seen else found  # a browser prints a table's header again on every page
        seen.add(text)
    lines = [line for line in lines if line.text]
    return told_paragraph(lines, right or rights.get(lines[0].page, 0.0)) if lines else None


def _rows(table: Node) -> Iterator[tuple[Node, bool]]:
    for part in table.parts():
        if isinstance(part, Node):
            if part.type == "TR":
                yield part, False
            elif part.type in _ROW_GROUPS:
                yield from ((row, part.type == "THead") for row, _ in _rows(part))


def _cells(row: Node) -> list[Node]:
    return [part for part in row.parts() if isinstance(part, Node) and part.type in ("TD", "TH")]
