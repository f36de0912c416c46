"""Where a night publishes to: environment first, then the connections that the cluster's YAML names."""

from __future__ import annotations

from dataclasses import dataclass, field

from suivi.errors import ConfigurationError
from suivi.steps.context import Run


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint and its secret; an empty sheets endpoint means Google."""

    endpoint: str
    secret: str | None = field(repr=False)


def sheets(run: Run) -> Target:
    """`secret` is the path of the service account's JSON file, or its text."""
    if run.settings.sheets_endpoint or run.settings.sheets_credentials:
        return Target(run.settings.sheets_endpoint, run.settings.sheets_credentials or None)
    name = run.cluster.sheets.get("connection", "suivi_sheets")
    held = run.secret(name)
    if held is None:
        raise ConfigurationError(
            f"No access to the spreadsheets: set SUIVI_SHEETS_CREDENTIALS, or make the connection '{name}' in Airflow "
            "(README, Going to production)."
        )
    return Target(held.get("host") or "", held.get("keyfile_path") or held.get("password"))


def ors(run: Run) -> Target:
    """`secret` is a reporter's token."""
    if run.settings.ors_url:
        return Target(run.settings.ors_url, run.settings.ors_token or None)
    name = run.cluster.ors.get("connection", "suivi_ors")
    held = run.secret(name)
    if held is None:
        raise ConfigurationError(
            f"No access to the ORS: set SUIVI_ORS_URL and SUIVI_ORS_TOKEN, or make the connection '{name}' in Airflow "
            "(README, Going to production)."
        )
    return Target(held.get("host") or "", held.get("password"))
