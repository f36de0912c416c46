"""The structure tree of a tagged PDF, with the words of every element.

pdfium hands the tree out page by page; an element that runs over a page break has the same path of child numbers
on both, and so becomes one node here.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from suivi.documents.pdf.words import Word

_count_children = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(pdfium_c.FPDF_StructElement_CountChildren, ctypes.c_void_p).value or 0
)  # the same functions with plain addresses: called for every child on every page
_child_mark = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium_c.FPDF_StructElement_GetChildMarkedContentID, ctypes.c_void_p).value or 0
)
_child_at = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium_c.FPDF_StructElement_GetChildAtIndex, ctypes.c_void_p).value or 0
)

MOST_DEPTH = 60
MOST_NODES = 200_000


@dataclass(slots=True)
class Node:
    """An element of the tree: what it is, and its children and words by their number in it."""

    type: str
    rows: int = 1
    columns: int = 1
    empty: bool = False  # a cell that no page has anything of, so far
    content: dict[int, Node | tuple[int, list[Word]]] = field(default_factory=dict)

    def parts(self) -> Iterator[Node | tuple[int, list[Word]]]:
        """Children and (page, words) in the order of the document."""
        for _, part in sorted(self.content.items()):
            yield part

    def has(self, type: str) -> bool:
        """Whether an element of a type stands anywhere below."""
        return any(child.type == type or child.has(type) for child in self.parts() if isinstance(child, Node))


class Tree:
    """Grows page by page; `taken` are the words of a page that some element holds."""

    def __init__(self) -> None:
        self.root = Node("Document")
        self._buffer = ctypes.create_string_buffer(128)
        self._nodes = 0

    def add(self, page: pdfium.PdfPage, number: int, words: list[Word]) -> set[int]:
        """Add a page's elements; the ids (`id`) of the words they hold. A page without a tree adds nothing."""
        handle = pdfium_c.FPDF_StructTree_GetForPage(page)
        if not handle:
            return set()
        marked: dict[int, list[Word]] = {}
        for word in words:
            if word.mark >= 0:
                marked.setdefault(word.mark, []).append(word)
        try:
            for index in range(pdfium_c.FPDF_StructTree_CountChildren(handle)):
                child = pdfium_c.FPDF_StructTree_GetChildAtIndex(handle, index)
                if child:
                    self._element(ctypes.addressof(child.contents), self.root, index, number, marked, 0)
        finally:
            pdfium_c.FPDF_StructTree_Close(handle)
        left = {id(word) for group in marked.values() for word in group}
        return {id(word) for word in words if word.mark >= 0} - left

    def _element(
        self, handle: int, parent: Node, index: int, page: int, marked: dict[int, list[Word]], depth: int
    ) -> None:
        node = parent.content.get(index)
        if not isinstance(node, Node) or node.empty:
            node = parent.content[index] = Node(self._type(_element_at(handle)))
            if node.type in ("TD", "TH"):
                node.rows, node.columns = _spans(_element_at(handle))
            self._nodes += 1
        if depth > MOST_DEPTH or self._nodes > MOST_NODES:
            return
        for place in range(_count_children(handle)):
            mark = _child_mark(handle, place)
            if mark >= 0:
                words = marked.pop(mark, None)
                if words:
                    node.content[place] = (page, words)
                continue
            child = _child_at(handle, place)
            if child:
                self._element(child, node, place, page, marked, depth + 1)
            elif node.type == "TR":  # an empty cell has nothing on the page
                node.content.setdefault(place, Node("TD", empty=True))

    def _type(self, handle: object) -> str:
        length = pdfium_c.FPDF_StructElement_GetType(handle, self._buffer, 128)
        return self._buffer.raw[: max(min(length, 128) - 2, 0)].decode("utf-16-le", "replace")


def _element_at(address: int) -> object:
    return ctypes.cast(address, pdfium_c.FPDF_STRUCTELEMENT)


def _spans(handle: object) -> tuple[int, int]:
    """Rows and columns that a cell covers, from its table attributes."""
    found = {"RowSpan": 1.0, "ColSpan": 1.0}
    for index in range(pdfium_c.FPDF_StructElement_GetAttributeCount(handle)):
        attributes = pdfium_c.FPDF_StructElement_GetAttributeAtIndex(handle, index)
        for name in found:
            value = pdfium_c.FPDF_StructElement_Attr_GetValue(attributes, name.encode())
            number = ctypes.c_float()
            if value and pdfium_c.FPDF_StructElement_Attr_GetNumberValue(value, number):
                found[name] = number.value
    rows, columns = (int(min(max(value, 1), 500)) for value in (found["RowSpan"], found["ColSpan"]))
    return rows, columns
