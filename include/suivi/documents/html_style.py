"""What CSS says of an element's looks, as far as reading needs it: bold, size, hidden, list level."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

_BOLD_TAGS = {"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"}
_SIZE = re.compile(r"([\d.]+)(pt|px)")
_GOOGLE_LIST = re.compile(r"\b(lst-kix_\w+?)-(\d)\b")


@dataclass(frozen=True, slots=True)
class Look:
    bold: bool = False
    size: float | None = None


class Looks:
    """Looks by element; class rules of the page's own style sheet and style attributes count."""

    def __init__(self, root: etree._Element) -> None:
        self._classes: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._known: dict[etree._Element, Look] = {}
        for sheet in root.iter("style"):
            for rule in (sheet.text or "")[:500_000].split("}"):
                selectors, _, body = rule.partition("{")
                for selector in selectors.split(","):
                    name = selector.strip()
                    if name.isalnum():
                        self._tags[name] = self._tags.get(name, "") + ";" + body
                    elif name.startswith(".") and name[1:].replace("-", "").replace("_", "").isalnum():
                        self._classes[name[1:]] = self._classes.get(name[1:], "") + ";" + body

    def of(self, element: etree._Element) -> Look:
        known = self._known.get(element)
        if known is None:
            parent = element.getparent()
            known = self._known[element] = self._own(
                element, self.of(parent) if parent is not None else Look(size=12.0)
            )
        return known

    def _rules(self, element: etree._Element) -> str:
        rules = [self._classes.get(name, "") for name in element.get("class", "").split()]
        return (
            ";".join([self._tags.get(str(element.tag), ""), *rules, element.get("style", "")]).lower().replace(" ", "")
        )

    def _own(self, element: etree._Element, above: Look) -> Look:
        bold, size = above.bold or element.tag in _BOLD_TAGS, above.size
        rules = self._rules(element)
        if "font-weight:" in rules:
            weight = rules.rpartition("font-weight:")[2].partition(";")[0]
            bold = weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600)
        match = _SIZE.search(rules.rpartition("font-size:")[2].partition(";")[0]) if "font-size:" in rules else None
        if match and match[1].count(".") < 2 and match[1] != ".":
            size = float(match[1]) * (1 if match[2] == "pt" else 0.75)
        return Look(bold, size)

    def hidden(self, element: etree._Element) -> bool:
        """Not shown on the page; a comment or deleted text of a document export."""
        if element.tag == "del" or (element.tag == "div" and element.get("title") in ("header", "footer")):
            return True  # LibreOffice puts page headers and footers there
        return "display:none" in self._rules(element) or "mso-element:comment" in element.get("style", "")

    def list_key(self, element: etree._Element) -> str:
        """What a numbered list counts on: Google's exports split one list over many elements."""
        match = _GOOGLE_LIST.search(element.get("class", ""))
        return match[0] if match else element.getroottree().getpath(element)

    def list_level(self, element: etree._Element) -> int:
        parent = element.getparent()
        match = _GOOGLE_LIST.search(parent.get("class", "")) if parent is not None else None
        return int(match[2]) if match else 0
