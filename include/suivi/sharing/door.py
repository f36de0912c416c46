"""The only door through which rows go to an output: columns and rows of a level, and a second net.

The net does not trust the levels: a row whose shared cells hold a phone number, an e-mail or a person's name stays
back even where somebody lowered its level.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from suivi import schema
from suivi.errors import ConfigurationError
from suivi.sharing.levels import cells, rows_of, shared_columns
from suivi.sharing.persons import People, known_names, personal
from suivi.sharing.rules import without_consent

_PASSES = {"membres": ("membres", "public"), "public": ("public",)}
# Internal columns that name people: what stands there must not stand in a shared cell of the same frame.
_NAMING = ("chair", "facilitator", "rapporteur")


def view(
    frame: pd.DataFrame, register: str, level: str, *, consent: Collection[str] = (), names: Collection[str] = ()
) -> pd.DataFrame:
    """The rows and columns that an output of this level may hold.

    `consent`: organisations of the consent list that agreed (cluster YAML, ``sharing.consent``); without it none did.
    `names`: folded names of people (`persons.known_names`) for the second net.
    """
    if level not in schema.LEVELS:
        raise ConfigurationError(f"unknown sharing level {level!r}: use interne, membres or public")
    columns = [field.name for field in schema.register(register).visible(level)]
    if level == "interne":
        return frame[columns].reset_index(drop=True)
    known = People(frozenset(names) | _named_in(frame))
    hidden = without_consent(consent)
    passing = frame[frame["sharing_level"].isin(_PASSES[level])]
    checked = (*shared_columns(register), *(c for c in ("responsible", "organisation") if c in columns))
    kept = [_clean(row, checked, known, hidden) for row in rows_of(passing, checked)]
    shared = passing.loc[kept, columns].reset_index(drop=True)
    if "organisations" in columns:
        shared["organisations"] = pd.Series(
            [tuple(name for name in value or () if name not in hidden) for value in shared["organisations"]],
            dtype="object",
        )
    return shared


def _clean(row: Mapping[Any, Any], columns: Collection[str], known: Collection[str], hidden: Collection[str]) -> bool:
    texts = list(cells(row, columns))
    if any(personal(text, known) for text in texts):
        return False
    # A lowered action may speak of an organisation without consent; a row of its presence may not go out.
    return row.get("organisation") not in hidden


def _named_in(frame: pd.DataFrame) -> frozenset[str]:
    written = [value for column in _NAMING if column in frame for value in frame[column].dropna().unique()]
    return known_names(map(str, written))
