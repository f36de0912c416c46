"""The unit of a number: the noun phrase beside it, as written.

No parser of sentences: a phrase ends at the first word that only holds a sentence together, at a verb form, or where
French agreement breaks (what follows a plural noun is plural itself or hangs on "de"). Words that humanitarian
minutes count are known by class; any other plural noun is a unit too, with less trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import NamedTuple

from suivi.extract.values.names import known as named
from suivi.extract.values.names import organisation_names
from suivi.extract.values.text import fold
from suivi.extract.values.words import LANGUAGES, section

CLASSES = ("people", "cases", "goods", "structures", "programme", "measures", "money")
STRONG = ("people", "cases", "goods", "structures")  # what is counted in its own right
_WORD = re.compile(r"[^\W\d_](?:[\w’'.&/-]*\w)?")
_GAP = re.compile(r"[ \t\u00a0\u202f]*\n?[ \t\u00a0\u202f]*(?:\(s\)\s*)?")
_STEP = re.compile(rf"({_WORD.pattern})({_GAP.pattern})")
_LINKED = re.compile(r"(?:de\s+la\s+|de\s+l'|des\s+|du\s+|de\s+|d'|of\s+(?:the\s+|these\s+|all\s+)?)")
_SHORTENED = re.compile(r"(?:qu|l|n|s|c|j|t|m)'")
_NUMBER_OF = re.compile(
    r"(?<![a-z])(?:nombre|total|effectifs?|stocks?|number|caseload)(?:\s+(?:total|overall))?(?=\s+(?:d'|(?:de|des|of)\s))"
)
_TURNED = re.compile(r"\s+(?:le\s+nombre|the\s+number)\s+(?=de\s|d'|of\s)")  # "estime à 1 700 le nombre d'enfants"
_LONGEST = 7  # words of a unit phrase
_ADJECTIVES = 4  # words that may stand before an English noun


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit phrase and the class of its noun; `None` for a noun that no list knows."""

    start: int
    end: int
    text: str
    kind: str | None
    linked: bool = False  # "of" or "de" stands between the number and its unit


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: dict[str, str]
    never: frozenset[str]
    stop: frozenset[str]
    link: frozenset[str]
    participles: frozenset[str]
    numbers: frozenset[str]
    noun_first: bool  # adjectives follow their noun and agree with it
    compounds: re.Pattern[str]
    compound_heads: frozenset[str]  # the two letters that each of them begins with: the pattern is a long one


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    """One form for singular and plural, masculine and feminine: déplacées and déplacé meet."""
    return word.removesuffix("s" if word.endswith("s") else "x").rstrip("e") or word


def _singular(compound: str) -> str:
    """The listed form of a unit of several words: salles de classe → salle de classe."""
    return _stem(" ".join(re.sub(r"[sx]$", "", word) for word in compound.split()))


@cache
def _words(language: str) -> _Words:
    words = section(language, "figures")
    kinds = {
        (_singular if " " in word else _stem)(fold(word)): kind
        for kind in reversed(CLASSES)
        for word in words["units"].get(kind) or ()
    }
    kinds |= {_singular(fold(word)): "never" for word in words["never"] if " " in str(word)}
    compounds = "|".join(r"[sx]?\s+".join(word.split()) + "e*[sx]?" for word in kinds if " " in word)

    def listed(key: str) -> frozenset[str]:
        return frozenset(fold(str(word)) for word in words[key])

    return _Words(
        kinds,
        listed("never"),
        listed("stop"),
        listed("link"),
        listed("participles"),
        frozenset(fold(word) for word in section(language, "numbers")["words"]),
        words["noun_first"],
        re.compile(rf"(?:{compounds})(?![a-z])"),
        frozenset(word[:2] for word in kinds if " " in word),
    )


class _Token(NamedTuple):
    start: int
    end: int
    folded: str
    written: str


