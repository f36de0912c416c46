"""A value as a person sees it: number and date patterns in the spreadsheet's locale."""

import math
import re
from functools import lru_cache
from typing import Any

from .locales import Locale
from .typing import from_serial

Json = dict[str, Any]
ERROR_TEXTS = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
}
DATE_TYPES = ("DATE", "TIME", "DATE_TIME")
DATE_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|(\[h+\]|\[m+\]|\[s+\]|yyyy|yy|y|mmmmm|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|am/pm|a/p|0+|.)',
    re.IGNORECASE | re.DOTALL,
)


def shown(value: Json | None, number_format: Json | None, locale: Locale) -> str:
    """The text of an ExtendedValue without formula; "" for none."""
    if not value:
        return ""
    if "stringValue" in value:
        return str(value["stringValue"])
    if "boolValue" in value:
        return locale.true if value["boolValue"] else locale.false
    if "errorValue" in value:
        return ERROR_TEXTS.get(value["errorValue"].get("type", ""), "#ERROR!")
    number = value["numberValue"]
    kind = (number_format or {}).get("type")
    pattern = (number_format or {}).get("pattern") or default_pattern(kind, locale)
    if kind in DATE_TYPES:
        return date_text(number, pattern, locale)
    if not pattern:
        return general(number, locale)
    return number_text(number, pattern, locale)


def default_pattern(kind: str | None, locale: Locale) -> str:
    """The pattern of a number format that names only its type."""
    return {
        "DATE": locale.date_pattern,
        "TIME": "hh:mm:ss",
        "DATE_TIME": f"{locale.date_pattern} hh:mm:ss",
        "NUMBER": "#,##0.00",
        "PERCENT": "0.00%",
        "CURRENCY": '#,##0.00 "€"' if locale.decimal == "," else '"$"#,##0.00',
        "SCIENTIFIC": "0.00E+00",
    }.get(kind or "", "")


def general(number: float, locale: Locale) -> str:
    """A number without format: ten significant digits, integers in full up to 15 digits."""
    if isinstance(number, float) and not math.isfinite(number):
        return "#NUM!"
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    if abs(number) >= 1e15 or abs(number) < 1e-9:
        mantissa, _, exponent = f"{number:.5E}".partition("E")
        text = mantissa.rstrip("0").rstrip(".") + f"E{exponent[0]}{int(exponent[1:]):02d}"
    else:
        digits = len(str(int(abs(number)))) if abs(number) >= 1 else 0
        text = f"{number:.{max(0, 10 - digits)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", locale.decimal)


def date_text(number: float, pattern: str, locale: Locale) -> str:
    """A serial number under a date pattern (`dd/mm/yyyy`, `hh:mm`, `dddd d mmmm yyyy`…)."""
    moment = from_serial(number)
    tokens = _date_tokens(pattern)
    twelve = any(token.lower() in ("am/pm", "a/p") for literal, token in tokens if not literal)
    parts = []
    for position, (literal, token) in enumerate(tokens):
        lower = token.lower()
        if literal:
            parts.append(token)
        elif lower[0] == "y":
            parts.append(f"{moment.year:04d}" if len(token) == 4 else f"{moment.year % 100:02d}")
        elif lower[0] == "m" and _is_minutes(tokens, position):
            parts.append(f"{moment.minute:0{len(token)}d}")
        elif lower[0] == "m":
            parts.append(_month(moment.month, len(token), locale))
        elif lower[0] == "d":
            parts.append(_day(moment.day, moment.weekday(), len(token), locale))
        elif lower[0] == "h":
            hour = (moment.hour % 12 or 12) if twelve else moment.hour
            parts.append(f"{hour:0{len(token)}d}")
        elif lower[0] == "s":
            parts.append(f"{moment.second:0{len(token)}d}")
        elif lower[0] == "[":
            unit = {"h": 24, "m": 1440, "s": 86400}[lower[1]]
            parts.append(str(int(round(number * 86400) * unit // 86400)))
        elif lower in ("am/pm", "a/p"):
            parts.append("AM" if moment.hour < 12 else "PM")
        else:
            parts.append(token)
    return "".join(parts)


@lru_cache(maxsize=256)
def _date_tokens(pattern: str) -> tuple[tuple[bool, str], ...]:
    found = []
    for match in DATE_TOKEN.finditer(pattern):
        quoted, escaped, token = match.groups()
        found.append((token is None, token if token is not None else (quoted or escaped or "")))
    return tuple(entry for entry in found if entry[1])


def _is_minutes(tokens: tuple[tuple[bool, str], ...], position: int) -> bool:
    """`m` means minutes right after an hour or right before seconds."""
    letters = [token.lower()[:2].strip("[")[:1] for literal, token in tokens]
    before = next((x for x in reversed(letters[:position]) if x in "ymdhs" and x), "")
    after = next((x for x in letters[position + 1 :] if x in "ymdhs" and x), "")
    return before == "h" or after == "s"


def _month(month: int, length: int, locale: Locale) -> str:
    if length < 3:
        return f"{month:0{length}d}"
    name = locale.months[month - 1]
    return {3: name[:3] if len(name) > 4 else name, 5: name[0]}.get(length, name)


def _day(day: int, weekday: int, length: int, locale: Locale) -> str:
    if length < 3:
        return f"{day:0{length}d}"
    return locale.days[weekday][:3] if length == 3 else locale.days[weekday]


def number_text(number: float, pattern: str, locale: Locale) -> str:
    """A number under a pattern (`#,##0.00`, `0%`, `0.00E+00`, sections by `;`, quoted text)."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', pattern)
    section = sections[0]
    if number < 0 and len(sections) > 1:
        section, number = sections[1], -number
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    prefix, body, suffix = _split_pattern(section)
    if not body:
        return prefix + suffix
    if body == "@":
        return prefix + general(number, locale) + suffix
    if "%" in prefix + suffix:
        number = number * 100
    text = _exponent(number, body) if "E" in body.upper() else _fixed(abs(number), body, locale)
    negative = number < 0 and text.strip("0.,\u202f") != ""
    return ("-" if negative and "E" not in body.upper() else "") + prefix + text + suffix


@lru_cache(maxsize=256)
def _split_pattern(section: str) -> tuple[str, str, str]:
    """Literal text before, the digits' pattern, literal text after."""
    section = re.sub(r"\[[^\]]*\]|_.|\*.", "", section)
    match = re.search(r'(?:"[^"]*")*?([#0?][#0?.,]*(?:E[+-]?0+)?|@)', section)
    if not match:
        return section.replace('"', "").replace("\\", ""), "", ""
    start, end = match.span(1)
    before, after = section[:start], section[end:]
    return before.replace('"', "").replace("\\", ""), match.group(1), after.replace('"', "").replace("\\", "")


def _fixed(number: float, body: str, locale: Locale) -> str:
    whole_pattern, _, fraction_pattern = body.partition(".")
    most, least = len(fraction_pattern), fraction_pattern.count("0")
    text = f"{number:.{most}f}"
    whole, _, fraction = text.partition(".")
    while len(fraction) > least and fraction.endswith("0"):
        fraction = fraction[:-1]
    width = whole_pattern.count("0")
    whole = "" if whole == "0" and width == 0 else whole.zfill(width)
    if "," in whole_pattern:
        whole = re.sub(r"(?<=\d)(?=(\d{3})+$)", locale.thousands, whole)
    return whole + (locale.decimal + fraction if fraction else "")


def _exponent(number: float, body: str) -> str:
    mantissa = body.upper().partition("E")[0]
    return f"{number:.{len(mantissa.partition('.')[2])}E}"
