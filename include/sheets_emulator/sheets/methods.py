"""The Sheets API's methods: one function each, and the table that finds them by verb and path."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from .. import a1, defaults
from ..changes.registry import new_number
from ..changes.tabs import copy_tab, free_copy_title
from ..discovery import check
from ..errors import ApiError, Refused, invalid, not_found
from ..masks import select
from ..model import Spreadsheet
from ..protection import Guard
from ..workspace import new_id
from . import grid, values
from .addresses import Address, matching_metadata, of_filter, resolve
from .batch import apply
from .calls import Call, method_specs, rendering

Json = dict[str, Any]
Method = Callable[[Call], Json]
TABLE: list[tuple[str, re.Pattern[str], str, Method]] = []  # verb, path, discovery id, function
SPECS = method_specs()


def method(verb: str, path: str, name: str) -> Callable[[Method], Method]:
    """Enters a function under its verb and its path after `/v4/spreadsheets` ({} is one segment)."""
    pattern = re.compile("^" + path.replace("{}", "([^/]+?)") + "$")

    def register(function: Method) -> Method:
        TABLE.append((verb, pattern, name, function))
        return function

    return register


def dispatch(call: Call, raw_path: str, decode: Callable[[str], str]) -> Json:
    """The answer to a call; `raw_path` is the still encoded path after `/v4/spreadsheets`. Raises ApiError."""
    for verb, pattern, name, function in TABLE:
        match = pattern.match(raw_path)
        if match and verb == call.method:
            spec = SPECS[f"spreadsheets.{name}"]
            bound = replace(call, segments=tuple(decode(part) for part in match.groups()), spec=spec)
            bound.check_query()
            answer = function(bound)
            if call.query.get("fields") and name not in ("get", "getByDataFilter"):
                tree = bound.tree(spec["response"]["$ref"])
                return dict(select(answer, tree)) if tree else answer
            return answer
    raise ApiError(404, "Requested entity was not found.")


@contextmanager
def _editing(call: Call) -> Iterator[tuple[Spreadsheet, Guard]]:
    """A working copy of the call's spreadsheet, kept when all goes well. Raises ApiError."""
    call.check_writable()
    with call.workspace.edit(call.key) as book:
        yield book, call.guard(book)


@method("POST", "", "create")
def create(call: Call) -> Json:
    """A new spreadsheet, owned by the caller, as the body describes it."""
    body = check(call.body or {}, "Spreadsheet")
    properties = body.get("properties", {})
    word = "Untitled spreadsheet"
    locale = properties.get("locale", "en_US")
    book = defaults.spreadsheet(new_id(), properties.get("title") or word, locale)
    book.properties |= {name: item for name, item in properties.items() if name != "title"}
    guard = Guard(book, call.person, True)
    for sheet in body.get("sheets", []):
        _add_described(book, sheet, guard)
    if body.get("sheets"):
        book.tabs.pop(0)
    for named in body.get("namedRanges", []):
        apply(book, [{"addNamedRange": {"namedRange": named}}], guard)
    for entry in body.get("developerMetadata", []):
        entry.setdefault("location", {"spreadsheet": True})
        apply(book, [{"createDeveloperMetadata": {"developerMetadata": entry}}], guard)
    call.workspace.new_book(book, call.person)
    return grid.spreadsheet(book, None, False, None, guard)


def _add_described(book: Spreadsheet, sheet: Json, guard: Guard) -> None:
    """One Sheet of a create body. Parts other than properties and data are a 501."""
    wanted = dict(sheet.get("properties", {}))
    wanted.setdefault("title", f"Sheet{len(book.tabs)}")
    if wanted["title"] == book.tabs[0].title:
        book.tabs[0].properties["title"] = "\0"
    if wanted.get("sheetId") == book.tabs[0].id:
        book.tabs[0].properties["sheetId"] = -1
    wanted.pop("index", None)
    reply = apply(book, [{"addSheet": {"properties": wanted}}], guard)[0]["addSheet"]["properties"]
    for name in sheet:
        if name not in ("properties", "data", "merges"):
            raise ApiError(501, f"The emulator does not model sheets.{name} in spreadsheets.create.")
    for data in sheet.get("data", []):
        start = {
            "sheetId": reply["sheetId"],
            "rowIndex": data.get("startRow", 0),
            "columnIndex": data.get("startColumn", 0),
        }
        apply(book, [{"updateCells": {"start": start, "rows": data.get("rowData", []), "fields": "*"}}], guard)
    for merge in sheet.get("merges", []):
        apply(book, [{"mergeCells": {"range": {**merge, "sheetId": reply["sheetId"]}}}], guard)


@method("GET", "/{}", "get")
def get(call: Call) -> Json:
    """The spreadsheet, with grid data when it is asked for by flag or by mask."""
    book = call.readable()
    tree = call.tree("Spreadsheet")
    addresses = [resolve(book, text) for text in call.query.get("ranges", [])] or None
    return grid.spreadsheet(book, addresses, call.flag("includeGridData") or tree is not None, tree, call.guard(book))