def after(text: str, folded: str, position: int, value: float, language: str) -> Unit | None:
    """The noun phrase right after a number, of kind "never" where it says that this is no figure; `None` for none."""
    words = _words(language)
    turned = _TURNED.match(folded, position)
    start = turned.end() if turned else _GAP.match(text, position).end()  # type: ignore[union-attr]
    link = _LINKED.match(folded, start)
    start = link.end() if link else start
    following = _tokens(text, folded, start)
    first = next(following, None)
    if first is None or _is_no_head(first, folded, words, abs(value) < 2):
        return None
    tokens = [first, *following]
    if link and len(tokens) > 1 and tokens[0].folded in words.numbers:  # "two of the four boreholes"
        tokens = tokens[1:]
    if link and tokens[0].written[0].isupper() and tokens[0].written not in text[:position] and not _acronym(tokens[0]):
        return None
    unit = (_noun_first if words.noun_first else _noun_last)(text, folded, tokens, words, abs(value) < 2)
    return replace(unit, linked=bool(link)) if unit else None


def _is_no_head(first: _Token, folded: str, words: _Words, single: bool) -> bool:
    """Whether a phrase that opens with this word is no unit, whatever follows: most numbers need no look beyond it."""
    word = first.folded
    if word in words.never or word in words.numbers or word == "autres" or _compound(first, folded, words):
        return False
    if word in words.stop:
        return True
    known = not words.noun_first or _stem(word) in words.kinds or (not single and _head(first))
    return not known or (words.noun_first and _SHORTENED.match(word) is not None)


def _compound(first: _Token, folded: str, words: _Words) -> re.Match[str] | None:
    return words.compounds.match(folded, first.start) if first.folded[:2] in words.compound_heads else None


def known(folded: str, position: int) -> bool:
    """Whether the word at `position` is one that minutes count."""
    match = _WORD.match(folded, position)
    return bool(match) and any(_stem(match.group()) in _words(language).kinds for language in LANGUAGES)  # type: ignore[union-attr]


def before(text: str, folded: str, low: int, position: int, language: str) -> Unit | None:
    """The last known unit phrase between `low` and `position`."""
    words = _words(language)
    if (number_of := _NUMBER_OF.search(folded, low, position)) and number_of.end() < position:
        named = after(text, folded, number_of.end(), 1, language) or after(text, folded, number_of.end(), 10, language)
        if named and named.kind != "never" and named.end <= position:
            return named
    best = None
    for match in _WORD.finditer(text, low, position):
        if best and match.start() < best.end:
            continue
        if words.kinds.get(_stem(folded[slice(*match.span())])) not in (None, "money", "measures"):
            tokens = [token for token in _tokens(text, folded, match.start()) if token.end <= position]
            tokens[0] = tokens[0]._replace(written=tokens[0].written.lower())  # a label may open with a capital
            best = (_noun_first if words.noun_first else _noun_last)(text, folded, tokens, words, True) or best
    return best


def _tokens(text: str, folded: str, start: int) -> Iterator[_Token]:
    """Words in a row, over at most one line end; a sentence's next line may not begin with a capital."""
    for _ in range(_LONGEST + _ADJECTIVES):
        match = _STEP.match(text, start)
        if not match:
            return
        written, gap = match.groups()
        end = start + len(written)
        yield _Token(start, end, folded[start:end], written)
        start = match.end()
        if not gap or ("\n" in gap and not text[start : start + 1].islower()):
            return


def _acronym(token: _Token) -> bool:
    return len(token.written) > 1 and sum(letter.isupper() for letter in token.written) > 1


def _plural(token: _Token, words: _Words) -> bool:
    ending = token.folded.endswith(("s", "x")) and not token.folded.endswith(("ss", "us", "is"))
    return ending or _acronym(token) or _stem(token.folded) in words.kinds


def _kind(tokens: list[_Token], words: _Words) -> str | None:
    parts = [part for token in tokens for part in (token.folded.split("'")[-1], token.folded.split("-")[0])]
    found = [kind for part in parts if (kind := words.kinds.get(_stem(part)))]
    return min(found, key=CLASSES.index) if found else None


def _unit(text: str, tokens: list[_Token], kind: str | None) -> Unit:
    start, end = tokens[0].start, tokens[-1].end
    return Unit(start, end, re.sub(r"\s+", " ", text[start:end]), kind)


