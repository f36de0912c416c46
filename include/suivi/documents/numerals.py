"""A count as a list marker shows it."""

from __future__ import annotations

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_SMALL = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def numeral(count: int, form: str) -> str:
    """`form` is a Word number format: decimal, decimalZero, lowerLetter, upperLetter, lowerRoman, upperRoman."""
    if form == "decimalZero":
        return f"{count:02d}"
    if form.endswith("Letter"):
        letters = _letters(count)
    elif form.endswith("Roman"):
        letters = _roman(count)
    else:
        return str(count)
    return letters.upper() if form.startswith("upper") else letters


def _letters(count: int) -> str:
    """a … z, then aa, bb … as Word counts."""
    if count < 1:
        return str(count)
    return chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 9)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    done = ""
    for value, letters in _ROMAN + _ROMAN_SMALL:
        times, count = divmod(count, value)
        done += letters * times
    return done
