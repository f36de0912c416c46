"""The grammar of written dates, French and English side by side: minutes mix them.

Every pattern is tried only where a digit or a date word starts; the first that fits wins, so the order matters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, lru_cache

from suivi.extract.values.scan import Scan, scan
from suivi.extract.values.spans import NEAREST, DateFound, Span
from suivi.extract.values.text import fold
from suivi.extract.values.words import LANGUAGES, alternatives, both, section

Build = Callable[[re.Match[str], bool], Span | None]


def _numbered(key: str) -> dict[str, int]:
    return {
        fold(str(word)): int(number)
        for language in LANGUAGES
        for number, words in section(language, "dates")[key].items()
        for word in words
    }


MONTHS = _numbered("months")
WEEKDAYS = _numbered("weekdays")
NUMERALS = _numbered("numerals")
MONTH = rf"(?:{alternatives(MONTHS)})(?![a-z])\.?"
WEEKDAY = rf"(?:{alternatives(WEEKDAYS)})(?![a-z])\.?"
_MARK = rf"(?:\s*\^?\s*\{{?(?:{alternatives(both('dates', 'ordinal_marks'))}|°)\}}?(?![a-z]))?"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_OF = rf"(?:(?:{alternatives(both('dates', 'of'))})\s*)"
_TO = rf"(?:\s*-\s*|\s+(?:{alternatives(both('dates', 'to'))})\s+(?:le\s+|the\s+)?)"
_THEN = rf"(?:\s*[,&]\s*|{_TO})"
_PART = "|".join(
    rf"(?P<{name}>{alternatives(both('dates', name))})" for name in ("begin", "middle", "end", "in_the_course_of")
)
_QUARTER, _SEMESTER = (alternatives(both("dates", name)) for name in ("quarter", "semester"))
_AFTER_MONTH = rf"(?:(?:\s*[-/,.]\s*|\s+){_OF}?(?P<y>{_YEAR})|\s*'(?P<yy>\d\d)(?!\d)|(?P<bad>\s+\d{{3}}(?![\d\s])))?"


def _day(digits: str) -> str:
    return rf"(?P<{digits}>\d{{1,2}})(?!\d){_MARK}"


def _year(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    year = groups.get("y") or groups.get("yy")
    if not year:
        return None
    digits = "".join(year.split())  # a narrow cell may break a year in two
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(name: str) -> int:
    return MONTHS[name.rstrip(".")]


def _numeric(match: re.Match[str], month_first: bool) -> Span | None:
    day, month = int(match["d"]), int(match["m"])
    if (month > 12 and day <= 12) or (month_first and day <= 12):
        day, month = month, day
    return Span(match.start(), match.end(), _year(match), month, day, month, day)


def _numeric_days(match: re.Match[str], _: bool) -> Span | None:
    month, day, last = int(match["m"]), int(match["d"]), int(match["e"])
    if month > 12 or not day < last <= 31:
        return None
    return Span(match.start(), match.end(), _year(match), month, day, month, last, "range")


def _day_month(match: re.Match[str], _: bool) -> Span | None:
    groups = match.groupdict()
    month, day = _month(match["m"]), int(match["d"])
    last = int(groups.get("e") or day)
    if groups.get("bad"):
        month = 13
    if not 0 < day <= 31 or last > 31:
        return None
    return Span(match.start(), match.end(), _year(match), month, day, month, last, "range" if last != day else "day")


def _month_only(match: re.Match[str], _: bool) -> Span | None:
    month = 13 if match["bad"] else _month(match["m"])
    return Span(match.start(), match.end(), _year(match), month, 1, month, 0, "month")


def _months(match: re.Match[str], _: bool) -> Span | None:
    first, last = _month(match["m"]), _month(match["n"])
    year = _year(match)
    return Span(match.start(), match.end(), None if year is None else year - (last < first), first, 1, last, 0, "range")


def _month_number(match: re.Match[str], _: bool) -> Span | None:
    month = int(match["m"])
    return Span(match.start(), match.end(), _year(match), month, 1, month, 0, "month")


def _part_days(match: re.Match[str]) -> tuple[int, int]:
    if match["begin"]:
        return 1, 10
    if match["middle"]:
        return 15, 15
    return (21, 0) if match["end"] else (1, 0)


def _part_of_month(match: re.Match[str], _: bool) -> Span | None:
    month = 13 if match["bad"] else _month(match["m"])
    first, last = _part_days(match)
    return Span(match.start(), match.end(), _year(match), month, first, month, last, "part")


def _part_of_year(match: re.Match[str], _: bool) -> Span | None:
    if match["begin"]:
        months = (1, 3)
    elif match["middle"]:
        months = (6, 6)
    else:
        months = (10, 12) if match["end"] else (1, 12)
    return Span(match.start(), match.end(), int(match["y"]), months[0], 1, months[1], 0, "part")


def _slice_of_year(match: re.Match[str], _: bool) -> Span | None:
    length = 3 if match.groupdict().get("quarter") else 6
    number = match["n"]
    index = int(number) if number.isdigit() else NUMERALS.get(number, 0)
    if number in _LAST:
        index = 12 // length
    if not 0 < index <= 12 // length:
        return None
    return Span(match.start(), match.end(), _year(match), (index - 1) * length + 1, 1, index * length, 0, "quarter")


def _slice_of_month(match: re.Match[str], _: bool) -> Span | None:
    month, number = _month(match["m"]), match["n"]
    index = 0 if number in _LAST else int(number) if number.isdigit() else NUMERALS[number]
    if match["week"]:
        if index > 4:
            return None
        first, last = (22, 0) if index == 0 else (7 * index - 6, 7 * index)
    else:
        first, last = (1, 15) if index == 1 else (16, 0)
    return Span(match.start(), match.end(), _year(match), month, first, month, last, "part")


def _years(match: re.Match[str], _: bool) -> Span | None:
    first, last = int(match["y"]), int(match["z"])
    if not 0 < last - first <= 10:
        return None
    return Span(match.start(), match.end(), first, 1, 1, 12, 31, "year", last - first)


def _whole_year(match: re.Match[str], _: bool) -> Span | None:
    return Span(match.start(), match.end(), int(match["y"]), 1, 1, 12, 31, "year")


_LAST = frozenset(fold(word) for word in both("dates", "last"))
_NTH = rf"(?P<n>\d(?=\D)|{alternatives([*NUMERALS, *_LAST])})"
_ENGLISH_MONTH = (
    rf"(?:{alternatives(word for words in section('en', 'dates')['months'].values() for word in words)})(?![a-z])\.?"
)
_WEEKDAY_BEFORE = rf"(?:{WEEKDAY},?\s+(?:le\s+|the\s+)?)?"
_WHITE_OR_SIGN = r"\s*[-/.]?\s*"

# Each pattern with what may open it: digits before a sign and digits, digits with a date word not far behind them,
# any digits, "T2" or "S1", or a word of one kind. Only the patterns that an opening allows are tried.
_NUMERIC, _SPELT, _DIGITS, _LETTER = "numeric", "spelt", "digits", "letter"
_WORDS = ("month", "weekday", "part", "nth")  # kinds of words that `scan` knows
_DATED, _COUNTED, _NAMED = (_SPELT, "weekday"), (_SPELT, "nth"), ("month",)
_DAY = _WEEKDAY_BEFORE + _day("d")
_MONTH_WORD, _YEAR_WORD, _WEEK_WORD, _FORTNIGHT = (
    alternatives(both("dates", f"{unit}")) for unit in ("month_word", "year_word", "week_word", "fortnight")
)
_BROKEN = r"(?:19|20)\d\s{0,2}\d|(?:19|20)\s?\n\s?\d\d"
_ISO = r"(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"
_NUMBERS = rf"(?P<d>\d{{1,2}})\s?(?P<s>[-/.])\s?(?P<m>\d{{1,2}})\s?(?P=s)\s?(?P<y>{_BROKEN}|\d\d)(?![\d]|[-/.]\d)"
_NUMBERED_DAYS = rf"(?P<d>\d\d?)\s?-\s?(?P<e>\d\d?)(?P<s>[/.])(?P<m>\d\d?)(?P=s)(?P<y>{_BROKEN}|\d\d)(?!\d|[-/.]\d)"
_DAYS = rf"{_DAY}(?:{_THEN}{_day('x')})?(?:{_THEN}{_day('z')})?{_THEN}{_day('e')}"
_IN_YEAR = rf"(?:\s*[-/]?\s*{_OF}?(?P<y>{_YEAR}))"

_STRICT: tuple[tuple[tuple[str, ...], str, Build], ...] = (
    ((_NUMERIC,), _ISO, _numeric),
    ((_NUMERIC,), _NUMBERED_DAYS, _numeric_days),
    ((_NUMERIC, "weekday"), _WEEKDAY_BEFORE + _NUMBERS, _numeric),
    (_DATED, rf"{_DAYS}\s*{_OF}?(?P<m>{MONTH}){_AFTER_MONTH}", _day_month),
    (_DATED, rf"{_DAY}[-/.](?P<m>{MONTH})[-/.](?P<yy>\d\d)(?!\d)", _day_month),
    (_DATED, rf"{_DAY}{_WHITE_OR_SIGN}{_OF}?(?P<m>{MONTH}){_AFTER_MONTH}", _day_month),
    (
        ("month", "weekday"),
        rf"{_WEEKDAY_BEFORE}(?P<m>{_ENGLISH_MONTH}),?\s+(?:the\s+)?{_day('d')}(?:{_THEN}{_day('e')}(?!\s*{MONTH}))?"
        rf"(?:,?\s+(?P<y>{_YEAR}))?",
        _day_month,
    ),
    (
        ("part",),
        rf"(?:{_PART})(?:\s+|-){_OF}?(?:(?:{_MONTH_WORD})\s+{_OF})?(?P<m>{MONTH}){_AFTER_MONTH}",
        _part_of_month,
    ),
    (("part",), rf"(?:{_PART})(?:\s+|-){_OF}?(?:(?:{_YEAR_WORD})\s+{_OF}?)?(?P<y>{_YEAR})", _part_of_year),
    (
        _COUNTED,
        rf"{_NTH}{_MARK}\s+(?:(?P<week>{_WEEK_WORD})|(?:{_FORTNIGHT})|half)\s+{_OF}(?P<m>{MONTH}){_AFTER_MONTH}",
        _slice_of_month,
    ),
    (
        _COUNTED,
        rf"{_NTH}{_MARK}\s+(?:(?P<quarter>{_QUARTER})|{_SEMESTER})(?:\s+{_OF}?(?:(?:l')?annee\s+)?(?P<y>{_YEAR}))?",
        _slice_of_year,
    ),
    ((_LETTER,), rf"(?P<quarter>[tq])(?P<n>[1-4]){_IN_YEAR}", _slice_of_year),
    ((_LETTER,), rf"[sh](?P<n>[12]){_IN_YEAR}", _slice_of_year),
    ((_NUMERIC,), rf"(?P<y>{_YEAR})\s*[-/]?\s*(?P<quarter>[tq])(?P<n>[1-4])(?![a-z\d])", _slice_of_year),
    (_NAMED, rf"(?P<m>{MONTH})(?:\s*[-/]\s*|{_TO})(?P<n>{MONTH}){_AFTER_MONTH}", _months),
    (_NAMED, rf"(?P<m>{MONTH}){_AFTER_MONTH.removesuffix('?')}", _month_only),
    ((_NUMERIC,), rf"(?P<m>0?[1-9]|1[0-2])/(?P<y>{_YEAR})", _month_number),
    ((_NUMERIC,), rf"(?P<y>{_YEAR})\s*[-/]\s*(?P<z>{_YEAR})(?![-/]\d)", _years),
    ((_NUMERIC,), r"(?P<d>0[1-9]|[12]\d|3[01])/(?P<m>0[1-9]|1[0-2])(?![\d/])", _numeric),
)
_LOOSE: tuple[tuple[tuple[str, ...], str, Build], ...] = (
    (_NAMED, rf"(?P<m>{MONTH})[ -](?P<bad>)(?P<yy>[1-4]\d)(?!\d)", _month_only),
    (_NAMED, rf"(?P<m>{MONTH}){_AFTER_MONTH}", _month_only),
    ((_LETTER,), r"(?P<quarter>[tq])(?P<n>[1-4])(?![a-z\d])", _slice_of_year),
    ((_DIGITS,), r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})(?!\d|[/.]\d)", _numeric),
    ((_DIGITS,), rf"(?P<y>{_YEAR})", _whole_year),
)
_COMPILED = tuple((opened, re.compile(pattern), build) for opened, pattern, build in _STRICT + _LOOSE)
_SIGNED = re.compile(r"\d{1,2}\s?[-/.]\s?\d|(?:19|20)\d\d\s*(?:[-/.]\s*\d|[-/]?\s*[tq][1-4])")
_GLUED = re.compile(r"(?:\d\d?[^\da-z]{1,4})*\d\d?[a-z]{3}")  # "10-12Feb"
_SPREAD = 50  # characters of the longest list of days before their month
_JOIN = re.compile(rf"(?:{_TO})\Z")
_INTRODUCED = re.compile(
    rf"(?:(?<![a-z])(?:{alternatives(both('dates', 'month_introducers'))})\s*(?:le\s+mois\s+(?:de\s+|d'))?)\Z"
)
_YEAR_INTRODUCED = re.compile(rf"(?<![a-z])(?:{alternatives(both('dates', 'year_introducers'))})\s+\Z")


@cache
def _allowed(opened: tuple[str, ...], loose: bool) -> tuple[tuple[re.Pattern[str], Build], ...]:
    """The patterns that may fit where this stands, in order."""
    among = _COMPILED if loose else _COMPILED[: len(_STRICT)]
    return tuple((pattern, build) for opens, pattern, build in among if not set(opens).isdisjoint(opened))


def spans(scanned: Scan, *, month_first: bool = False, loose: bool = False) -> Iterator[Span]:
    """The dates of a text in order, none overlapping. `loose` takes bare months, years and 3/4 too."""
    folded, position = scanned.folded, 0
    for start, word in _openings(scanned):
        if start < position:
            continue
        for pattern, build in _allowed(word or _digits_open(scanned, start), loose):
            match = pattern.match(folded, start)
            span = build(match, month_first) if match else None
            if span:
                break
        else:
            span = None if loose else _alone(folded, start, word)
        if span:
            yield span
            position = span.end


def _digits_open(scanned: Scan, start: int) -> tuple[str, ...]:
    """What digits may open: a date in numbers, one with its month in words, or nothing but a year."""
    spelt = scanned.any("of_date", start, start + _SPREAD) or _GLUED.match(scanned.folded, start)
    if _SIGNED.match(scanned.folded, start):
        return (_NUMERIC, _SPELT, _DIGITS) if spelt else (_NUMERIC, _DIGITS)
    return (_SPELT, _DIGITS) if spelt else (_DIGITS,)


def _openings(scanned: Scan) -> list[tuple[int, tuple[str, ...]]]:
    """Where a date may start: at a date word, with its kinds, at "Q2", or (no kind) at digits that no letter leads."""
    folded, opened = scanned.folded, dict[int, tuple[str, ...]]()
    for kind in _WORDS:
        for start, _ in scanned.words.get(kind, ()):
            opened[start] = (*opened.get(start, ()), kind)
    for start in scanned.digits:
        if not start or not folded[start - 1].isalpha():
            opened[start] = ()
        elif folded[start - 1] in "tqsh" and (start < 2 or not folded[start - 2].isalnum()):
            opened[start - 1] = (_LETTER,)
    return sorted(opened.items())


_BARE_MONTH = re.compile(rf"(?P<m>{MONTH})(?P<bad>)(?P<y>)(?!\s*\d)")
_BARE_YEAR = re.compile(rf"(?P<y>{_YEAR})(?![-/.,]\d|\s?%)")


def _alone(folded: str, start: int, word: tuple[str, ...]) -> Span | None:
    """A month or year by itself, where a word before it says that it is one ("en mai", "by 2026")."""
    if word:
        month = _BARE_MONTH.match(folded, start) if "month" in word else None
        introduced = month and _INTRODUCED.search(folded[max(0, start - 16) : start])
        return _month_only(month, False) if month and introduced else None
    year = _BARE_YEAR.match(folded, start) if folded.startswith(("19", "20"), start) else None
    introduced = year and _YEAR_INTRODUCED.search(folded[max(0, start - 16) : start])
    return _whole_year(year, False) if year and introduced else None


def joined(folded: str, found: Iterator[Span]) -> list[Span]:
    """Spans with those made one that a "to" connects ("24 février au 1er mars")."""
    result: list[Span] = []
    for span in found:
        if result and _continues(folded, result[-1], span):
            result[-1] = result[-1].until(span)
        else:
            result.append(span)
    return result


def _continues(folded: str, before: Span, span: Span) -> bool:
    near = span.start - before.end < 16 and span.kind in ("day", "month", "range") and before.kind in ("day", "month")
    return near and _JOIN.fullmatch(folded[before.end : span.start]) is not None


def find(text: str, reference: date | None = None, language: str = "fr") -> list[DateFound]:
    """Every date that the text names, with its first and last day.

    A missing year is the nearest to `reference`, unknown without one. Impossible days (31 June) have no first and
    last. Numbers are day first (05/04/2017 is in April) except in American English (`language` "en-US").
    """
    return list(_found(text, reference, language == "en-US"))


@lru_cache(maxsize=32)
def _found(text: str, reference: date | None, month_first: bool) -> tuple[DateFound, ...]:
    scanned = scan(text)
    found = joined(scanned.folded, spans(scanned, month_first=month_first))
    return tuple(span.resolve(text, reference, NEAREST) for span in found)
