"""The one description of registers and fields (`reference/registers.yaml`), read once.

Sheet headers, HXL tags, DataFrame dtypes, expectations, exports and the data dictionary come from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from suivi.reference import load_yaml

REGISTERS = ("meetings", "actions", "indicators", "key_figures", "presence")
LIST_SEPARATOR = " ; "
LEVELS = ("interne", "membres", "public")  # from the narrowest circle to the widest

_DTYPES = {
    "text": "string",
    "month": "string",
    "list": "object",  # tuples of str
    "integer": "Int64",
    "number": "Float64",
    "date": "object",  # datetime.date or None
    "flag": "boolean",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a register."""

    name: str
    type: str
    who: str
    level: str
    fr: str
    en: str
    about: str
    hxl: str = ""
    codes: str = ""
    needed: bool = False

    def header(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def allowed(self) -> tuple[str, ...]:
        """Codes that the column may hold; empty = anything."""
        return tuple(labels(self.codes)) if self.codes else ()


@dataclass(frozen=True, slots=True)
class Register:
    """A register: its fields in column order."""

    name: str
    fr: str
    en: str
    fields: tuple[Field, ...]

    def title(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    def visible(self, level: str) -> tuple[Field, ...]:
        """Fields that an output of this level may hold; human columns only internally."""
        return tuple(f for f in self.fields if level == "interne" or f.level != "interne")

    def empty(self) -> pd.DataFrame:
        """A frame without rows, with the declared columns and dtypes."""
        return self.frame([])

    def frame(self, rows: list[dict[str, Any]]) -> pd.DataFrame:
        """Rows (field name → Python value; absent = empty) as a frame with the declared columns and dtypes."""
        return pd.DataFrame(
            {f.name: pd.Series([row.get(f.name) for row in rows], dtype=_DTYPES[f.type]) for f in self.fields}
        )


@cache
def register(name: str) -> Register:
    """The description of one register; `KeyError` for an unknown name."""
    plain = load_yaml("registers.yaml")["registers"][name]
    return Register(name, plain["fr"], plain["en"], tuple(Field(**field) for field in plain["fields"]))


def labels(codes: str) -> dict[str, dict[str, str]]:
    """Code → label a language, e.g. ``labels("status")["done"]["fr"] == "fait"``."""
    table: dict[str, dict[str, str]] = load_yaml("registers.yaml")["labels"][codes]
    return table


def label(codes: str, code: str, language: str) -> str:
    """The word people read for a code; an unknown code reads as itself."""
    return labels(codes).get(code, {}).get(language, code)
