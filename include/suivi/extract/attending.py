"""Labels of who was there, by the words they are made of: "Organisations (membres) / observateurs présents"."""

from __future__ import annotations

from functools import cache

from suivi.extract.grammar import Grammar, variants

_LONGEST = 9  # words of such a label
_FIELDS = {"excused": "organisations_excused", "absent": "organisations_absent", "present": "organisations"}


@cache
def _words(grammar: Grammar, name: str) -> frozenset[str]:
    return frozenset(word for phrase in grammar.table("attending").get(name, ()) for word in variants(phrase))


@cache
def _every(grammar: Grammar) -> frozenset[str]:
    return frozenset[str]().union(*(_words(grammar, name) for name in ("who", "links", *_FIELDS)))


def attending(words: str, grammar: Grammar) -> str | None:
    """The header field of a label (as `key` makes it) that names kinds of parties and says that they were there,
    excused or absent; observers beside others ("observateurs et partenaires") were there."""
    parts = words.split()
    if not 1 < len(parts) <= _LONGEST or not _every(grammar).issuperset(parts):
        return None
    who = _words(grammar, "who")
    states = [name for name in _FIELDS for part in parts if part in _words(grammar, name)]
    named = sum(part in who for part in parts)
    observing = named > 1 and not _words(grammar, "observing").isdisjoint(parts)
    if not named or not (states or observing):
        return None
    return _FIELDS[states[0]] if states else "organisations"
