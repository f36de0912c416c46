"""The ledger's tables. Days are ISO dates in the cluster's zone, moments ISO timestamps in UTC, both as text:
they read the same on SQLite and PostgreSQL. `payload` columns hold JSON of `suivi.models` values."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON}


class Stamp(Table):
    """The ledger's own id, stamped on its spreadsheets so that staging never writes into production."""

    __tablename__ = "stamp"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)


class NightRow(Table):
    """One numbered run for one cluster."""

    __tablename__ = "nights"
    __table_args__ = (UniqueConstraint("cluster", "run_id"), UniqueConstraint("cluster", "number"))
    id: Mapped[int] = mapped_column(primary_key=True)
    cluster: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    run_id: Mapped[str] = mapped_column(String(250))
    kind: Mapped[str] = mapped_column(String(10), default="night")  # night, or work beside the nights
    day: Mapped[str] = mapped_column(String(10))
    now: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[str] = mapped_column(String(40))
    finished_at: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default="running")  # running, done, failed
    summary: Mapped[dict[str, Any] | None]


class StepRow(Table):
    """What one step of a night did: its sentence, its counts, its seconds."""

    __tablename__ = "steps"
    night: Mapped[int] = mapped_column(ForeignKey("nights.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(40), primary_key=True)
    part: Mapped[str] = mapped_column(String(120), primary_key=True, default="")  # drive or batch
    state: Mapped[str] = mapped_column(String(10))  # running, done, failed
    sentence: Mapped[str] = mapped_column(Text, default="")
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seconds: Mapped[float] = mapped_column(default=0.0)


class LeaseRow(Table):
    """Who works on a cluster now."""

    __tablename__ = "leases"
    cluster: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(250))
    process: Mapped[str] = mapped_column(String(120), default="")  # host:pid of a one-process holder
    expires_at: Mapped[float]


class FileRow(Table):
    """A file on a drive."""

    __tablename__ = "files"
    __table_args__ = (UniqueConstraint("cluster", "drive", "native_id"), Index("files_document", "document"))
    id: Mapped[int] = mapped_column(primary_key=True)
    cluster: Mapped[str] = mapped_column(String(64))
    drive: Mapped[str] = mapped_column(String(64))
    native_id: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int | None]
    modified: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    document: Mapped[str | None] = mapped_column(String(200))  # newest version's bytes; none: skipped
    first_seen: Mapped[str] = mapped_column(String(10))
    last_seen: Mapped[str] = mapped_column(String(10))
    missing_since: Mapped[str | None] = mapped_column(String(10))


class VersionRow(Table):
    """Which document a file held since which night."""

    __tablename__ = "file_versions"
    file: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)
    document: Mapped[str] = mapped_column(String(200), primary_key=True)
    night: Mapped[int]


class DocumentRow(Table):
    """One version's bytes, kept in the store. `purged` = bytes taken back by redaction or retention."""

    __tablename__ = "documents"
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    store_key: Mapped[str] = mapped_column(String(250))
    first_seen: Mapped[str] = mapped_column(String(10))
    night: Mapped[int]
    purged: Mapped[str | None] = mapped_column(String(10))


class MinutesRow(Table):
    """What a document says, by the extractor's version; `attempts` is counted before reading."""

    __tablename__ = "minutes"
    document: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))  # reading, minutes, workbook, not_minutes, failed
    attempts: Mapped[int] = mapped_column(default=0)
    night: Mapped[int]
    payload: Mapped[dict[str, Any] | None]


class IdentityRow(Table):
    """Append-only: which mention belongs to which record."""

    __tablename__ = "identities"
    __table_args__ = (Index("identities_cluster", "cluster"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cluster: Mapped[str] = mapped_column(String(64))
    night: Mapped[int]
    payload: Mapped[dict[str, Any]]


class SnapshotRow(Table):
    """One night's registers, held queue and events as JSON; only the latest nights are kept."""

    __tablename__ = "snapshots"
    night: Mapped[int] = mapped_column(ForeignKey("nights.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    payload: Mapped[list[Any]]


class IssueRow(Table):
    """One thing not understood or wrong, as of the latest night that saw it."""

    __tablename__ = "issues"
    __table_args__ = (Index("issues_night", "night"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    night: Mapped[int] = mapped_column(ForeignKey("nights.id"))
    step: Mapped[str] = mapped_column(String(40))
    part: Mapped[str] = mapped_column(String(120), default="")
    type: Mapped[str] = mapped_column(String(60))
    document: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[dict[str, Any]]


class EditRow(Table):
    """What a person changed, append-only; the newest of a cell counts."""

    __tablename__ = "edits"
    __table_args__ = (Index("edits_cluster", "cluster"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cluster: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]


class DecisionRow(Table):
    """Answers to the held queue, append-only; the newest of an entry counts, whichever desk it came from."""

    __tablename__ = "decisions"
    __table_args__ = (Index("decisions_cluster", "cluster"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cluster: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]


class DeskRow(Table):
    """Other things people maintain in the internal sheet: settings, contacts, indicator choices."""

    __tablename__ = "desk"
    cluster: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    night: Mapped[int]
    payload: Mapped[list[Any]]


class PublicationRow(Table):
    """What a target holds of a record, as far as we know: the base of the next difference."""

    __tablename__ = "publications"
    cluster: Mapped[str] = mapped_column(String(64), primary_key=True)
    target: Mapped[str] = mapped_column(String(20), primary_key=True)  # internal, shared, ors
    register: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    night: Mapped[int]
    payload: Mapped[dict[str, Any]]


class TargetRow(Table):
    """The newest night that published to a target."""

    __tablename__ = "targets"
    cluster: Mapped[str] = mapped_column(String(64), primary_key=True)
    target: Mapped[str] = mapped_column(String(20), primary_key=True)
    night: Mapped[int]


class OutboxRow(Table):
    """A request to the ORS, kept from before its first try until its answer."""

    __tablename__ = "outbox"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    cluster: Mapped[str] = mapped_column(String(64))
    night: Mapped[int]
    body: Mapped[dict[str, Any]]
    answer: Mapped[dict[str, Any] | None]


class DeadLetterRow(Table):
    """A row the ORS refused for good, with the answer; `suivi replay` sends it again."""

    __tablename__ = "dead_letters"
    id: Mapped[int] = mapped_column(primary_key=True)
    cluster: Mapped[str] = mapped_column(String(64))
    night: Mapped[int]
    change: Mapped[dict[str, Any]]
    answer: Mapped[dict[str, Any]]
    replayed: Mapped[bool] = mapped_column(default=False)


class TombstoneRow(Table):
    """A document or record that was redacted: it never comes back by re-import."""

    __tablename__ = "tombstones"
    cluster: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)  # document, record
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    day: Mapped[str] = mapped_column(String(10))
