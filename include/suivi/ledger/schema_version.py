"""Upgrades of the ledger by Alembic, and the refusal to work on a schema we do not know."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from suivi.errors import ConfigurationError

logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)  # two lines a connection, in every task


class SchemaError(ConfigurationError):
    """The database is older or newer than the code."""

    runbook = "schema"


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Bring the ledger to the newest schema; does nothing where it is."""
    command.upgrade(_config(engine), "head")


def require(engine: Engine) -> None:
    """`ConfigurationError` unless the database has exactly the schema of this code."""
    wanted = ScriptDirectory.from_config(_config(engine)).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != wanted:
        raise SchemaError(
            f"The ledger has schema {found or 'none'}, this version of Suivi needs {wanted}. Run `suivi db upgrade`"
            + ("." if found is None else "; if that fails, the code is older than the database: update the code.")
        )
