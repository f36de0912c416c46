"""Which places a figure is tied to, among those that its sentence and the text before it name."""

from __future__ import annotations

from typing import NamedTuple

from suivi.extract.values.names import NameFound
from suivi.extract.values.places import located_in
from suivi.extract.values.scan import Scan
from suivi.extract.values.sentences import Sentence, Sentences
from suivi.extract.values.text import block_at, block_index
from suivi.models import Block, Reading

_SENTENCES_BACK = 2  # a place named this many sentences before still holds
_INTRODUCED = 24  # characters between "cercle de la" and the name
_ROW_LABEL = 60  # characters of a cell that may say which place its row is about


class Tied(NamedTuple):
    """The places of a figure, and the offsets of the words that name them where its own sentence does."""

    names: tuple[str, ...]
    start: int | None = None
    end: int | None = None


def places_of(reading: Reading, scanned: Scan, split: Sentences, sentence: Sentence, figures: list[int]) -> list[Tied]:
    """For the offsets of a sentence's figures, in order, the places of each."""
    hits = located_in(scanned, *sentence, loose=True)
    if not hits:
        return [Tied(_named_before(reading, scanned, split, sentence))] * len(figures)
    if len(figures) == 1:
        after = [hit for hit in hits if hit.start > figures[0]]
        return [_tied(scanned, sentence, after or hits)._replace(names=_names(hits))]
    ahead = [hit for hit in hits if hit.start < figures[0]]
    ends = [*figures[1:], sentence.end]
    own = [[hit for hit in hits if low < hit.start < high] for low, high in zip(figures, ends, strict=True)]
    if ahead and not own[-1] and any(own):
        own = [ahead, *own[:-1]]  # "à Gao, 12 sites et à Kidal, 5": the place comes first
    following = _tied(scanned, sentence, ahead)
    result: list[Tied] = []
    for mine in reversed(own):
        following = _tied(scanned, sentence, mine) if mine else following
        result.append(following)
    return result[::-1]


def _tied(scanned: Scan, sentence: Sentence, hits: list[NameFound]) -> Tied:
    """Places with the word before the first that says what they are: "cercles de", "région de"."""
    if not hits:
        return Tied(())
    start = hits[0].start
    said = scanned.starts("place", max(sentence.start, start - _INTRODUCED), start)
    return Tied(_names(hits), said[-1][0] if said else start, hits[-1].end)


def _names(hits: list[NameFound]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.name for hit in hits))


def _named_before(reading: Reading, scanned: Scan, split: Sentences, sentence: Sentence) -> tuple[str, ...]:
    """Places of the sentences just before, of the line that introduces a list, or of a table row's label."""
    earlier = split.before(sentence)
    for _ in range(_SENTENCES_BACK):
        if earlier is None:
            break
        if names := _names(located_in(scanned, *earlier, loose=True)):
            return names
        earlier = split.before(earlier)
    block = block_at(reading, sentence.start)
    if block is None or earlier is not None:
        return ()
    above = _row_label(reading, block) if block.kind == "cell" else _introduction(reading, block)
    return _names(located_in(scanned, above.start, above.end, loose=True)) if above else ()


def _introduction(reading: Reading, block: Block) -> Block | None:
    """The paragraph or heading that ends in a colon above a list item."""
    index = block_index(reading, block.start)
    while index > 0 and reading.blocks[index].kind == "item":
        index -= 1
    above = reading.blocks[index]
    introduces = above.kind == "heading" or above.text.rstrip().endswith(":")
    return above if above is not block and introduces else None


def _row_label(reading: Reading, block: Block) -> Block | None:
    """The short first cell of the row that a cell stands in."""
    here, first = block.locator, None
    for other in reading.blocks[block_index(reading, block.start) :: -1]:
        at = other.locator
        if other.kind != "cell" or (at.table, at.row, at.page, at.part) != (here.table, here.row, here.page, here.part):
            break
        first = other
    return first if first is not None and first is not block and len(first.text) <= _ROW_LABEL else None
