"""The door to the ledger: one engine, short write transactions, reads that never block them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from suivi.ledger import schema_version


class Ledger:
    """The ledger at a SQLAlchemy URL; `ConfigurationError` where its schema is not ours.

    `write()` opens a transaction that takes the write lock at once (SQLite: BEGIN IMMEDIATE) and commits at the
    end; nothing slow may happen inside. `read()` opens one that only reads.
    """

    def __init__(self, url: str, *, check: bool = True) -> None:
        self.engine = _engine(url)
        if check:
            schema_version.require(self.engine)

    def damage(self) -> str:
        """What the database says is wrong with its own file; empty where all is well (PostgreSQL checks itself)."""
        if self.engine.dialect.name != "sqlite":
            return ""
        with self.engine.connect() as connection:
            said = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
        return "" if said == "ok" else said

    @contextmanager
    def write(self) -> Iterator[Session]:
        with Session(self.engine.execution_options(suivi_write=True)) as session, session.begin():
            yield session

    def clean(self) -> None:
        """Leave nothing of removed rows in the files: free pages and the write-ahead log are rewritten.

        SQLite waits up to 30 seconds for readers; PostgreSQL locks each table while it is rewritten.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw = connection.connection.cursor()
            if self.engine.dialect.name == "postgresql":
                raw.execute("VACUUM FULL")
            else:
                raw.execute("VACUUM")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self.engine) as session:
            yield session


@cache
def _engine(url: str) -> Engine:
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    database = make_url(url)
    if database.get_backend_name() != "sqlite":
        return create_engine(database, pool_pre_ping=True, connect_args={"connect_timeout": 15})
    if database.database and database.database != ":memory:":
        Path(database.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(database, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late; see _begin
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    mode = "BEGIN IMMEDIATE" if connection.get_execution_options().get("suivi_write") else "BEGIN"
    connection.exec_driver_sql(mode)
