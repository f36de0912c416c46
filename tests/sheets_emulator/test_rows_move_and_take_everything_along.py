"""Inserting, deleting, moving, sorting: ranges, names, metadata, formulas follow."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheets_emulator import defaults
from sheets_emulator.protection import Guard
from sheets_emulator.sheets.addresses import Address
from sheets_emulator.sheets.batch import apply
from sheets_emulator.sheets.values import Rendering, read, write


@pytest.fixture
def key(house, area):
    key = house.seed(sheets=[{"title": "A", "rows": [["h", "n"], ["a", 1], ["b", 2], ["c", 3], ["", "=SUM(B2:B4)"]]}])
    metadata = {
        "metadataKey": "suivi",
        "metadataValue": "c",
        "visibility": "DOCUMENT",
        "location": {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}},
    }
    answer = house.batch(
        key,
        {"addNamedRange": {"namedRange": {"name": "Chiffres", "range": area(1, 4, 1, 2)}}},
        {"createDeveloperMetadata": {"developerMetadata": metadata}},
        {"addProtectedRange": {"protectedRange": {"range": area(0, 5, 0, 1), "warningOnly": True}}},
        {"setBasicFilter": {"filter": {"range": area(0, 5, 0, 2), "criteria": {"1": {"hiddenValues": ["2"]}}}}},
        {"mergeCells": {"range": area(5, 7, 0, 2), "mergeType": "MERGE_ALL"}},
    )
    assert answer.ok, answer.text
    return key


def rows(start, end):
    return {"sheetId": 0, "dimension": "ROWS", "startIndex": start, "endIndex": end}


def where(house, key):
    found = house.get(key)
    sheet = found["sheets"][0]
    search = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "suivi"}}]}
    url = f"{house.url}/v4/spreadsheets/{key}/developerMetadata:search"
    matched = house.http.post(url, json=search).json().get("matchedDeveloperMetadata", [])
    spans = [item["developerMetadata"]["location"]["dimensionRange"]["startIndex"] for item in matched]
    name = found.get("namedRanges", [{"range": {}}])[0]["range"]
    merge = sheet.get("merges", [{}])[0]
    return {
        "name": (name.get("startRowIndex"), name.get("endRowIndex")),
        "metadata": spans,
        "merge": merge.get("startRowIndex"),
        "filter": sheet["basicFilter"]["range"]["endRowIndex"],
        "formula": house.values(key, "A", valueRenderOption="FORMULA")[-1][-1],
        "sum": house.values(key, "A")[-1][-1],
    }


def test_inserting_rows(house, key):
    assert house.batch(key, {"insertDimension": {"range": rows(2, 4), "inheritFromBefore": True}}).ok
    assert where(house, key) == {
        "name": (1, 6), "metadata": [5], "merge": 7, "filter": 7, "formula": "=SUM(B2:B6)", "sum": "6",
    }  # fmt: skip


def test_deleting_rows(house, key):
    assert house.batch(key, {"deleteDimension": {"range": rows(3, 4)}}).ok
    assert where(house, key) == {
        "name": (1, 3), "metadata": [], "merge": 4, "filter": 4, "formula": "=SUM(B2:B3)", "sum": "3",
    }  # fmt: skip


def test_deleting_what_a_formula_means_leaves_ref(house, key):
    assert house.batch(key, {"deleteDimension": {"range": rows(1, 4)}}).ok
    assert house.values(key, "A")[-1][-1] == "#REF!"


def test_moving_rows(house, key):
    assert house.batch(key, {"moveDimension": {"source": rows(3, 4), "destinationIndex": 1}}).ok
    assert [row[0] for row in house.values(key, "A1:A4")] == ["h", "c", "a", "b"]
    assert where(house, key)["metadata"] == [1]


def test_metadata_finds_its_row_for_values(house, key):
    lookup = {"developerMetadataLookup": {"metadataKey": "suivi"}}
    url = f"{house.url}/v4/spreadsheets/{key}/values:batchGetByDataFilter"
    found = house.http.post(url, json={"dataFilters": [lookup]}).json()
    assert found["valueRanges"][0]["valueRange"]["values"] == [["c", "3"]]


def test_inserting_a_column_shifts_filter_criteria(house, key):
    span = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    assert house.batch(key, {"insertDimension": {"range": span, "inheritFromBefore": False}}).ok
    assert list(house.get(key)["sheets"][0]["basicFilter"]["criteria"]) == ["2"]
    assert house.values(key, "A!B2:C2") == [["a", "1"]]


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["insert", "delete", "move"]), st.integers(0, 6), st.integers(1, 3), st.integers(0, 8)),
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(OPERATIONS, st.sampled_from(["ROWS", "COLUMNS"]))
def test_rows_and_columns_behave_like_a_list(operations, dimension):
    book = defaults.spreadsheet("x", "x")
    tab = book.tabs[0]
    tab.properties["gridProperties"] |= {"rowCount": 10, "columnCount": 10}
    guard = Guard(book, "", True)
    line = [str(number) for number in range(10)]
    body = {"values": [[text] for text in line] if dimension == "ROWS" else [line]}
    write(book, Address(tab, tab.whole(), open=True), body, "RAW", guard)
    for kind, start, count, target in operations:
        end = min(start + count, len(line))
        span = {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": start + count}
        if kind == "insert" and start < len(line):
            apply(book, [{"insertDimension": {"range": span}}], guard)
            line[start:start] = [""] * count
        elif kind == "delete" and end - start < len(line) and start < end:
            apply(book, [{"deleteDimension": {"range": {**span, "endIndex": end}}}], guard)
            del line[start:end]
        elif kind == "move" and start < end and target <= len(line) and not start < target < end:
            apply(book, [{"moveDimension": {"source": {**span, "endIndex": end}, "destinationIndex": target}}], guard)
            block = line[start:end]
            del line[start:end]
            at = target - len(block) if target > start else target
            line[at:at] = block
    found = read(book, Address(tab, tab.whole()), Rendering()).get("values", [])
    seen = [(row or [""])[0] for row in found] if dimension == "ROWS" else (found or [[]])[0]
    assert seen == (line if not line or line[-1] else line[: max((i + 1 for i, t in enumerate(line) if t), default=0)])
    assert (tab.row_count if dimension == "ROWS" else tab.column_count) == len(line)
