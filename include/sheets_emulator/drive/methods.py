"""The Drive API's methods: one function each, and the table that finds them by verb and path."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .. import defaults
from ..errors import ApiError, unmodelled
from ..workspace import (
    DOCUMENT_TYPE,
    DRIVE_KIND,
    FOLDER_TYPE,
    ROLES,
    SHEET_TYPE,
    SHORTCUT_TYPE,
    new_id,
    now_text,
)
from . import contents, resources
from .calls import DEFAULT_FILE, DEFAULT_REVISION, Download, DriveCall, missing
from .query import compile_query

Json = dict[str, Any]
Method = Callable[[DriveCall], Json | Download | None]
TABLE: list[tuple[str, re.Pattern[str], Method]] = []
NOT_BINARY = "Only files with binary content can be downloaded. Use Export with Docs Editors files."


def method(verb: str, path: str) -> Callable[[Method], Method]:
    """Enters a function under its verb and its path after `/drive/v3` ({} is one segment)."""
    pattern = re.compile("^" + path.replace("{}", "([^/]+)") + "$")

    def register(function: Method) -> Method:
        TABLE.append((verb, pattern, function))
        return function

    return register


def dispatch(call: DriveCall, path: str) -> Json | Download | None:
    """The answer to a call; None is 204. Raises ApiError."""
    for verb, pattern, function in TABLE:
        match = pattern.match(path)
        if match and verb == call.method:
            with call.workspace.lock:
                return function(replace(call, segments=match.groups()))
    raise unmodelled(f"{call.method} /drive/v3{path}")


@method("GET", "/files")
def list_files(call: DriveCall) -> Json:
    """A page of files the caller can see."""
    test = compile_query(call.one("q"))
    size = call.number("pageSize", 100, 1000)
    found = [record for record in _listed(call) if test(record)]
    found = _ordered(found, call.one("orderBy"))
    start = _start_of_page(found, call.one("pageToken"))
    page = found[start : start + size]
    files = [resources.file(call.workspace, record, call.person, call.base) for record in page]
    answer: Json = {"kind": "drive#fileList", "incompleteSearch": False, "files": files}
    if start + size < len(found):
        answer["nextPageToken"] = _page_token(page[-1]["id"], start + size)
    entry: dict[str, Any] = {"kind": {}, "id": {}, "name": {}, "mimeType": {}, "driveId": {}, "teamDriveId": {}}
    default = {"kind": {}, "incompleteSearch": {}, "nextPageToken": {}, "files": entry}
    return call.answer(answer, "FileList", default)


def _listed(call: DriveCall) -> list[Json]:
    """Files in the corpus asked for, newest first (an order that later changes to files do not disturb)."""
    corpora, drive = call.one("corpora") or ("drive" if call.one("driveId") else "user"), call.one("driveId")
    wide = call.flag("includeItemsFromAllDrives") or call.flag("includeTeamDriveItems")
    if corpora == "drive" or corpora == "teamDrive":
        if not drive:
            raise ApiError(400, "The driveId parameter must be specified if and only if corpora is set to drive.",
                           reason="teamDrivesParentLimit", parameter="driveId")  # fmt: skip
        if drive not in call.workspace.files or not call.workspace.role(call.workspace.files[drive], call.person):
            raise ApiError(404, f"Shared drive not found: {drive}", reason="notFound", parameter="driveId")
        if not wide or not call.supports_drives:
            message = "The includeItemsFromAllDrives parameter must be true when corpora is drive."
            raise ApiError(403, message, reason="teamDrivesParentLimit", parameter="includeItemsFromAllDrives")
    elif drive:
        raise ApiError(400, "The driveId parameter must be specified if and only if corpora is set to drive.",
                       reason="invalid", parameter="driveId")  # fmt: skip
    found = []
    for record in call.workspace.files.values():
        if record["mimeType"] == DRIVE_KIND or (drive and record.get("driveId") != drive):
            continue
        if "driveId" in record and not (wide and call.supports_drives):
            continue
        if call.workspace.role(record, call.person) > 0:
            found.append(record)
    return sorted(found, key=lambda record: str(record["createdTime"]), reverse=True)


def _ordered(found: list[Json], order: str) -> list[Json]:
    for part in reversed([item.strip() for item in order.split(",") if item.strip()]):
        name, _, direction = part.partition(" ")
        if name not in ("name", "name_natural", "modifiedTime", "createdTime", "folder", "quotaBytesUsed", "recency"):
            raise ApiError(400, "Invalid Value", reason="invalid", parameter="orderBy")

        def key(record: Json, name: str = name) -> Any:
            if name == "folder":
                return record["mimeType"] != FOLDER_TYPE
            if name == "quotaBytesUsed":
                return int(record.get("size", 0))
            field = "modifiedTime" if name == "recency" else name.removesuffix("_natural")
            return str(record.get(field, "")).casefold()

        found = sorted(found, key=key, reverse=direction == "desc")
    return found


def _page_token(last: str, start: int) -> str:
    return "~!!~" + base64.urlsafe_b64encode(json.dumps([last, start]).encode()).decode()


def _start_of_page(found: list[Json], token: str) -> int:
    """The page starts after the last file of the one before, also when files came or went meanwhile."""
    if not token:
        return 0
    try:
        last, start = json.loads(base64.urlsafe_b64decode(token.removeprefix("~!!~")))
    except ValueError:
        raise ApiError(400, "Invalid Value", reason="invalid", parameter="pageToken") from None
    after = [position + 1 for position, record in enumerate(found) if record["id"] == last]
    return after[0] if after else min(int(start), len(found))


@method("GET", "/files/generateIds")
def generate_ids(call: DriveCall) -> Json:
    """Ids to create files with."""
    count = call.number("count", 10, 1000)
    return {"kind": "drive#generatedIds", "space": "drive", "ids": [new_id(32) for _ in range(count)]}


@method("POST", "/files")
def create_file(call: DriveCall) -> Json:
    """A file without bytes: a spreadsheet, a document, a folder, a shortcut, an empty file."""
    return call.resource(make_file(call, call.body("File"), None, ""))


def make_file(call: DriveCall, body: Json, content: bytes | None, content_type: str) -> Json:
    """A new file's record, its bytes converted when the body asks for one of Google's types."""
    fields = {name: body[name] for name in body if name in resources.WRITABLE and name != "trashed"}
    fields["name"] = body.get("name") or "Untitled"
    if "id" in body:
        if body["id"] in call.workspace.files:
            raise ApiError(409, "A file already exists with the provided ID.", reason="fileIdInUse")
        fields["id"] = body["id"]
    fields["parents"] = call.parents(body.get("parents", []))
    kind = body.get("mimeType") or content_type or resources.mime_type_of(fields["name"])
    fields["mimeType"] = kind
    if kind == SHORTCUT_TYPE:
        target = call.file(body.get("shortcutDetails", {}).get("targetId", ""))
        fields["shortcutDetails"] = {"targetId": target["id"], "targetMimeType": target["mimeType"]}
    if kind == SHEET_TYPE:
        book = defaults.spreadsheet(fields.get("id") or new_id(), fields["name"])
        if content is not None:
            contents.fill(book, content, content_type, fields["name"])
        fields.pop("id", None)
        call.workspace.new_book(book, call.person, fields)
        return call.workspace.files[book.id]
    if kind == DOCUMENT_TYPE:
        content = contents.document(content or b"", content_type or "text/plain")
    elif kind.startswith(resources.GOOGLE_PREFIX):
        content = None
    elif content is None:
        content = b""
    return call.workspace.new_file(fields, call.person, content)


@method("GET", "/files/{}")
def get_file(call: DriveCall) -> Json | Download:
    """A file's metadata, or its bytes with alt=media; the top folder of a shared drive has the drive's id."""
    if call.supports_drives and (top := top_folder(call, call.segments[0])):
        return top
    record = call.file(call.segments[0])
    if call.one("alt") != "media":
        return call.resource(record)
    return download(call, record, record.get("headRevisionId", "1"))


def top_folder(call: DriveCall, key: str) -> Json | None:
    """A shared drive as the folder that its link leads to; None for any other id or a drive not shared with us."""
    record = call.workspace.files.get(key)
    if record is None or record["mimeType"] != DRIVE_KIND or not call.workspace.role(record, call.person):
        return None
    whole = resources.file(call.workspace, record, call.person, call.base)
    for name in ("owners", "ownedByMe", "permissions", "permissionIds", "shared", "parents"):
        whole.pop(name, None)
    whole |= {"name": "Drive", "mimeType": FOLDER_TYPE, "driveId": key, "teamDriveId": key}
    whole["capabilities"] = {**whole["capabilities"], "canListChildren": True, "canCopy": False, "canTrash": False}
    return call.answer(whole, "File", DEFAULT_FILE)


def download(call: DriveCall, record: Json, revision: str) -> Download:
    """The bytes of a revision, whole or the Range asked for. Raises ApiError (403) for Google's own types."""
    if record["mimeType"].startswith(resources.GOOGLE_PREFIX):
        raise ApiError(403, NOT_BINARY, reason="fileNotDownloadable", parameter="alt")
    content = call.workspace.store.content(record["id"], revision)
    if content is None:
        raise missing(record["id"])
    match = re.match(r"^bytes=(\d+)-(\d*)$", call.headers.get("range", ""))
    if not match or not content:
        return Download(content, record["mimeType"])
    start, end = int(match.group(1)), int(match.group(2) or len(content) - 1)
    if start >= len(content):
        raise ApiError(416, "Request range not satisfiable", reason="requestedRangeNotSatisfiable", parameter="Range")
    part = content[start : end + 1]
    span = f"bytes {start}-{start + len(part) - 1}/{len(content)}"
    return Download(part, record["mimeType"], {"Content-Range": span}, 206)


