"""What stands in each ORS feed: our rows under the original's field names.

What this service does not know (projects, objectives, activities as a log frame) is empty; ids that the ORS would
have counted are stable numbers made from our codes. `CreatedBy`, `UpdatedBy` and project contacts stay empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import get_month_names

from ors import codes, indicators
from ors.codes import number
from ors.snapshot import Shown, Snapshot

Filters = Mapping[str, frozenset[int]]
Rows = Callable[[Snapshot, str, Filters], Iterator[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed. `filters`: parameter → field it compares; a parameter without a field is taken and ignored."""

    root: str
    row: str
    fields: tuple[str, ...]
    filters: Mapping[str, str]
    rows: Rows
    day_first: bool = False


@cache
def _contract() -> dict[str, Any]:
    plain: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("feeds.yaml").read_text(encoding="utf-8"))
    return plain


def _place(snapshot: Snapshot) -> dict[str, Any]:
    """Country and cluster as most feeds name them."""
    iso3 = snapshot.settings.get("country") or "MLI"
    sector = snapshot.settings.get("sector") or "PRO"
    country, cluster = codes.country_id(iso3), codes.cluster_id(sector)
    return {
        "Country": codes.place_name(iso3),
        "CountryId": country,
        "LocationId": country,
        "EmergencyLocationId": country,
        "ClusterId": cluster,
        "EmergencyClusterId": cluster,
        "ClusterEng": codes.cluster_name(sector, "en"),
        "ClusterFr": codes.cluster_name(sector, "fr"),
    }


def _unit(item: Mapping[str, Any], language: str) -> str:
    return str((item.get("unit") or {}).get(language, ""))


def _named(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "IndicatorEng": item["en"],
        "IndicatorFr": item["fr"],
        "OutputIndicatorEng": item["en"],
        "OutputIndicatorFr": item["fr"],
        "UnitEng": _unit(item, "en"),
        "UnitFr": _unit(item, "fr"),
        "UnitId": number(_unit(item, "fr")),
        "IndicatorId": number(item["code"]),
        "IndicatorDetailId": number(item["code"]),
        "ClusterIndicatorId": number(item["code"]),
    }


def _framework(snapshot: Snapshot, _language: str, _asked: Filters) -> Iterator[dict[str, Any]]:
    for item in indicators.catalogue(snapshot):
        yield _place(snapshot) | _named(item)


def _targets(snapshot: Snapshot, _language: str, _asked: Filters) -> Iterator[dict[str, Any]]:
    for item in indicators.catalogue(snapshot):
        for target in item.get("targets", ()):
            yield (
                _place(snapshot)
                | _named(item)
                | {
                    "TargetLocation": codes.place_name(target["place"]),
                    "Target": target["value"],
                    "TargetLocationId": number(target["place"]),
                    "TargetLocationPCode": target["place"],
                    "IndicatorClusterTargetId": number(f"{item['code']} {target['place']} {target['year']}"),
                }
            )


def _cluster_indicators(snapshot: Snapshot, _language: str, _asked: Filters) -> Iterator[dict[str, Any]]:
    for item in indicators.catalogue(snapshot):
        total = sum(target["value"] for target in item.get("targets", ()))
        yield _place(snapshot) | _named(item) | {"Target": total or None, "RegionalIndicator": False}


def _reports(snapshot: Snapshot, language: str, asked: Filters) -> Iterator[dict[str, Any]]:
    base = _place(snapshot)
    base["Clsuter"] = base["ClusterFr" if language == "fr" else "ClusterEng"]  # so misspelt in the original
    names = {item["code"]: item[language] for item in indicators.catalogue(snapshot)}
    so_far, totals = _running(snapshot), _totals(snapshot)
    by_month = snapshot.derive("by month number", lambda: _by_month(snapshot.shown("indicators")))
    for month_number in sorted(asked.get("month") or by_month):
        month_name = _month_name(month_number, language)
        for row in by_month.get(month_number, ()):
            fields = row.fields
            code, month = fields["code"], fields["month"]
            place = fields.get("admin2_pcode") or fields.get("admin1_pcode") or ""
            running, target = so_far.get((code, place, month)), fields.get("target")
            organisation, admin1 = fields.get("organisation"), fields.get("admin1_pcode")
            yield base | {
                "OrganizationId": number(organisation) if organisation else None,
                "OrganizationName": organisation,
                "IndicatorId": number(code),
                "Indicator": names[code],
                "Admin1": fields.get("admin1_name"),
                "ReportId": number(f"{organisation} {month}"),
                "MonthId": month_number,
                "Month": month_name,
                "Year": int(month[:4]),
                "ReportLocationId": number(place) if place else base["CountryId"],
                "Admin1Id": number(admin1) if admin1 else None,
                "ReportDetailId": number(row.id),
                "Accumulative": True,
                "FullYearTarget": target,
                "Achieved": fields.get("achieved"),
                "CreatedDate": date.fromisoformat(row.updated[:10]),
                "IsOPSProject": False,
                "IsApproved": row.approval == "approved",
                "Admin1PCode": admin1,
                "ReportingDate": f"{month}-01",
                "RunningSum": running,
                "PercentAchieved": round(running / target * 100, 2) if running is not None and target else None,
                "ClusterTarget": totals.get((code, month[:4])),
            }


