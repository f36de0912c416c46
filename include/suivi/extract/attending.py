"""Labels of who was there, by the words they are made of: "Organisations (membres) / observateurs présents"."""

from __future__ import annotations

from functools import cache

from suivi.extract.grammar import Grammar, variants

_LONGEST = 9  # words of such a label
_FIELDS = {"excused": "organisations_excused", "absent": "organisations_absent", "present": "organisations"}


@cache
def _words(grammar: Grammar, name: str) -> frozenset[str]:
    return frozenset(word for phrase in grammar.table("attending").get(name, ()) for word in variants(phrase))


def attending(words: str, grammar: Grammar) -> str | None:
    """The header field of a label (as `key` makes it) that names kinds of parties and says that they were there,
    excused or absent; observers beside others ("observateurs et partenaires") were there."""
    parts = words.split()
    if not 1 < len(parts) <= _LONGEST:
        return None
    who, links = _words(grammar, "who"), _words(grammar, "links")
    states = [name for name in _FIELDS for part in parts if part in _words(grammar, name)]
    named = sum(part in who for part in parts)
    observing = named > 1 and not _words(grammar, "observing").isdisjoint(parts)
    known = all(
        part in who or part in links or any(part in _words(grammar, name) for name in _FIELDS) for part in parts
    )
    if not known or not named or not (states or observing):
        return None
    return _FIELDS[states[0]] if states else "organisations"
