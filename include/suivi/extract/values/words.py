"""The words of a language that the finders know: sections of one YAML a language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from suivi.extract.values.text import fold

_FOLDER = Path(__file__).parent
MAIN = "fr"  # read where nobody says otherwise: the first of LANGUAGES
LANGUAGES = tuple(sorted((path.stem for path in _FOLDER.glob("*.yaml")), key=lambda name: (name != MAIN, name)))


@cache
def _grammar(language: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return loaded


def section(language: str, name: str) -> Any:
    """One section of a language's words; do not change what comes back."""
    return _grammar(language)[name]


def spoken(language: str) -> str:
    """The language itself where its words are known, else the main one."""
    return language if language in LANGUAGES else MAIN


def both(name: str, key: str) -> list[Any]:
    """A list of words in all languages: French minutes quote English and the other way round."""
    return [word for language in LANGUAGES for word in section(language, name).get(key) or ()]


def folded_words(name: str, key: str) -> tuple[str, ...]:
    """A list of words in all languages, folded, for `ends_with`."""
    return tuple(fold(str(word)) for word in both(name, key))


def alternatives(words: Iterable[str]) -> str:
    """A regex that matches any of the words (folded, longest first); a space in a word matches any white space."""
    ordered = sorted({fold(str(word)) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)
