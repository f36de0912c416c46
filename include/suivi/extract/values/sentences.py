"""Sentences inside the blocks of a document."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from suivi.extract.values.text import block_index
from suivi.models import Reading

_BULLETS = "•●○▪➢■□❖✓"
_MARK = re.compile(rf"[.!?…;\n{_BULLETS}]")
_STOP_FOLLOWS = re.compile(r"\s+[^\sa-z]")
_ABBREVIATED = re.compile(r"(?<!\w)(?:[A-Z]|Mr|Dr|Ms|St|cf|ex|no|Pr|pp|Mme)\Z")
_LINE_FOLLOWS = re.compile(r"\s*\n|\s*(?:[-*–o]\s|[-–](?=[^\W\d_]))")


class Sentence(NamedTuple):
    """The offsets of a sentence, end exclusive."""

    start: int
    end: int


class Sentences:
    """The sentences of a document, split block by block when asked for."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._split: dict[int, list[Sentence]] = {}

    def of_block(self, index: int) -> list[Sentence]:
        """The sentences of one block, in order; a block without text has none."""
        if index not in self._split:
            block = self._reading.blocks[index]
            self._split[index] = split(self._reading.text, block.start, block.end)
        return self._split[index]

    def at(self, position: int) -> Sentence:
        """The sentence around the character at `position`, within its block."""
        index = block_index(self._reading, position)
        found = self.of_block(index) if index >= 0 else []
        if not found or position >= found[-1].end:
            return Sentence(position, position)
        return found[max(0, bisect_right(found, (position, len(self._reading.text))) - 1)]

    def before(self, sentence: Sentence) -> Sentence | None:
        """The sentence that stands before another in the same block."""
        found = self.of_block(block_index(self._reading, sentence.start))
        place = bisect_right(found, sentence) - 2
        return found[place] if place >= 0 else None


def split(text: str, low: int, high: int) -> list[Sentence]:
    """The sentences between two offsets: they end at a full stop, a blank line, or where a list item begins."""
    found: list[Sentence] = []
    start = low
    for match in _MARK.finditer(text, low, high):
        end = _end(text, match, high)
        if end > start:
            if text[start:end].strip():
                found.append(Sentence(start, end))
            start = end
    if text[start:high].strip():
        found.append(Sentence(start, high))
    return found


def _end(text: str, match: re.Match[str], high: int) -> int:
    """Where the sentence ends that a mark may close; 0 where the mark closes none."""
    mark, at = match.group(), match.start()
    if mark in _BULLETS:
        return at if at and text[at - 1].isspace() else 0
    if mark == "\n":
        return at if _LINE_FOLLOWS.match(text, at + 1, high) else 0
    if mark == ";":
        return at + 1 if text[at + 1 : at + 2] == "\n" else 0
    if not _STOP_FOLLOWS.match(text, at + 1, high) or (mark == "." and _ABBREVIATED.search(text, max(0, at - 5), at)):
        return 0
    return at + 1
