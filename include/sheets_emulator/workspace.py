"""Everything the emulator keeps, behind one lock: Drive files, their contents, spreadsheets, permissions."""

import hashlib
import secrets
import string
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import defaults
from .model import Spreadsheet
from .store import Store

Json = dict[str, Any]
SHEET_TYPE = "application/vnd.google-apps.spreadsheet"
DOCUMENT_TYPE = "application/vnd.google-apps.document"
FOLDER_TYPE = "application/vnd.google-apps.folder"
SHORTCUT_TYPE = "application/vnd.google-apps.shortcut"
DRIVE_KIND = "application/vnd.google-apps.drive"  # a shared drive's own record; never listed as a file
ROOT = "root"
PEOPLE = "equipe@example.org"  # the people who make spreadsheets and share them with the service account
ROLES = {"reader": 1, "commenter": 2, "writer": 3, "fileOrganizer": 4, "organizer": 5, "owner": 6}
ALPHABET = string.ascii_letters + string.digits + "-_"


def now_text() -> str:
    """The present moment as Drive writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_id(length: int = 43) -> str:
    """An id of Drive's shape."""
    return "1" + "".join(secrets.choice(ALPHABET) for _ in range(length))


class Workspace:
    """The state of one emulator; every method may be called from any thread."""

    def __init__(self, folder: Path, robot: str) -> None:
        self.lock = threading.RLock()
        self.store = Store(folder)
        self.files = self.store.load_files()
        self.robot = robot  # the service account's address: the caller when nobody else is named
        self.books: dict[str, Spreadsheet] = {}

    def close(self) -> None:
        """Close the store."""
        with self.lock:
            self.store.close()

    def role(self, record: Json, person: str) -> int:
        """The person's role on a file, its folders and its shared drive included; 0 is none."""
        best = 0
        seen: set[str] = set()
        queue = [record]
        while queue:
            current = queue.pop()
            for permission in current.get("permissions", []):
                if permission["type"] == "anyone" or permission.get("emailAddress", "").lower() == person.lower():
                    best = max(best, ROLES.get(permission["role"], 0))
            above = [*current.get("parents", []), *([current["driveId"]] if "driveId" in current else [])]
            for parent in above:
                if parent in self.files and parent not in seen:
                    seen.add(parent)
                    queue.append(self.files[parent])
        return best

    def new_file(self, fields: Json, owner: str, content: bytes | None = None) -> Json:
        """A file record made and kept, with its bytes if any; `fields` may set id, parents, times…"""
        moment = now_text()
        record: Json = {
            "id": new_id(32),
            "mimeType": "application/octet-stream",
            "createdTime": moment,
            "modifiedTime": moment,
            "version": "1",
            "trashed": False,
            "revisions": [],
            "permissions": [permission(owner, "owner")],
            "owner": owner,
            **fields,
        }
        parent = self.files.get((record.get("parents") or [""])[0])
        if parent and (parent["mimeType"] == DRIVE_KIND or "driveId" in parent):
            record["driveId"] = parent.get("driveId", parent["id"])
            record["permissions"] = []
        saved = self.revise(record, content, moment) if content is not None else None
        self.store.save(files=[record], content=saved)
        self.files[record["id"]] = record
        return record

    def revise(self, record: Json, content: bytes, moment: str) -> tuple[str, str, bytes]:
        """A new revision noted in the record; returns what the store has to keep."""
        revision = str(len(record["revisions"]) + 1)
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        entry = {"id": revision, "modifiedTime": moment, "md5Checksum": digest, "size": str(len(content))}
        record["revisions"] = [*record["revisions"], entry]
        record |= {"md5Checksum": digest, "size": str(len(content)), "headRevisionId": revision}
        return record["id"], revision, content

    def change_file(self, record: Json, fields: Json, content: bytes | None = None) -> Json:
        """The record with changed fields (None removes one) and perhaps new bytes, kept."""
        changed = {name: value for name, value in {**record, **fields}.items() if value is not None}
        moment = now_text()
        changed["version"] = str(int(record["version"]) + 1)
        if "modifiedTime" not in fields:
            changed["modifiedTime"] = moment
        saved = self.revise(changed, content, changed["modifiedTime"]) if content is not None else None
        self.store.save(files=[changed], content=saved)
        self.files[record["id"]] = changed
        if "name" in fields and record["mimeType"] == SHEET_TYPE:
            with self.edit(record["id"]) as working:
                working.properties["title"] = fields["name"]
        return self.files[record["id"]]

    def remove_file(self, key: str) -> None:
        """The file and everything below it gone for good."""
        doomed = [key]
        for parent in doomed:
            doomed += [record["id"] for record in self.files.values() if parent in record.get("parents", [])]
        self.store.save(gone=doomed)
        for name in doomed:
            self.files.pop(name, None)
            self.books.pop(name, None)

    def new_book(self, book: Spreadsheet, owner: str, fields: Json | None = None) -> Spreadsheet:
        """A spreadsheet and its Drive file, kept."""
        with self.lock:
            record = {"id": book.id, "name": book.properties["title"], "mimeType": SHEET_TYPE, **(fields or {})}
            self.new_file(record, owner)
            self.store.save(book=(None, book))
            self.books[book.id] = book
            return book

    def book(self, key: str) -> Spreadsheet | None:
        """The spreadsheet of this id (do not change it), or None."""
        with self.lock:
            if key not in self.files or self.files[key]["mimeType"] != SHEET_TYPE:
                return None
            if key not in self.books:
                loaded = self.store.load_book(key)
                self.books[key] = loaded or defaults.spreadsheet(key, self.files[key].get("name", ""))
            return self.books[key]

    @contextmanager
    def edit(self, key: str) -> Iterator[Spreadsheet]:
        """A working copy of a spreadsheet, kept when the block ends well, dropped when it raises."""
        with self.lock:
            old = self.book(key)
            if old is None:
                raise KeyError(key)
            working = old.copy()
            yield working
            record = {
                **self.files[key],
                "name": working.properties["title"],
                "modifiedTime": now_text(),
                "version": str(int(self.files[key]["version"]) + 1),
            }
            self.store.save(book=(old, working), files=[record])
            self.books[key], self.files[key] = working, record


def permission(address: str, role: str) -> Json:
    """A permission of one person, as Drive stores it."""
    number = int.from_bytes(hashlib.sha256(address.lower().encode()).digest()[:8], "big") % 10**20
    return {
        "id": f"{number:020d}",
        "type": "user",
        "kind": "drive#permission",
        "emailAddress": address,
        "role": role,
        "displayName": address.split("@")[0],
        "deleted": False,
        "pendingOwner": False,
    }
