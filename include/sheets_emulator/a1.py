"""A1 notation: text ⇄ bounds, 0-based and half-open; None is "not stated"."""

import re
from dataclasses import dataclass

REFERENCE = re.compile(r"^\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?$")
PLAIN_TITLE = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
LOOKS_LIKE_CELL = re.compile(r"^([A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*)$")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Rows [top, bottom) and columns [left, right) of one tab; None where the text states nothing."""

    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None


def column_number(letters: str) -> int:
    """0-based index of a column name ("A" → 0, "AA" → 26)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_name(index: int) -> str:
    """Column name of a 0-based index (0 → "A", 26 → "AA")."""
    name, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def quote_title(title: str) -> str:
    """A tab's title as it stands before `!` in answers: quoted unless it is a plain word."""
    if PLAIN_TITLE.match(title) and not LOOKS_LIKE_CELL.match(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def split_title(text: str) -> tuple[str | None, str]:
    """(title or None, rest) of `'My tab'!A1:B2`, `Tab!A1`, `'My tab'` or `A1`."""
    if text.startswith("'"):
        match = re.match(r"^'((?:[^']|'')*)'(?:!(.*))?$", text, re.DOTALL)
        if match:
            return match.group(1).replace("''", "'"), match.group(2) or ""
    title, mark, rest = text.rpartition("!")
    return (title, rest) if mark else (None, text)


def parse_bounds(text: str) -> Bounds | None:
    """Bounds of `A1`, `A1:B2`, `A:B`, `3:4`, `A5:A`, `A1:1`; None when the text is no reference."""
    first, colon, second = text.replace(" ", "").partition(":")
    start = REFERENCE.match(first)
    end = REFERENCE.match(second if colon else first)
    if not start or not end or not first or (colon and not second):
        return None
    if not colon and not (start.group(1) and start.group(2)):
        return None
    top, bottom = _ordered(_row(start), _row(end))
    left, right = _ordered(_column(start), _column(end))
    return Bounds(top, bottom, left, right)


def _row(match: re.Match[str]) -> int | None:
    return int(match.group(2)) - 1 if match.group(2) else None


def _column(match: re.Match[str]) -> int | None:
    return column_number(match.group(1)) if match.group(1) else None


def _ordered(start: int | None, end: int | None) -> tuple[int | None, int | None]:
    """Half-open limits of two inclusive indices in any order; an unstated end stays open."""
    if start is None or end is None:
        return (start if start is not None else None), (end + 1 if end is not None else None)
    return min(start, end), max(start, end) + 1


def format_bounds(title: str, top: int, bottom: int, left: int, right: int) -> str:
    """`Tab!A1:B2`, or `Tab!A1` for one cell."""
    first = f"{column_name(left)}{top + 1}"
    last = f"{column_name(right - 1)}{bottom}"
    return f"{quote_title(title)}!{first}" + ("" if first == last else f":{last}")
