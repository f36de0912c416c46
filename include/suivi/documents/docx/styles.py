"""Styles of a Word document: bold, size, heading level and list of a paragraph, inherited."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = W + "val"
_HEADING = re.compile(r"^(?:heading|titre|überschrift|título|kop) ?(\d)$", re.IGNORECASE)
_CONTENTS = re.compile(r"^(?:toc|tm|table of figures|verzeichnis) ?\d*$", re.IGNORECASE)
_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Style:
    """`heading`: 0 is none; `numbering`: (numId, level) or `None`."""

    bold: bool = False
    size: float | None = None
    heading: int = 0
    numbering: tuple[str, int] | None = None
    contents: bool = False  # an entry of a table of contents


class Styles:
    """Resolved styles by id; an unknown id is the default paragraph."""

    def __init__(self, root: etree._Element | None) -> None:
        self._raw: dict[str, etree._Element] = {}
        self._base = Style()
        self.default = ""
        if root is not None:
            self._load(root)
        self.style = cache(self._resolve)

    def _load(self, root: etree._Element) -> None:
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._base = Style(size=_size(defaults))
        for element in root.iterchildren(W + "style"):
            identifier = element.get(W + "styleId", "")
            self._raw[identifier] = element
            if element.get(W + "default") in ("1", "true") and element.get(W + "type") == "paragraph":
                self.default = identifier

    def bold_parts(self, identifier: str, depth: int = 0) -> frozenset[str]:
        """The parts of a table ("firstRow", "firstCol") that its style prints in bold."""
        element = self._raw.get(identifier)
        if element is None or depth > 20:
            return frozenset()
        based = element.find(W + "basedOn")
        found = set(self.bold_parts(based.get(_VAL, ""), depth + 1)) if based is not None else set()
        for part in element.iterchildren(W + "tblStylePr"):
            said = switch(part.find(W + "rPr"), "b")
            if said is not None:
                (found.add if said else found.discard)(part.get(W + "type", ""))
        return frozenset(found)

    def _resolve(self, identifier: str, depth: int = 0) -> Style:
        element = self._raw.get(identifier)
        if element is None or depth > 20:
            return self._base
        based = element.find(W + "basedOn")
        parent = self._resolve(based.get(_VAL, ""), depth + 1) if based is not None else self._base
        run, paragraph = element.find(W + "rPr"), element.find(W + "pPr")
        bold, size = switch(run, "b"), _size(run)
        return Style(
            parent.bold if bold is None else bold,
            parent.size if size is None else size,
            _heading(element, paragraph, parent),
            _numbering(paragraph, parent),
            bool(_CONTENTS.match(_name(element))) or parent.contents,
        )


def switch(properties: etree._Element | None, name: str) -> bool | None:
    """An on/off property of a run or paragraph; `None` where it is not said."""
    found = None if properties is None else properties.find(W + name)
    return None if found is None else found.get(_VAL, "1") not in _OFF


def _size(properties: etree._Element | None) -> float | None:
    found = None if properties is None else properties.find(W + "sz")
    if found is None:
        return None
    try:
        return float(found.get(_VAL, "")) / 2
    except ValueError:
        return None


def _name(element: etree._Element) -> str:
    title = element.find(W + "name")
    return "" if title is None else title.get(_VAL, "")


def _heading(element: etree._Element, paragraph: etree._Element | None, parent: Style) -> int:
    title = _name(element)
    match = _HEADING.match(title)
    if match:
        return int(match[1])
    if title.lower() in ("title", "titre"):
        return 1
    return outline(paragraph) or parent.heading


def outline(paragraph: etree._Element | None) -> int:
    """The outline level that paragraph properties give (from 1); 0 is none."""
    found = None if paragraph is None else paragraph.find(W + "outlineLvl")
    value = found.get(_VAL, "9") if found is not None else "9"
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0


def _numbering(paragraph: etree._Element | None, parent: Style) -> tuple[str, int] | None:
    found = None if paragraph is None else paragraph.find(W + "numPr")
    return parent.numbering if found is None else list_of(found, parent.numbering)


def list_of(properties: etree._Element, parent: tuple[str, int] | None) -> tuple[str, int] | None:
    """The list and level of a `w:numPr`; what it leaves out comes from the style."""
    number, level = properties.find(W + "numId"), properties.find(W + "ilvl")
    identifier = number.get(_VAL, "") if number is not None else (parent[0] if parent else "")
    depth = level.get(_VAL, "0") if level is not None else str(parent[1] if parent else 0)
    if identifier in ("", "0"):
        return None
    return identifier, min(int(depth), 8) if depth.isdigit() else 0
