"""Permissions of files: who may read, write, own."""

from ..errors import ApiError
from ..workspace import ROLES, permission
from . import resources
from .calls import DEFAULT_PERMISSION, DriveCall
from .methods import Json, method


@method("GET", "/files/{}/permissions")
def list_permissions(call: DriveCall) -> Json:
    """Who may do what with a file."""
    record = call.file(call.segments[0], "writer")
    found = [resources.permission(item) for item in record["permissions"]]
    default = {"kind": {}, "nextPageToken": {}, "permissions": DEFAULT_PERMISSION}
    return call.answer({"kind": "drive#permissionList", "permissions": found}, "PermissionList", default)


def _permission(record: Json, key: str) -> Json:
    for item in record["permissions"]:
        if item["id"] == key:
            return dict(item)
    raise ApiError(404, f"Permission not found: {key}.", reason="notFound", parameter="permissionId")


@method("GET", "/files/{}/permissions/{}")
def get_permission(call: DriveCall) -> Json:
    """One permission."""
    record = call.file(call.segments[0], "writer")
    item = resources.permission(_permission(record, call.segments[1]))
    return call.answer(item, "Permission", DEFAULT_PERMISSION)


@method("POST", "/files/{}/permissions")
def create_permission(call: DriveCall) -> Json:
    """A file shared with a person, a group, a domain or everyone who has the link."""
    record, body = call.file(call.segments[0], "writer"), call.body("Permission")
    kind, role = body.get("type"), body.get("role")
    if kind not in ("user", "group", "domain", "anyone"):
        raise ApiError(400, "The permission type field is required.", reason="required", parameter="permission.type")
    if role not in ROLES:
        raise ApiError(400, "The permission role field is required.", reason="required", parameter="permission.role")
    if kind in ("user", "group") and not body.get("emailAddress"):
        raise ApiError(400, "The specified emailAddress is invalid or not applicable for the given permission type.",
                       reason="invalidSharingRequest")  # fmt: skip
    mine = (
        body.get("emailAddress", "").lower() == record["owner"].lower()
    )  # nothing to transfer: gspread's copy does it
    if role == "owner" and not mine and not call.flag("transferOwnership"):
        message = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        raise ApiError(403, message, reason="forbidden", parameter="transferOwnership")
    item: Json = {"kind": "drive#permission", "type": kind, "role": role}
    if kind == "anyone":
        item |= {"id": "anyoneWithLink", "allowFileDiscovery": body.get("allowFileDiscovery", False)}
    elif kind == "domain":
        item |= {"id": permission(body.get("domain", ""), role)["id"] + "k", "domain": body.get("domain")}
    else:
        item = {**permission(body["emailAddress"], role), "type": kind}
    kept = [other for other in record["permissions"] if other["id"] != item["id"]]
    save_permissions(call, record, [*kept, item])
    return call.answer(resources.permission(item), "Permission", DEFAULT_PERMISSION)


def save_permissions(call: DriveCall, record: Json, items: list[Json]) -> None:
    """A file's permissions kept; an ownership that changed hands makes the old owner a writer."""
    owners = [item for item in items if item["role"] == "owner"]
    fields: Json = {"permissions": items, "modifiedTime": record["modifiedTime"]}
    if len(owners) > 1:
        owners[0]["role"] = "writer"
        fields["owner"] = owners[-1]["emailAddress"]
    call.workspace.change_file(record, fields)


@method("PATCH", "/files/{}/permissions/{}")
def update_permission(call: DriveCall) -> Json:
    """Another role."""
    record, body = call.file(call.segments[0], "writer"), call.body("Permission")
    item = _permission(record, call.segments[1])
    if "role" in body and body["role"] not in ROLES:
        raise ApiError(400, "The permission role field is required.", reason="required", parameter="permission.role")
    if body.get("role") == "owner" and not call.flag("transferOwnership"):
        message = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        raise ApiError(403, message, reason="forbidden", parameter="transferOwnership")
    item |= {name: body[name] for name in ("role", "pendingOwner", "expirationTime") if name in body}
    others = [dict(other) for other in record["permissions"] if other["id"] != item["id"]]
    save_permissions(call, record, [*others, item])
    return call.answer(resources.permission(item), "Permission", DEFAULT_PERMISSION)


@method("DELETE", "/files/{}/permissions/{}")
def delete_permission(call: DriveCall) -> None:
    """A permission taken back; the owner's stays."""
    record = call.file(call.segments[0], "writer")
    item = _permission(record, call.segments[1])
    if item["role"] == "owner":
        raise ApiError(403, "The owner of a file cannot be removed.", reason="cannotDeleteOwner")
    save_permissions(call, record, [other for other in record["permissions"] if other["id"] != item["id"]])
