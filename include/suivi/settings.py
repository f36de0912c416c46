"""What a person configures: environment variables and one YAML a cluster.

A cluster file is checked against `reference/cluster_schema.json`; messages name the line and the remedy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from suivi.errors import ConfigurationError
from suivi.reference import HOUSE

VAR = HOUSE.parent / "var"


@dataclass(frozen=True, slots=True)
class Settings:
    """Run-time settings of every component (README, Settings)."""

    db: str
    store: str
    clusters: Path
    var: Path = VAR
    sheets_endpoint: str = ""
    sheets_credentials: str = field(default="", repr=False)
    ors_url: str = ""
    ors_token: str = field(default="", repr=False)
    ors_db: str = field(default="", repr=False)  # of the ORS service, where housekeeping shall back it up
    airflow_db: str = field(default="", repr=False)  # Airflow's own, where housekeeping shall clean it

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Defaults: SQLite and a local store under var/, the clusters that ship."""
        get = _getter(environment)
        var = Path(get("SUIVI_VAR") or VAR)
        return cls(
            db=get("SUIVI_DB") or f"sqlite:///{var / 'suivi.db'}",
            store=get("SUIVI_STORE") or str(var / "store"),
            var=var,
            clusters=Path(get("SUIVI_CLUSTERS") or HOUSE / "clusters"),
            sheets_endpoint=get("SUIVI_SHEETS_ENDPOINT") or "",
            sheets_credentials=get("SUIVI_SHEETS_CREDENTIALS") or "",
            ors_url=get("SUIVI_ORS_URL") or "",
            ors_token=get("SUIVI_ORS_TOKEN") or "",
            ors_db=get("SUIVI_ORS_DB") or "",
            airflow_db=get("SUIVI_AIRFLOW_DB") or "",
        )


def _getter(environment: Mapping[str, str]) -> Callable[[str], str | None]:
    """Reads NAME, or the file that NAME_FILE names: how containers hand over secrets."""

    def get(name: str) -> str | None:
        path = environment.get(f"{name}_FILE")
        if environment.get(name) or not path:
            return environment.get(name)
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigurationError(f"{name}_FILE names {path}, which cannot be read ({error.strerror}).") from None

    return get


@dataclass(frozen=True, slots=True)
class Body:
    """A national, regional or sub-cluster body whose minutes stand on the cluster's drives."""

    code: str
    level: str
    fr: str
    en: str
    place: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drive:
    """A shared folder. `connection` names the secret it needs; `options` go to fsspec as they are."""

    name: str
    url: str
    connection: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster YAML. Nested tables that only one step reads stay plain mappings, as in the file."""

    cluster: str
    name: Mapping[str, str]
    short: str
    sector: str
    country: Mapping[str, str]
    language: str
    timezone: str
    schedule: str | None
    bodies: tuple[Body, ...]
    drives: tuple[Drive, ...]
    sheets: Mapping[str, Any]
    ors: Mapping[str, Any]
    sharing: Mapping[str, Any]
    owner: str = "im"
    tags: tuple[str, ...] = ()
    follow_from: date | None = None
    roles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    groups: tuple[Mapping[str, Any], ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    indicators: tuple[Mapping[str, Any], ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    reporting: Mapping[str, Any] = field(default_factory=dict)
    reminders: Mapping[str, Any] = field(default_factory=dict)
    retention: Mapping[str, int] = field(default_factory=dict)
    hxl: bool = True


def cluster_from_mapping(plain: Mapping[str, Any]) -> Cluster:
    """A cluster from a mapping that has passed the schema."""
    nested: dict[str, Any] = {
        "bodies": tuple(Body(**{**b, "aliases": tuple(b.get("aliases", ()))}) for b in plain["bodies"]),
        "drives": tuple(Drive(**d) for d in plain["drives"]),
    }
    if isinstance(plain.get("follow_from"), str):  # a quoted date is a date
        nested["follow_from"] = date.fromisoformat(plain["follow_from"])
    listed = {key: tuple(plain[key]) for key in ("tags", "groups", "indicators") if key in plain}
    return Cluster(**{**plain, **nested, **listed})
