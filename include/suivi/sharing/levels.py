"""Who may see a row: the cluster's policy, raised by the rules, lowered only by the coordinator."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from suivi import schema
from suivi.settings import Cluster
from suivi.sharing.rules import raised, rule, without_consent

DRAFT = {"fr": "projet de PV : attend le PV validé", "en": "draft minutes: awaits validation"}
WITHDRAWN = {"fr": "retirée : n'est plus dans les PV", "en": "withdrawn: no longer in the minutes"}
POLICY = {"fr": "politique du cluster", "en": "policy of the cluster"}
_COORDINATOR = {"fr": "décidé par la coordination, nuit {night}", "en": "decided by the coordination, night {night}"}
_OVERRULES = {"fr": " (règles : {rules})", "en": " (rules: {rules})"}
# Cells that hold no wording of the minutes: ids, codes of ours, names from the reference lists.
_OURS = frozenset(
    (
        *("record_id", "number", "meeting_id", "code", "name", "cluster", "country", "kind", "status", "approval"),
        *("admin1_pcode", "admin1_name", "admin2_pcode", "admin2_name", "body_level", "validation", "state", "month"),
        *("organisation_name", "organisation_type", "organisations"),
    )
)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the rules need to know beyond a row.

    `names`: folded names of people; `drafts`: record ids of rows that stand on draft minutes only; `asked`: record
    id → (level, night) that the coordinator set.
    """

    names: frozenset[str] = frozenset()
    drafts: frozenset[str] = frozenset()
    asked: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@cache
def shared_columns(register: str) -> tuple[str, ...]:
    """Columns with wording of the minutes that an output below `interne` would show."""
    fields = schema.register(register).visible("membres")
    return tuple(f.name for f in fields if f.type in ("text", "list") and f.name not in _OURS)


def cells(row: Mapping[str, Any], columns: Collection[str]) -> Iterator[str]:
    """The filled cells of the columns as texts."""
    for column in columns:
        value = row.get(column)
        if isinstance(value, str):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from (str(item) for item in value)


def apply(frame: pd.DataFrame, register: str, cluster: Cluster, knowledge: Knowledge = Knowledge()) -> pd.DataFrame:
    """The frame with `sharing_level` and `sharing_reason` set on every row."""
    columns = [c for c in (*shared_columns(register), *_LOOKED_AT) if c in frame]
    judge = _Judge(register, cluster, knowledge)
    judged = [judge.level(row) for row in rows_of(frame, columns)]
    result = frame.copy()
    result["sharing_level"] = pd.Series([level for level, _ in judged], dtype="string", index=frame.index)
    result["sharing_reason"] = pd.Series([reason or None for _, reason in judged], dtype="string", index=frame.index)
    return result


_LOOKED_AT = (
    *("record_id", "state", "status", "activity", "organisation", "value", "unit", "quote", "text"),
    *("admin1_name", "admin2_name"),
)


def rows_of(frame: pd.DataFrame, columns: Collection[str]) -> Iterator[dict[str, Any]]:
    """Rows as dicts of the named columns, empty cells as None: much faster than ``to_dict`` on nullable types."""
    names = list(dict.fromkeys(columns))
    filled = [[None if value is pd.NA else value for value in frame[name].tolist()] for name in names]
    for values in zip(*filled, strict=True):
        yield dict(zip(names, values, strict=True))


class _Judge:
    """Levels of the rows of one register; a text that many rows hold is looked at once."""

    def __init__(self, register: str, cluster: Cluster, knowledge: Knowledge) -> None:
        self.register, self.knowledge = register, knowledge
        self.language = cluster.language if cluster.language in ("fr", "en") else "fr"
        self.policy = cluster.sharing.get("policy", {}).get(register, "interne")
        self.consent = tuple(cluster.sharing.get("consent", ()))
        self.hidden = without_consent(self.consent)
        self.broken: dict[str, list[str]] = {}

    def level(self, row: Mapping[Any, Any]) -> tuple[str, str]:
        """The level of a row and the reasons for it, as one text."""
        reasons = list(self._reasons(row))
        level = "interne" if reasons else self.policy
        if not reasons and self.policy == "interne":
            reasons = [POLICY[self.language]]
        asked = self.knowledge.asked.get(row["record_id"])
        if asked is None or asked[0] == level:
            return level, " ; ".join(reasons)
        words = _COORDINATOR[self.language].format(night=asked[1])
        overruled = _OVERRULES[self.language].format(rules=" ; ".join(reasons)) if reasons else ""
        return asked[0], words + overruled

    def _reasons(self, row: Mapping[Any, Any]) -> Iterator[str]:
        if row["record_id"] in self.knowledge.drafts:
            yield DRAFT[self.language]
        if row.get("state") == "withdrawn":
            yield WITHDRAWN[self.language]
        broken: dict[str, None] = {}
        for text in texts_to_judge(row, self.register):
            broken |= dict.fromkeys(self._broken(text))
        if not self.hidden.isdisjoint(cells(row, ("organisation",))):
            broken["consent_list"] = None
        yield from (rule(each).reason[self.language] for each in broken)

    def _broken(self, text: str) -> list[str]:
        found = self.broken.get(text)
        if found is None:
            found = raised(text, self.knowledge.names, self.consent, self.register == "actions")
            self.broken[text] = found
        return found


def texts_to_judge(row: Mapping[Any, Any], register: str) -> Iterator[str]:
    """Texts of a row that the rules look at.

    A figure is judged with the words that follow it in its sentence: "12 cas" alone would hide of what. A planned
    presence is judged as something to come, an action also with the places of its row: "mener une évaluation rapide"
    says more beside the name of a cercle.
    """
    yield from cells(row, shared_columns(register))
    if register == "actions" and (places := [*cells(row, ("admin1_name", "admin2_name"))]):
        yield f"{row.get('text') or ''} ({', '.join(dict.fromkeys(places))})"
    if register == "key_figures":
        yield figure_wording(row)
    if register == "presence" and row.get("status") == "planned":
        yield f"{row.get('activity') or ''} prévu"


def figure_wording(row: Mapping[Any, Any]) -> str:
    """Value and unit of a key figure, continued with what follows the number in its sentence."""
    value, unit, quote = row.get("value"), row.get("unit") or "", row.get("quote")
    number = "" if value is None else f"{value:.0f}" if float(value).is_integer() else str(value)
    if not isinstance(quote, str):
        return f"{number} {unit}"
    digits = number.replace(".", "")
    written = next((m for m in _NUMBERS.finditer(quote) if _NO_DIGITS.sub("", m[0]) == digits), None)
    after = quote[written.end() :].lstrip() if written else quote  # a number in words: the whole sentence
    said = _SENTENCE_END.split(after, maxsplit=1)[0][:_WINDOW]
    return f"{number} {said}" if said.startswith(unit) else f"{number} {unit} ; {number} {said}"


_NUMBERS = re.compile(r"\d(?:[ .,'\u00a0\u2009\u202f]?\d)*")  # "10 116", "10.116"
_NO_DIGITS = re.compile(r"\D")
_SENTENCE_END = re.compile(r"[.;!?](?:\s|$)|\n")
_WINDOW = 90  # characters after the number that may say of what it is


def raised_rows(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The report of what was kept back and why: register, record_id, sharing_level, sharing_reason; no wording."""
    columns = ["record_id", "sharing_level", "sharing_reason"]
    parts = [
        frame.loc[frame["sharing_reason"].notna(), columns].assign(register=name) for name, frame in frames.items()
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*columns, "register"])
    return table[["register", *columns]]