def prepare(snapshot: Snapshot) -> None:
    """What the feed of reports needs of all rows, whatever is asked of it."""
    indicators.catalogue(snapshot)
    snapshot.derive("by month number", lambda: _by_month(snapshot.shown("indicators")))
    _running(snapshot)
    _totals(snapshot)


def _by_month(rows: Sequence[Shown]) -> dict[int, list[Shown]]:
    found: dict[int, list[Shown]] = {}
    for row in rows:
        found.setdefault(int(row.fields["month"][5:]), []).append(row)
    return found


def _running(snapshot: Snapshot) -> dict[tuple[str, str, str], float]:
    """(indicator, place, month) → value so far in the year."""
    return snapshot.derive("running by place", lambda: _all_running(snapshot))


def _all_running(snapshot: Snapshot) -> dict[tuple[str, str, str], float]:
    methods = {i["code"]: i.get("across_time", "sum") for i in snapshot.settings.get("indicators", ())}
    by_code: dict[str, list[Shown]] = {}
    for row in snapshot.shown("indicators"):
        by_code.setdefault(row.fields["code"], []).append(row)
    found: dict[tuple[str, str, str], float] = {}
    for code, rows in by_code.items():
        method = methods.get(code, "sum")
        for place, months in indicators.values_by_place(rows, method).items():
            for month in months:
                value = indicators.running(months, month, method)
                if value is not None:
                    found[code, place, month] = value
    return found


def _totals(snapshot: Snapshot) -> dict[tuple[str, str], float | None]:
    """(indicator, year) → target of the whole cluster."""
    return snapshot.derive("totals", lambda: _all_totals(snapshot))


def _all_totals(snapshot: Snapshot) -> dict[tuple[str, str], float | None]:
    found = {}
    for year in indicators.years(snapshot):
        for one in indicators.series(snapshot, year):
            found[one.code, year] = one.months[0].target
    return found


def _cluster_reports(snapshot: Snapshot, language: str, _asked: Filters) -> Iterator[dict[str, Any]]:
    base = _place(snapshot)
    base["Cluster"] = base["ClusterFr" if language == "fr" else "ClusterEng"]
    for year in indicators.years(snapshot):
        for one in indicators.series(snapshot, year):
            for month in one.months:
                if month.achieved is None:
                    continue
                month_number = int(month.month[5:])
                yield base | {
                    "ClusterIndicatorId": number(one.code),
                    "Indicator": one.names[language],
                    "Unit": one.units[language],
                    "Month": _month_name(month_number, language),
                    "MonthId": month_number,
                    "OriginalTarget": month.target,
                    "CurrentTarget": month.target,
                    "MonthlyAchieved": month.achieved,
                    "FinalSum": month.running,
                    "IsRegional": False,
                    "IsSRP": True,
                }


def _who_what_where(snapshot: Snapshot, language: str, _asked: Filters) -> Iterator[dict[str, Any]]:
    base = _place(snapshot)
    for row in snapshot.shown("presence"):
        fields = row.fields
        admin1 = fields.get("admin1_pcode")
        yield {
            "Organization": fields["organisation"],
            "PrimaryCluster": codes.cluster_name(fields["cluster"], language),
            "PrimaryClusterId": codes.cluster_id(fields["cluster"]),
            "Country": base["Country"],
            "Admin1": fields.get("admin1_name") or (codes.place_name(admin1) if admin1 else None),
            "ActivityId": number(fields["activity"]),
            "Activity": fields["activity"],
            "status": fields["status"],
            "Admin1PCode": admin1,
            "OrganizationId": number(fields["organisation"]),
            "CountryId": base["CountryId"],
            "Admin1Id": number(admin1) if admin1 else None,
            "MonthId": int(fields["reported"][5:7]),
        }


