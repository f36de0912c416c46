"""List numbering as Word would print it: "1.", "1.1", "a)", and every bullet as "-"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from suivi.documents.docx.styles import Styles, W
from suivi.documents.numerals import numeral

_VAL = W + "val"
_PLACE = re.compile(r"%(\d)")


@dataclass(slots=True)
class _Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts every list of a document while its paragraphs go by."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._lists: dict[str, _List] = {}
        self._of: dict[str, _List] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        for element in root.iterchildren(W + "abstractNum"):
            self._lists[element.get(W + "abstractNumId", "")] = _levels(element)
        for element in root.iterchildren(W + "abstractNum"):
            self._link(root, element, styles)
        for element in root.iterchildren(W + "num"):
            self._number(element)

    def _link(self, root: etree._Element, element: etree._Element, styles: Styles) -> None:
        """A list that only names a list style takes the levels of the list behind that style."""
        link = element.find(W + "numStyleLink")
        style = styles.style(link.get(_VAL, "")) if link is not None else None
        if style is None or style.numbering is None:
            return
        for number in root.iterchildren(W + "num"):
            base = number.find(W + "abstractNumId")
            if number.get(W + "numId") == style.numbering[0] and base is not None:
                found = self._lists.get(base.get(_VAL, ""))
                if found is not None:
                    self._lists[element.get(W + "abstractNumId", "")] = found

    def _number(self, element: etree._Element) -> None:
        identifier, base = element.get(W + "numId", ""), element.find(W + "abstractNumId")
        found = self._lists.get(base.get(_VAL, "")) if base is not None else None
        if found is None:
            return
        self._of[identifier] = found
        for override in element.iterchildren(W + "lvlOverride"):
            start = override.find(W + "startOverride")
            level = override.get(W + "ilvl", "0")
            if start is not None and level.isdigit():
                self._restarts.setdefault(identifier, {})[int(level)] = _integer(start.get(_VAL), 1)

    def marker(self, identifier: str, depth: int) -> str:
        """The next marker of a list at a level; "" where the list prints none."""
        found = self._of.get(identifier)
        if found is None:
            return ""
        level = found.levels.get(depth, _Level("bullet"))
        restart = self._restarts.get(identifier, {}).pop(depth, None)
        found.counts[depth] = (
            restart if restart is not None else found.counts[depth] + 1 if depth in found.counts else level.start
        )
        for deeper in [key for key in found.counts if key > depth]:
            del found.counts[deeper]
        if level.format == "bullet":
            return "-"
        if level.format == "none":
            return level.text if "%" not in level.text else ""
        return _PLACE.sub(lambda match: self._value(found, int(match[1]) - 1, level.legal), level.text).strip()

    @staticmethod
    def _value(found: _List, depth: int, legal: bool) -> str:
        level = found.levels.get(depth, _Level())
        return numeral(found.counts.get(depth, level.start), "decimal" if legal else level.format)


def _levels(element: etree._Element) -> _List:
    found = _List()
    for level in element.iterchildren(W + "lvl"):
        depth = _integer(level.get(W + "ilvl"), 0)
        found.levels[depth] = _Level(
            _value(level, "numFmt", "decimal"),
            _value(level, "lvlText", ""),
            _integer(_value(level, "start", "1"), 1),
            level.find(W + "isLgl") is not None,
        )
    return found


def _value(element: etree._Element, name: str, default: str) -> str:
    found = element.find(W + name)
    return default if found is None else found.get(_VAL, default)


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 7 else default