@method("POST", "/{}:getByDataFilter", "getByDataFilter")
def get_by_data_filter(call: Call) -> Json:
    """The spreadsheet, restricted to what data filters select."""
    book = call.readable()
    body = check(call.body or {}, "GetSpreadsheetByDataFilterRequest")
    tree = call.tree("Spreadsheet")
    filters = body.get("dataFilters", [])
    addresses = [address for item in filters for address in of_filter(book, item)] if filters else None
    wanted = body.get("includeGridData", False) or tree is not None
    return grid.spreadsheet(book, addresses, wanted, tree, call.guard(book))


@method("POST", "/{}:batchUpdate", "batchUpdate")
def batch_update(call: Call) -> Json:
    """All requests or none; the spreadsheet afterwards when it is asked for."""
    call.check_writable()
    body = check(call.body or {}, "BatchUpdateSpreadsheetRequest")
    with _editing(call) as (book, guard):
        answer: Json = {"spreadsheetId": book.id, "replies": apply(book, body.get("requests", []), guard)}
        book.results.clear()
    if body.get("includeSpreadsheetInResponse"):
        after = call.readable()
        tree = call.tree("BatchUpdateSpreadsheetResponse")
        inner = (tree or {}).get("updatedSpreadsheet") or None
        addresses = [resolve(after, text) for text in body.get("responseRanges", [])] or None
        data = bool(body.get("responseIncludeGridData") or inner)
        answer["updatedSpreadsheet"] = grid.spreadsheet(after, addresses, data, inner, call.guard(after))
    return answer


@method("GET", "/{}/values:batchGet", "values.batchGet")
def values_batch_get(call: Call) -> Json:
    """Several ranges at once."""
    book = call.readable()
    how = call.rendering()
    found = [values.read(book, resolve(book, text), how) for text in call.query.get("ranges", [])]
    return {"spreadsheetId": book.id, **({"valueRanges": found} if found else {})}


@method("POST", "/{}/values:batchGetByDataFilter", "values.batchGetByDataFilter")
def values_batch_get_by_filter(call: Call) -> Json:
    """Values of what data filters select."""
    book = call.readable()
    body = check(call.body or {}, "BatchGetValuesByDataFilterRequest")
    how = rendering(body.get("valueRenderOption"), body.get("dateTimeRenderOption"), body.get("majorDimension"))
    found = [
        {"valueRange": values.read(book, address, how), "dataFilters": [item]}
        for item in body.get("dataFilters", [])
        for address in of_filter(book, item)
    ]
    return {"spreadsheetId": book.id, **({"valueRanges": found} if found else {})}


@method("POST", "/{}/values:batchUpdate", "values.batchUpdate")
def values_batch_update(call: Call) -> Json:
    """Several ranges written, all or none."""
    call.check_writable()
    body = check(call.body or {}, "BatchUpdateValuesRequest")
    with _editing(call) as (book, guard):
        written = [
            (_write(book, resolve(book, item.get("range", "")), item, body, guard)) for item in body.get("data", [])
        ]
    return _totals(call.key, written)


@method("POST", "/{}/values:batchUpdateByDataFilter", "values.batchUpdateByDataFilter")
def values_batch_update_by_filter(call: Call) -> Json:
    """What data filters select written, all or none."""
    call.check_writable()
    body = check(call.body or {}, "BatchUpdateValuesByDataFilterRequest")
    written = []
    with _editing(call) as (book, guard):
        for item in body.get("data", []):
            for address in of_filter(book, item.get("dataFilter", {})):
                answer = _write(book, address, item, body, guard)
                written.append({**answer, "dataFilter": item["dataFilter"]})
    answer = _totals(call.key, written)
    for response in answer["responses"]:
        response.pop("spreadsheetId", None)
    return answer


def _option(option: str | None) -> str:
    if option not in ("RAW", "USER_ENTERED"):
        raise invalid("'valueInputOption' is required but not specified")
    return option


def _write(book: Spreadsheet, address: Address, item: Json, body: Json, guard: Guard) -> Json:
    """One range of a batch written; its values afterwards when the body asks for them."""
    answer = values.write(book, address, item, _option(body.get("valueInputOption")), guard)
    if body.get("includeValuesInResponse"):
        how = rendering(body.get("responseValueRenderOption"), body.get("responseDateTimeRenderOption"), None)
        answer["updatedData"] = values.read(book, resolve(book, answer["updatedRange"]), how)
    return answer


def _totals(key: str, written: list[Json]) -> Json:
    rows: set[tuple[str, int]] = set()
    columns: set[tuple[str, int]] = set()
    for answer in written:
        title, _, reference = answer["updatedRange"].rpartition("!")
        bounds = a1.parse_bounds(reference)
        if bounds and "updatedCells" in answer:
            rows |= {(title, index) for index in range(bounds.top or 0, bounds.bottom or 0)}
            columns |= {(title, index) for index in range(bounds.left or 0, bounds.right or 0)}
    totals = {
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(answer.get("updatedCells", 0) for answer in written),
        "totalUpdatedSheets": len({title for title, _ in rows}),
    }
    kept = {name: count for name, count in totals.items() if count}
    return {"spreadsheetId": key, **kept, "responses": written}


