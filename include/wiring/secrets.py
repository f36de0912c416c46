"""Airflow's connections as the mappings that the ETL expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowNotFoundException

SCHEMES = {"http": "http", "https": "https"}


def secret(connection_id: str) -> Mapping[str, Any] | None:
    """Host, login, password, port and the extras of a connection; None where it does not exist."""
    try:
        connection = BaseHook.get_connection(connection_id)
    except AirflowNotFoundException:
        return None
    host = connection.host or ""
    if connection.conn_type in SCHEMES and host and "://" not in host:
        port = f":{connection.port}" if connection.port else ""
        host = f"{connection.schema or connection.conn_type}://{host}{port}"
    parts = {"host": host, "login": connection.login, "password": connection.password, "port": connection.port}
    return {key: value for key, value in (parts | connection.extra_dejson).items() if value not in (None, "")}
