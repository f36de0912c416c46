"""The words of minutes, one YAML file a language, compiled once: adding a language is adding a file.

What a file holds (every section may be left out):

titles, not_minutes      what a document calls itself, and what gives away something else (reason → phrases)
columns                  role of a table column → words of its header cell
labels                   field of the meeting header → words before the colon
attending                words that together make a label of who was there
roles                    role of an attendee → words beside the name
sections                 kind of section → words of its heading
markers                  what opens an action in running text ("ACTION:")
owner, deadline, status  words that introduce one ("Responsable : …")
until, until_sure        words before a deadline inside a sentence; the sure ones need nothing else
statuses                 status → words of a status cell or remark
everyone, role_nouns     owners that are no organisation and no person
commitments, decisions   patterns of sentences, each with a literal trigger; {party} is named
future, infinitive, …    forms of verbs, to tell an order from a remark
shapes                   regular expressions for what no list of words can say
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, reduce
from itertools import product
from operator import or_
from pathlib import Path
from typing import Any

import ahocorasick
from rapidfuzz import fuzz, process
from ruamel.yaml import YAML

from suivi.extract.values.text import fold

FOLDER = Path(__file__).parent
_OPTIONAL = re.compile(r"\(([^)]*)\)")
_APART = re.compile(r"[^a-z0-9#%?][^a-z0-9#%?]*")  # not […]+, which is searched more slowly
_SIGNS = {code: " " for code in range(128) if _APART.match(chr(code))}  # `translate` is quick on ASCII only
_ALIKE = 90  # of 100: one wrong letter in ten, as OCR and typing make them
_TYPED = 10  # characters of a label in which one missing letter is forgiven
_Ended = dict[str, list[tuple[str, int, int]]]  # a letter → phrases, their letters, how many may differ
_BIT = [1 << (code & 63) for code in range(256)]
_GAP = " \t\n'"
_SHORTEST = 6  # characters a phrase needs before a wrong letter is forgiven


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Text as phrases are compared: folded words, one space between them."""
    plain = fold(text)
    return " ".join(plain.translate(_SIGNS).split()) if plain.isascii() else _APART.sub(" ", plain).strip()


def variants(phrase: str) -> Iterable[str]:
    """A phrase with and without each bracketed part: "point(s)" → "points", "point"."""
    parts = _OPTIONAL.split(str(phrase))
    choices = [(part,) if index % 2 == 0 else (part, "") for index, part in enumerate(parts)]
    return {key("".join(chosen)) for chosen in product(*choices)} - {""}


class Phrases:
    """Phrases and what each stands for; `find` forgives a wrong letter in a long phrase."""

    def __init__(self, table: dict[str, list[str]]) -> None:
        self.kinds: dict[str, str] = {}
        for kind, phrases in table.items():
            for phrase in phrases or ():
                for variant in variants(phrase):
                    self.kinds.setdefault(variant, kind)
        self.firsts = frozenset(phrase.split(" ", 1)[0] for phrase in self.kinds)
        self._long = [(phrase, _letters(phrase)) for phrase in self.kinds if len(phrase) >= _SHORTEST]
        self._as_long: dict[int, tuple[_Ended, _Ended]] = {}  # length of a text → phrases of about that length
        self.find = lru_cache(maxsize=4096)(self._find)

    def _find(self, text: str) -> str | None:
        if text in self.kinds:
            return self.kinds[text]
        if not _SHORTEST <= len(text) <= 80:
            return None
        near = self._near(text)
        best = process.extractOne(text, near, scorer=fuzz.ratio, score_cutoff=_ALIKE) if near else None
        return self.kinds[best[0]] if best else None

    def _near(self, text: str) -> list[str]:
        """The few phrases that can be alike: about as long, with nearly the same letters and at least one end whole.

        `fuzz.ratio` counts letters to insert or delete, of both texts together: one in ten may differ.
        """
        size = len(text)
        if size not in self._as_long:
            self._as_long[size] = self._of_length(size)
        opening, ending = self._as_long[size]
        own, first, last = _letters(text), text[0], text[-1]
        near = [one[0] for one in opening.get(first, ()) if (one[1] ^ own).bit_count() <= one[2]]
        near += [one[0] for one in ending.get(last, ()) if (one[1] ^ own).bit_count() <= one[2] and one[0][0] != first]
        return near

    def _of_length(self, size: int) -> tuple[_Ended, _Ended]:
        """The phrases about as long as `size`, by their first and by their last letter."""
        opening: _Ended = {}
        ending: _Ended = {}
        for phrase, letters in self._long:
            most = (len(phrase) + size) // 10
            if abs(len(phrase) - size) <= most:
                opening.setdefault(phrase[0], []).append((phrase, letters, most))
                ending.setdefault(phrase[-1], []).append((phrase, letters, most))
        return opening, ending


