"""Text as the finders see it: folded without moving a single character, and located in its document."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from operator import attrgetter

from suivi.models import Block, Found, Locator, Reading, Source


def _folding() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in [*range(0x41, 0x250), *range(0x1E00, 0x1F00)]:
        plain = unicodedata.normalize("NFKD", chr(code)).encode("ascii", "ignore").decode().lower()
        if len(plain) == 1:
            table[code] = plain
    table.update({ord(mark): "'" for mark in "’‘ʼ`´"})
    table.update({ord(space): " " for space in "\u00a0\u202f\u2009\u2007\u200a"})
    table.update({ord(dash): "-" for dash in "‐‑‒–—−"})
    table.update({ord("ᵉ"): "e", ord("ʳ"): "r", ord("“"): '"', ord("”"): '"'})
    return table


_FOLD = _folding()
_FOREIGN = {chr(code): plain for code, plain in _FOLD.items() if code > 127}
_MARKED = frozenset(_FOREIGN)
_COMMON = tuple((mark, _FOREIGN[mark]) for mark in "éèàêç’ôîûùâ–\u00a0ïë")  # what nearly every French text holds


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents, one dash, one apostrophe, plain spaces; as long as `text`, offset by offset."""
    folded = text.lower()
    if len(folded) != len(text):  # a few letters of other scripts grow in lower case
        return text.translate(_FOLD)
    if not folded.isascii():
        for mark, plain in _COMMON:
            folded = folded.replace(mark, plain)
    if not folded.isascii():
        for mark in _MARKED.intersection(folded):
            folded = folded.replace(mark, _FOREIGN[mark])
    return folded.replace("`", "'")


def ends_with(text: str, words: tuple[str, ...]) -> str:
    """The longest of the words that a folded text ends with, whole; "" for none."""
    if not text.endswith(words):
        return ""
    ended = [word for word in words if text.endswith(word)]
    whole = [word for word in ended if not (word[0].isalpha() and text[-len(word) - 1 : -len(word)].isalpha())]
    return max(whole, key=len, default="")


def block_index(reading: Reading, start: int) -> int:
    """The index of the block that the character at `start` lies in or follows; -1 before the first."""
    return bisect_right(reading.blocks, start, key=attrgetter("start")) - 1


def block_at(reading: Reading, start: int) -> Block | None:
    """The block that the character at `start` lies in; the one before it between two blocks."""
    index = block_index(reading, start)
    return reading.blocks[index] if index >= 0 else None


def locate(reading: Reading, start: int) -> Locator:
    """Where in the document the character at `start` stands."""
    block = block_at(reading, start)
    return block.locator if block else Locator()


def found(reading: Reading, start: int, end: int, rule: str, confidence: float) -> Found:
    """A value's origin: the literal slice, its locator, the rule that took it and how sure it is (0…1)."""
    source = Source(reading.text[start:end], start, end, locate(reading, start))
    return Found(source, rule, round(confidence, 3))
