"""Fixtures that several rooms share: databases, and installations of their own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from house import House, house_in, start, stop


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


@pytest.fixture(scope="session")
def sheets_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an emulator for the whole run; every house has spreadsheets of its own in it."""
    process, address = start("sheets_emulator", "--port", "0", "--state", str(tmp_path_factory.mktemp("emulator")))
    yield address
    stop(process)


@pytest.fixture
def house(tmp_path: Path, sheets_server: str) -> Iterator[House]:
    """An installation with the sample drive, before its first night."""
    yield from house_in(tmp_path, sheets_server)


@pytest.fixture
def other_house(tmp_path_factory: pytest.TempPathFactory, sheets_server: str) -> Iterator[House]:
    """A second installation, for comparison."""
    yield from house_in(tmp_path_factory.mktemp("other"), sheets_server)


@pytest.fixture
def fixtures() -> Path:
    return Path(__file__).parent / "fixtures"
