"""Does a text open like something to do?"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from suivi.extract.grammar import Grammar
from suivi.extract.values.text import fold


@cache
def _verbs(grammar: Grammar) -> re.Pattern[str]:
    verbs = "|".join(sorted(map(re.escape, grammar.listing("verbs")), key=len, reverse=True)) or "(?!)"
    shapes = str(grammar.files[0].get("infinitive") or "") if not grammar.files[0].get("verbs") else ""
    return re.compile(rf"(?:(?P<listed>(?:to |please |not )?(?:{verbs}))|(?P<shaped>{shapes or '(?!)'}))(?![\w])")


@lru_cache(maxsize=1024)
def acts(text: str, grammar: Grammar) -> bool:
    """Whether a text opens like something to do: an infinitive, an order, or a noun of action."""
    plain = fold(text).lstrip(" \"'«-")
    first = re.match(r"[\w'-]+", plain)
    if not first:
        return False
    word = first.group().split("'")[-1]
    if word in grammar.words("nominal"):
        return True
    match = _verbs(grammar).match(plain)
    if not match:
        return False
    return bool(match["listed"]) or word not in grammar.words("not_infinitive")
