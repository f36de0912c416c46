"""Where a night publishes to: environment first, then the connections that the cluster's YAML names."""

from __future__ import annotations

from dataclasses import dataclass, field

from suivi.errors import ConfigurationError
from suivi.settings import Cluster, Settings
from suivi.steps.context import Run, Secrets


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint and its secret; an empty sheets endpoint means Google."""

    endpoint: str
    secret: str | None = field(repr=False)


def sheets(run: Run) -> Target:
    """The spreadsheets of the run's cluster."""
    return sheets_of(run.cluster, run.settings, run.secret)


def ors(run: Run) -> Target:
    """The ORS of the run's cluster."""
    return ors_of(run.cluster, run.settings, run.secret)


def sheets_of(cluster: Cluster, settings: Settings, secret: Secrets) -> Target:
    """`secret` is the path of the service account's JSON file, or its text. `ConfigurationError` where none is set."""
    if settings.sheets_endpoint or settings.sheets_credentials:
        return Target(settings.sheets_endpoint, settings.sheets_credentials or None)
    name = cluster.sheets.get("connection", "suivi_sheets")
    held = secret(name)
    if held is None:
        raise ConfigurationError(
            f"No access to the spreadsheets: set SUIVI_SHEETS_CREDENTIALS, or make the connection '{name}' in Airflow "
            "(README, Going to production)."
        )
    return Target(held.get("host") or "", held.get("keyfile_path") or held.get("password"))


def ors_of(cluster: Cluster, settings: Settings, secret: Secrets) -> Target:
    """`secret` is a reporter's token. `ConfigurationError` where none is set."""
    if settings.ors_url:
        return Target(settings.ors_url, settings.ors_token or None)
    name = cluster.ors.get("connection", "suivi_ors")
    held = secret(name)
    if held is None:
        raise ConfigurationError(
            f"No access to the ORS: set SUIVI_ORS_URL and SUIVI_ORS_TOKEN, or make the connection '{name}' in Airflow "
            "(README, Going to production)."
        )
    return Target(held.get("host") or "", held.get("password"))
