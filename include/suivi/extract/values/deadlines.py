"""What day a deadline means, seen from its meeting.

A written date wins; then what counts from the meeting ("J+7", "within two weeks", "next Friday", "fin du mois").
Where several days are named, the last one is meant. What names no day (as soon as possible, recurring, a season,
an event of unknown date) is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from suivi.extract.values.date_grammar import NUMERALS, WEEKDAY, WEEKDAYS, joined, spans
from suivi.extract.values.scan import scan
from suivi.extract.values.spans import (
    BACK_AT_MOST,
    BACK_FOR_NEW,
    BACK_FOR_REVIEW,
    add_months,
    month_end,
    week_end,
)
from suivi.extract.values.text import fold
from suivi.extract.values.words import alternatives, both


def _any(key: str, name: str = "deadlines") -> str:
    return rf"(?:{alternatives(both(name, key))})"


_WEEK, _MONTH, _YEAR = (_any(f"{unit}_word", "dates") for unit in ("week", "month", "year"))
_QUARTER, _SEMESTER = _any("quarter", "dates"), _any("semester", "dates")
_END = _any("end", "dates")
_NEXT, _LAST = _any("next"), _any("last", "dates")
_COUNT = rf"(?P<n>\d{{1,3}}(?!\d)|(?:{alternatives(NUMERALS)}|an?)(?![a-z])(?!\s+jour))"
_UNITS = "|".join(rf"(?P<{unit}>{_any(unit)})" for unit in ("working_days", "days", "weeks", "months", "hours"))
_OFFSET = re.compile(
    rf"(?<![a-z\d./-]){_COUNT}\s*-?(?:{_NEXT}s?\s+|(?P<working>{_any('working')})\s+|de\s+)*(?:{_UNITS})(?![a-z])"
    rf"(?:\s+(?P<worked>{_any('working')}))?'?(?:\s+{_NEXT}s?(?!\w))?"
    rf"(?:\s+(?:time\s+)?(?P<relation>{_any('before')}|{_any('after')})\s+(?P<what>.*))?"
)
_PLUS = re.compile(r"(?<![a-z])(?P<unit>[jdswmt])\s?\+\s?(?P<n>\d{1,3})(?!\d)")
_FORTNIGHT = re.compile(rf"(?<![a-z])(?P<word>{_any('fortnight_words')})(?![a-z])(?!\s+de\s+(?!jours))")
_RECURRING = re.compile(rf"(?<![a-z]){_any('recurring')}(?![a-z])")
_UNTIL = re.compile(rf"(?<![a-z]){_any('until')}\s*(?:le\s+|the\s+|au\s+)?\Z")
_WEEK_OF = re.compile(
    rf"(?<![a-z]){_WEEK}\s+(?:(?:commencing|beginning|starting|of|du|de|from)\s+)+(?:the\s+|le\s+)?\Z|w/c\s+\Z"
)
_SEASON = re.compile(rf"(?<![a-z]){_any('seasons', 'dates')}\s+(?:de\s+|of\s+)?\Z")
_UNDATED = re.compile(rf"(?<![a-z])(?:{_any('seasons', 'dates')}|{_any('undated')})(?![a-z])")
_NEXT_BODY = re.compile(rf"(?i:(?<![a-z]){_any('next')})\s+(?:[A-Z]{{2,8}})(?=\s*(?:[,.;)]|\Z))")
_THE_MEETING = re.compile(rf"{_any('the_meeting')}(?![a-z])")
_MEETING = re.compile(
    rf"(?<![a-z])(?:{_NEXT}\s+(?P<between>(?:[\w'/-]+\s+){{0,4}}?){_any('meeting')}(?![a-z])|"
    rf"{_any('meeting')}\s+(?P<inside>(?:[\w'/-]+\s+){{0,4}}?){_NEXT}(?![a-z]))"
    rf"(?P<of>\s+(?:of\s+(?:the\s+)?|du\s+|de\s+la\s+|de\s+l'|des\s+|de\s+)(?P<body>[\w/-]+))?"
)
_FILLERS = frozenset(["du", "de", "la", "le", "the", "of", "des", "l'"])
_OWN = re.compile(rf"(?:{alternatives(both('deadlines', 'own_body'))})s?")
_MEETING_OF = re.compile(rf"(?<![a-z]){_any('meeting')}\s+(?:de\s+|d'|du\s+mois\s+(?:de\s+|d')|of\s+|in\s+)?\Z")
_ISO_WEEK = re.compile(rf"(?<![a-z])(?:{_WEEK}|wk|s|w)\s?(?:n[°o]\s?)?(?P<n>\d\d)(?![\d/.-])")
_DAY_NUMBER = re.compile(
    rf"(?<![a-z])(?:(?P<day>{WEEKDAY})\s+(?:le\s+|the\s+)?(?P<d>\d{{1,2}})|(?:le|the|on)\s+(?P<e>\d{{1,2}}))"
    r"\s?(?:er|st|nd|rd|th)?(?=\s*(?:\Z|[,.;)]|au plus|at the|a midi|du mois|of the month|\d\d?\s?[:h]))"
)
_AROUND_WEEKDAY = re.compile(
    rf"(?<![a-z])(?P<next_before>{_NEXT}\s+)?(?P<day>{WEEKDAY})(?:\s+(?:de\s+la\s+|of\s+(?:the\s+)?)?(?:{_WEEK}\s+{_NEXT}|{_NEXT}\s+{_WEEK})(?P<next_week>))?"
    r"(?:\s+en\s+(?P<later>huit|quinze))?"
)

Answer = Callable[[re.Match[str], date], date | None]


@lru_cache(maxsize=1024)
def deadline(
    text: str, meeting: date | None, next_meeting: date | None = None, *, looks_back: bool | None = None
) -> str | None:
    """The last day (ISO) of what a deadline says; `None` where it names no day that can be known.

    `looks_back` says whether the action is one of an earlier meeting, whose deadline may be past, or a new one;
    it only matters where the year is missing. Kept, since several rules ask about the same words.
    """
    folded = fold(text)
    found = [*_dates(text, folded, meeting, looks_back)]
    if not found and meeting and (_MEETING.search(folded) or not _RECURRING.search(folded)):
        found = [*_relative(folded, meeting, next_meeting)]
        if not found and _NEXT_BODY.search(text):
            found = [next_meeting]
    days = [day for day in found if day is not None]
    return max(days).isoformat() if days else None


def _dates(text: str, folded: str, meeting: date | None, looks_back: bool | None) -> Iterator[date | None]:
    back = {None: BACK_AT_MOST, True: BACK_FOR_REVIEW, False: BACK_FOR_NEW}[looks_back]
    recurring = _RECURRING.search(folded)
    for span in joined(folded, spans(scan(text), loose=True)):
        before = folded[: span.start]
        if recurring and not _UNTIL.search(before):
            continue
        if span.kind == "year" and _SEASON.search(before):
            continue
        if span.kind == "month" and _MEETING_OF.search(before):
            continue  # "la réunion de juillet": no day that anybody knows
        last = span.resolve(text, meeting, min(back, 31) if span.kind == "quarter" else back).last
        if last and len(before) > 1:
            last = week_end(last) if _WEEK_OF.search(before) else last
            offset = _OFFSET.search(before + "\0")
            last = _shifted(offset, last) if offset and offset["relation"] else last
        yield last


def _relative(folded: str, meeting: date, next_meeting: date | None) -> Iterator[date | None]:
    """Days that count from the meeting. The first kind of phrase that is there decides."""
    for pattern, answer in _PHRASES:
        matches = [*pattern.finditer(folded)]
        if matches:
            yield from (answer(match, meeting) for match in matches)
            return
    match = _MEETING.search(folded)
    if match:
        yield next_meeting if _same_body(match) else None
        return
    if _UNDATED.search(folded):
        return
    for pattern, answer in _PERIODS:
        matches = [*pattern.finditer(folded)]
        if matches:
            yield from (answer(match, meeting) for match in matches)
            return


def _same_body(match: re.Match[str]) -> bool:
    """Whether "next … meeting" means the body that meets here, not some other ("next SSC meeting")."""
    words = f"{match['between'] or ''} {match['inside'] or ''} {match['body'] or ''}".split()
    return all(word in _FILLERS or _OWN.fullmatch(word) for word in words)


def _number(match: re.Match[str]) -> int:
    word = match["n"]
    return int(word) if word.isdigit() else NUMERALS.get(word, 1)


def _shifted(match: re.Match[str], day: date) -> date:
    """`day` moved by "two weeks before", "10 working days after"."""
    count = _number(match)
    sign = -1 if re.match(_any("before"), match["relation"] or "") else 1
    if match["months"]:
        return add_months(day, sign * count)
    if match["weeks"]:
        return day + timedelta(weeks=sign * count)
    if match["hours"]:
        return day + timedelta(days=sign * -(-count // 24))
    if match["working"] or match["worked"] or match["working_days"]:
        return _working(day, sign, count)
    return day + timedelta(days=sign * count)


def _working(day: date, sign: int, count: int) -> date:
    while count:
        day += timedelta(days=sign)
        count -= day.weekday() < 5
    return day


def _offset(match: re.Match[str], meeting: date) -> date | None:
    if match["what"] and not _THE_MEETING.match(match["what"]):
        return None  # counts from something whose day nobody knows here
    return _shifted(match, meeting)


def _plus(match: re.Match[str], meeting: date) -> date:
    count = int(match["n"])
    if match["unit"] == "m":
        return add_months(meeting, count)
    return meeting + timedelta(days=count * (7 if match["unit"] in "sw" else 1))


def _fortnight(match: re.Match[str], meeting: date) -> date:
    return meeting + timedelta(days=NUMERALS[match["word"]])


def _weekday(match: re.Match[str], meeting: date) -> date:
    wanted = WEEKDAYS[match["day"].rstrip(".")] - 1
    if match["next_week"] is not None:
        return week_end(meeting) + timedelta(days=1 + wanted)
    later = {"huit": 7, "quinze": 14}.get(match["later"] or "", 0)
    return meeting + timedelta(days=(wanted - meeting.weekday() - 1) % 7 + 1 + later)


def _day_number(match: re.Match[str], meeting: date) -> date | None:
    """ "le 14", "vendredi 14": the first such day after the meeting, of that weekday where one is said."""
    number, weekday = int(match["d"] or match["e"]), match["day"]
    for ahead in range(1, 75):
        day = meeting + timedelta(days=ahead)
        if day.day == number and (not weekday or day.weekday() == WEEKDAYS[weekday.rstrip(".")] - 1):
            return day
    return None


def _iso_week(match: re.Match[str], meeting: date) -> date | None:
    try:
        day = date.fromisocalendar(meeting.year, int(match["n"]), 7)
        return (
            day
            if day >= meeting - timedelta(days=BACK_AT_MOST)
            else date.fromisocalendar(meeting.year + 1, int(match["n"]), 7)
        )
    except ValueError:
        return None


def _steps(match: re.Match[str]) -> int:
    return 1 if match["next"] else -1 if match["last"] else 0


def _month(match: re.Match[str], meeting: date) -> date:
    end = month_end(meeting, _steps(match))
    return end.replace(day=15) if match["middle"] else end


def _slice(months: int) -> Answer:
    def end(match: re.Match[str], meeting: date) -> date:
        last = (meeting.month - 1) // months * months + months
        return month_end(meeting.replace(day=1), last - meeting.month + months * _steps(match))

    return end


def _period(unit: str, short: str = "") -> re.Pattern[str]:
    middle = rf"(?P<middle>{_any('middle', 'dates')}[ -](?:of\s+)?(?:the\s+)?)?"
    sides = rf"(?:(?P<next>{_NEXT}\s+(?={unit}))|(?P<last>{_LAST}\s+(?={unit})))?"
    after = rf"(?:\s+(?:(?P<next_>{_NEXT})|(?P<last_>{_LAST})))?"
    either = rf"(?<![a-z]){middle}{sides}(?:{unit}(?![a-z]){after}{'|' + short if short else ''})(?![a-z])"
    return re.compile(either)


def _stepped(answer: Answer) -> Answer:
    """The answer for a match that may say next or last on either side of its unit."""

    def given(match: re.Match[str], meeting: date) -> date | None:
        return answer(_Sides(match), meeting)  # type: ignore[arg-type]

    return given


class _Sides:
    def __init__(self, match: re.Match[str]) -> None:
        self._match = match

    def __getitem__(self, name: str) -> str | None:
        groups = self._match.groupdict()
        return groups.get(name) or groups.get(f"{name}_")


_PHRASES: tuple[tuple[re.Pattern[str], Answer], ...] = (
    (_OFFSET, _offset),
    (_PLUS, _plus),
    (_FORTNIGHT, _fortnight),
    (re.compile(rf"(?<![a-z]){_any('after_tomorrow')}"), lambda _, meeting: meeting + timedelta(days=2)),
    (re.compile(rf"(?<![a-z]){_any('tomorrow')}"), lambda _, meeting: meeting + timedelta(days=1)),
    (_DAY_NUMBER, _day_number),
    (_AROUND_WEEKDAY, _weekday),
    (_ISO_WEEK, _iso_week),
)
_PERIODS: tuple[tuple[re.Pattern[str], Answer], ...] = (
    (_period(_WEEK, "eow"), _stepped(lambda match, meeting: week_end(meeting, _steps(match)))),
    (_period(_MONTH, "eom"), _stepped(_month)),
    (_period(_QUARTER, "eoq"), _stepped(_slice(3))),
    (_period(_SEMESTER), _stepped(_slice(6))),
    (_period(_YEAR, "eoy"), _stepped(_slice(12))),
    (re.compile(rf"(?<![a-z]){_any('today')}"), lambda _, meeting: meeting),
)