def _key_figures(snapshot: Snapshot, _language: str, _asked: Filters) -> Iterator[dict[str, Any]]:
    base = _place(snapshot)
    for row in snapshot.shown("key_figures"):
        fields = row.fields
        places = fields.get("admin2_pcode") or fields.get("admin1_pcode") or ()
        yield {
            "CountryId": base["CountryId"],
            "Country": base["Country"],
            "KeyFigureId": number(fields["unit"]),
            "KeyFigure": fields["unit"],
            "AsOfDate": fields["as_of"],
            "KeyFigureSource": fields.get("said_by"),
            "FromLocation": base["Country"],
            "ReportedLocationId": number(places[0]) if places else base["CountryId"],
            "ReportedLocation": ", ".join(codes.place_name(p) for p in places) or base["Country"],
            "TotalTotal": fields["value"],
            "KeyFigureReportId": number(row.id),
            "KeyFigureReportDetailId": number(row.id),
            "UpdatedDate": date.fromisoformat(row.updated[:10]),
        }


def _organisations(snapshot: Snapshot, _language: str, _asked: Filters) -> Iterator[dict[str, Any]]:
    names: dict[str, str] = {}
    for row in snapshot.shown("presence"):
        names[row.fields["organisation"]] = row.fields.get("organisation_name") or row.fields["organisation"]
    for form, column in (("meetings", "organisations"), ("indicators", "organisation")):
        for row in snapshot.shown(form):
            value = row.fields.get(column) or ()
            for name in [value] if isinstance(value, str) else value:
                names.setdefault(name, name)
    for acronym, name in sorted(names.items()):
        yield {"OrganizationId": number(acronym), "OrganizationName": name, "OrganizationAcronym": acronym}


def _clusters(_snapshot: Snapshot, _language: str, _asked: Filters) -> Iterator[dict[str, Any]]:
    for code in sorted(codes.sectors(), key=codes.cluster_id):
        english, french = codes.cluster_name(code, "en"), codes.cluster_name(code, "fr")
        one = codes.cluster_id(code)
        yield {"ClusterId": one, "EmergencyClusterId": one, "ClusterName": english, "ClusterFr": french}


def _countries(snapshot: Snapshot, _language: str, _asked: Filters) -> Iterator[dict[str, Any]]:
    for iso3 in sorted({*codes.COUNTRY_IDS, snapshot.settings.get("country") or "MLI"}):
        yield {"LocationId": codes.country_id(iso3), "LocationName": codes.place_name(iso3)}


def _nothing(_snapshot: Snapshot, _language: str, _asked: Filters) -> Iterator[dict[str, Any]]:
    yield from ()


@cache
def _month_name(month: int, language: str) -> str:
    return str(get_month_names("wide", locale=language).get(month, ""))


_HERE = {"country": "CountryId", "cluster": "ClusterId"}
_WITH_INDICATOR = {**_HERE, "ind": "IndicatorId"}
_SOURCES: dict[str, tuple[Rows, dict[str, str]]] = {
    "reporteddata": (
        _reports,
        {**_WITH_INDICATOR, "org": "OrganizationId", "month": "MonthId", "admin1": "Admin1Id", "year": "Year"},
    ),
    "clusterindicatorreports": (_cluster_reports, {**_HERE, "month": "MonthId"}),
    "clusterindicator": (_cluster_indicators, _HERE),
    "ors3w": (
        _who_what_where,
        {
            "country": "CountryId",
            "cluster": "PrimaryClusterId",
            "org": "OrganizationId",
            "admin1": "Admin1Id",
            "month": "MonthId",
        },
    ),
    "keyfiguresfeed": (_key_figures, {"country": "CountryId"}),
    "organizations": (_organisations, {}),
    "clusters": (_clusters, {}),
    "country": (_countries, {}),
    "indicators": (_framework, _WITH_INDICATOR),
    "frameworktargets": (_targets, {**_HERE, "admin1": "TargetLocationId"}),
    "projects": (_nothing, {}),
    "projectsrptargets": (_nothing, {}),
}
FEEDS: dict[str, Feed] = {
    name: Feed(
        _contract()[name]["root"],
        _contract()[name]["row"],
        tuple(_contract()[name]["fields"]),
        filters,
        rows,
        day_first=name == "keyfiguresfeed",
    )
    for name, (rows, filters) in _SOURCES.items()
}
