"""Personal data in a text: names and initials of people, phone numbers, e-mail addresses.

A name is known from the attendance lists of the cluster (`known`), from a form of address before it
("Mme Xxx", "Dr Xxx"), or from a capitalised pair of which one word is a common name (reference/person_names.csv).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache, cached_property, lru_cache
from itertools import pairwise

from suivi.reference import load_csv
from suivi.sharing.gazetteer import gazetteer
from suivi.sharing.initials import initials
from suivi.sharing.wording import STOPWORDS, fold, words

EMAIL = re.compile(
    r"[\w.+'-]+\s?(?:@|\(at\)|\[at\]|\[@\]|\sarobase\s|＠)\s?[\w-]+(?:\s?(?:\.|\[dot\]|\(dot\))\s?[\w-]+)+", re.I
)
_AT_SIGNS = ("@", "＠")
_AT_WORDS = ("(at)", "[at]", "arobase")

_PHONES = (
    re.compile(r"(?<![\w+])(?:\+|00)\s?\d{1,3}[\s().-]*\d(?:[\s().-]{0,2}\d){6,12}(?!\d)"),
    re.compile(r"(?<![\d.,-])\(?\d{3}\)?[ .-]\d{2}[ .-]\d{2}[ .-]\d{2}[ .-]\d{2}(?![\d-])"),
    re.compile(r"(?<![\d.,-])0?\d{2}([ .-])\d{2}\1\d{2}\1\d{2}(?:\1\d{2})?(?![\d-])"),
    re.compile(r"(?<![\d.,/-])[25-9]\d{7}(?![\d.,/-]|\s?(?:FCFA|XOF|USD|EUR|\$|€|%))"),
    re.compile(r"\b(?:t[ée]l(?:[ée]phone)?|tel|phone|whats\s?app|mobile|cell|portable|contact|appel\w*|call)\b"
               r"[\s.:°/()n]{0,6}\+?\d(?:[\s().-]{0,2}\d){6,13}", re.I),
)  # fmt: skip
_SEVEN_DIGITS = re.compile(r"\d(?:[^\w+]{0,6}\d){6}")  # no number of fewer digits is looked at
_COMPACT_DATE = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

_WORD = r"[A-ZÀ-ÖØ-ÝŒ][\w'’-]*[\w]|[A-ZÀ-ÖØ-Ý]\."
_ADDRESS = (
    r"M\.|MM\.|Mr\.?|Mrs\.?|Ms\.?|Mme\.?|Mmes|Mlle\.?|Dr\.?|Pr\.?|Prof\.?|Me|Monsieur|Madame|Docteur|El Hadj|Hadja"
)
_RANK = r"Colonel|Col\.|Capitaine|Commandant|Général|Lieutenant|Captain|General|Major"
_ADDRESSED = re.compile(rf"(?<!\w)(?:{_ADDRESS}|{_RANK})\s+({_WORD})((?:[ -](?:{_WORD}))*)")
_RUN = re.compile(
    rf"(?<!\w)(?:{_WORD})(?:[ \u00a0](?:dit|dite|de|Ag|ag|Ould|ould|Walet|Wallet|Mint|El|{_WORD})){{1,4}}"
)
_LINEAGE = re.compile(rf"(?<!\w)(?:{_WORD})\s+(?:Ag|ag|Ould|ould|Walet|Wallet|Mint)\s+(?:{_WORD})")
_LINEAGE_WORDS = frozenset(("ag", "ould", "walet", "wallet", "mint"))
# After a form of address these are offices, not names: "Monsieur le Ministre" has no capital after it,
# "Madame Coordinatrice" and "Mr. Coordinator" have.
_OFFICES = frozenset(words("offices"))
_PARTICLES = frozenset(words("particles"))


@cache
def _common() -> tuple[frozenset[str], frozenset[str]]:
    table = {
        row["kind"]: frozenset(fold(name) for name in row["names"].split("|")) for row in load_csv("person_names.csv")
    }
    return table["given"], table["family"]


def emails(text: str) -> list[str]:
    """E-mail addresses, also written "name (at) site.org"."""
    if not any(sign in text for sign in _AT_SIGNS) and not any(sign in text.lower() for sign in _AT_WORDS):
        return []
    return [match[0] for match in EMAIL.finditer(text)]


def phones(text: str) -> list[str]:
    """Phone numbers: international, in pairs ("76 12 34 56"), or bare digits that are no date and no amount."""
    if not _SEVEN_DIGITS.search(text):
        return []
    found = [match[0] for pattern in _PHONES for match in pattern.finditer(text)]
    return [number for number in found if not _COMPACT_DATE.fullmatch(number)]


def persons(text: str, known: Collection[str] = ()) -> list[str]:
    """Names of people, `known` being folded full names as `known_names` gives them."""
    found = list(_by_form(text))
    if known:
        people = known if isinstance(known, People) else People(known)
        parts = fold(text).split()
        if not people.first_words.isdisjoint(parts):
            found += _known_in(parts, people)
        if not people.single_words.isdisjoint(parts):
            found += [word for word in _CAPITALISED.findall(text) if fold(word) in people.single_words]
        found += initials(text, people.initials)
    else:
        found += initials(text)
    return found


@lru_cache(maxsize=65536)
def _by_form(text: str) -> tuple[str, ...]:
    """Names that a form of address, a lineage or a common name gives away."""
    found = [match[0] for match in _ADDRESSED.finditer(text) if fold(match[1]) not in _OFFICES]
    if not _LINEAGE_WORDS.isdisjoint(fold(text).split()):
        found += [match[0] for match in _LINEAGE.finditer(text)]
    given, family = _common()
    for match in _RUN.finditer(text):
        full = [word for word in map(fold, match[0].split()) if word and word not in _PARTICLES]
        if len(full) > 1 and _reads_as_name(full, given, family):
            found.append(match[0])
    return tuple(found)


def _reads_as_name(full: list[str], given: frozenset[str], family: frozenset[str]) -> bool:
    either = given | family
    if any(one in either and two in either for one, two in pairwise(full)):
        return True
    return len(full) <= 3 and (full[0] in either or full[-1] in family) and not set(full) & _INSTITUTIONS


_INSTITUTIONS = frozenset(words("institutions"))


_SHORTEST_ALONE = 4
_CAPITALISED = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-ÝŒ][^\W\d_]{3,}")


@cache
def _not_alone() -> frozenset[str]:
    listed = [row[key] for row in load_csv("organisations.csv") for key in ("acronym", "name", "name_en", "aliases")]
    organisations = {word for text in listed for word in fold(text).split()}
    places = {word for name in gazetteer().by_name for word in name.split()}
    return frozenset(organisations | places | _INSTITUTIONS | _OFFICES | _PARTICLES | STOPWORDS)


class People(frozenset[str]):
    """Folded full names, with an index of their first words: most texts hold none of them."""

    @cached_property
    def single_words(self) -> frozenset[str]:
        """Given and family names that mean a person when they stand alone: no place, organisation or office."""
        found = {word for name in self for word in name.split() if len(word) >= _SHORTEST_ALONE}
        return frozenset(found) - _not_alone()

    @cached_property
    def initials(self) -> frozenset[str]:
        """First letters of the full names: "mk" for "mariam konta", of three names also the outer two."""
        letters = {"".join(word[0] for word in name.split()) for name in self}
        return frozenset(letters | {each[0] + each[-1] for each in letters})

    @cached_property
    def first_words(self) -> frozenset[str]:
        return frozenset(name.split(" ", 1)[0] for name in self)


def _known_in(parts: list[str], known: People) -> Iterator[str]:
    for start, part in enumerate(parts[:-1]):
        if part in known.first_words:
            for size in (2, 3, 4):
                run = " ".join(parts[start : start + size])
                if run in known:
                    yield run


def known_names(names: Iterable[str]) -> People:
    """Folded full names of two to four words, in both orders ("SALL Awa" reads "Awa SALL" too).

    What follows a comma or bracket ("…, NRC", "… (UNHCR)") is no part of a name.
    """
    found: set[str] = set()
    for name in names:
        alone = re.split(r"[,;(]", name, maxsplit=1)[0]
        parts = fold(re.sub(rf"^(?:{_ADDRESS})\s+", "", alone.strip())).split()
        if 2 <= len(parts) <= 4 and not any(part.isdigit() or part in _INSTITUTIONS for part in parts):
            found |= {" ".join(parts), " ".join([parts[-1], *parts[:-1]]), " ".join([*parts[1:], parts[0]])}
    return People(found)


def personal(text: str, known: Collection[str] = ()) -> str:
    """Which kind of personal data the text holds: "person", "phone", "email", or "" for none."""
    if emails(text):
        return "email"
    if phones(text):
        return "phone"
    return "person" if persons(text, known) else ""
