"""`/_emulator/…`: seeding, human edits, faults, the call log. Never part of Google's API."""

from typing import Any

from . import defaults, edits
from .calls import Calls
from .changes.registry import new_number
from .errors import ApiError, invalid
from .faults import Faults
from .protection import Guard
from .sheets import values
from .sheets.addresses import resolve
from .workspace import PEOPLE, ROLES, SHEET_TYPE, Workspace, new_id, permission

Json = dict[str, Any]


class Control:
    """The emulator's own endpoints as plain functions of their JSON bodies."""

    def __init__(self, workspace: Workspace, calls: Calls, faults: Faults) -> None:
        self.workspace = workspace
        self.calls = calls
        self.faults = faults

    def handle(self, method: str, path: str, body: Any) -> Json:
        """The answer of `METHOD /_emulator/<path>`. Raises ApiError."""
        wanted = body if isinstance(body, list) else [body]
        if not all(isinstance(item, dict) for item in wanted) or (path not in ("faults", "edit") and wanted != [body]):
            raise invalid("The body must be a JSON object (or, for faults and edit, a list of them).")
        match method, path:
            case "GET", "calls":
                return self.calls.report()
            case "DELETE", "calls":
                self.calls.reset()
                return self.calls.report()
            case "GET", "faults":
                return {"faults": self.faults.report()}
            case "DELETE", "faults":
                self.faults.clear()
                return {"faults": []}
            case "POST", "faults":
                return {"faults": [self.faults.arm(fault) for fault in wanted]}
            case "POST", "spreadsheets":
                return seed(self.workspace, body)
            case "GET", "spreadsheets":
                return {"spreadsheets": listed(self.workspace)}
            case "DELETE", "spreadsheets":
                self.workspace.remove_file(str(body.get("id")))
                return {}
            case "POST", "edit":
                return {"edits": [edits.perform(self.workspace, edit) for edit in wanted]}
            case "POST", "access":
                return set_access(self.workspace, body)
        raise ApiError(404, f"The emulator has no {method} /_emulator/{path}.")


def listed(workspace: Workspace) -> list[Json]:
    """Spreadsheets not in the bin, last changed first."""
    found = [
        record for record in workspace.files.values() if record["mimeType"] == SHEET_TYPE and not record["trashed"]
    ]
    found.sort(key=lambda record: record["modifiedTime"], reverse=True)
    return [{name: record.get(name) for name in ("id", "name", "modifiedTime", "owner")} for record in found]


def seed(workspace: Workspace, body: Json) -> Json:
    """A spreadsheet made by people and shared with the service account; an existing id is left alone.

    Body: {"id", "title", "locale", "time_zone", "role": "writer"|"reader"|"owner"|"none",
    "sheets": [{"title", "rows": [[…]], "hidden"} or a title]}.
    """
    key = body.get("id") or new_id()
    with workspace.lock:
        if key in workspace.files:
            return {"id": key, "created": False}
        book = defaults.spreadsheet(key, body.get("title") or key, body.get("locale", "en_US"))
        book.properties["timeZone"] = body.get("time_zone", "Etc/GMT")
        guard = Guard(book, PEOPLE, True)
        for number, sheet in enumerate(body.get("sheets") or []):
            wanted = {"title": sheet} if isinstance(sheet, str) else sheet
            if not isinstance(wanted, dict) or not wanted.get("title"):
                raise invalid("Every sheet needs a title.")
            if number:
                book.tabs.append(defaults.tab(new_number({tab.id for tab in book.tabs}), wanted["title"]))
            tab = book.tabs[number]
            tab.properties["title"] = wanted["title"]
            if wanted.get("hidden"):
                tab.properties["hidden"] = True
            if wanted.get("rows"):
                address = resolve(book, "'" + wanted["title"].replace("'", "''") + "'")
                values.write(book, address, {"values": wanted["rows"]}, "USER_ENTERED", guard)
        role = body.get("role", "writer")
        workspace.new_book(book, workspace.robot if role == "owner" else PEOPLE)
        if role != "owner":
            set_access(workspace, {"id": key, "role": role})
        return {"id": key, "created": True}


def set_access(workspace: Workspace, body: Json) -> Json:
    """The service account's (or another person's) role on a file: {"id", "role": …|"none", "person"}."""
    with workspace.lock:
        record = workspace.files.get(body.get("id", ""))
        if record is None:
            raise ApiError(404, f"No file {body.get('id')}.")
        person, role = body.get("person", workspace.robot), body.get("role", "writer")
        if role != "none" and role not in ROLES:
            raise invalid(f"No such role: {role}")
        kept = [item for item in record["permissions"] if item.get("emailAddress") != person]
        if role != "none":
            kept.append(permission(person, role))
        workspace.change_file(record, {"permissions": kept, "modifiedTime": record["modifiedTime"]})
        return {"id": record["id"], "role": role}