def _noun_first(text: str, folded: str, tokens: list[_Token], words: _Words, single: bool) -> Unit | None:
    """A noun, then what agrees with it or hangs on "de"."""
    if tokens[0].folded == "autres" and len(tokens) > 1:  # "cinq autres blessés"
        tokens = tokens[1:]
    head = tokens[0]
    compound = _compound(head, folded, words)
    if compound:
        taken = [token for token in tokens if token.end <= compound.end()]
        return _unit(text, taken, words.kinds[_singular(compound.group())])
    if head.folded in words.never:
        return _unit(text, tokens[:1], "never")
    known = _stem(head.folded) in words.kinds
    if head.folded in words.stop or _SHORTENED.match(head.folded) or not (known or (not single and _head(head))):
        return None
    taken = [head]
    for token in tokens[1:_LONGEST]:
        if not _agrees_on(taken[-1], token, words, known):
            break
        taken.append(token)
    while taken[-1].folded in words.link:
        taken.pop()
    return _unit(text, taken, _kind(taken[:3], words))


def _agrees_on(previous: _Token, token: _Token, words: _Words, known: bool) -> bool:
    """Whether a word still belongs to the noun before it."""
    linked = previous.folded in words.link
    if token.folded in words.link:
        return not linked or (token.folded in ("la", "l") and previous.folded == "de")
    if token.folded in words.stop or token.folded in words.never:
        return False
    if not linked:
        return token.folded.startswith(("d'", "l'")) or (not _SHORTENED.match(token.folded) and _agrees(token))
    if _acronym(token):  # "militaires de l'ONU": whose they are, not what
        return not any(named(organisation_names(), token.written))
    return not (known and token.written[0].isupper())  # "déplacés de Niono": a place, not part of the unit


def _head(token: _Token) -> bool:
    """A plural noun: small letters, or an acronym."""
    if _acronym(token):
        return token.written.isupper() and "." not in token.written
    return token.written[0].islower() and token.folded.endswith(("s", "x")) and len(token.folded) > 3


def _agrees(token: _Token) -> bool:
    if token.written[0].isupper():
        return _acronym(token)
    return token.folded.endswith(("s", "x")) and not token.folded.endswith(("ons",))


def _noun_last(text: str, folded: str, tokens: list[_Token], words: _Words, single: bool) -> Unit | None:
    """Adjectives, a plural noun, perhaps a participle ("people displaced") or "of" and its noun."""
    compound = _compound(tokens[0], folded, words)
    if compound:
        return _unit(
            text, [token for token in tokens if token.end <= compound.end()], words.kinds[_singular(compound.group())]
        )
    if tokens[0].folded in words.never:
        return _unit(text, tokens[:1], "never")
    head = None
    for index, token in enumerate(tokens[:_ADJECTIVES]):
        if token.folded in words.stop or token.folded in words.never:
            break
        if token.written[0].isupper() and not _acronym(token) and index == 0 and not _capital_fits(tokens):
            break
        known = _stem(token.folded) in words.kinds
        if known or (not single and _plural(token, words) and len(token.folded) > 2):
            head = index
            if index + 1 == len(tokens) or not _goes_on(token, tokens[index + 1], known, words):
                break
    if head is None:
        return None
    taken = tokens[: head + 1]
    for token in tokens[head + 1 : head + 5]:
        if not _is_added(taken, token, words):
            break
        taken.append(token)
    while taken[-1].folded in words.link:
        taken.pop()
    return _unit(text, taken, _kind(taken[: head + 1], words))


def _is_added(taken: list[_Token], token: _Token, words: _Words) -> bool:
    """Whether a word after the noun belongs to it: a participle, or "of" and its noun."""
    previous = taken[-1].folded
    if token.folded == "of":
        return previous != "of"
    if token.folded in words.participles:
        return True
    if token.folded in words.stop:
        return False
    return previous == "of" or (len(taken) > 1 and taken[-2].folded == "of" and _plural(token, words))


def _goes_on(token: _Token, following: _Token, known: bool, words: _Words) -> bool:
    """Whether the next word carries the noun on: "IDP households", "GBV incidents", "protection cases"."""
    if following.folded in words.stop or following.folded in words.participles:
        return False
    counted = _stem(following.folded) in words.kinds
    return counted if known else counted or (_acronym(token) and _plural(following, words))


def _capital_fits(tokens: list[_Token]) -> bool:
    """A capital may open an English unit ("GAW stations", "Malian refugees") when a small plural follows."""
    return len(tokens) > 1 and tokens[1].written[0].islower() and tokens[1].folded.endswith("s")
