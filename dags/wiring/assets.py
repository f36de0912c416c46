"""Assets that a night updates, so that other DAGs can follow them; their events carry the night's counts."""

from __future__ import annotations

from airflow.sdk import Asset


def register_assets(cluster: str) -> list[Asset]:
    return [Asset(f"suivi://{cluster}/registers", name=f"{cluster}: registers")]


def sheet_assets(cluster: str) -> list[Asset]:
    return [Asset(f"suivi://{cluster}/sheets", name=f"{cluster}: sheets")]


def ors_asset(cluster: str) -> Asset:
    return Asset(f"suivi://{cluster}/ors", name=f"{cluster}: ORS")
