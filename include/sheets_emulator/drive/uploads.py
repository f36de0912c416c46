"""Bytes coming in: simple, multipart and resumable uploads (and v2's import, which gspread uses)."""

import re
import secrets
from email.message import Message
from email.parser import BytesParser
from typing import Any, cast

from ..discovery import check
from ..errors import ApiError
from ..workspace import ROLES
from . import resources
from .calls import Download, DriveCall, parse_json
from .methods import change_file, make_file

Json = dict[str, Any]


class Uploads:
    """Resumable uploads under way, by id."""

    def __init__(self) -> None:
        self.sessions: dict[str, Json] = {}

    def dispatch(self, call: DriveCall, path: str) -> Json | Download:
        """The answer of `/upload/drive/<path>`. Raises ApiError."""
        with call.workspace.lock:
            old = re.match(r"^/v2/files/([^/]+)$", path)
            if old and call.method == "PUT":
                return _import_v2(call, old.group(1))
            match = re.match(r"^/v3/files(?:/([^/]+))?$", path)
            if not match:
                raise ApiError(404, "Not Found", reason="notFound")
            return self._upload(call, match.group(1))

    def _upload(self, call: DriveCall, key: str | None) -> Json | Download:
        if call.one("upload_id") and call.method == "PUT":
            return self._continue(call, call.one("upload_id"))
        if call.method != ("PATCH" if key else "POST"):
            raise ApiError(404, "Not Found", reason="notFound")
        kind = call.one("uploadType")
        content_type = call.headers.get("content-type", "")
        if kind == "media":
            return _finish(call, key, {}, call.raw, content_type.partition(";")[0])
        if kind == "multipart":
            body, content, part_type = _parts(call.raw, content_type)
            return _finish(call, key, _checked(body), content, part_type)
        if kind == "resumable":
            return self._start(call, key)
        raise ApiError(400, f"Invalid value for uploadType: {kind}", reason="badRequest", parameter="uploadType")

    def _start(self, call: DriveCall, key: str | None) -> Download:
        upload_id = secrets.token_urlsafe(32)
        body = _checked(parse_json(call.raw) if call.raw else {})
        content_type = call.headers.get("x-upload-content-type", "")
        self.sessions[upload_id] = {"call": call, "key": key, "body": body, "type": content_type, "content": b""}
        place = f"/{key}" if key else ""
        location = f"{call.base}/upload/drive/v3/files{place}?uploadType=resumable&upload_id={upload_id}"
        return Download(b"", "text/plain", {"Location": location, "X-GUploader-UploadID": upload_id})

    def _continue(self, call: DriveCall, upload_id: str) -> Json | Download:
        session = self.sessions.get(upload_id)
        if session is None:
            raise ApiError(404, "Not Found", reason="notFound")
        content_range = call.headers.get("content-range", "")
        match = re.match(r"^bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)$", content_range)
        if match and match.group(1) and int(match.group(1)) == len(session["content"]):
            session["content"] += call.raw
        elif not match:
            session["content"] = call.raw
        total = match.group(3) if match else str(len(session["content"]))
        if total == "*" or len(session["content"]) < int(total):
            have = len(session["content"])
            return Download(b"", "text/plain", {"Range": f"bytes=0-{have - 1}"} if have else {}, 308)
        del self.sessions[upload_id]
        content_type = session["type"] or call.headers.get("content-type", "").partition(";")[0]
        return _finish(session["call"], session["key"], session["body"], session["content"], content_type)


def _checked(body: Any) -> Json:
    return check(body, "File", api="drive.v3")


def _finish(call: DriveCall, key: str | None, body: Json, content: bytes, content_type: str) -> Json:
    if key is None:
        return call.resource(make_file(call, body, content, content_type))
    return call.resource(change_file(call, key, body, content, content_type))


def _parts(raw: bytes, content_type: str) -> tuple[Any, bytes, str]:
    """(JSON metadata, bytes, their type) of a multipart/related body. Raises ApiError (400)."""
    message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + raw)
    parts = message.get_payload()
    if not message.is_multipart() or not isinstance(parts, list) or len(parts) != 2:
        raise ApiError(400, "Malformed multipart body.", reason="badContent")
    described, body = cast("list[Message]", parts)
    content = body.get_payload(decode=True)
    metadata = described.get_payload(decode=True)
    if not isinstance(content, bytes) or not isinstance(metadata, bytes):
        raise ApiError(400, "Malformed multipart body.", reason="badContent")
    boundary = message.get_boundary() or ""
    exact = _exact_content(raw, boundary.encode())
    binary = (body.get("Content-Transfer-Encoding") or "binary").lower() in ("binary", "8bit", "7bit")
    return parse_json(metadata), exact if binary and exact is not None else content, body.get_content_type()


def _exact_content(raw: bytes, boundary: bytes) -> bytes | None:
    """The second part's bytes as they came: the mail parser would change line ends."""
    pieces = raw.split(b"--" + boundary)
    if len(pieces) < 3:
        return None
    _, mark, content = pieces[2].partition(b"\r\n\r\n" if b"\r\n\r\n" in pieces[2] else b"\n\n")
    if not mark:
        return None
    return content.removesuffix(b"\n").removesuffix(b"\r")


def _import_v2(call: DriveCall, key: str) -> Json:
    """Drive v2's update with conversion: an uploaded table becomes the spreadsheet's content."""
    content_type = call.headers.get("content-type", "").partition(";")[0]
    record = change_file(call, key, {}, call.raw, content_type or "text/csv")
    me = {"kind": "drive#permission", "id": "me", "type": "user", "role": "owner", "pendingOwner": False}
    role = call.workspace.role(record, call.person)
    return {
        "kind": "drive#file",
        "id": record["id"],
        "title": record["name"],
        "mimeType": record["mimeType"],
        "createdDate": record["createdTime"],
        "modifiedDate": record["modifiedTime"],
        "version": record["version"],
        "editable": role >= ROLES["writer"],
        "labels": {
            "trashed": record["trashed"],
            "starred": False,
            "hidden": False,
            "restricted": False,
            "viewed": True,
        },
        "userPermission": me,
        "ownerNames": [record["owner"]],
        "owners": [resources.user(record["owner"], call.person)],
        "lastModifyingUserName": call.person,
        "exportLinks": resources.export_links(record, None, call.base),
    }
