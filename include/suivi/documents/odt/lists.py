"""List markers of an OpenDocument text, counted as it is read."""

from __future__ import annotations

from lxml import etree

from suivi.documents.numerals import numeral
from suivi.documents.odt.names import TEXT, XML_ID
from suivi.documents.odt.styles import Level, Styles


class Lists:
    """Counts by list style; a list that does not say that it continues another starts again."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._counts: dict[str, dict[int, int]] = {}
        self._style_of: dict[str, str] = {}

    def begin(self, element: etree._Element, style: str) -> str:
        """The key under which the items of a top-level list count; its style's name comes back."""
        name = element.get(TEXT + "style-name") or style
        self._style_of[element.get(XML_ID, "")] = name
        continues = element.get(TEXT + "continue-numbering") == "true" or element.get(TEXT + "continue-list")
        if not continues:
            self._counts[name] = {}
        return name

    def marker(self, name: str, depth: int, start: str | None = None) -> str:
        """The marker of the next item of a list at a depth from 1."""
        levels = self._styles.lists.get(name, {})
        return self._next(self._counts.setdefault(name, {}), levels, depth, start, "-")

    def heading(self, depth: int) -> str:
        """The number of the next heading, "" where headings have none."""
        return self._next(self._counts.setdefault("\0outline", {}), self._styles.outline, depth, None, "")

    @staticmethod
    def _next(counts: dict[int, int], levels: dict[int, Level], depth: int, start: str | None, bullet: str) -> str:
        level = levels.get(depth)
        if level is None or level.format in ("", "bullet"):
            return bullet if level is None or level.format == "bullet" else level.prefix + level.suffix
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        first = int(start) if start and start.isdigit() and len(start) < 7 else level.start
        counts[depth] = first if start or depth not in counts else counts[depth] + 1
        shown = range(max(depth - level.levels + 1, 1), depth + 1)
        numbers = [
            numeral(counts.get(place, levels[place].start), levels[place].format)
            for place in shown
            if place in levels and levels[place].format not in ("", "bullet")
        ]
        return f"{level.prefix}{'.'.join(numbers)}{level.suffix}".strip()
