"""What the service knows of a cluster: name, language, catalogue, reporting rules.

It comes from the cluster's YAML when the service starts, with the nights of the sync, or from the administrator.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, update

from ors.db import Store, make_revision
from ors.forms import HOUSE, Flag, Number, RecordId, Text, whole
from ors.models import clusters

Method = Literal["sum", "average", "latest", "max"]
Day = whole(1, 28)


class Words(BaseModel):
    model_config = ConfigDict(extra="forbid")
    fr: Text
    en: Text


class Target(BaseModel):
    """A target of a year, for a P-code or the country's code."""

    model_config = ConfigDict(extra="forbid")
    place: Annotated[Text, Field(min_length=1)]
    year: whole(1990, 2100)
    value: Number


class Indicator(BaseModel):
    """One line of the catalogue: its words and how its values add up over time and over places."""

    model_config = ConfigDict(extra="forbid")
    code: RecordId
    fr: Text
    en: Text
    unit: Words | None = None
    across_time: Method = "sum"
    across_places: Method = "sum"
    targets: Annotated[list[Target], Field(max_length=2000)] = []
    dashboard: Flag | None = None


class Reporting(BaseModel):
    """Who is expected to report, and by which day of the following month."""

    model_config = ConfigDict(extra="forbid")
    due_day: Day = 5
    validation_day: Day = 10
    expected: Annotated[list[Text], Field(max_length=1000)] | None = None
    excluded: Annotated[list[Text], Field(max_length=1000)] = []
    observers: Annotated[list[Text], Field(max_length=1000)] = []
    donors: Annotated[list[Text], Field(max_length=1000)] = []


class ClusterSettings(BaseModel):
    """All of it is optional; what is left out stays as it was."""

    model_config = ConfigDict(extra="forbid")
    name: Words | None = None
    language: Literal["fr", "en"] | None = None
    timezone: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")] | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    sector: Annotated[Text, Field(min_length=1)] | None = None
    hxl: Flag | None = None
    night_hours: whole(1, 800) | None = None
    aggregates_public: Flag | None = None
    reporting: Reporting | None = None
    indicators: Annotated[list[Indicator], Field(max_length=500)] | None = None


def merge(stored: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """What was told replaces, key by key, what was stored."""
    return stored | told


def from_yaml(plain: dict[str, Any]) -> dict[str, Any]:
    """The part of a cluster's YAML that concerns this service."""
    keys = ("code", "fr", "en", "unit", "across_time", "across_places", "targets", "dashboard")
    catalogue = [{k: item[k] for k in keys if item.get(k) is not None} for item in plain.get("indicators") or ()]
    told = {key: plain.get(key) for key in ("name", "language", "timezone", "sector", "hxl")}
    reporting = {k: v for k, v in (plain.get("reporting") or {}).items() if k in Reporting.model_fields}
    told |= {
        "country": (plain.get("country") or {}).get("iso3"),
        "aggregates_public": (plain.get("ors") or {}).get("aggregates_public"),
        "reporting": reporting or None,
        "indicators": catalogue or None,
    }
    return ClusterSettings.model_validate({k: v for k, v in told.items() if v is not None}).model_dump(
        exclude_none=True
    )


def of_folder(folder: Path, code: str) -> dict[str, Any] | None:
    """Settings of the YAML in a folder that names this cluster, as `cluster` or as `ors: {cluster: …}`."""
    for path in sorted(folder.glob("*.yaml")):
        try:
            plain = yaml.safe_load(path.read_text(encoding="utf-8"))
            if code in (plain.get("cluster"), (plain.get("ors") or {}).get("cluster")):
                return from_yaml(plain)
        except Exception:  # noqa: S112 - a broken file of another cluster is the ETL's to report
            continue
    return None


def folder_of(environment: dict[str, str] | os._Environ[str] = os.environ) -> Path:
    """Where the cluster files are."""
    return Path(environment.get("SUIVI_CLUSTERS") or HOUSE / "clusters")


def describe(store: Store, code: str, now: datetime, told: dict[str, Any] | None) -> None:
    """Give a cluster its settings; nothing happens when they already say so."""
    store.ensure_cluster(code, now)
    if not told:
        return
    with store.write() as connection:
        stored = json.loads(connection.execute(select(clusters.c.settings).where(clusters.c.code == code)).scalar_one())
        merged = merge(stored, told)
        if merged != stored:
            make_revision(connection, code)
            line = {"settings": json.dumps(merged, ensure_ascii=False)}
            connection.execute(update(clusters).where(clusters.c.code == code).values(line))


def describe_known(store: Store, now: datetime) -> None:
    """When the service starts: take over what the cluster files say of clusters that are known here."""
    with store.read() as connection:
        known = list(connection.scalars(select(clusters.c.code)))
    for code in known:
        describe(store, code, now, of_folder(folder_of(), code))
