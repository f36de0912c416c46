"""Between a register's value, what the ledger keeps of it, and what stands in a cell.

*plain*: `str`, number, `bool` or `None`; dates as ISO text, lists joined by " ; ", codes as codes. In a cell, dates are
serial numbers, codes are labels in the cluster's language, and text is text: a `stringValue` is never a formula.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pandas as pd

from suivi.publish.sheets.layout import Column
from suivi.publish.sheets.model import Plain
from suivi.schema import LIST_SEPARATOR

LONGEST = 50_000  # characters a cell may hold, by Google's limit
CUT = " […]"
EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet's serial dates
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # all but tab and newline
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")


class Formula(str):
    """What a person typed behind an equals sign."""

    __slots__ = ()


class Unreadable(ValueError):
    """A cell's content that its column cannot hold."""


def plain(column: Column, value: Any) -> Plain:
    """A register's value as the ledger keeps it; empty text, empty list and NA are `None`."""
    if isinstance(value, (tuple, list)):
        return _list(_cut(LIST_SEPARATOR.join(str(item) for item in value)))
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if column.type in ("integer", "number"):
        number = float(value)
        return int(number) if number.is_integer() else number
    if column.type == "flag":
        return bool(value)
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = _cut(str(value))
    return text if text.strip() else None


def _list(text: str) -> str | None:
    return LIST_SEPARATOR.join(p.strip() for p in re.split(r"[;\n]", text) if p.strip()) or None


def _cut(text: str) -> str:
    """Text at the length and in the characters that a cell can hold."""
    text = _CONTROL.sub("", text)
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


def is_cut(value: Plain) -> bool:
    """Whether `plain` had to shorten the text."""
    return isinstance(value, str) and len(value) == LONGEST and value.endswith(CUT)


def extended(column: Column, value: Plain, language: str) -> dict[str, Any]:
    """A plain value as the API's ExtendedValue; `{}` = an empty cell."""
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, (int, float)):
        return {"numberValue": value}
    if column.type == "date" and (day := _iso(value)) and day > EPOCH:
        return {"numberValue": (day - EPOCH).days}
    return {"stringValue": column.label(value, language)}


def shown(column: Column, value: Any, language: str) -> str:
    """A plain or raw value as people read it, for `_conflits` and reports."""
    if isinstance(value, str):
        return column.label(value, language)
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).upper()
    if column.type == "date" and isinstance(value, (int, float)) and (day := _from_serial(value)):
        return day.isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


def raw(cell: dict[str, Any] | None) -> Any:
    """The content of an API cell: `str`, number, `bool`, `Formula` or `None`."""
    entered = (cell or {}).get("userEnteredValue") or {}
    for kind, value in entered.items():
        if kind == "formulaValue":
            return Formula(value)
        if kind == "stringValue":
            return value or None
        return value
    return None


def read(column: Column, content: Any, language: str) -> Plain:
    """A cell's content as a plain value; `Unreadable` where the column cannot hold it."""
    if content is None or (isinstance(content, str) and not content.strip()):
        return None
    if isinstance(content, Formula):
        raise Unreadable(content)
    if column.type == "date":
        return _date(content)
    if column.type == "flag":
        return _flag(content)
    if column.type in ("integer", "number"):
        return _number(content)
    if column.codes:
        return _code(column, content)
    text = content if isinstance(content, str) else shown(column, content, language)
    return _list(text) if column.type == "list" else text


def holds(column: Column, content: Any, value: Plain, language: str) -> bool:
    """Whether a cell's content says the plain value, in whatever spelling."""
    if isinstance(content, Formula):
        return False
    if same(column, content, value, language):
        return True
    try:
        return read(column, content, language) == value
    except Unreadable:
        return False


def same(column: Column, content: Any, value: Plain, language: str) -> bool:
    """Whether a cell holds exactly what we would write for the plain value."""
    if content is None or value is None:
        return content is value
    if column.type == "date" or column.codes or column.name == "state":
        return bool(content == written(column, value, language))
    return content == value and isinstance(content, (str, bool)) == isinstance(value, (str, bool))


def written(column: Column, value: Plain, language: str) -> Any:
    """What `raw` reads of a cell into which `extended` was written."""
    return raw({"userEnteredValue": extended(column, value, language)})


def _date(content: Any) -> str:
    day = None
    if isinstance(content, (int, float)) and not isinstance(content, bool):
        day = _from_serial(content)
    elif isinstance(content, str):
        day = _iso(content.strip())
        if day is None and (found := _DAY_FIRST.fullmatch(content.strip())):
            day = _day(int(found[3]), int(found[2]), int(found[1]))
    if day is None:
        raise Unreadable(content)
    return day.isoformat()


def _from_serial(number: float) -> date | None:
    return EPOCH + timedelta(days=int(number)) if 1 <= number <= 2_958_465 else None  # 1899-12-31 … 9999-12-31


def _iso(text: str) -> date | None:
    found = _ISO.fullmatch(text)
    return _day(int(found[1]), int(found[2]), int(found[3])) if found else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _flag(content: Any) -> bool:
    if isinstance(content, bool):
        return content
    word = fold(str(content))
    if word in ("1", "x", "true", "vrai", "oui", "yes"):
        return True
    if word in ("0", "false", "faux", "non", "no"):
        return False
    raise Unreadable(content)


def _number(content: Any) -> float | int:
    try:
        number = float(re.sub(r"\s", "", content).replace(",", ".") if isinstance(content, str) else content)
    except (TypeError, ValueError):
        raise Unreadable(content) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise Unreadable(content)
    return int(number) if number.is_integer() else number


def _code(column: Column, content: Any) -> str:
    """A code by itself or by its label in any language, whatever case and accents."""
    word = fold(str(content))
    for code, words in column.codes.items():
        if word == fold(code) or word in (fold(label) for label in words.values()):
            return code
    if column.open_codes and isinstance(content, str):
        return content
    raise Unreadable(content)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents and outer blanks: how typed words are compared."""
    bare = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(c for c in bare if not unicodedata.combining(c))
