"""Sentences inside the blocks of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from suivi.extract.values.text import block_at
from suivi.models import Reading

_BULLETS = "•●○▪➢■□❖✓"
_END = re.compile(
    rf"(?<!\b[A-Z])(?<!\b(?:Mr|Dr|Ms|St|cf|ex|no|Pr|pp))(?<!\bMme)[.!?…](?=\s+[^\sa-z])|\n\s*\n|;\s*\n|\n(?=\s*(?:[-*–o]\s|[-–](?=[^\W\d_])))|\s(?=[{_BULLETS}])"
)


class Sentence(NamedTuple):
    """The offsets of a sentence, end exclusive."""

    start: int
    end: int


def sentence_at(reading: Reading, position: int) -> Sentence:
    """The sentence around the character at `position`, within its block."""
    block = block_at(reading, position)
    low, high = (block.start, block.end) if block and position < block.end else (0, len(reading.text))
    ends = [match.end() for match in _END.finditer(reading.text, low, min(high, position))]
    following = _END.search(reading.text, max(position, low), high)
    return Sentence(ends[-1] if ends else low, following.start() + 1 if following else high)


def sentence_before(reading: Reading, sentence: Sentence) -> Sentence | None:
    """The sentence that stands before another in the same block."""
    block = block_at(reading, sentence.start)
    if block is None or sentence.start <= block.start:
        return None
    text = reading.text[block.start : sentence.start].rstrip(" \n\t.;!?-–•*")
    return sentence_at(reading, block.start + len(text) - 1) if text else None


def sentences(reading: Reading) -> Iterator[Sentence]:
    """Every sentence of a document, block by block."""
    for block in reading.blocks:
        start = block.start
        for match in _END.finditer(reading.text, block.start, block.end):
            yield Sentence(start, match.start() + 1)
            start = match.end()
        if start < block.end:
            yield Sentence(start, block.end)
