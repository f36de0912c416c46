"""Backup and restore of the whole service as gzipped JSON lines: the same file for SQLite and PostgreSQL."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

from sqlalchemy import func, insert, select

from ors.db import Store
from ors.models import history, metadata

BATCH = 1000


class NotEmptyError(Exception):
    """The database to restore into holds rows."""


def dump(store: Store, path: Path) -> int:
    """Write every table as one moment saw it; how many rows. The file appears whole or not at all, for its owner only:
    it holds the digests of tokens and the key that signs cookies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary, count = path.with_suffix(".part"), 0
    temporary.unlink(missing_ok=True)
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT, 0o600))
    with store.read() as connection, gzip.open(temporary, "wt", encoding="utf-8") as file:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                file.write(json.dumps([table.name, dict(row)], ensure_ascii=False) + "\n")
                count += 1
    os.replace(temporary, path)
    return count


def restore(store: Store, path: Path) -> int:
    """Fill a new database; how many rows. `NotEmptyError` where a cluster's line stands there already."""
    store.upgrade()
    count = 0
    with store.write() as connection:
        for table in metadata.sorted_tables:
            if connection.scalar(select(func.count()).select_from(table)):
                raise NotEmptyError("The database to restore into is not empty. Restore into a new one.")
        waiting: list[dict[str, object]] = []
        current = ""
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                name, row = json.loads(line)
                if name != current or len(waiting) >= BATCH:
                    if waiting:
                        connection.execute(insert(metadata.tables[current]), waiting)
                    current, waiting = name, []
                waiting.append(row)
                count += 1
        if waiting:
            connection.execute(insert(metadata.tables[current]), waiting)
        if connection.dialect.name == "postgresql":  # the next line of history continues the restored numbers
            newest = select(func.coalesce(func.max(history.c.id), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(func.pg_get_serial_sequence("history", "id"), newest, False)))
    return count
