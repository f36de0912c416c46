"""The language of a text, by the words that only hold a sentence together."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Literal, cast

from suivi.extract.values.text import fold
from suivi.extract.values.words import LANGUAGES, section

_WORD = re.compile(r"[a-z][a-z]*")  # not [a-z]+, which is searched more slowly
_LOOK = 2_500  # characters at either end of a document: more does not change the answer


@cache
def _function_words(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in section(language, "language")["function_words"])


def of(text: str) -> Literal["fr", "en"]:
    """The language with most function words; the main one where nothing tells."""
    folded = fold(text)
    part = folded if len(folded) <= 2 * _LOOK else folded[:_LOOK] + folded[-_LOOK:]
    words = Counter(_WORD.findall(part))
    counts = {language: sum(map(words.__getitem__, _function_words(language))) for language in LANGUAGES}
    return cast(Literal["fr", "en"], max(LANGUAGES, key=counts.__getitem__))
