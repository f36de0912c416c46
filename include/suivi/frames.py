"""Register frames as plain JSON rows and back: how they stand in the ledger and travel to targets."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from suivi.schema import register


def to_rows(name: str, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON values: dates ISO, lists as lists, empty as None."""
    described = register(name)
    columns = {f.name: frame[f.name].tolist() for f in described.fields}
    return [{column: _plain(values[i]) for column, values in columns.items()} for i in range(len(frame))]


def from_rows(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The inverse of `to_rows`."""
    described = register(name)
    dates = [f.name for f in described.fields if f.type == "date"]
    lists = [f.name for f in described.fields if f.type == "list"]
    for row in rows:
        for column in dates:
            if isinstance(row.get(column), str):
                row[column] = date.fromisoformat(row[column])
        for column in lists:
            if row.get(column) is not None:
                row[column] = tuple(row[column])
    return described.frame(rows)


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return list(value)
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
