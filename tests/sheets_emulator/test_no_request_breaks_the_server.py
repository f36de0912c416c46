"""Requests made up from the discovery document: each is applied or refused, none is a crash."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheets_emulator import defaults
from sheets_emulator.changes import KINDS
from sheets_emulator.discovery import check, document
from sheets_emulator.errors import ApiError
from sheets_emulator.protection import Guard
from sheets_emulator.sheets import grid
from sheets_emulator.sheets.addresses import Address
from sheets_emulator.sheets.batch import apply
from sheets_emulator.sheets.values import write
from sheets_emulator.viewer.picture import picture

SCHEMAS = document("sheets.v4")["schemas"]
REQUESTS = SCHEMAS["Request"]["properties"]
NUMBERS = st.one_of(st.integers(0, 6), st.sampled_from([-1, 12, 10**6]))
TEXTS = st.sampled_from(["", "a", "B2", "=A1", "title", "*", "note", "userEnteredValue", "n.x", "Sheet1", "1", "TRUE"])


def values_of(spec, depth):
    if "$ref" in spec:
        return message(spec["$ref"], depth)
    kind = spec.get("type")
    if kind == "array":
        return st.lists(values_of(spec["items"], depth), max_size=2)
    if kind == "object":
        return st.dictionaries(
            st.sampled_from(["0", "1", "9"]), values_of(spec["additionalProperties"], depth), max_size=2
        )
    if "enum" in spec:
        return st.sampled_from(spec["enum"])
    return {"integer": NUMBERS, "number": st.floats(0, 1), "boolean": st.booleans()}.get(kind, TEXTS)


def message(name, depth=4):
    properties = SCHEMAS[name].get("properties", {})
    if depth == 0 or not properties:
        return st.just({})
    chosen = {key: st.deferred(lambda spec=spec: values_of(spec, depth - 1)) for key, spec in properties.items()}
    return st.lists(st.sampled_from(sorted(properties)), max_size=4, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({key: chosen[key] for key in names})
    )


def request():
    return st.sampled_from(sorted(KINDS)).flatmap(
        lambda kind: message(REQUESTS[kind]["$ref"]).map(lambda body: {kind: body})
    )


def outcome(book, one):
    """The spreadsheet after a request, or the refusal."""
    working = book.copy()
    guard = Guard(working, "", False)
    try:
        apply(working, check({"requests": [one]}, "BatchUpdateSpreadsheetRequest")["requests"], guard)
    except ApiError as error:
        return error
    return working


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(request(), min_size=1, max_size=4))
def test_any_batch_is_applied_or_refused(requests):
    book = defaults.spreadsheet("x", "x", "fr_FR")
    tab = book.tabs[0]
    tab.properties["gridProperties"] |= {"rowCount": 8, "columnCount": 6}
    guard = Guard(book, "", False)
    rows = [["a", 1, "=B1+1"], ["b", "02/03/2026", True]]
    write(book, Address(tab, tab.whole(), open=True), {"values": rows}, "USER_ENTERED", guard)
    for one in requests:
        after = outcome(book, one)
        if isinstance(after, ApiError):
            assert after.code in (400, 501)
            assert after.message
        else:
            book = after
    book.results.clear()
    if sum(sheet.row_count * sheet.column_count for sheet in book.tabs) < 100_000:
        grid.spreadsheet(book, None, True, None, Guard(book, "", True))
        for sheet in book.tabs:
            picture(book, sheet, 0, 50)
