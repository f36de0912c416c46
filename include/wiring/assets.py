"""Assets that a night updates, so that other DAGs can follow them; their events carry the night's counts."""

from __future__ import annotations

from airflow.sdk import Asset

from suivi.reference import load_yaml


def register_assets(cluster: str) -> list[Asset]:
    """One asset a register."""
    return [_asset(cluster, register) for register in load_yaml("registers.yaml")["registers"]]


def sheet_assets(cluster: str) -> list[Asset]:
    """The internal and the shared spreadsheet."""
    return [_asset(cluster, "internal sheet"), _asset(cluster, "shared sheet")]


def ors_asset(cluster: str) -> Asset:
    return _asset(cluster, "ors")


def _asset(cluster: str, what: str) -> Asset:
    return Asset(name=f"{cluster} {what}", uri=f"suivi://{cluster}/{what.replace(' ', '_')}", group="suivi")
