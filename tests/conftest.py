"""Fixtures that several rooms share: databases, free ports."""

from __future__ import annotations

import os
import uuid

import pytest
from sqlalchemy import create_engine, text


def _databases() -> list[str]:
    return ["sqlite", *(["postgresql"] if os.environ.get("TEST_POSTGRESQL") else [])]


@pytest.fixture(params=_databases())
def database_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """A fresh empty database: SQLite always, PostgreSQL too where TEST_POSTGRESQL names a server (CI does)."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server, name = os.environ["TEST_POSTGRESQL"].rstrip("/"), f"t{uuid.uuid4().hex}"
    admin = create_engine(
        f"{server}/postgres".replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"{server}/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
