"""A date or span of days as written, before its year is known."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

NEAREST = 182  # days a date without year may lie before the reference: half a year is the nearest
BACK_FOR_NEW = 7  # a new action is due after its meeting; a week allows for minutes dated late
BACK_FOR_REVIEW = 270  # an action looked back at may be long overdue
BACK_AT_MOST = 100  # where nobody says which of the two


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date, or a span of days, in a text. Both ends are `None` where no calendar has such a day."""

    start: int
    end: int
    text: str
    first: date | None
    last: date | None
    kind: str = "day"
    year_stated: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """From `day` of `month` to `last_day` of `last_month`; day 0 of a month stands for its last day."""

    start: int
    end: int
    year: int | None
    month: int
    day: int
    last_month: int
    last_day: int
    kind: str = "day"
    years: int = 0  # how many years the last day lies after the first, where the text says so

    def resolve(self, text: str, reference: date | None, back: int) -> DateFound:
        """The days meant; a missing year is the first whose span ends no more than `back` days before `reference`."""
        first = last = None
        if self.year is not None:
            first, last = self._ends(self.year)
        elif reference is not None:
            earliest = reference - timedelta(days=back)
            for year in (reference.year - 1, reference.year, reference.year + 1):
                first, last = self._ends(year)
                if last is not None and last >= earliest:
                    break
        written = text[self.start : self.end]
        return DateFound(self.start, self.end, written, first, last, self.kind, self.year is not None)

    def until(self, other: Span) -> Span:
        """This span carried on to the end of `other`; the year of the later one holds for both."""
        year = self.year
        if year is None and other.year is not None:
            year = other.year - ((self.month, self.day) > (other.last_month, other.last_day or 31))
        years = 0 if year is None or other.year is None else other.year - year + other.years
        return replace(
            self,
            end=other.end,
            year=year,
            last_month=other.last_month,
            last_day=other.last_day,
            years=years,
            kind="range",
        )

    def _ends(self, year: int) -> tuple[date | None, date | None]:
        later = year + (self.years or ((self.last_month, self.last_day or 31) < (self.month, self.day)))
        try:
            return day_of(year, self.month, self.day), day_of(later, self.last_month, self.last_day)
        except ValueError:
            return None, None


def day_of(year: int, month: int, day: int) -> date:
    """That day; day 0 is the month's last. Raises ValueError for an impossible one."""
    return date(year, month, day or calendar.monthrange(year, month)[1])


def month_end(day: date, months: int = 0) -> date:
    """The last day of the month that lies `months` after the month of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return day_of(index // 12, index % 12 + 1, 0)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or that month's last."""
    end = month_end(day, months)
    return end.replace(day=min(day.day, end.day))


def week_end(day: date, weeks: int = 0) -> date:
    """The Sunday of the week that lies `weeks` after the week of `day`."""
    return day + timedelta(days=6 - day.weekday() + 7 * weeks)
