"""Indicator values added up over time and places, each by its own calculation method, as the ORS did.

Time comes first: every place has a running value for the year (sum, average, latest or max of its months so far);
then places: the running values of all places that have reported. So a place that skips a month keeps its latest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ors import codes
from ors.snapshot import Shown, Snapshot

METHODS = ("sum", "average", "latest", "max")


@dataclass(frozen=True, slots=True)
class MonthValue:
    """One month of an indicator, over all its places. Percent is running value / target × 100."""

    month: str
    achieved: float | None
    running: float | None
    target: float | None
    percent: float | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator over a year, in total and by admin1."""

    code: str
    names: dict[str, str]
    units: dict[str, str]
    dashboard: bool
    across_time: str
    across_places: str
    year: str
    months: tuple[MonthValue, ...]
    places: dict[str, tuple[MonthValue, ...]] = field(default_factory=dict)

    @property
    def last(self) -> MonthValue | None:
        """The last month with a value."""
        known = [month for month in self.months if month.achieved is not None]
        return known[-1] if known else None


def combine(values: Sequence[float], method: str) -> float | None:
    """Values in order of time (or of places) as one, by a calculation method."""
    if not values:
        return None
    if method == "sum":
        return sum(values)
    if method == "average":
        return sum(values) / len(values)
    return values[-1] if method == "latest" else max(values)


def years(snapshot: Snapshot) -> list[str]:
    """Years with values, newest first."""
    found = snapshot.derive("years", lambda: {row.fields["month"][:4] for row in snapshot.shown("indicators")})
    return sorted(found, reverse=True)


def regions(snapshot: Snapshot) -> list[tuple[str, str]]:
    """(P-code, name) of the admin1 places with values."""
    here = snapshot.derive("regions", lambda: {r.fields.get("admin1_pcode") for r in snapshot.shown("indicators")})
    return [(code, name) for code, name in codes.admin1() if code in here]


