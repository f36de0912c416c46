"""Page headers, footers and page numbers: what stands at the same place of most pages is kept out of the text."""

from __future__ import annotations

import re
from collections import Counter

from suivi.documents.pdf.lines import Line
from suivi.documents.pdf.page import Page

_EDGE = 0.14  # share of the page's height at either end where such lines stand
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"^(?:page\s*)?[-–]?\s*\d{1,4}\s*(?:(?:/|sur|of|de)\s*\d{1,4})?\s*[-–]?$", re.IGNORECASE)


def drop_running(pages: list[Page]) -> None:
    """Take running lines out of the pages; a document of one page loses only its page number."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_key(line) for line in page.lines if _at_edge(page, line)})
    often = max(2, (len(pages) + 1) // 2)
    for page in pages:
        page.lines = [line for line in page.lines if not _runs(page, line, seen, often)]


def _runs(page: Page, line: Line, seen: Counter[tuple[str, int]], often: int) -> bool:
    if not _at_edge(page, line):
        return False
    if _NUMBER.match(line.text):
        return True
    key = _key(line)
    return sum(seen[(key[0], place)] for place in (key[1] - 1, key[1], key[1] + 1)) >= often


def _at_edge(page: Page, line: Line) -> bool:
    return line.bottom < _EDGE * page.height or line.top > (1 - _EDGE) * page.height


def _key(line: Line) -> tuple[str, int]:
    """The line's words without its numbers, and its height on the page in steps of 6 points."""
    return _DIGITS.sub("#", line.text), round(line.top / 6)
