"""Indicators of the cluster's catalogue: the achieved value of a month and place, and its running value.

A figure of the minutes counts only where the catalogue names minutes as the official source or somebody accepted it in
the held queue. The same quantity stated in two minutes counts once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from suivi.models import Issue
from suivi.registers.context import Context
from suivi.registers.held import say, source
from suivi.registers.identities import Mention, claim
from suivi.registers.inputs import Held
from suivi.registers.key_figures import KeyFigure
from suivi.sharing.gazetteer import Place, gazetteer
from suivi.sharing.wording import fold

Method = str  # sum, average, latest or max
_RESTATED_WITHIN = 3  # months in which an undated equal figure is the same quantity said again


@dataclass(slots=True)
class Indicators:
    """What the build of the register gives."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    drafts: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)


def combine(method: Method, values: Sequence[float]) -> float | None:
    """Values in order of time (or of place) as one; None of nothing."""
    if not values:
        return None
    if method == "sum":
        return sum(values)
    if method == "average":
        return sum(values) / len(values)
    return max(values) if method == "max" else values[-1]


def build(
    figures: Sequence[KeyFigure], dashboard: Collection[str], context: Context, human: Mapping[str, dict[str, str]]
) -> Indicators:
    """The register, and proposals for figures that look like an indicator."""
    result = Indicators()
    catalogue = {each["code"]: each for each in context.cluster.indicators}
    taken: dict[tuple[str, str], list[KeyFigure]] = defaultdict(list)
    for each in sorted(figures, key=lambda f: (f.as_of, f.meeting.day)):
        if each.indicator is None or _abroad(each, context):
            continue
        held_id = f"indicator:{each.record_id}:{each.indicator}"
        choice = context.desk.choice(held_id)
        counts = catalogue[each.indicator].get("official") == "minutes" and not each.places.unknown
        if choice in ("accept", "correct") or (counts and choice is None):
            taken[each.indicator, _spot(each, context).pcode].append(_corrected(each, context.desk.correction(held_id)))
        elif choice is None:
            result.held.append(_question(held_id, each, context))
    months = [row for key, found in sorted(taken.items()) for row in _months(catalogue[key[0]], key[1], found, result)]
    mentions = [Mention(f"{row['code']}|{row['place'].pcode}|{row['month']}", "", "", row["updated"]) for row in months]
    ids = claim(context.memory, [[mention] for mention in mentions], {})
    for record_id, month in zip(ids, months, strict=True):
        row = _row(record_id, month, catalogue[month["code"]], dashboard, context)
        result.rows.append(row | {"comment": human.get(record_id, {}).get("comment")})
        if any(each.meeting.draft for each in month["figures"]):
            result.drafts.add(record_id)
        result.links[record_id] = month["figures"][-1].meeting.main.url
    result.rows += _withdrawn(set(ids), catalogue, context)
    return result


def _corrected(each: KeyFigure, fields: Mapping[str, str]) -> KeyFigure:
    value = fields.get("value") or fields.get("achieved")
    try:
        return replace(each, figure=replace(each.figure, value=float(value.replace(" ", "")))) if value else each
    except ValueError:
        return each


def _abroad(each: KeyFigure, context: Context) -> bool:
    """Whether the figure speaks of other countries only."""
    own = context.cluster.country["iso3"]
    countries = {place.pcode for place in each.places.countries}
    return bool(countries) and own not in countries and not each.places.admin1


def _spot(each: KeyFigure, context: Context) -> Place:
    """The smallest area that covers the figure's places: what was said of two cercles is no value of either."""
    known = gazetteer()
    country = known.by_code[context.cluster.country["iso3"]]
    places = each.places
    if len(places.admin2) == 1 and len(places.admin1) <= 1:
        return places.admin2[0]
    return places.admin1[0] if len(places.admin1) == 1 else country


def _months(
    indicator: Mapping[str, Any], pcode: str, figures: Sequence[KeyFigure], result: Indicators
) -> Iterator[dict[str, Any]]:
    """One entry a month, with the running value of its year; `figures` in order of their day."""
    method = indicator["across_time"]
    by_month: dict[str, list[KeyFigure]] = defaultdict(list)
    counted: dict[tuple[float, str], list[KeyFigure]] = defaultdict(list)
    for each in figures:
        equal = counted[each.figure.value, fold(each.figure.unit)]
        if any(_same_quantity(each, other) for other in equal):
            result.issues.append(
                Issue(
                    "figure_repeated",
                    each.meeting.main.document,
                    each.figure.found.source.locator,
                    "value",
                    f"{each.figure.value:g}",
                    indicator["code"],
                )
            )
            continue
        equal.append(each)
        by_month[each.as_of.strftime("%Y-%m")].append(each)
    year_so_far: dict[str, list[float]] = defaultdict(list)
    for month, found in sorted(by_month.items()):
        values = [each.figure.value for each in found]
        so_far = year_so_far[month[:4]]
        so_far += values if method != "average" else [sum(values) / len(values)]
        yield {
            "code": indicator["code"],
            "place": gazetteer().by_code[pcode],
            "month": month,
            "achieved": combine(method, values),
            "running": combine(method, so_far),
            "figures": found,
            "updated": max(each.meeting.day for each in found),
        }


