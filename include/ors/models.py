"""The tables. JSON is kept as canonical text, so that SQLite and PostgreSQL hold the same bytes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
)

metadata = MetaData()
_Serial = BigInteger().with_variant(Integer, "sqlite")

clusters = Table(
    "clusters",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("settings", Text, nullable=False, default="{}"),
    Column("revision", BigInteger, nullable=False, default=0),
    Column("created", String(32), nullable=False),
)
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("cluster", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("label", String(100), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created", String(32), nullable=False),
    Column("expires", String(32)),
    Column("revoked", String(32)),
)
rows = Table(
    "rows",
    metadata,
    Column("cluster", String(64), primary_key=True),
    Column("form", String(16), primary_key=True),
    Column("record_id", String(200), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False, server_default=false()),
    Column("origin", String(8), nullable=False),  # sync | import
    Column("fields", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("approval", String(16)),  # NULL where the form needs none
    Column("approved", Text),  # the last approved fields
    Column("comment", Text),
    Column("decided", BigInteger, nullable=False, default=0),  # revision of the last decision
    Column("updated", String(32), nullable=False),
    Index("rows_by_revision", "cluster", "revision"),
)
history = Table(
    "history",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("cluster", String(64), nullable=False),
    Column("form", String(16), nullable=False),
    Column("record_id", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("event", String(16), nullable=False),
    Column("changes", Text, nullable=False),  # {field: [from, to]}
    Index("history_of_row", "cluster", "form", "record_id"),
)
tombstones = Table(
    "tombstones",
    metadata,
    Column("cluster", String(64), primary_key=True),
    Column("form", String(16), primary_key=True),
    Column("record_id", String(200), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("reason", String(500), nullable=False),
)
periods = Table(
    "periods",
    metadata,
    Column("cluster", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("state", String(8), nullable=False),  # open | closed; no line: open
    Column("at", String(32), nullable=False),
    Column("actor", String(120), nullable=False),
)
idempotency = Table(
    "idempotency",
    metadata,
    Column("cluster", String(64), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("body", String(64), nullable=False),  # SHA-256 of path and body
    Column("status", Integer),  # NULL while it runs
    Column("answer", Text),
    Column("at", String(32), nullable=False),
)
nights = Table(
    "nights",
    metadata,
    Column("cluster", String(64), primary_key=True),
    Column("night", BigInteger, primary_key=True),
    Column("status", String(16), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", String(32), nullable=False),
)
reported = Table(
    "reported",
    metadata,
    Column("cluster", String(64), primary_key=True),
    Column("organisation", String(200), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("source", String(16), nullable=False),  # ors | 5w
    Column("at", String(32), nullable=False),
)
secrets = Table(
    "secrets",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", String(128), nullable=False),
)