def catalogue(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Indicators of the settings, and those that only rows name, by code."""
    return snapshot.derive("catalogue", lambda: _catalogue(snapshot))


def _catalogue(snapshot: Snapshot) -> list[dict[str, Any]]:
    listed = {item["code"]: item for item in snapshot.settings.get("indicators", ())}
    for row in snapshot.shown("indicators"):
        code = row.fields["code"]
        if code not in listed:
            name, unit = row.fields["name"], row.fields.get("unit", "")
            listed[code] = {"code": code, "fr": name, "en": name, "unit": {"fr": unit, "en": unit}}
    return [listed[code] for code in sorted(listed)]


def series(snapshot: Snapshot, year: str, admin1: str = "") -> tuple[Series, ...]:
    """All indicators of a year, those chosen for the dashboard first; of one admin1 if asked."""
    return snapshot.derive(("series", year, admin1), lambda: _all(snapshot, year, admin1))


def _all(snapshot: Snapshot, year: str, admin1: str) -> tuple[Series, ...]:
    catalogue = {item["code"]: item for item in snapshot.settings.get("indicators", ())}
    grouped: dict[str, list[Shown]] = {code: [] for code in catalogue}
    for row in snapshot.shown("indicators"):
        fields = row.fields
        if fields["month"].startswith(year) and (not admin1 or fields.get("admin1_pcode") == admin1):
            grouped.setdefault(fields["code"], []).append(row)
    found = [_series(code, rows, catalogue.get(code, {}), snapshot, year, admin1) for code, rows in grouped.items()]
    return tuple(sorted(found, key=lambda s: (not s.dashboard, s.code)))


def _series(code: str, rows: list[Shown], item: dict[str, Any], snapshot: Snapshot, year: str, admin1: str) -> Series:
    first = rows[0].fields if rows else {}
    time, space = item.get("across_time", "sum"), item.get("across_places", "sum")
    values = values_by_place(rows, time)
    target = _target(rows, item, snapshot, year, admin1, space)
    by_admin1: dict[str, dict[str, dict[str, float]]] = {}
    for place, months in values.items():
        if place[:4] and place != "":
            by_admin1.setdefault(_parent(place), {})[place] = months
    provisional = {row.fields["month"] for row in rows if row.provisional}
    unit = first.get("unit", "")
    return Series(
        code,
        {"fr": item.get("fr") or first.get("name", code), "en": item.get("en") or first.get("name", code)},
        item.get("unit") or {"fr": unit, "en": unit},
        bool(item.get("dashboard") or any(row.fields.get("dashboard") for row in rows)),
        time,
        space,
        year,
        _months(values, year, time, space, target, provisional),
        {
            place: _months(part, year, time, space, _place_target(rows, item, place, year), provisional)
            for place, part in sorted(by_admin1.items())
        },
    )


def _parent(place: str) -> str:
    known = codes.places().get(place)
    return known[2] if known and known[1] == 2 else place


def values_by_place(rows: Sequence[Shown], across_time: str) -> dict[str, dict[str, float]]:
    """Place → month → value. Several organisations in one place and month: their values are parts of a sum, of
    which everything but a sum takes the most recent report."""
    found: dict[str, dict[str, float]] = {}
    for row in sorted(rows, key=lambda r: (r.fields.get("updated") or "", r.id)):
        value = row.fields.get("achieved")
        if value is None:
            continue
        place = row.fields.get("admin2_pcode") or row.fields.get("admin1_pcode") or ""
        months = found.setdefault(place, {})
        month = row.fields["month"]
        before = months.get(month)
        if before is None or across_time == "latest":
            months[month] = value
        else:
            months[month] = before + value if across_time == "sum" else max(before, value)
    return found


def running(months: dict[str, float], until: str, across_time: str) -> float | None:
    """A place's value so far in the year."""
    return combine([months[m] for m in sorted(months) if m <= until and m[:4] == until[:4]], across_time)


def _months(
    values: dict[str, dict[str, float]],
    year: str,
    time: str,
    space: str,
    target: float | None,
    provisional: set[str],
) -> tuple[MonthValue, ...]:
    found = []
    ordered = sorted(values.items(), key=lambda item: max(item[1], default=""))  # the latest reporter comes last
    for number in range(1, 13):
        month = f"{year}-{number:02d}"
        achieved = combine([months[month] for _, months in ordered if month in months], space)
        so_far = [r for _, months in ordered if (r := running(months, month, time)) is not None]
        total = combine(so_far, space) if achieved is not None else None
        percent = total / target * 100 if total is not None and target else None
        found.append(MonthValue(month, achieved, total, target, percent, month in provisional))
    return tuple(found)


def _target(
    rows: list[Shown], item: dict[str, Any], snapshot: Snapshot, year: str, admin1: str, space: str
) -> float | None:
    listed = {t["place"]: t["value"] for t in item.get("targets", ()) if str(t["year"]) == year}
    if admin1:
        return _place_target(rows, item, admin1, year)
    country = snapshot.settings.get("country", "")
    if country in listed:
        return float(listed[country])
    if listed:
        return combine([float(value) for value in listed.values()], "sum" if space == "sum" else "max")
    stated: dict[str, float] = {}
    for row in rows:
        if row.fields.get("target") is not None:
            place = row.fields.get("admin2_pcode") or row.fields.get("admin1_pcode") or ""
            stated[place] = max(stated.get(place, 0.0), row.fields["target"])
    return combine(list(stated.values()), "sum" if space == "sum" else "max")


def _place_target(rows: list[Shown], item: dict[str, Any], place: str, year: str) -> float | None:
    for target in item.get("targets", ()):
        if target["place"] == place and str(target["year"]) == year:
            return float(target["value"])
    stated = [r.fields["target"] for r in rows if r.fields.get("admin1_pcode") == place and r.fields.get("target")]
    return max(stated, default=None)
