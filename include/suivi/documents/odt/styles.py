"""Styles of an OpenDocument text: bold and size of paragraphs and spans, formats of lists and headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from suivi.documents.odt.names import FO, OFFICE, STYLE, TEXT

_POINTS = re.compile(r"^([\d.]+)pt$")
_LEVELS = {TEXT + "list-level-style-number", TEXT + "list-level-style-bullet", TEXT + "outline-level-style"}
_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


@dataclass(frozen=True, slots=True)
class Look:
    bold: bool = False
    size: float | None = None
    list_style: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """How a list level prints its marker; `format` "bullet" or "" prints "-" or nothing."""

    format: str
    prefix: str = ""
    suffix: str = ""
    levels: int = 1
    start: int = 1


@dataclass(slots=True)
class Styles:
    """Looks by style name; automatic styles of the content win over shared ones of the same name."""

    shared: etree._Element | None
    content: etree._Element
    _raw: dict[str, etree._Element] = field(default_factory=dict)
    _known: dict[str, Look] = field(default_factory=dict)
    lists: dict[str, dict[int, Level]] = field(default_factory=dict)
    outline: dict[int, Level] = field(default_factory=dict)

    _base: Look = field(default_factory=Look)

    def __post_init__(self) -> None:
        for root in (self.shared, self.content):
            for group in () if root is None else root.iterchildren(OFFICE + "styles", OFFICE + "automatic-styles"):
                self._load(group)

    def _load(self, group: etree._Element) -> None:
        for element in group:
            name = element.get(STYLE + "name", "")
            if element.tag == STYLE + "style":
                self._raw[name] = element
            elif element.tag == TEXT + "list-style":
                self.lists[name] = _levels(element)
            elif element.tag == TEXT + "outline-style":
                self.outline = _levels(element)
            elif element.tag == STYLE + "default-style" and element.get(STYLE + "family") == "paragraph":
                self._base = _own(element, Look())

    def look(self, name: str, above: Look | None = None) -> Look:
        """The look of a style; what a span's style leaves open comes from `above`."""
        if above is not None:
            element = self._raw.get(name)
            return above if element is None else _own(element, above)
        if name not in self._known:
            self._known[name] = self._resolve(name, 0)
        return self._known[name]

    def _resolve(self, name: str, depth: int) -> Look:
        element = self._raw.get(name)
        if element is None or depth > 20:
            return self._base
        return _own(element, self._resolve(element.get(STYLE + "parent-style-name", ""), depth + 1))


def _own(element: etree._Element, above: Look) -> Look:
    properties = element.find(STYLE + "text-properties")
    listed = element.get(STYLE + "list-style-name")
    list_style = above.list_style if listed is None else listed
    if properties is None:
        return Look(above.bold, above.size, list_style)
    weight, size = properties.get(FO + "font-weight"), properties.get(FO + "font-size", "")
    match = _POINTS.match(size)
    bold = above.bold if weight is None else weight == "bold" or (weight.isdigit() and int(weight) >= 600)
    return Look(bold, float(match[1]) if match else above.size, list_style)


def _levels(element: etree._Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for child in element:
        if child.tag in _LEVELS:
            depth = _integer(child.get(TEXT + "level"), 1)
            if child.tag == TEXT + "list-level-style-bullet":
                found[depth] = Level("bullet")
                continue
            found[depth] = Level(
                _FORMATS.get(child.get(STYLE + "num-format", ""), ""),
                child.get(STYLE + "num-prefix", ""),
                child.get(STYLE + "num-suffix", ""),
                _integer(child.get(TEXT + "display-levels"), 1),
                _integer(child.get(TEXT + "start-value"), 1),
            )
    return found


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 7 else default
