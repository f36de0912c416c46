"""Rows of one transaction: read in one go, changed in memory, stored in one go with their history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from ors import forms
from ors.auth import Principal
from ors.db import make_revision, next_revision, stamp
from ors.models import history, rows, tombstones

Key = tuple[str, str]  # form, record id
_CHUNK = 400  # identifiers in one IN (…)


def _chosen(connection: Connection, table: Table, cluster: str, keys: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    wanted: dict[str, list[str]] = {}
    for form, record_id in dict.fromkeys(keys):
        wanted.setdefault(form, []).append(record_id)
    found: dict[Key, dict[str, Any]] = {}
    for form, ids in wanted.items():
        for at in range(0, len(ids), _CHUNK):
            these = table.c.record_id.in_(ids[at : at + _CHUNK])
            query = select(table).where(table.c.cluster == cluster, table.c.form == form, these)
            for line in connection.execute(query).mappings():
                found[form, line["record_id"]] = dict(line)
    return found


class Batch:
    """The rows that one request touches. Taking the cluster's next revision locks out other writers of it."""

    def __init__(
        self, connection: Connection, principal: Principal, now: datetime, origin: str, keys: Sequence[Key]
    ) -> None:
        self.origin = origin
        self.revision = next_revision(connection, principal.cluster)
        self._connection, self._cluster = connection, principal.cluster
        self._actor, self._at = principal.actor, stamp(now)
        self._known = _chosen(connection, rows, principal.cluster, keys)
        self._stored = frozenset(self._known)
        self._gone = frozenset(_chosen(connection, tombstones, principal.cluster, keys))
        self._touched: dict[Key, dict[str, Any]] = {}
        self._history: list[dict[str, Any]] = []

    def current(self, form: str, record_id: str) -> dict[str, Any] | None:
        """The row as it stands, changes of this batch included; deleted rows too."""
        return self._known.get((form, record_id))

    def redacted(self, form: str, record_id: str) -> bool:
        return (form, record_id) in self._gone

    def put(self, form: str, record_id: str, fields: dict[str, Any], text: str) -> dict[str, Any]:
        """Create or replace a row; where the lead approves, it waits as submitted beside its approved version."""
        before = self._known.get((form, record_id))
        alive = before is not None and not before["deleted"]
        changed = {
            "fields": text,
            "digest": forms.row_digest(record_id, text),
            "deleted": False,
            "approval": "submitted" if form in forms.NEED_APPROVAL else None,
            "approved": before["approved"] if before and alive else None,
            "comment": None,
        }
        old = json.loads(before["fields"]) if before and alive else {}
        self._note(form, record_id, before, "updated" if alive else "created", _difference(old, fields))
        return self._keep(form, record_id, before, changed)

    def delete(self, form: str, record_id: str) -> dict[str, Any]:
        """Take a row out of sight; its approval ends with it."""
        before = self._known[form, record_id]
        self._note(form, record_id, before, "deleted", {})
        return self._keep(form, record_id, before, {"deleted": True, "approved": None, "comment": None})

    def decide(self, form: str, record_id: str, decision: str, comment: str | None) -> dict[str, Any]:
        """The lead's word on the version that waits."""
        before = self._known[form, record_id]
        changed: dict[str, Any] = {"approval": decision, "comment": comment, "decided": self.revision}
        if decision == "approved":
            changed["approved"] = before["fields"]
        difference = _difference({"approval": before["approval"]}, {"approval": decision, "comment": comment})
        self._note(form, record_id, before, decision, difference)
        return self._keep(form, record_id, before, changed)

    def _keep(
        self, form: str, record_id: str, before: dict[str, Any] | None, changed: dict[str, Any]
    ) -> dict[str, Any]:
        base = before or {
            "cluster": self._cluster,
            "form": form,
            "record_id": record_id,
            "version": 0,
            "origin": self.origin,
            "decided": 0,
        }
        row = base | changed | {"version": base["version"] + 1, "revision": self.revision, "updated": self._at}
        if "decided" in changed:  # a decision is about a version, it makes no new one
            row["version"] = base["version"]
        self._known[form, record_id] = self._touched[form, record_id] = row
        return row

    def _note(
        self, form: str, record_id: str, before: dict[str, Any] | None, event: str, changes: dict[str, Any]
    ) -> None:
        version = before["version"] if before else 0
        self._history.append(
            {
                "cluster": self._cluster,
                "form": form,
                "record_id": record_id,
                "version": version if event in ("approved", "rejected") else version + 1,
                "at": self._at,
                "actor": self._actor,
                "event": event,
                "changes": json.dumps(changes, ensure_ascii=False),
            }
        )

    def forget(self) -> None:
        """Drop what was prepared."""
        self._touched, self._history = {}, []

    def store(self) -> None:
        """Write rows and history; the revision counts up only if there is something to write."""
        if self._touched:
            make_revision(self._connection, self._cluster)
        new = [row for key, row in self._touched.items() if key not in self._stored]
        old = [row for key, row in self._touched.items() if key in self._stored]
        if new:
            self._connection.execute(insert(rows), new)
        if old:
            columns = [c.name for c in rows.c if c.name not in ("cluster", "form", "record_id")]
            place = [getattr(rows.c, name) == bindparam(f"at_{name}") for name in ("cluster", "form", "record_id")]
            statement = update(rows).where(*place).values({name: bindparam(f"to_{name}") for name in columns})
            self._connection.execute(
                statement,
                [
                    {f"to_{name}": row[name] for name in columns}
                    | {f"at_{name}": row[name] for name in ("cluster", "form", "record_id")}
                    for row in old
                ],
            )
        if self._history:
            self._connection.execute(insert(history), self._history)


def _difference(old: dict[str, Any], new: dict[str, Any]) -> dict[str, list[Any]]:
    names = sorted(old.keys() | new.keys())
    return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}
