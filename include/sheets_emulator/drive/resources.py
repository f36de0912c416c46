"""File, revision, permission and drive records as the API returns them."""

import mimetypes
from typing import Any

from ..workspace import DOCUMENT_TYPE, FOLDER_TYPE, ROLES, ROOT, SHEET_TYPE, SHORTCUT_TYPE, Workspace

Json = dict[str, Any]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORTS = {
    DOCUMENT_TYPE: {DOCX: "docx", "text/plain": "txt"},
    SHEET_TYPE: {XLSX: "xlsx", "text/csv": "csv", "text/tab-separated-values": "tsv"},
}
WRITABLE = {"name", "description", "mimeType", "starred", "trashed", "properties", "appProperties", "createdTime",
            "modifiedTime", "originalFilename", "shortcutDetails", "writersCanShare", "folderColorRgb"}  # fmt: skip
GOOGLE_PREFIX = "application/vnd.google-apps."


def user(address: str, me: str) -> Json:
    """A person as Drive shows one."""
    return {"kind": "drive#user", "displayName": address.split("@")[0], "me": address == me, "emailAddress": address}


def file(workspace: Workspace, record: Json, person: str, base: str) -> Json:
    """The whole File resource of a record, for a caller, with links at `base`."""
    google = record["mimeType"].startswith(GOOGLE_PREFIX)
    role = workspace.role(record, person)
    answer: Json = {"kind": "drive#file", "spaces": ["drive"], "starred": False, "explicitlyTrashed": False}
    answer |= {
        name: record[name]
        for name in (
            "id", "name", "mimeType", "description", "starred", "trashed", "properties", "appProperties", "version",
            "createdTime", "modifiedTime", "originalFilename", "driveId", "shortcutDetails", "trashedTime",
        )
        if name in record
    }  # fmt: skip
    answer["explicitlyTrashed"] = bool(record["trashed"])
    if "driveId" in record:
        answer["teamDriveId"] = record["driveId"]
        answer["parents"] = record.get("parents") or [record["driveId"]]
    else:
        answer["owners"] = [user(record["owner"], person)]
        answer["ownedByMe"] = record["owner"].lower() == person.lower()
        answer["permissions"] = [permission(item) for item in record["permissions"]]
        answer["permissionIds"] = [item["id"] for item in record["permissions"]]
        answer["shared"] = len(record["permissions"]) > 1
        parents = [parent for parent in record.get("parents") or [ROOT] if _visible(workspace, parent, person)]
        if parents and (record.get("parents") or answer["ownedByMe"]):
            answer["parents"] = parents
    if not google:
        for name in ("md5Checksum", "size", "headRevisionId"):
            if name in record:
                answer[name] = record[name]
        answer["fileExtension"] = record.get("name", "").rpartition(".")[2]
        answer["webContentLink"] = f"{base}/drive/v3/files/{record['id']}?alt=media"
    answer["quotaBytesUsed"] = record.get("size", "0") if not google else "0"
    answer["lastModifyingUser"] = user(record.get("modifier") or record["owner"], person)
    answer["webViewLink"] = f"{base}/view/{record['id']}" if record["mimeType"] == SHEET_TYPE else (
        f"https://drive.google.com/file/d/{record['id']}/view"
    )  # fmt: skip
    answer["capabilities"] = {
        "canEdit": role >= ROLES["writer"],
        "canDownload": role >= ROLES["reader"],
        "canListChildren": record["mimeType"] == FOLDER_TYPE,
        "canCopy": record["mimeType"] not in (FOLDER_TYPE, SHORTCUT_TYPE),
        "canTrash": role >= ROLES["fileOrganizer"],
        "canShare": role >= ROLES["writer"],
    }
    if record["mimeType"] in EXPORTS:
        answer["exportLinks"] = export_links(record, None, base)
    return answer


def _visible(workspace: Workspace, parent: str, person: str) -> bool:
    return parent == ROOT or (parent in workspace.files and workspace.role(workspace.files[parent], person) > 0)


def export_links(record: Json, revision: str | None, base: str) -> Json:
    """Links to exports of the head or of one revision, by MIME type."""
    part = f"&revision={revision}" if revision else ""
    return {
        kind: f"{base}/feeds/download/documents/export/Export?id={record['id']}{part}&exportFormat={extension}"
        for kind, extension in EXPORTS[record["mimeType"]].items()
    }


def revision(record: Json, entry: Json, person: str, base: str) -> Json:
    """The whole Revision resource."""
    google = record["mimeType"] in EXPORTS
    answer: Json = {
        "kind": "drive#revision",
        "id": entry["id"],
        "modifiedTime": entry["modifiedTime"],
        "mimeType": record["mimeType"],
        "published": False,
        "lastModifyingUser": user(record.get("modifier") or record["owner"], person),
    }
    if google:
        return {**answer, "exportLinks": export_links(record, entry["id"], base)}
    return {
        **answer,
        "keepForever": False,
        "md5Checksum": entry["md5Checksum"],
        "size": entry["size"],
        "originalFilename": record.get("originalFilename", record.get("name", "")),
    }


def permission(item: Json) -> Json:
    """The whole Permission resource."""
    return {name: value for name, value in item.items() if value is not None}


def mime_type_of(name: str) -> str:
    """MIME type by a file name's ending."""
    if name.endswith(".md"):
        return "text/markdown"
    return {"docx": DOCX, "xlsx": XLSX}.get(name.rpartition(".")[2].lower()) or (
        mimetypes.guess_type(name)[0] or "application/octet-stream"
    )