@method("PATCH", "/files/{}")
def update_file(call: DriveCall) -> Json:
    """Name, bin, folder, description… of a file."""
    return call.resource(change_file(call, call.segments[0], call.body("File"), None, ""))


def change_file(call: DriveCall, key: str, body: Json, content: bytes | None, content_type: str) -> Json:
    """The record after metadata and perhaps bytes changed. Raises ApiError."""
    record = call.file(key, "writer")
    fields: Json = {name: body[name] for name in body if name in resources.WRITABLE and name != "mimeType"}
    for name in ("properties", "appProperties"):
        if name in fields:
            fields[name] = {**record.get(name, {}), **fields[name]}
    if "trashed" in body:
        call.file(key, "fileOrganizer" if "driveId" in record else "owner")
        fields["trashedTime"] = now_text() if body["trashed"] else None
    added, removed = (call.one(name).split(",") if call.one(name) else [] for name in ("addParents", "removeParents"))
    if added or removed:
        left = [parent for parent in record.get("parents", []) if parent not in removed]
        fields["parents"] = call.parents([*left, *added])
    elif "parents" in body:
        message = (
            "The parents field is not directly writable in update requests. "
            "Use the addParents and removeParents parameters instead."
        )
        raise ApiError(403, message, reason="fieldNotWritable")
    if content is not None and record["mimeType"] == SHEET_TYPE:
        with call.workspace.edit(key) as book:
            contents.fill(book, content, content_type, book.properties["title"])
        content = None
    elif content is not None and record["mimeType"] == DOCUMENT_TYPE:
        content = contents.document(content, content_type)
    elif content is not None and content_type and not record["mimeType"].startswith(resources.GOOGLE_PREFIX):
        fields["mimeType"] = body.get("mimeType") or content_type
    fields["modifier"] = call.person
    return call.workspace.change_file(call.workspace.files[key], fields, content)


