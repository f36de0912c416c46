"""What the lead said on the ORS comes back: the approval of indicator values, and rejections as open questions."""

from __future__ import annotations

from typing import Any

from suivi.registers.inputs import Held
from suivi.steps.context import Run

Rows = dict[str, list[dict[str, Any]]]


def overlay(rows: Rows, approvals: list[dict[str, Any]]) -> None:
    """Set the column `approval` of indicators to what the ORS says of the value."""
    said = {entry["record_id"]: entry["approval"] for entry in approvals if entry["register"] == "indicators"}
    for row in rows["indicators"]:
        row["approval"] = said.get(row["record_id"], row["approval"])


def rejections(run: Run, rows: Rows, approvals: list[dict[str, Any]]) -> list[Held]:
    """One entry of the held queue for every row that the lead rejected and that still stands."""
    live = {(name, row["record_id"]): row for name, found in rows.items() for row in found if row["state"] == "active"}
    found = []
    for entry in approvals:
        row = live.get((entry["register"], entry["record_id"]))
        if entry["approval"] != "rejected" or row is None:
            continue
        about = row.get("name") or row.get("activity") or row.get("unit") or ""
        found.append(
            Held(
                held_id=f"ors:{entry['register']}:{entry['record_id']}:{entry.get('version', '')}",
                kind="row",
                register=entry["register"],
                record_id=entry["record_id"],
                about=" ".join(str(part) for part in (about, row.get("month"), row.get("admin1_name")) if part),
                reason=run.say(
                    f"Rejeté sur l'ORS : {entry.get('comment') or 'sans commentaire'}",
                    f"Rejected on the ORS: {entry.get('comment') or 'no comment'}",
                ),
                proposal=run.say(
                    "Corriger la valeur ou sa source, ou rejeter la ligne.",
                    "Correct the value or its source, or reject it.",
                ),
                source=str(row.get("source") or ""),
            )
        )
    return found
