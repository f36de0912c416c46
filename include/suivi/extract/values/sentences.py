"""Sentences inside the blocks of a document."""

from __future__ import annotations

import re

from suivi.extract.values.text import block_at
from suivi.models import Reading

_END = re.compile(r"[.!?…](?=\s+[^\sa-z])|\n\s*\n|;\s*\n|\n(?=\s*[-•*–➢])")


def sentence_at(reading: Reading, start: int) -> range:
    """The offsets of the sentence around the character at `start`, within its block."""
    block = block_at(reading, start)
    low, high = (block.start, block.end) if block and block.start <= start < block.end else (0, len(reading.text))
    for match in _END.finditer(reading.text, low, high):
        if match.end() <= start:
            low = match.end()
        else:
            high = match.start() + 1
            break
    return range(low, high)
