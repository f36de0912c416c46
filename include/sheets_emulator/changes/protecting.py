"""Protected ranges."""

from ..discovery import sheets_unknown
from ..errors import ApiError, Refused
from ..masks import assign, update_tree
from ..model import Json, Spreadsheet
from ..protection import REFUSAL, Guard
from ..sheets.grid import protected_ranges
from .registry import change, find_part, located, new_number, used_numbers


@change("addProtectedRange")
def add_protected_range(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """A range or tab that only some may edit, or that warns."""
    wanted = request.get("protectedRange", {})
    number = wanted.get("protectedRangeId", new_number(used_numbers(book, "protectedRanges", "protectedRangeId")))
    item = {**_checked(book, wanted), "protectedRangeId": number, "creator": guard.person.lower()}
    if "namedRangeId" in item:
        named = next((n for n in book.named_ranges if n["namedRangeId"] == item["namedRangeId"]), None)
        if named is None:
            raise Refused(f"Cannot find named range with id: {item['namedRangeId']}")
        item["range"] = dict(named["range"])
    tab = book.tab(item["range"].get("sheetId", 0))
    tab.parts.setdefault("protectedRanges", []).append(item)
    return {"protectedRange": protected_ranges([item], guard, settled=False)[0]}


def _checked(book: Spreadsheet, wanted: Json) -> Json:
    """The protection as it is stored. Raises Refused."""
    item = {name: value for name, value in wanted.items() if name != "requestingUserCanEdit" and value is not False}
    if ("range" in item) == ("namedRangeId" in item):
        raise Refused("Must specify exactly one of range or namedRangeId.")
    if "range" in item:
        tab, _area = located(book, item["range"])
        item["range"] = {**item["range"], "sheetId": tab.id}
    if item.get("warningOnly"):
        if item.get("editors", {}).get("users") or item.get("editors", {}).get("groups"):
            raise Refused("Can't set editors on a protected range that is warning only.")
        item.pop("editors", None)
    elif "editors" in item:
        item["editors"] = {name: value for name, value in item["editors"].items() if value}
    return item


@change("updateProtectedRange")
def update_protected_range(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Another place, description or circle of editors."""
    wanted = request.get("protectedRange", {})
    tree = update_tree(request.get("fields"), "ProtectedRange", sheets_unknown)
    tab, old = find_part(
        book, "protectedRanges", "protectedRangeId", wanted.get("protectedRangeId", 0), "protected range"
    )
    if not guard.may_edit(old):
        raise ApiError(400, REFUSAL)
    changed = _checked(book, assign({k: v for k, v in old.items() if k != "creator"}, wanted, tree))
    changed |= {"protectedRangeId": old["protectedRangeId"], "creator": old.get("creator", "")}
    tab.parts["protectedRanges"] = [changed if item is old else item for item in tab.parts["protectedRanges"]]
    return {}


@change("deleteProtectedRange")
def delete_protected_range(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """The protection gone, the cells not."""
    tab, old = find_part(
        book, "protectedRanges", "protectedRangeId", request.get("protectedRangeId", 0), "protected range"
    )
    if not guard.may_edit(old):
        raise ApiError(400, REFUSAL)
    tab.parts["protectedRanges"] = [item for item in tab.parts["protectedRanges"] if item is not old]
    return {}