@method("DELETE", "/files/{}")
def delete_file(call: DriveCall) -> None:
    """The file gone, past the bin."""
    record = call.file(call.segments[0])
    call.file(record["id"], "organizer" if "driveId" in record else "owner")
    call.workspace.remove_file(record["id"])


@method("POST", "/files/{}/copy")
def copy_file(call: DriveCall) -> Json:
    """A copy, owned by the caller."""
    record, body = call.file(call.segments[0]), call.body("File")
    if record["mimeType"] == FOLDER_TYPE:
        raise ApiError(403, "This file cannot be copied by the user.", reason="cannotCopyFile")
    fields = {name: body[name] for name in body if name in resources.WRITABLE}
    fields["name"] = body.get("name") or f"Copy of {record.get('name', 'Untitled')}"
    fields["parents"] = call.parents(body.get("parents") or _own_parents(call, record))
    fields["mimeType"] = record["mimeType"]
    book = call.workspace.book(record["id"])
    if book is not None:
        copied = book.copy()
        copied.id, copied.version = new_id(), 1
        copied.properties["title"] = fields["name"]
        call.workspace.new_book(copied, call.person, fields)
        return call.resource(call.workspace.files[copied.id])
    content = call.workspace.store.content(record["id"], record.get("headRevisionId", ""))
    return call.resource(call.workspace.new_file(fields, call.person, content))


