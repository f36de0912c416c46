"""One file, several meetings: cut where the next title with a date of its own stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from suivi.extract.grammar import Grammar, alternatives, key, load
from suivi.extract.values import dates
from suivi.extract.values.text import fold
from suivi.models import Block, Reading

_LONGEST = 140  # characters of a title line
_BELOW = 4  # blocks behind a title in which the label of its day must stand
_NEAR = 10  # blocks behind a title in which its header must show
_LABELS = frozenset({"date", "place", "organisations", "participants_count", "chair", "facilitator"})


@cache
def _title(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:[\w&'.-]+\s+[-–—:]\s+)?(?:{alternatives(grammar.listing('titles'))})(?!\w)")


def sittings(reading: Reading) -> list[Reading]:
    """The parts of a reading that are each the minutes of one meeting; offsets keep counting in the whole text."""
    grammar = load()
    starts = [index for index, block in enumerate(reading.blocks) if _opens(index, block, reading.blocks, grammar)]
    days = {_dated(index, reading.blocks, grammar) for index in starts}
    if len(starts) < 2 or len(days) < 2:
        return [reading]
    starts[0] = 0
    ends = [*starts[1:], len(reading.blocks)]
    return [_part(reading, start, end) for start, end in zip(starts, ends, strict=True)]


def _part(reading: Reading, start: int, end: int) -> Reading:
    """The blocks from `start` to before `end`; the text before them is blanked, so that offsets stay true."""
    blocks = reading.blocks[start:end]
    first, last = blocks[0].start, blocks[-1].end
    return replace(reading, blocks=blocks, text=" " * first + reading.text[first:last])


def _opens(index: int, block: Block, blocks: Sequence[Block], grammar: Grammar) -> bool:
    """A short line that begins like a title, says its day, and is followed by the labels of a header."""
    if block.kind in ("cell", "item") or len(block.text) > _LONGEST or block.text.rstrip().endswith("."):
        return False
    if not _title(grammar).match(fold(block.text)) or _dated(index, blocks, grammar) is None:
        return False
    return any(_labelled(other.text, grammar) for other in blocks[index + 1 : index + 1 + _NEAR])


def _dated(index: int, blocks: Sequence[Block], grammar: Grammar) -> str | None:
    """The day of a title, or of the label "Date" right below it."""
    below = (block.text for block in blocks[index + 1 : index + 1 + _BELOW])
    labelled = (text for text in below if grammar.labels.kinds.get(key(text.split(":")[0])) == "date")
    return _day(blocks[index].text) or next((day for text in labelled if (day := _day(text))), None)


def _day(text: str) -> str | None:
    found = next((found for found in dates.find(text) if found.first), None)
    return found.first.isoformat() if found and found.first else None


def _labelled(text: str, grammar: Grammar) -> bool:
    return grammar.labels.kinds.get(key(text.split(":")[0])) in _LABELS
