"""Named ranges and developer metadata."""

from ..discovery import sheets_unknown
from ..errors import Refused
from ..masks import assign, update_tree
from ..model import Json, Spreadsheet
from ..protection import Guard
from ..sheets.addresses import matching_metadata
from ..sheets.grid import output, output_range
from .registry import change, located, new_number

LOCATION_TYPES = (("sheetId", "SHEET"), ("spreadsheet", "SPREADSHEET"))


@change("addNamedRange")
def add_named_range(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """A name for a range."""
    wanted = request.get("namedRange", {})
    _check_name(book, wanted.get("name", ""), None)
    tab, _area = located(book, wanted.get("range", {}))
    named = {
        "namedRangeId": wanted.get("namedRangeId") or str(new_number(set())),
        "name": wanted["name"],
        "range": {**wanted.get("range", {}), "sheetId": tab.id},
    }
    if any(item["namedRangeId"] == named["namedRangeId"] for item in book.named_ranges):
        raise Refused(f"A named range with id {named['namedRangeId']} already exists.")
    book.named_ranges.append(named)
    return {"namedRange": {**named, "range": output_range(named["range"])}}


def _check_name(book: Spreadsheet, name: str, but: Json | None) -> None:
    if not name or not name.replace("_", "a").replace(".", "a").isalnum() or name[0].isdigit():
        raise Refused(f"Invalid name: {name}")
    for item in book.named_ranges:
        if item is not but and item["name"].casefold() == name.casefold():
            raise Refused(f"A named range with name '{name}' already exists.")


def _named(book: Spreadsheet, key: str | None) -> Json:
    for item in book.named_ranges:
        if item["namedRangeId"] == key:
            return item
    raise Refused(f"Cannot find named range with id: {key}")


@change("updateNamedRange")
def update_named_range(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """Another name or place for a named range."""
    wanted = request.get("namedRange", {})
    tree = update_tree(request.get("fields"), "NamedRange", sheets_unknown)
    item = _named(book, wanted.get("namedRangeId"))
    changed = {**assign(item, wanted, tree), "namedRangeId": item["namedRangeId"]}
    _check_name(book, changed.get("name", ""), item)
    tab, _area = located(book, changed.get("range", {}))
    changed["range"] = {**changed.get("range", {}), "sheetId": tab.id}
    item.clear()
    item.update(changed)
    return {}


@change("deleteNamedRange")
def delete_named_range(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """The name gone, the cells not."""
    book.named_ranges.remove(_named(book, request.get("namedRangeId")))
    return {}


@change("createDeveloperMetadata")
def create_developer_metadata(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """A key and value on the spreadsheet, a tab, rows or columns."""
    wanted = request.get("developerMetadata", {})
    if not wanted.get("metadataKey"):
        raise Refused("developerMetadata.metadataKey must be specified.")
    if wanted.get("visibility") not in ("DOCUMENT", "PROJECT"):
        raise Refused("developerMetadata.visibility must be specified.")
    taken = {entry["metadataId"] for entry in book.metadata}
    number = wanted.get("metadataId", new_number(taken))
    if number in taken:
        raise Refused(f"Developer metadata with id {number} already exists.")
    entry = {**wanted, "metadataId": number, "location": stored_location(book, wanted.get("location", {}))}
    book.metadata.append(entry)
    return {"developerMetadata": output(entry)}


def stored_location(book: Spreadsheet, location: Json) -> Json:
    """A DeveloperMetadataLocation with its locationType. Raises Refused."""
    if "dimensionRange" in location:
        span = location["dimensionRange"]
        tab = book.tab(span.get("sheetId", 0))
        if span.get("endIndex", 0) - span.get("startIndex", 0) != 1:
            raise Refused("dimensionRange must represent a single row or column.")
        kind = "ROW" if span["dimension"] == "ROWS" else "COLUMN"
        whole = {**span, "sheetId": tab.id, "startIndex": span.get("startIndex", 0)}
        return {"locationType": kind, "dimensionRange": whole}
    if "sheetId" in location:
        return {"locationType": "SHEET", "sheetId": book.tab(location["sheetId"]).id}
    if location.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    raise Refused("developerMetadata.location must be specified.")


def _selected(book: Spreadsheet, request: Json) -> list[Json]:
    found: dict[int, Json] = {}
    filters = request.get("dataFilters") or ([request["dataFilter"]] if "dataFilter" in request else [])
    if not filters:
        raise Refused("Must specify at least one data filter.")
    for data_filter in filters:
        if "developerMetadataLookup" not in data_filter:
            raise Refused("Only developerMetadataLookup is supported for this request.")
        for entry in matching_metadata(book, data_filter["developerMetadataLookup"]):
            found[entry["metadataId"]] = entry
    return list(found.values())


@change("updateDeveloperMetadata")
def update_developer_metadata(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """New key, value, visibility or place for all metadata that the filters select."""
    tree = update_tree(request.get("fields"), "DeveloperMetadata", sheets_unknown)
    changed = _selected(book, request)
    for entry in changed:
        new = {**assign(entry, request.get("developerMetadata", {}), tree), "metadataId": entry["metadataId"]}
        new["location"] = stored_location(book, new["location"]) if "location" in tree else entry["location"]
        entry.clear()
        entry.update(new)
    return {"developerMetadata": output(changed)}


@change("deleteDeveloperMetadata")
def delete_developer_metadata(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """All metadata that the filter selects, gone; returned a last time."""
    doomed = _selected(book, request)
    book.metadata = [entry for entry in book.metadata if entry not in doomed]
    return {"deletedDeveloperMetadata": output(doomed)}
