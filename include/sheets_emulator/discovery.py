"""Bodies and masks checked against the discovery documents that google-api-python-client ships.

Proto3 JSON as Google's front end reads it: camelCase or snake_case names, null = not set, numbers
may come as text, wrong types are a 400 in Google's own wording; unknown names are one at the Sheets API,
while the older Drive API passes over them (gspread relies on that). The checked copy
that comes back has camelCase names, no nulls and typed scalars.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient

from .errors import ApiError
from .masks import WILDCARD, Tree, camel

Place = tuple[Any, str | int] | None  # where in the body: (place of the parent, name or index)
Checker = Callable[[Any, Place], Any]
INTEGER_TYPES = {"int32": "TYPE_INT32", "int64": "TYPE_INT64", "uint32": "TYPE_UINT32"}
PACKAGES = {"sheets.v4": "google.apps.sheets.v4", "drive.v3": "google.apps.drive.v3"}


@cache
def document(api: str) -> dict[str, Any]:
    """The discovery document of "sheets.v4" or "drive.v3"."""
    folder = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
    found: dict[str, Any] = json.loads((folder / f"{api}.json").read_text(encoding="utf-8"))
    return found


def snake(name: str) -> str:
    """`userEnteredValue` → `user_entered_value`, as error paths spell it."""
    return re.sub(r"([A-Z])", lambda match: "_" + match.group(1).lower(), name)


def check(body: Any, schema: str, *, api: str = "sheets.v4", at: str = "") -> dict[str, Any]:
    """The body checked and normalised; `at` is where Google's error paths start (e.g. "data")."""
    if not isinstance(body, dict):
        shown = json.dumps(body)[:200]
        text = f"Invalid JSON payload received. Unexpected token.\n{shown}"
        raise ApiError(400, text, violations=[("", text)])
    checked: dict[str, Any] = checker(api, schema)(body, (None, at) if at else None)
    return checked


@cache
def checker(api: str, schema: str) -> Checker:
    """The compiled check of one schema: (value, place) → normalised value, or ApiError."""
    properties = document(api)["schemas"][schema].get("properties", {})
    type_name = f"type.googleapis.com/{PACKAGES[api]}.{schema}"
    checks: dict[str, tuple[str, Checker]] = {}

    def field(name: str, place: Place) -> tuple[str, Checker]:
        proper = name if name in properties else camel(name)
        if proper not in properties and api == "drive.v3":
            return name, _ignored
        if proper not in properties:
            raise _unknown(name, place)
        checks[name] = (proper, _property_checker(api, properties[proper], schema, proper))
        return checks[name]

    def check_message(value: Any, place: Place) -> Any:
        if type(value) is not dict:
            raise _invalid(place, type_name, value)
        result = {}
        for name, item in value.items():
            proper, check_item = checks.get(name) or field(name, place)
            if item is not None and check_item is not _ignored:
                result[proper] = check_item(item, (place, proper))
        return result

    def check_cell(value: Any, place: Place) -> Any:
        entered = value.get("userEnteredValue") if type(value) is dict and len(value) == 1 else None
        if type(entered) is dict and len(entered) == 1 and type(entered.get("stringValue")) is str:
            return value  # by far the most frequent message; a large tab has hundreds of thousands
        return check_message(value, place)

    return check_cell if schema == "CellData" else check_message


def _ignored(_value: Any, _place: Place) -> None:
    """Stands for a name that is passed over."""


def _property_checker(api: str, spec: dict[str, Any], schema: str, name: str) -> Checker:
    if "$ref" in spec:
        return checker(api, spec["$ref"])
    kind = spec.get("type")
    if kind == "array":
        return _array(_property_checker(api, spec["items"], schema, name), spec["items"])
    if kind == "object":
        values = _property_checker(api, spec.get("additionalProperties", {"type": "any"}), schema, name)
        return _mapping(values)
    return _scalar(api, spec, schema, name)


