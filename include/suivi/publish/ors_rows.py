"""Rows for the ORS: what should stand there, what stands there as far as we know, and the difference.

Published rows are plain JSON: column → value, beside our own marks, whose names start with an underscore:
``_version`` the ORS's version of the row, ``_kept_back`` why it was not sent again (see `skip`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from suivi import schema
from suivi.sharing import view
from suivi.sharing.persons import personal

Published = dict[str, dict[str, dict[str, Any]]]  # register → record id → column → value
# the key stands beside the fields; the state is a deletion or nothing; approval is the lead's alone
_NOT_SENT = frozenset({"record_id", "state", "approval"})
_NO_DATE = ("", None)


def wanted(
    frames: Mapping[str, pd.DataFrame],
    events: Iterable[Mapping[str, Any]] = (),
    *,
    consent: Collection[str] = (),
    names: Collection[str] = (),
) -> Published:
    """What the ORS should hold: active rows through the sharing door, with the life of each action.

    `events`: plain mappings with record_id, date, kind and optionally meeting_id, status, responsible,
    deadline_date. Anything else in them, a quote above all, stays here.
    """
    told = list(events)
    # owners of an older mention are not in the row that `view` looks at: a person among them is left out here
    people = {o for o in {o for event in told for o in event.get("responsible") or ()} if personal(o, names)}
    lives: dict[str, list[dict[str, Any]]] = {}
    for event in told:
        lives.setdefault(str(event["record_id"]), []).append(_event(event, people))
    found: Published = {}
    for register in schema.REGISTERS:
        if register not in frames:
            continue
        shared = view(frames[register], register, "membres", consent=consent, names=names)
        found[register] = {
            row["record_id"]: fields_of(row) for row in shared.to_dict("records") if row["state"] == "active"
        }
    for record_id, fields in found.get("actions", {}).items():
        if record_id in lives:
            fields["events"] = lives[record_id]
    return found


def _event(event: Mapping[str, Any], people: Collection[str]) -> dict[str, Any]:
    keys = ("date", "kind", "meeting_id", "status", "responsible", "deadline_date")
    told = {**event, "responsible": [owner for owner in event.get("responsible") or () if owner not in people]}
    return {key: plain(told[key]) for key in sorted(keys) if told.get(key) not in (None, "", (), [])}


def fields_of(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row as canonical JSON values: no empty ones, whole numbers as integers, columns in order of name."""
    values = {str(name): plain(value) for name, value in row.items() if name not in _NOT_SENT}
    return {name: values[name] for name in sorted(values) if values[name] is not None and values[name] != []}


def plain(value: Any) -> Any:
    """One value as JSON; whatever pandas calls empty is `None`."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or value is pd.NA or value is pd.NaT or value in _NO_DATE:
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if value != value:
            return None
        return int(value) if value.is_integer() else value
    return value


def stored(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a published row, without our marks."""
    return {name: value for name, value in row.items() if not name.startswith("_")}


def text_of(fields: Mapping[str, Any]) -> str:
    """Canonical JSON text, the same as the ORS makes."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digests(published: Published) -> dict[str, str]:
    """A digest a register over what we believe the ORS holds: the sum of row digests modulo 2²⁵⁶."""
    found = {}
    for register in schema.REGISTERS:
        rows = published.get(register, {})
        total = sum(
            int(hashlib.sha256(f"{record_id}\n{text_of(stored(row))}".encode()).hexdigest(), 16)
            for record_id, row in rows.items()
            if "_version" in row
        )
        found[register] = f"{total % (1 << 256):064x}"
    return found


def mark(fields: Mapping[str, Any], reason: str, period: str = "") -> dict[str, str]:
    """The `_kept_back` mark of a row that was refused: it is not sent again until something changes."""
    return {"digest": hashlib.sha256(text_of(fields).encode()).hexdigest(), "reason": reason, "period": period}


def skip(row: Mapping[str, Any], fields: Mapping[str, Any], closed: Collection[str]) -> bool:
    """Whether a refused row stays here: the same content, and its period, if that was why, still closed."""
    kept_back = row.get("_kept_back")
    if not kept_back or kept_back["digest"] != mark(fields, "")["digest"]:
        return False
    return kept_back["reason"] != "period-closed" or kept_back["period"] in closed


def difference(want: Published, published: Published, closed: Collection[str]) -> tuple[list[dict[str, Any]], int]:
    """Changes that make the ORS hold what is wanted, and how many rows need none.

    Deletions come first: taking back is more urgent than telling. A register that is not in `want` is left alone.
    """
    deletions, changes, unchanged = [], [], 0
    for register, rows in published.items():
        if register not in want:
            continue
        gone = (i for i, row in rows.items() if "_version" in row and i not in want[register])
        deletions += [{"recordId": record_id, "form": register, "deleted": True} for record_id in gone]
    for register, rows in want.items():
        known = published.get(register, {})
        for record_id, fields in rows.items():
            row = known.get(record_id, {})
            if "_version" in row and stored(row) == fields:
                unchanged += 1
            elif not skip(row, fields, closed):
                changes.append(change(register, record_id, fields, row.get("_version")))
    return deletions + changes, unchanged


def change(register: str, record_id: str, fields: dict[str, Any], version: int | None) -> dict[str, Any]:
    """A change of the write API; without a version it is unconditional."""
    plain_change: dict[str, Any] = {"recordId": record_id, "form": register, "fields": fields}
    return plain_change if version is None else plain_change | {"previousVersion": version}