def _own_parents(call: DriveCall, record: Json) -> list[str]:
    """The original's folder, when the caller may put files there."""
    return [
        parent
        for parent in record.get("parents", [])
        if parent in call.workspace.files
        and call.workspace.role(call.workspace.files[parent], call.person) >= ROLES["writer"]
    ]


@method("GET", "/files/{}/export")
def export_file(call: DriveCall) -> Download:
    """One of Google's own types as a file."""
    record = call.file(call.segments[0])
    return exported(call, record, call.one("mimeType"), record.get("headRevisionId", "1"))


def exported(call: DriveCall, record: Json, mime_type: str, revision: str) -> Download:
    """The export of a document's revision or of a spreadsheet. Raises ApiError."""
    if not mime_type:
        raise ApiError(400, "Required parameter: mimeType", reason="required", parameter="mimeType")
    if record["mimeType"] == SHEET_TYPE:
        book = call.workspace.book(record["id"])
        assert book is not None  # noqa: S101  (every file of this type has one)
        return Download(contents.export_spreadsheet(book, mime_type), mime_type)
    if record["mimeType"] != DOCUMENT_TYPE:
        raise ApiError(403, "Export only supports Docs Editors files.", reason="fileNotExportable")
    content = call.workspace.store.content(record["id"], revision)
    if content is None:
        raise ApiError(404, f"Revision not found: {revision}.", reason="notFound", parameter="revisionId")
    return Download(contents.export_document(content, mime_type), mime_type)


@method("GET", "/files/{}/revisions")
def list_revisions(call: DriveCall) -> Json:
    """Revisions, oldest first."""
    record = call.file(call.segments[0])
    entries = record["revisions"] or [{"id": record["version"], "modifiedTime": record["modifiedTime"],
                                       "md5Checksum": "", "size": "0"}]  # fmt: skip
    found = [resources.revision(record, entry, call.person, call.base) for entry in entries]
    default = {"kind": {}, "nextPageToken": {}, "revisions": DEFAULT_REVISION}
    return call.answer({"kind": "drive#revisionList", "revisions": found}, "RevisionList", default)


@method("GET", "/files/{}/revisions/{}")
def get_revision(call: DriveCall) -> Json | Download:
    """One revision's metadata, or its bytes with alt=media."""
    record, wanted = call.file(call.segments[0]), call.segments[1]
    wanted = record.get("headRevisionId", "1") if wanted == "head" else wanted
    entry = next((entry for entry in record["revisions"] if entry["id"] == wanted), None)
    if entry is None:
        raise ApiError(404, f"Revision not found: {wanted}.", reason="notFound", parameter="revisionId")
    if call.one("alt") == "media":
        return download(call, record, wanted)
    return call.answer(resources.revision(record, entry, call.person, call.base), "Revision", DEFAULT_REVISION)


@method("GET", "/files/{}/comments")
def list_comments(call: DriveCall) -> Json:
    """No comments are kept here."""
    call.file(call.segments[0])
    if not call.one("fields"):
        message = "The 'fields' parameter is required for this method."
        raise ApiError(400, message, reason="required", parameter="fields")
    return call.answer({"kind": "drive#commentList", "comments": []}, "CommentList", {})
