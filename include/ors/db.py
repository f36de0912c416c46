"""The database: SQLite (WAL) or PostgreSQL, upgraded by Alembic when the service starts."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from ors.models import clusters, secrets

_BUSY_MS = 20_000


def connect(url: str) -> Engine:
    """An engine; a `postgresql://` address uses psycopg 3, an SQLite file's folder is made."""
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=20, max_overflow=20, pool_pre_ping=True)
    path = url.split("///", 1)[-1]
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000}, pool_size=40, max_overflow=20)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={_BUSY_MS}", "secure_delete=ON"):
        raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # a writer takes the lock at once: an upgrade in mid-transaction would fail as busy
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


class Store:
    """Transactions on one database."""

    def __init__(self, url: str) -> None:
        self.engine = connect(url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state from its first statement to its last."""
        # PostgreSQL would show each statement what others have committed by then
        options = {"isolation_level": "REPEATABLE READ"} if self.engine.dialect.name == "postgresql" else {}
        with self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write; all of it or nothing."""
        with self.engine.connect().execution_options(immediate=True) as connection, connection.begin():
            yield connection

    def upgrade(self) -> None:
        """Bring the schema to the newest version; safe when two processes start at once."""
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.engine.connect().execution_options(immediate=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(771177)"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def secret(self, name: str) -> str:
        """A random value that is made once and kept, such as the key that signs cookies."""
        with self.write() as connection:
            value = connection.scalar(select(secrets.c.value).where(secrets.c.name == name))
            if value is None:
                value = randomness.token_urlsafe(48)
                connection.execute(insert(secrets).values(name=name, value=value))
        return value

    def ensure_cluster(self, code: str, now: datetime) -> None:
        """A line for the cluster, if there is none yet."""
        try:
            with self.write() as connection:
                if connection.scalar(select(clusters.c.code).where(clusters.c.code == code)) is None:
                    line = {"code": code, "settings": "{}", "revision": 0, "created": stamp(now)}
                    connection.execute(insert(clusters).values(line))
        except IntegrityError:
            return  # made by another process in the meantime

    def clean(self) -> None:
        """Give back pages of removed rows: after a redaction nothing may linger in the write-ahead log."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("VACUUM rows, history, idempotency"))
            else:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def next_revision(connection: Connection, cluster: str) -> int:
    """Lock the cluster's line, so that its writers queue, and say the revision that this writer may make."""
    line = select(clusters.c.revision).where(clusters.c.code == cluster).with_for_update()
    revision: int = connection.execute(line).scalar_one()
    return revision + 1


def make_revision(connection: Connection, cluster: str) -> int:
    """Count the cluster's revision up: readers load what carries the new number."""
    revision = next_revision(connection, cluster)
    connection.execute(update(clusters).where(clusters.c.code == cluster).values(revision=revision))
    return revision


def stamp(moment: datetime) -> str:
    """A moment as text that sorts: ISO 8601, UTC, microseconds."""
    return moment.isoformat(timespec="microseconds")
