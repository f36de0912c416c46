"""What a person types (USER_ENTERED) or a program writes (RAW) becomes a cell's value and number format."""

import re
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from ..errors import ApiError
from ..model import MAX_TEXT
from .locales import Locale

Json = dict[str, Any]
EPOCH = date(1899, 12, 30)

ISO_DATE = re.compile(r"^(\d{4})([-/])(\d{1,2})\2(\d{1,2})$")
LOCAL_DATE = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$")
TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?( ?[AaPp][Mm])?$")
CURRENCY = "$€£"
HAS_DIGIT = re.compile(r"\d")


def serial(day: date) -> int:
    """Serial day number (1899-12-30 is 0)."""
    return (day - EPOCH).days


def from_serial(number: float) -> datetime:
    """The moment of a serial number, to the second."""
    whole = int(number // 1)
    seconds = round((number - whole) * 86400)
    return datetime(EPOCH.year, EPOCH.month, EPOCH.day) + timedelta(days=whole, seconds=seconds)  # noqa: DTZ001


def raw_value(value: Any) -> Json:
    """The ExtendedValue of a JSON scalar written as it is. Raises ApiError for lists and objects."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, (int, float)):
        return {"numberValue": value}
    if isinstance(value, str):
        check_length(value)
        return {"stringValue": value}
    kind = "list_value" if isinstance(value, list) else "struct_value"
    raise ApiError(400, f"Invalid values: {kind} {{\n}}\n")


def check_length(text: str) -> None:
    """Google's limit on one cell. Raises ApiError."""
    if len(text) > MAX_TEXT:
        message = f"Your input contains more than the maximum of {MAX_TEXT} characters in a single cell."
        raise ApiError(400, message)


def typed_value(value: Any, locale: Locale, number_format: Json | None) -> tuple[Json, Json | None]:
    """(ExtendedValue, number format that the typing brings or None) as if typed into a cell of this format."""
    if not isinstance(value, str):
        return raw_value(value), None
    check_length(value)
    if value.startswith("'"):
        return {"stringValue": value[1:]}, None
    if value.startswith("=") and len(value) > 1:
        return {"formulaValue": value}, None
    if number_format and number_format.get("type") == "TEXT":
        return {"stringValue": value}, None
    text = value.strip()
    if len(text) <= 5 and text.upper() in ("TRUE", "FALSE", locale.true, locale.false):
        return {"boolValue": text.upper() in ("TRUE", locale.true)}, None
    if not HAS_DIGIT.search(text):
        return {"stringValue": value}, None
    parsed = _number(text, locale) or _moment(text, locale)
    return parsed or ({"stringValue": value}, None)


def _number(text: str, locale: Locale) -> tuple[Json, Json | None] | None:
    """A number as typed: sign, thousands, decimals, exponent, percent, currency."""
    body, sign = text, 1
    if body[:1] in "+-" and body[1:2] and body[1] not in "+-":
        sign, body = (-1 if body[0] == "-" else 1), body[1:]
    currency = next((mark for mark in CURRENCY if body.startswith(mark) or body.endswith(mark)), "")
    body = body.strip(currency).strip() if currency else body
    percent = body.endswith("%")
    body = body[:-1].rstrip() if percent else body
    match = _number_pattern(locale).match(body)
    if not match or not (match.group(1) or match.group(2)):
        return None
    whole = re.sub(r"\D", "", match.group(1))
    number: float = float(f"{whole or 0}.{match.group(2) or 0}{match.group(3) or ''}") * sign
    grouped = whole != match.group(1)
    decimals = match.group(2)
    if percent:
        number /= 100
    if number == int(number) and abs(number) < 2**53:
        number = int(number)
    return {"numberValue": number}, _number_format(percent, currency, grouped, decimals, match.group(3))


@cache
def _number_pattern(locale: Locale) -> re.Pattern[str]:
    thousands = "[ \u00a0\u202f]" if locale.thousands == "\u202f" else re.escape(locale.thousands)
    decimal = re.escape(locale.decimal)
    return re.compile(rf"^(\d{{1,3}}(?:{thousands}\d{{3}})+|\d*)(?:{decimal}(\d*))?([eE][+-]?\d+)?$")


def _number_format(
    percent: bool, currency: str, grouped: bool, decimals: str | None, exponent: str | None
) -> Json | None:
    fraction = ".00" if decimals else ""
    if percent:
        return {"type": "PERCENT", "pattern": f"0{fraction}%"}
    if currency:
        return {"type": "CURRENCY", "pattern": f'"{currency}"#,##0{fraction}'}
    if exponent:
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    return {"type": "NUMBER", "pattern": f"#,##0{fraction}"} if grouped else None


def _moment(text: str, locale: Locale) -> tuple[Json, Json | None] | None:
    """A date, a time or both as typed."""
    day_text, _, time_text = text.replace("T", " ").partition(" ")
    day = _date(day_text, locale)
    if day is None:
        clock = _time(text)
        return None if clock is None else ({"numberValue": clock[0]}, {"type": "TIME", "pattern": clock[1]})
    if not time_text:
        return {"numberValue": serial(day[0])}, {"type": "DATE", "pattern": day[1]}
    clock = _time(time_text)
    if clock is None:
        return None
    pattern = f"{day[1]} {clock[1]}"
    return {"numberValue": serial(day[0]) + clock[0]}, {"type": "DATE_TIME", "pattern": pattern}


def _date(text: str, locale: Locale) -> tuple[date, str] | None:
    iso, local = ISO_DATE.match(text), LOCAL_DATE.match(text)
    try:
        if iso:
            mark = iso.group(2)
            pattern = f"yyyy{mark}mm{mark}dd" if len(iso.group(3)) == 2 else f"yyyy{mark}m{mark}d"
            return date(int(iso.group(1)), int(iso.group(3)), int(iso.group(4))), pattern
        if local:
            first, mark, second, year_text = int(local.group(1)), local.group(2), int(local.group(3)), local.group(4)
            day, month = (first, second) if locale.day_first else (second, first)
            year = int(year_text) if len(year_text) == 4 else 2000 + int(year_text)
            parts = ["d" * len(local.group(1)), "m" * len(local.group(3)), "y" * len(year_text)]
            if not locale.day_first:
                parts = ["m" * len(local.group(1)), "d" * len(local.group(3)), "y" * len(year_text)]
            return date(year, month, day), mark.join(parts)
    except ValueError:
        return None
    return None


def _time(text: str) -> tuple[float, str] | None:
    match = TIME.match(text.strip())
    if not match:
        return None
    hours, minutes, seconds = int(match.group(1)), int(match.group(2)), int(match.group(3) or 0)
    half = (match.group(4) or "").strip().lower()
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    if minutes > 59 or seconds > 59 or hours > 23:
        return None
    pattern = ("h" if half else "hh") + ":mm" + (":ss" if match.group(3) else "") + (" am/pm" if half else "")
    return (hours * 3600 + minutes * 60 + seconds) / 86400, pattern
