"""Expectations of a register, generated from `reference/registers.yaml`, the reference places and the cluster.

Each carries the reason that people read (`meta`); a table-level expectation has none, it breaks the night.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.expectation import Expectation

from suivi.reference import load_csv
from suivi.schema import LIST_SEPARATOR, Field, Register, register
from suivi.settings import Cluster

_NOT_BEFORE = {
    "actions": ("deadline_date", "meeting_date", "l'échéance précède la réunion", "the deadline is before the meeting"),
    "meetings": ("date_end", "date", "la fin précède le début", "the end is before the start"),
    "presence": ("end", "start", "la fin précède le début", "the end is before the start"),
}


def expectations(name: str, cluster: Cluster, meetings: set[str]) -> list[Expectation]:
    """The suite of one register. `meetings`: ids that other registers may refer to."""
    described = register(name)
    found = [expectation for field in described.fields for expectation in _of_field(field)]
    found.append(
        gxe.ExpectColumnValuesToBeUnique(
            column="record_id", meta=_reason("identifiant en double", "duplicate record id")
        )
    )
    found += _of_places(described)
    if name in _NOT_BEFORE:
        late, early, fr, en = _NOT_BEFORE[name]
        found.append(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=late,
                column_B=early,
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                meta=_reason(fr, en),
            )
        )
    if name != "meetings" and any(f.name == "meeting_id" for f in described.fields):
        found.append(
            gxe.ExpectColumnValuesToBeInSet(
                column="meeting_id",
                value_set=sorted(meetings),
                meta=_reason("réunion inconnue", "unknown meeting"),
            )
        )
    limits = cluster.limits
    found.append(
        gxe.ExpectTableRowCountToBeBetween(
            min_value=int(limits.get(f"{name}_min", 0)), max_value=int(limits.get(f"{name}_max", 200_000))
        )
    )
    return found


def checkable(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as Great Expectations can read it: lists joined, and the findings on P-codes as columns."""
    described = register(name)
    flat = frame.copy()
    for field in described.fields:
        if field.type == "list":
            flat[field.name] = [LIST_SEPARATOR.join(v) if v is not None and len(v) else None for v in frame[field.name]]
        elif field.type == "date":
            flat[field.name] = pd.to_datetime(frame[field.name], errors="coerce")
    for column, found in _place_findings(frame).items():
        flat[column] = pd.Series(found, index=flat.index, dtype="string")
    return flat


def _reason(fr: str, en: str) -> dict[str, Any]:
    return {"fr": fr, "en": en}


def _of_field(field: Field) -> Iterator[Expectation]:
    if field.needed:
        yield gxe.ExpectColumnValuesToNotBeNull(
            column=field.name, meta=_reason(f"« {field.fr} » est vide", f"“{field.en}” is empty")
        )
    if field.codes and field.type != "flag":
        yield gxe.ExpectColumnValuesToBeInSet(
            column=field.name,
            value_set=list(field.allowed()),
            meta=_reason(f"« {field.fr} » hors liste", f"“{field.en}” is not in the list"),
        )
    if field.type == "month":
        yield gxe.ExpectColumnValuesToMatchRegex(
            column=field.name,
            regex=r"^\d{4}-(?:0[1-9]|1[0-2])$",
            meta=_reason(f"« {field.fr} » illisible", f"“{field.en}” is unreadable"),
        )


def _of_places(described: Register) -> Iterator[Expectation]:
    if any(field.name == "admin2_pcode" for field in described.fields):
        reasons = {
            "unknown_pcode": _reason("P-code inconnu", "unknown P-code"),
            "outside_region": _reason("le cercle n'est pas dans la région", "the cercle is not in the region"),
        }
        for column, reason in reasons.items():
            yield gxe.ExpectColumnValuesToBeNull(column=column, meta=reason)


@cache
def _parents() -> dict[str, str]:
    return {row["pcode"]: row["parent"] for row in load_csv("places.csv")}


def _place_findings(frame: pd.DataFrame) -> dict[str, list[str | None]]:
    """The P-codes that no reference knows, and the admin2 codes whose region is not in the row."""
    if "admin2_pcode" not in frame:
        return {}
    parents, unknown, outside = _parents(), [], []
    for first, second in zip(frame["admin1_pcode"], frame["admin2_pcode"], strict=True):
        regions, cercles = _codes(first), _codes(second)
        unknown.append(next((code for code in regions + cercles if code not in parents), None))
        stray = [code for code in cercles if regions and parents.get(code, "") not in (*regions, "")]
        outside.append(stray[0] if stray else None)
    return {"unknown_pcode": unknown, "outside_region": outside}


def _codes(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return list(value) if isinstance(value, (list, tuple)) else []