def _array(inner: Checker, items: dict[str, Any]) -> Checker:
    of_lists = items.get("type") == "array"  # ValueRange.values: lists of anything

    def check_array(value: Any, place: Place) -> list[Any]:
        if not isinstance(value, list):
            if of_lists:
                raise _invalid(place, "type.googleapis.com/google.protobuf.ListValue", value)
            value = [value]  # Google's parser takes one value for a repeated field
        if of_lists:
            for row in value:
                if not isinstance(row, list):
                    raise _invalid(place, "type.googleapis.com/google.protobuf.ListValue", row)
            return list(value)
        return [inner(item, (place, number)) for number, item in enumerate(value)]

    return check_array


def _mapping(inner: Checker) -> Checker:
    def check_mapping(value: Any, place: Place) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _invalid(place, "map", value)
        return {key: inner(item, (place, key)) for key, item in value.items()}

    return check_mapping


def _scalar(api: str, spec: dict[str, Any], schema: str, name: str) -> Checker:
    kind = spec.get("type")
    if kind == "boolean":
        return _boolean
    if kind == "integer":
        return _integer(INTEGER_TYPES.get(spec.get("format", "int32"), "TYPE_INT32"))
    if kind == "number":
        return _number
    if "enum" in spec:
        enum_name = f"type.googleapis.com/{PACKAGES[api]}.{schema}.{name[:1].upper()}{name[1:]}"
        return _enumeration(frozenset(spec["enum"]), enum_name)
    if kind == "string":
        return _string
    return lambda value, _place: value


def _boolean(value: Any, place: Place) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise _invalid(place, "TYPE_BOOL", value)


def _integer(type_name: str) -> Checker:
    def check_integer(value: Any, place: Place) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise _invalid(place, type_name, value) from None
        if isinstance(value, bool) or number != int(number):
            raise _invalid(place, type_name, value)
        return int(number)

    return check_integer


def _number(value: Any, place: Place) -> float | int:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        raise _invalid(place, "TYPE_DOUBLE", value) from None


def _enumeration(names: frozenset[str], type_name: str) -> Checker:
    def check_enumeration(value: Any, place: Place) -> str:
        if not isinstance(value, str) or value not in names:
            raise _invalid(place, type_name, value)
        return value

    return check_enumeration


def _string(value: Any, place: Place) -> str:
    if not isinstance(value, str):
        raise _invalid(place, "TYPE_STRING", value)
    return value


def _spell(place: Place) -> str:
    """`requests[0].update_cells.fields`, as Google's sentences spell a place."""
    if place is None:
        return ""
    before, name = _spell(place[0]), place[1]
    if isinstance(name, int):
        return f"{before}[{name}]"
    return f"{before}.{snake(name)}" if before else snake(name)


def _invalid(place: Place, type_name: str, value: Any) -> ApiError:
    if isinstance(value, list) and place is not None and "ListValue" not in type_name:
        return _unknown(snake(str(place[1])), place[0], "Proto field is not repeating, cannot start list.")
    shown = json.dumps(value, ensure_ascii=False)
    path = _spell(place)
    text = f"Invalid value at '{path}' ({type_name}), {shown}"
    return ApiError(400, text, violations=[(path, text)])


def _unknown(name: str, place: Place, why: str = "Cannot find field.") -> ApiError:
    path = _spell(place)
    where = f" at '{path}'" if path else ""
    text = f'Invalid JSON payload received. Unknown name "{name}"{where}: {why}'
    return ApiError(400, text, violations=[(path, text)])


def unknown_path(api: str, schema: str, tree: Tree, before: str = "") -> str | None:
    """The first path of a mask that the schema does not know, dotted; None when all are known."""
    properties = document(api)["schemas"].get(schema, {}).get("properties")
    if properties is None:
        return None
    for name, branch in tree.items():
        if name == WILDCARD:
            continue
        path = f"{before}.{name}" if before else name
        spec = properties.get(name)
        if spec is None:
            return path
        spec = spec.get("items", spec)
        deeper = unknown_path(api, spec["$ref"], branch, path) if "$ref" in spec else None
        if deeper:
            return deeper
    return None


def sheets_unknown(schema: str, tree: Tree) -> str | None:
    """`unknown_path` for the Sheets API, as masks.answer_tree and masks.update_tree ask it."""
    return unknown_path("sheets.v4", schema, tree)


def drive_unknown(schema: str, tree: Tree) -> str | None:
    """`unknown_path` for the Drive API."""
    return unknown_path("drive.v3", schema, tree)
