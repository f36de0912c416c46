"""Backup and restore of the ledger as gzipped JSON lines: the same file for SQLite and PostgreSQL."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

from sqlalchemy import Engine, func, insert, select

from suivi.errors import SuiviError
from suivi.ledger import schema_version
from suivi.ledger.tables import Table

BATCH = 1000


def dump(engine: Engine, path: Path) -> dict[str, int]:
    """Write every table in one consistent read; rows by table. The file appears whole or not at all, for its owner."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    temporary.unlink(missing_ok=True)
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT, 0o600))
    counts: dict[str, int] = {}
    with engine.connect() as connection, gzip.open(temporary, "wt", encoding="utf-8") as file:
        if engine.dialect.name != "sqlite":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        for table in Table.metadata.sorted_tables:
            counts[table.name] = 0
            for row in connection.execute(select(table)).mappings():
                file.write(json.dumps([table.name, dict(row)], ensure_ascii=False) + "\n")
                counts[table.name] += 1
    os.replace(temporary, path)
    return counts


def restore(engine: Engine, path: Path) -> dict[str, int]:
    """Fill an empty ledger from a backup; `SuiviError` where it is not empty."""
    schema_version.upgrade(engine)
    tables = {table.name: table for table in Table.metadata.sorted_tables}
    counts = dict.fromkeys(tables, 0)
    with engine.begin() as connection:
        for table in tables.values():
            if connection.scalar(select(func.count()).select_from(table)):
                raise SuiviError("The ledger to restore into is not empty. Restore into a new database.")
        waiting: list[dict[str, object]] = []
        current = ""
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                name, row = json.loads(line)
                if name != current or len(waiting) >= BATCH:
                    if waiting:
                        connection.execute(insert(tables[current]), waiting)
                    current, waiting = name, []
                waiting.append(row)
                counts[name] += 1
        if waiting:
            connection.execute(insert(tables[current]), waiting)
    return counts
