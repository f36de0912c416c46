"""One call to the Drive API as its methods see it, and access to files under Drive's rules."""

from dataclasses import dataclass, field
from typing import Any

from ..discovery import check, drive_unknown
from ..errors import ApiError
from ..masks import Tree, answer_tree, select
from ..workspace import ROLES, ROOT, Workspace
from . import resources

Json = dict[str, Any]
DEFAULT_FILE: Tree = {"kind": {}, "id": {}, "name": {}, "mimeType": {}, "driveId": {}, "teamDriveId": {}}
DEFAULT_PERMISSION: Tree = {"kind": {}, "id": {}, "type": {}, "role": {}}
DEFAULT_REVISION: Tree = {"kind": {}, "id": {}, "mimeType": {}, "modifiedTime": {}}


@dataclass(frozen=True, slots=True)
class Download:
    """An answer that is bytes and not JSON."""

    content: bytes
    mime_type: str
    headers: dict[str, str] = field(default_factory=dict)
    code: int = 200


@dataclass(frozen=True, slots=True)
class DriveCall:
    """A request: decoded path segments, query, raw body with its type, caller, this server's base URL."""

    workspace: Workspace
    method: str
    segments: tuple[str, ...]
    query: dict[str, list[str]]
    headers: dict[str, str]
    raw: bytes
    person: str
    base: str

    def one(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return self.query.get(name, [default])[-1]

    def flag(self, name: str) -> bool:
        """A boolean query parameter."""
        return self.one(name).lower() == "true"

    def number(self, name: str, default: int, most: int) -> int:
        """An integer query parameter. Raises ApiError (400)."""
        text = self.one(name, str(default))
        if not text.isdigit() or not 1 <= int(text) <= most:
            message = f"Invalid value '{text}'. Values must be within the range: [1, {most}]"
            raise ApiError(400, message, reason="invalidParameter", parameter=name)
        return int(text)

    def body(self, schema: str) -> Json:
        """The JSON body checked against a schema; nulls are gone. Raises ApiError (400)."""
        return check(parse_json(self.raw) if self.raw else {}, schema, api="drive.v3")

    def answer(self, value: Json, schema: str, default: Tree) -> Json:
        """What `fields` (or Drive's default) leaves of an answer."""
        text = self.one("fields")
        if text == "*":
            return value
        tree = answer_tree(text, schema, drive_unknown) if text else default
        return dict(select(value, tree))

    def file(self, key: str, least: str = "reader") -> Json:
        """A file's record, when the caller has at least this role. Raises ApiError 404 or 403."""
        record = self.workspace.files.get(key)
        role = self.workspace.role(record, self.person) if record else 0
        hidden = record is not None and "driveId" in record and not self.supports_drives
        if record is None or role == 0 or hidden or record["mimeType"] == "application/vnd.google-apps.drive":
            raise missing(key)
        if role < ROLES[least]:
            message = "The user does not have sufficient permissions for this file."
            raise ApiError(403, message, reason="insufficientFilePermissions")
        return record

    @property
    def supports_drives(self) -> bool:
        """Whether the caller says it can handle shared drives."""
        return self.flag("supportsAllDrives") or self.flag("supportsTeamDrives")

    def resource(self, record: Json) -> Json:
        """The File resource of a record under `fields`."""
        whole = resources.file(self.workspace, record, self.person, self.base)
        return self.answer(whole, "File", DEFAULT_FILE)

    def parents(self, wanted: list[str]) -> list[str]:
        """Checked parents of a new or moved file; root is no entry of its own. Raises ApiError."""
        if len(wanted) > 1:
            message = "A shared drive item must have exactly one parent."
            raise ApiError(403, message, reason="multipleParentsNotSupported")
        for parent in wanted:
            if parent == ROOT:
                return []
            folder = self.workspace.files.get(parent)
            if folder is None or self.workspace.role(folder, self.person) == 0:
                raise missing(parent)
            if self.workspace.role(folder, self.person) < ROLES["writer"]:
                message = "The user does not have sufficient permissions for this file."
                raise ApiError(403, message, reason="insufficientFilePermissions")
        return wanted


def missing(key: str) -> ApiError:
    """Drive's 404 for a file."""
    return ApiError(404, f"File not found: {key}.", reason="notFound", parameter="fileId")


def parse_json(raw: bytes) -> Any:
    """A JSON body. Raises ApiError (400, parseError)."""
    import json

    try:
        return json.loads(raw)
    except ValueError:
        raise ApiError(400, "Parse Error", reason="parseError") from None