def _letters(text: str) -> int:
    """Which letters a text holds, a bit each (two rare ones may share a bit: then they count as the same)."""
    return reduce(or_, map(_BIT.__getitem__, set(text.encode())), 0)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence pattern of one language; `strong` ones count even where the document has its own action list."""

    rule: str
    regex: re.Pattern[str]
    strong: bool
    agentless: bool
    opens: bool
    decision: bool
    elided: bool
    cuts: bool  # the action begins at the party, not at the sentence


class Grammar:
    """All languages' words together, those of the main language first."""

    def __init__(self, files: list[dict[str, Any]]) -> None:
        self.files = files
        self.columns = self._phrases("columns")
        self.labels = self._phrases("labels")
        self.sections = self._phrases("sections")
        self.roles = self.table("roles")
        self.statuses = self.table("statuses")
        self.shapes = self.table("shapes")
        self.levels = self._spoken("levels")
        self.validation = self._spoken("validation")
        self.not_minutes = self._spoken("not_minutes")

    def listing(self, name: str) -> list[str]:
        """A plain list of phrases as written, the main language first."""
        return [str(word) for file in self.files for word in file.get(name) or ()]

    def table(self, name: str) -> dict[str, list[str]]:
        """A section of kind → phrases as written, all languages together."""
        merged: dict[str, list[str]] = {}
        for file in self.files:
            for kind, words in (file.get(name) or {}).items():
                merged.setdefault(kind, []).extend(str(word) for word in words or ())
        return merged

    def _spoken(self, name: str) -> dict[str, tuple[str, ...]]:
        """A table with its phrases as they stand between two blanks of folded text."""
        table = self.table(name).items()
        return {kind: tuple(f" {variant} " for word in words for variant in variants(word)) for kind, words in table}

    def _phrases(self, name: str) -> Phrases:
        return Phrases(self.table(name))

    def shape(self, name: str) -> str:
        """The regular expressions of one shape, all languages together, as one alternative."""
        return "|".join(f"(?:{pattern})" for pattern in self.shapes.get(name, ())) or r"(?!)"

    def words(self, name: str) -> frozenset[str]:
        """The variants of a plain list of phrases."""
        return self._words[name] if name in self._words else self._words.setdefault(name, self._variants(name))

    def _variants(self, name: str) -> frozenset[str]:
        return frozenset(variant for phrase in self.listing(name) for variant in variants(phrase))

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        return {}

    def either(self, name: str, extra: Iterable[str] = ()) -> str:
        """A regex for any phrase of a list on folded text, longest first."""
        return alternatives([*self.listing(name), *extra])

    def table_either(self, name: str, kind: str) -> str:
        """A regex for any phrase of one kind in a table section."""
        return alternatives(self.table(name).get(kind, ()))

    @cached_property
    def commitments(self) -> tuple[Pattern, ...]:
        return self._patterns("commitments")

    @cached_property
    def decisions(self) -> tuple[Pattern, ...]:
        return self._patterns("decisions")

    def _patterns(self, name: str) -> tuple[Pattern, ...]:
        return tuple(
            Pattern(
                entry["rule"],
                re.compile(entry["pattern"]),
                bool(entry.get("strong")),
                bool(entry.get("agentless")),
                bool(entry.get("opens")),
                bool(entry.get("decision")),
                bool(entry.get("elided")),
                bool(entry.get("cuts")),
            )
            for file in self.files
            for entry in file.get(name) or ()
        )

    @cached_property
    def triggers(self) -> ahocorasick.Automaton:
        """Literals without which no sentence pattern can match → (section, index of the pattern)."""
        waiting: dict[str, list[tuple[str, int]]] = {}
        for name in ("commitments", "decisions"):
            entries = [entry for file in self.files for entry in file.get(name) or ()]
            for index, entry in enumerate(entries):
                for literal in entry["trigger"]:
                    waiting.setdefault(fold(literal), []).append((name, index))
        automaton = ahocorasick.Automaton()
        automaton.add_word("\0", ())  # an empty one cannot search: a language may know no sentence patterns
        for literal, patterns in waiting.items():
            automaton.add_word(literal, tuple(patterns))
        automaton.make_automaton()
        return automaton


def misspelt(phrases: Iterable[str]) -> list[str]:
    """Long single words with one inner letter left out, as hasty typing leaves them ("resposable")."""
    words = {variant for phrase in phrases for variant in variants(phrase) if " " not in variant}
    short = {word[:at] + word[at + 1 :] for word in words if len(word) >= _TYPED for at in range(1, len(word) - 1)}
    return sorted(short - words)


def alternatives(phrases: Iterable[str]) -> str:
    """A regex for any of the phrases on folded text, longest first; a blank matches any white space or sign."""
    spelled = {variant for phrase in phrases for variant in variants(phrase)}
    ordered = sorted(spelled, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace(r"\ ", r"[\s'./()-]{1,3}") for phrase in ordered) or r"(?!)"


class Ending:
    """Finds the phrase that a piece of folded text ends with; `gap` is what may stand between it and the end.

    A pattern that is tied to the end is tried from every place of a text: here only where the last word is known.
    """

    def __init__(self, phrases: Iterable[str], gap: str) -> None:
        listed = list(phrases)
        self._lasts = tuple({variant.rsplit(" ", 1)[-1] for phrase in listed for variant in variants(phrase)})
        self._pattern = re.compile(rf"(?<![\w'])(?:{alternatives(listed)}){gap}$")

    def search(self, plain: str) -> re.Match[str] | None:
        """Where the phrase stands that ends a folded text."""
        return self._pattern.search(plain) if plain.rstrip(_GAP).endswith(self._lasts) else None


@cache
def load(main: str = "fr", folder: Path = FOLDER) -> Grammar:
    """The grammar for a document whose main language is `main`; every other language is known too."""
    reader = YAML(typ="safe")
    files = [reader.load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))]
    return Grammar(sorted(files, key=lambda file: file["language"] != main))
