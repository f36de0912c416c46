"""Wording made comparable: case, accents and punctuation folded away.

`flatten` keeps every position, so that what is found in the folded text can be read back in the original.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from suivi.reference import load_yaml


@cache
def words(name: str) -> tuple[str, ...]:
    """A list of reference/word_lists.yaml, in its order."""
    return tuple(str(load_yaml("word_lists.yaml")[name]).split())


STOPWORDS = frozenset(words("stopwords"))


def _plain(character: str) -> str:
    if character in "œŒ":
        return "o"
    if character in "æÆ":
        return "a"
    base = unicodedata.normalize("NFKD", character)[:1].lower()
    return base if base.isalnum() and base.isascii() else " "


class _Table(dict[int, str]):
    """Character → its plain form, worked out once for each character that is met."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain(chr(code))
        return plain


_TABLE = _Table()
# Western texts go byte by byte, ten times faster than character by character.
_CODE_PAGE = "cp1252"
_BYTES = bytes(ord(_plain(bytes((code,)).decode(_CODE_PAGE, "replace"))) for code in range(256))


def flatten(text: str) -> str:
    """The text in lower-case ASCII letters, digits and spaces, of exactly the same length."""
    try:
        return text.encode(_CODE_PAGE).translate(_BYTES).decode("ascii")
    except UnicodeEncodeError:
        return text.translate(_TABLE)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """`flatten` with runs of spaces joined: the form in which names and wordings are compared."""
    return " ".join(flatten(text).split())


@lru_cache(maxsize=65536)
def tokens(text: str) -> tuple[str, ...]:
    """Folded words that carry meaning, plurals cut ("déplacés" and "déplacé" are one)."""
    return tuple(_singular(word) for word in fold(text).split() if word not in STOPWORDS)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word
