"""The read model: a cluster's rows in memory, brought up to date by revision.

Every write counts the cluster's revision up. A reader whose snapshot is older loads only the rows that changed
since; what is derived from a snapshot (lists, sums, pages) is kept with it and goes when it goes.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from ors import forms
from ors.db import Store
from ors.models import clusters, nights, periods, reported, rows, tombstones

T = TypeVar("T")
_NIGHTS = 60
_KEPT_DERIVED = 2000
_CHUNK = 5000
# in the order of `Row`
_COLUMNS = tuple(
    rows.c[name]
    for name in ("form", "record_id", "version", "approval", "fields", "approved", "comment", "origin", "updated")
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as stored: the latest fields, and the approved ones while an update waits."""

    form: str
    id: str
    version: int
    approval: str | None
    fields: dict[str, Any]
    approved: dict[str, Any] | None
    comment: str | None
    origin: str
    updated: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as members see it.

    `provisional`: nobody approved these values yet; `waiting`: an update of them waits for the lead.
    """

    id: str
    fields: dict[str, Any]
    approval: str | None
    version: int
    updated: str
    origin: str
    provisional: bool = False
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Night:
    night: int
    status: str
    at: str
    body: dict[str, Any]


@dataclass
class Snapshot:
    """One cluster at one revision. Do not change what it holds."""

    cluster: str
    revision: int
    settings: dict[str, Any]
    rows: dict[str, dict[str, Row]]
    periods: dict[str, str]
    nights: tuple[Night, ...]  # newest first
    reported: dict[tuple[str, str], str]  # (organisation, month) → source of an import
    _derived: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    _locks: dict[Hashable, threading.Lock] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def derive(self, key: Hashable, make: Callable[[], T]) -> T:
        """A value that depends on nothing but this snapshot and `key`; made once, by one thread."""
        if key in self._derived:
            return self._derived[key]  # type: ignore[no-any-return]
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._derived:
                made = make()
                if len(self._derived) >= _KEPT_DERIVED:
                    self._derived.clear()
                self._derived[key] = made
                return made
            return self._derived[key]  # type: ignore[no-any-return]

    def shown(self, form: str) -> list[Shown]:
        """The rows of a form that members see, by id."""
        table = self.rows[form]
        return self.derive(("shown", form), lambda: [s for i in sorted(table) if (s := show(table[i]))])

    def one(self, form: str, record_id: str) -> Shown | None:
        """The row of this id, if members see it."""
        row = self.rows[form].get(record_id)
        return show(row) if row else None

    def approved_only(self) -> Snapshot:
        """The same cluster with nothing but what the lead approved."""
        return self.derive("approved only", lambda: self._approved_only())

    def _approved_only(self) -> Snapshot:
        table = {
            form: {i: r for i, r in found.items() if form not in forms.NEED_APPROVAL or r.approved is not None}
            for form, found in self.rows.items()
        }
        return replace(self, rows=table, _derived={}, _locks={}, _lock=threading.Lock())

    @property
    def language(self) -> str:
        return str(self.settings.get("language", "fr"))


def show(row: Row) -> Shown | None:
    """What members see of a row: the approved version if there is one, else the submitted one, marked.

    A rejected row without an approved version is not shown.
    """
    base = (row.approval, row.version, row.updated, row.origin)
    if row.approval in (None, "approved"):
        return Shown(row.id, row.fields, *base)
    if row.approved is not None:
        return Shown(row.id, row.approved, "approved", *base[1:], waiting=row.approval == "submitted")
    return Shown(row.id, row.fields, *base, provisional=True) if row.approval == "submitted" else None


class Snapshots:
    """The newest snapshot of each cluster."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Snapshot] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def at(self, cluster: str, revision: int) -> Snapshot:
        """A snapshot that is at least as new as `revision`."""
        known = self._known.get(cluster)
        if known and known.revision >= revision:
            return known
        with self._lock:
            lock = self._locks.setdefault(cluster, threading.Lock())
        with lock:
            known = self._known.get(cluster)
            if known is None or known.revision < revision:
                with self._store.read() as connection:
                    known = _load(connection, cluster, known)
                self._known[cluster] = known
            return known

    def known(self, cluster: str) -> Snapshot | None:
        """The newest snapshot of a cluster, if there is such a cluster."""
        with self._store.read() as connection:
            query = select(clusters.c.revision).where(clusters.c.code == cluster)
            revision = connection.scalar(query)
        return None if revision is None else self.at(cluster, revision)


def _load(connection: Connection, cluster: str, base: Snapshot | None) -> Snapshot:
    line = connection.execute(select(clusters.c.revision, clusters.c.settings).where(clusters.c.code == cluster)).one()
    since = base.revision if base else -1
    table = {form: dict(base.rows[form]) if base else {} for form in forms.FORMS}
    newer = (rows.c.cluster == cluster) & (rows.c.revision > since)
    found = connection.execution_options(yield_per=_CHUNK).execute(select(*_COLUMNS).where(newer))
    for chunk in found.partitions(_CHUNK):
        for row in _rows(chunk):
            table[row.form][row.id] = row
    hidden = select(rows.c.form, rows.c.record_id).where(newer, rows.c.deleted.is_(True))
    gone = select(tombstones.c.form, tombstones.c.record_id).where(
        tombstones.c.cluster == cluster, tombstones.c.revision > since
    )
    for query in (hidden, gone):
        for form, record_id in connection.execute(query):
            table[form].pop(record_id, None)
    recent = select(nights).where(nights.c.cluster == cluster).order_by(nights.c.at.desc(), nights.c.night.desc())
    closed = select(periods.c.month, periods.c.state).where(periods.c.cluster == cluster)
    elsewhere = select(reported.c.organisation, reported.c.month, reported.c.source)
    return Snapshot(
        cluster,
        line.revision,
        json.loads(line.settings),
        table,
        {line.month: line.state for line in connection.execute(closed)},
        tuple(Night(n.night, n.status, n.at, json.loads(n.body)) for n in connection.execute(recent.limit(_NIGHTS))),
        {(o, m): s for o, m, s in connection.execute(elsewhere.where(reported.c.cluster == cluster))},
    )


def _rows(lines: Sequence[Any]) -> list[Row]:
    """Rows of database lines; one JSON text for all of them shares the keys and is read at once."""
    latest = json.loads("[" + ",".join(line[4] for line in lines) + "]")
    return [
        Row(form, record_id, version, approval, fields, json.loads(approved) if approved else None, *rest)
        for (form, record_id, version, approval, _, approved, *rest), fields in zip(lines, latest, strict=True)
    ]
