"""What is kept, on disk: one SQLite file in WAL mode; a killed process loses the request in flight at most.

Rows of a tab are stored in blocks; a commit writes the blocks in which a row was replaced.
"""

import json
import sqlite3
from itertools import zip_longest
from pathlib import Path
from typing import Any

from .model import NO_ROW, Row, Spreadsheet, Tab

Json = dict[str, Any]
BLOCK = 128  # rows

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS contents (file TEXT, revision TEXT, data BLOB NOT NULL, PRIMARY KEY (file, revision));
CREATE TABLE IF NOT EXISTS books (id TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS blocks (
    book TEXT, tab INTEGER, block INTEGER, data TEXT NOT NULL, PRIMARY KEY (book, tab, block));
"""


def dump(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Store:
    """The SQLite file; callers hold the workspace's lock."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.database = sqlite3.connect(folder / "emulator.db", check_same_thread=False, isolation_level=None)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=NORMAL")
        self.database.execute("PRAGMA secure_delete=ON")
        self.database.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def load_files(self) -> dict[str, Json]:
        """All Drive file records by id."""
        return {key: json.loads(text) for key, text in self.database.execute("SELECT id, record FROM files")}

    def save(
        self,
        *,
        files: list[Json] | None = None,
        gone: list[str] | None = None,
        content: tuple[str, str, bytes] | None = None,
        book: tuple[Spreadsheet | None, Spreadsheet] | None = None,
    ) -> None:
        """One transaction: file records written or removed, a content (file, revision, bytes), a book (old, new)."""
        execute = self.database.execute
        execute("BEGIN IMMEDIATE")
        try:
            for record in files or []:
                execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (record["id"], dump(record)))
            for key in gone or []:
                for table, column in (("files", "id"), ("contents", "file"), ("books", "id"), ("blocks", "book")):
                    execute(f"DELETE FROM {table} WHERE {column} = ?", (key,))
            if content:
                execute("INSERT OR REPLACE INTO contents VALUES (?, ?, ?)", content)
            if book:
                self._save_book(*book)
        except BaseException:
            execute("ROLLBACK")
            raise
        execute("COMMIT")
        if book and _shorter(*book):
            execute("PRAGMA wal_checkpoint(TRUNCATE)")  # deleted rows do not linger in the log

    def content(self, file: str, revision: str) -> bytes | None:
        """The bytes of one revision."""
        query = "SELECT data FROM contents WHERE file = ? AND revision = ?"
        found = self.database.execute(query, (file, revision)).fetchone()
        return bytes(found[0]) if found else None

    def _save_book(self, old: Spreadsheet | None, new: Spreadsheet) -> None:
        execute = self.database.execute
        execute("INSERT OR REPLACE INTO books VALUES (?, ?)", (new.id, dump(_book_record(new))))
        before = {tab.id: tab for tab in old.tabs} if old else {}
        for tab in new.tabs:
            previous = before.pop(tab.id, None)
            for number, rows in _changed_blocks(previous.rows if previous else [], tab.rows):
                if any(rows):
                    data = dump([{str(column): cell for column, cell in row.items()} for row in rows])
                    execute("INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?)", (new.id, tab.id, number, data))
                else:
                    execute("DELETE FROM blocks WHERE book = ? AND tab = ? AND block = ?", (new.id, tab.id, number))
        for sheet_id in before:
            execute("DELETE FROM blocks WHERE book = ? AND tab = ?", (new.id, sheet_id))

    def load_book(self, key: str) -> Spreadsheet | None:
        """The spreadsheet of this id, or None."""
        found = self.database.execute("SELECT record FROM books WHERE id = ?", (key,)).fetchone()
        if not found:
            return None
        book = _book_of(key, json.loads(found[0]))
        query = "SELECT tab, block, data FROM blocks WHERE book = ? ORDER BY tab, block"
        for sheet_id, number, data in self.database.execute(query, (key,)):
            tab = book.tab(sheet_id)
            for offset, row in enumerate(json.loads(data)):
                if row:
                    tab.set_row(number * BLOCK + offset, {int(column): cell for column, cell in row.items()})
        return book


def _shorter(old: Spreadsheet | None, new: Spreadsheet) -> bool:
    """Whether a tab has fewer rows than before."""
    rows = {tab.id: len(tab.rows) for tab in new.tabs}
    return old is not None and any(rows.get(tab.id, 0) < len(tab.rows) for tab in old.tabs)


def _changed_blocks(old: list[Row], new: list[Row]) -> list[tuple[int, list[Row]]]:
    """Blocks in which a row is not the same object as before."""
    changed: dict[int, None] = {}
    for number, (before, after) in enumerate(zip_longest(old, new, fillvalue=NO_ROW)):
        if before is not after and (before or after):
            changed[number // BLOCK] = None
    return [(block, new[block * BLOCK : (block + 1) * BLOCK]) for block in changed]


def _book_record(book: Spreadsheet) -> Json:
    tabs = [
        {
            "properties": tab.properties,
            "parts": tab.parts,
            "rowSizes": [[index, size] for index, size in tab.row_sizes.items()],
            "columnSizes": [[index, size] for index, size in tab.column_sizes.items()],
        }
        for tab in book.tabs
    ]
    return {
        "properties": book.properties,
        "tabs": tabs,
        "namedRanges": book.named_ranges,
        "metadata": book.metadata,
        "version": book.version,
    }


def _book_of(key: str, record: Json) -> Spreadsheet:
    tabs = [
        Tab(tab["properties"], [], tab["parts"], dict(tab["rowSizes"]), dict(tab["columnSizes"]))
        for tab in record["tabs"]
    ]
    return Spreadsheet(key, record["properties"], tabs, record["namedRanges"], record["metadata"], record["version"])
