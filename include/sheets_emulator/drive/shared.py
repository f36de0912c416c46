"""Shared drives, the caller's own account, and links that Drive hands out for exports."""

from ..errors import ApiError
from ..workspace import DRIVE_KIND
from . import resources
from .calls import Download, DriveCall
from .methods import Json, exported, method

EXTENSIONS = {extension: kind for kinds in resources.EXPORTS.values() for kind, extension in kinds.items()}


def _drive(record: Json) -> Json:
    return {"kind": "drive#drive", "id": record["id"], "name": record["name"], "createdTime": record["createdTime"]}


@method("GET", "/drives")
def list_drives(call: DriveCall) -> Json:
    """Shared drives that the caller is a member of."""
    found = [
        _drive(record)
        for record in call.workspace.files.values()
        if record["mimeType"] == DRIVE_KIND and call.workspace.role(record, call.person)
    ]
    default: Json = {"kind": {}, "nextPageToken": {}, "drives": {"kind": {}, "id": {}, "name": {}}}
    return call.answer({"kind": "drive#driveList", "drives": found}, "DriveList", default)


@method("POST", "/drives")
def create_drive(call: DriveCall) -> Json:
    """A shared drive that the caller organises."""
    if not call.one("requestId"):
        raise ApiError(400, "Required parameter: requestId", reason="required", parameter="requestId")
    name = call.body("Drive").get("name", "")
    record = call.workspace.new_file({"name": name, "mimeType": DRIVE_KIND}, call.person)
    members = [{**item, "role": "organizer"} for item in record["permissions"]]
    record = call.workspace.change_file(record, {"permissions": members})
    return call.answer(_drive(record), "Drive", {"kind": {}, "id": {}, "name": {}})


@method("GET", "/drives/{}")
def get_drive(call: DriveCall) -> Json:
    """One shared drive."""
    record = call.workspace.files.get(call.segments[0])
    if record is None or record["mimeType"] != DRIVE_KIND or not call.workspace.role(record, call.person):
        message = f"Shared drive not found: {call.segments[0]}"
        raise ApiError(404, message, reason="notFound", parameter="driveId")
    return call.answer(_drive(record), "Drive", {"kind": {}, "id": {}, "name": {}})


@method("DELETE", "/drives/{}")
def delete_drive(call: DriveCall) -> None:
    """A shared drive gone with everything in it."""
    get_drive(call)
    call.workspace.remove_file(call.segments[0])


@method("GET", "/about")
def about(call: DriveCall) -> Json:
    """The caller."""
    if not call.one("fields"):
        message = "The 'fields' parameter is required for this method."
        raise ApiError(400, message, reason="required", parameter="fields")
    answer = {"kind": "drive#about", "user": {**resources.user(call.person, call.person), "permissionId": "1"},
              "storageQuota": {"usage": "0", "usageInDrive": "0", "usageInDriveTrash": "0"}}  # fmt: skip
    return call.answer(answer, "About", {})


def linked_export(call: DriveCall) -> Download:
    """What an export link of a file or a revision leads to. Raises ApiError."""
    record = call.workspace.files.get(call.one("id"))
    if record is None or not call.workspace.role(record, call.person):
        raise ApiError(404, f"File not found: {call.one('id')}.", reason="notFound", parameter="fileId")
    kind = EXTENSIONS.get(call.one("exportFormat"), "")
    return exported(call, record, kind, call.one("revision") or record.get("headRevisionId", "1"))