def _same_quantity(one: KeyFigure, other: KeyFigure) -> bool:
    """Of equal value and unit: whether no sentence gives two different days, so that it was said, not done, again."""
    if one.said_by and other.said_by and one.said_by != other.said_by:
        return one.as_of == other.as_of
    if one.stated_day and other.stated_day:
        return one.as_of == other.as_of
    months = abs((one.as_of.year - other.as_of.year) * 12 + one.as_of.month - other.as_of.month)
    return months <= _RESTATED_WITHIN


def _row(
    record_id: str, month: Mapping[str, Any], indicator: Mapping[str, Any], dashboard: Collection[str], context: Context
) -> dict[str, Any]:
    place: Place = month["place"]
    region, cercle = gazetteer().parent(place, 1), gazetteer().parent(place, 2)
    language = "en" if context.cluster.language == "en" else "fr"
    last: KeyFigure = month["figures"][-1]
    target = target_of(indicator, place.pcode, int(month["month"][:4]))
    accepted = indicator.get("official") != "minutes"
    return {
        "record_id": record_id,
        "code": indicator["code"],
        "name": indicator[language],
        "unit": indicator["unit"][language],
        "cluster": context.cluster.sector,
        "organisation": last.said_by,
        "country": context.cluster.country["iso3"],
        "admin1_pcode": region.pcode if region else None,
        "admin1_name": region.name if region else None,
        "admin2_pcode": cercle.pcode if cercle else None,
        "admin2_name": cercle.name if cercle else None,
        "month": month["month"],
        "target": target,
        "achieved": month["achieved"],
        "running": month["running"],
        "progress": round(100 * month["running"] / target, 1) if target else None,
        "approval": "approved" if accepted else "submitted",
        "dashboard": indicator["code"] in dashboard or bool(indicator.get("dashboard")),
        "source": " ; ".join(
            dict.fromkeys(
                source(f.meeting.main.file, f.figure.found.source.locator, language) for f in month["figures"]
            )
        ),
        "updated": month["updated"],
        "state": "active",
    }


def target_of(indicator: Mapping[str, Any], pcode: str, year: int) -> float | None:
    """The target of the catalogue for a place and year, or None."""
    for target in indicator.get("targets", ()):
        if target["place"] == pcode and int(target["year"]) == year:
            return float(target["value"])
    return None


def _question(held_id: str, each: KeyFigure, context: Context) -> Held:
    language = context.cluster.language
    month = each.as_of.strftime("%Y-%m")
    return Held(
        held_id=held_id,
        kind="indicator",
        register="indicators",
        record_id=each.record_id,
        about=f"{each.figure.value:g} {each.figure.unit} · {' ; '.join(each.places.shown)}",
        reason=say("indicator", language, code=each.indicator),
        proposal=say("indicator_do", language, code=each.indicator, month=month),
        quote=each.figure.found.source.quote,
        source=source(each.meeting.main.file, each.figure.found.source.locator, language),
        document=each.meeting.main.document,
        values={"code": each.indicator, "value": each.figure.value, "month": month},
    )


def _withdrawn(
    present: Collection[str], catalogue: Mapping[str, Mapping[str, Any]], context: Context
) -> Iterator[dict[str, Any]]:
    language = "en" if context.cluster.language == "en" else "fr"
    for record_id in context.memory.order:
        if record_id in present or not context.memory.seen_by_people(record_id):
            continue
        code, pcode, month = context.memory.lines[record_id][-1].mention.split("|")
        place = gazetteer().by_code[pcode]
        region, cercle = gazetteer().parent(place, 1), gazetteer().parent(place, 2)
        yield {
            "record_id": record_id,
            "code": code,
            "name": catalogue[code][language] if code in catalogue else code,
            "cluster": context.cluster.sector,
            "country": context.cluster.country["iso3"],
            "admin1_pcode": region.pcode if region else None,
            "admin2_pcode": cercle.pcode if cercle else None,
            "month": month,
            "state": "withdrawn",
        }


def across_places(frame: pd.DataFrame, indicator: Mapping[str, Any], year: int) -> float | None:
    """The running value of a year over all places by the catalogue's method; what a wider place says holds its parts.

    `frame`: rows of the indicators register. A region's own value stands for its cercles, the country's for all.
    """
    rows = frame[(frame["code"] == indicator["code"]) & (frame["state"] == "active")]
    rows = rows[rows["month"].str.startswith(str(year)) & rows["running"].notna()]
    latest: dict[str, tuple[str, float]] = {}
    for row in rows.to_dict("records"):
        code = next((c for c in (row["admin2_pcode"], row["admin1_pcode"]) if isinstance(c, str)), "")
        if code not in latest or row["month"] > latest[code][0]:
            latest[code] = (row["month"], float(row["running"]))
    if "" in latest and len(latest) > 1:
        return latest[""][1]
    outer = [code for code in latest if not any(code != other and code.startswith(other) for other in latest)]
    return combine(indicator["across_places"], [latest[code][1] for code in sorted(outer)])
