"""Sentences inside the blocks of a document."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from suivi.extract.values.text import block_index
from suivi.models import Reading

_BULLETS = "•●○▪➢■□❖✓"
_STOPS = ".!?…;"
_ENDS = re.compile(  # the one character first, then what must stand around it: that is searched fastest
    rf"[.!?…;\n{_BULLETS}](?:(?<=[.!?…])(?=\s+[^\sa-z])|(?<=;)(?=\n)"
    rf"|(?<=\n)(?=\s*(?:\n|[-*–o]\s|[-–][^\W\d_]))|(?<=\s[{_BULLETS}]))"
)
_ABBREVIATED = re.compile(r"(?<!\w)(?:[A-Z]|Mr|Dr|Ms|St|cf|ex|no|Pr|pp|Mme)\Z")


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


@lru_cache(maxsize=2048)
def split(text: str, low: int, high: int) -> list[Sentence]:
    """The sentences between two offsets: they end at a full stop, a blank line, or where a list item begins."""
    found: list[Sentence] = []
    start = low
    for match in _ENDS.finditer(text, low, high):
        end = match.end() if match.group() in _STOPS else match.start()
        if end > start and not (match.group() == "." and _ABBREVIATED.search(text, max(0, end - 6), end - 1)):
            if text[start:end].strip():
                found.append(Sentence(start, end))
            start = end
    if text[start:high].strip():
        found.append(Sentence(start, high))
    return found
