"""French or English, by the words that only hold a sentence together."""

from __future__ import annotations

import re
from typing import Literal

from suivi.extract.values.text import fold
from suivi.extract.values.words import LANGUAGES, section

_WORD = re.compile(r"[a-z]+")
_LOOK = 20_000  # characters: more does not change the answer


def of(text: str) -> Literal["fr", "en"]:
    """The language with more function words; French where nothing tells."""
    counts = dict.fromkeys(LANGUAGES, 0)
    words = _WORD.findall(fold(text[:_LOOK]))
    for language in LANGUAGES:
        known = frozenset(section(language, "language")["function_words"])
        counts[language] = sum(word in known for word in words)
    return "en" if counts["en"] > counts["fr"] else "fr"