@method("POST", "/{}/values:batchClear", "values.batchClear")
def values_batch_clear(call: Call) -> Json:
    """Several ranges emptied, all or none."""
    call.check_writable()
    body = check(call.body or {}, "BatchClearValuesRequest")
    with _editing(call) as (book, guard):
        cleared = [values.clear(resolve(book, text), guard) for text in body.get("ranges", [])]
    return {"spreadsheetId": call.key, **({"clearedRanges": cleared} if cleared else {})}


@method("POST", "/{}/values:batchClearByDataFilter", "values.batchClearByDataFilter")
def values_batch_clear_by_filter(call: Call) -> Json:
    """What data filters select emptied."""
    call.check_writable()
    body = check(call.body or {}, "BatchClearValuesByDataFilterRequest")
    with _editing(call) as (book, guard):
        found = [address for item in body.get("dataFilters", []) for address in of_filter(book, item)]
        cleared = [values.clear(address, guard) for address in found]
    return {"spreadsheetId": call.key, **({"clearedRanges": cleared} if cleared else {})}


@method("POST", "/{}/values/{}:append", "values.append")
def values_append(call: Call) -> Json:
    """Rows below the table that is found in the range."""
    call.check_writable()
    body = check(call.body or {}, "ValueRange", at="data")
    option = _option(call.one("valueInputOption"))
    insert = call.one("insertDataOption") == "INSERT_ROWS"
    with _editing(call) as (book, guard):
        answer = values.append(book, resolve(book, call.segments[1]), body, option, insert, guard)
        _add_values(call, book, answer["updates"])
    return answer


def _add_values(call: Call, book: Spreadsheet, answer: Json) -> None:
    if call.flag("includeValuesInResponse"):
        how = call.rendering("response")
        answer["updatedData"] = values.read(book, resolve(book, answer["updatedRange"]), how)


@method("POST", "/{}/values/{}:clear", "values.clear")
def values_clear(call: Call) -> Json:
    """One range emptied."""
    with _editing(call) as (book, guard):
        cleared = values.clear(resolve(book, call.segments[1]), guard)
    return {"spreadsheetId": call.key, "clearedRange": cleared}


@method("GET", "/{}/values/{}", "values.get")
def values_get(call: Call) -> Json:
    """One range."""
    book = call.readable()
    return values.read(book, resolve(book, call.segments[1]), call.rendering())


@method("PUT", "/{}/values/{}", "values.update")
def values_update(call: Call) -> Json:
    """One range written."""
    call.check_writable()
    body = check(call.body or {}, "ValueRange", at="data")
    option = _option(call.one("valueInputOption"))
    with _editing(call) as (book, guard):
        answer = values.write(book, resolve(book, call.segments[1]), body, option, guard)
        _add_values(call, book, answer)
    return answer


@method("GET", "/{}/developerMetadata/{}", "developerMetadata.get")
def metadata_get(call: Call) -> Json:
    """One piece of developer metadata."""
    book = call.readable()
    found = next((entry for entry in book.metadata if str(entry["metadataId"]) == call.segments[1]), None)
    if found is None:
        raise not_found()
    return dict(grid.output(found))


@method("POST", "/{}/developerMetadata:search", "developerMetadata.search")
def metadata_search(call: Call) -> Json:
    """Developer metadata that data filters select."""
    book = call.readable()
    body = check(call.body or {}, "SearchDeveloperMetadataRequest")
    found: dict[int, Json] = {}
    for item in body.get("dataFilters", []):
        if "developerMetadataLookup" not in item:
            raise ApiError(501, "The emulator searches metadata by developerMetadataLookup only.")
        for entry in matching_metadata(book, item["developerMetadataLookup"]):
            matched = found.setdefault(
                entry["metadataId"], {"developerMetadata": grid.output(entry), "dataFilters": []}
            )
            matched["dataFilters"].append(item)
    return {"matchedDeveloperMetadata": list(found.values())} if found else {}


@method("POST", "/{}/sheets/{}:copyTo", "sheets.copyTo")
def copy_to(call: Call) -> Json:
    """A tab copied to another spreadsheet."""
    source = call.readable()
    body = check(call.body or {}, "CopySheetToAnotherSpreadsheetRequest")
    try:
        tab = source.tab(int(call.segments[1]))
    except (Refused, ValueError):
        raise invalid(f"The sheet ({call.segments[1]}) does not exist.") from None
    target = replace(call, segments=(body.get("destinationSpreadsheetId", ""),))
    with _editing(target) as (book, _):
        word = "Copie de " if book.locale.startswith("fr") else "Copy of "
        sheet_id = new_number({other.id for other in book.tabs})
        copied = copy_tab(tab, sheet_id, free_copy_title(book, word + tab.title))
        book.tabs.append(copied)
        return grid.properties(copied, len(book.tabs) - 1)
