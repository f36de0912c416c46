"""Which places a figure is tied to, among those that its sentence and the text before it name."""

from __future__ import annotations

import re

from suivi.extract.values.names import NameFound
from suivi.extract.values.places import located
from suivi.extract.values.sentences import Sentence, sentence_before
from suivi.extract.values.text import block_at
from suivi.models import Block, Reading

_SENTENCES_BACK = 2  # a place named this many sentences before still holds
_ROW_LABEL = 60  # characters of a cell that may say which place its row is about
_CLAUSE = re.compile(r"[,;]\s*(?:et\s+|and\s+)?(?:à|a|dans|in|at|pour)?\s*(?:la|le|the)?\s*\Z", re.IGNORECASE)


def places_of(reading: Reading, sentence: Sentence, figures: list[int]) -> list[tuple[str, ...]]:
    """For the offsets of a sentence's figures, in order, the places of each."""
    hits = [_moved(hit, sentence.start) for hit in located(reading.text[sentence.start : sentence.end], True)]
    if not hits:
        return [_named_before(reading, sentence)] * len(figures)
    if len(figures) == 1:
        return [_names(hits)]
    ahead = [hit for hit in hits if hit.start < figures[0]]
    own = [[hit for hit in hits if low < hit.start < high] for low, high in zip(figures, [*figures[1:], sentence.end], strict=True)]
    if ahead and not own[-1] and any(own):
        own = [ahead, *own[:-1]]  # "à Gao, 12 sites et à Kidal, 5": the place comes first
    following: tuple[str, ...] = _names(ahead)
    result: list[tuple[str, ...]] = []
    for mine in reversed(own):
        following = _names(mine) if mine else following
        result.append(following)
    return result[::-1]


def _names(hits: list[NameFound]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.name for hit in hits))


def _moved(hit: NameFound, by: int) -> NameFound:
    return NameFound(hit.start + by, hit.end + by, hit.name, hit.key, hit.kind)


def _named_before(reading: Reading, sentence: Sentence) -> tuple[str, ...]:
    """Places of the sentences just before, of the line that introduces a list, or of a table row's label."""
    earlier = sentence_before(reading, sentence)
    for _ in range(_SENTENCES_BACK):
        if earlier is None:
            break
        if names := _names(list(located(reading.text[earlier.start : earlier.end], True))):
            return names
        earlier = sentence_before(reading, earlier)
    block = block_at(reading, sentence.start)
    if block is None or earlier is not None:
        return ()
    introduction = _row_label(reading, block) if block.kind == "cell" else _introduction(reading, block)
    return _names(list(located(introduction, True)))


def _introduction(reading: Reading, block: Block) -> str:
    """The paragraph or heading that ends in a colon above a list item."""
    index = next((i for i, other in enumerate(reading.blocks) if other is block), 0)
    while index and reading.blocks[index].kind == "item":
        index -= 1
    above = reading.blocks[index]
    return above.text if above is not block and (above.kind == "heading" or above.text.rstrip().endswith(":")) else ""


def _row_label(reading: Reading, block: Block) -> str:
    """The short first cell of the row that a cell stands in."""
    here = block.locator
    for other in reading.blocks:
        at = other.locator
        if other.kind == "cell" and (at.table, at.row, at.page, at.part) == (here.table, here.row, here.page, here.part):
            return other.text if other is not block and len(other.text) <= _ROW_LABEL else ""
    return ""
