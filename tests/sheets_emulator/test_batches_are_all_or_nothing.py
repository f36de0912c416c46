"""batchUpdate: applied whole or not at all, refused in Google's words."""

import pytest


def text(value):
    return {"userEnteredValue": {"stringValue": value}}


def test_nothing_of_a_batch_stays_when_its_last_request_fails(house):
    key = house.seed(sheets=[{"title": "A", "rows": [["un", "deux"]]}])
    before = house.get(key, includeGridData="true")
    answer = house.batch(
        key,
        {"updateCells": {"start": {}, "rows": [{"values": [text("autre")]}], "fields": "userEnteredValue"}},
        {"addSheet": {"properties": {"title": "B"}}},
        {"deleteDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}}},
        {"deleteSheet": {"sheetId": 77}},
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Invalid requests[3].deleteSheet: No sheet with id: 77"
    assert house.get(key, includeGridData="true") == before


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"updateCells": {"colour": 1}}, "Unknown name \"colour\" at 'requests[0].update_cells': Cannot find field."),
        ({"noSuchKind": {}}, "Unknown name \"noSuchKind\" at 'requests[0]': Cannot find field."),
        ({}, "Invalid requests[0]: No request set."),
        (
            {"addSheet": {"properties": {"index": "x"}}},
            "Invalid value at 'requests[0].add_sheet.properties.index' (TYPE_INT32), \"x\"",
        ),
        (
            {"updateCells": {"start": {}, "rows": []}},
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
        ),
        (
            {"mergeCells": {"range": {}, "mergeType": "SIDEWAYS"}},
            "Invalid value at 'requests[0].merge_cells.merge_type' "
            '(type.googleapis.com/google.apps.sheets.v4.MergeCellsRequest.MergeType), "SIDEWAYS"',
        ),
        (
            {"updateCells": {"start": {"rowIndex": 1000}, "rows": [{"values": [text("x")]}], "fields": "*"}},
            "Attempting to write row: 1000, beyond the last requested row of: 999",
        ),
    ],
)
def test_bad_requests_are_400_in_googles_words(house, request_, message):
    answer = house.batch(house.seed(), request_)
    assert answer.status_code == 400
    assert message in answer.json()["error"]["message"]
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize("kind", ["addSlicer", "addTable", "addDataSource", "autoFill", "textToColumns"])
def test_valid_kinds_that_are_not_modelled_are_501(house, kind):
    answer = house.batch(house.seed(), {kind: {}})
    assert answer.status_code == 501
    assert kind in answer.json()["error"]["message"]


def test_spreadsheet_comes_back_with_the_batch(house):
    key = house.seed(sheets=["A", "B"])
    sheet = house.get(key)["sheets"][1]["properties"]["sheetId"]
    write = {"start": {"sheetId": sheet}, "rows": [{"values": [text("x")]}], "fields": "userEnteredValue"}
    answer = house.batch(
        key,
        {"updateCells": write},
        includeSpreadsheetInResponse=True,
        responseRanges=["B!A1:A2"],
        responseIncludeGridData=True,
    ).json()
    sheets = answer["updatedSpreadsheet"]["sheets"]
    assert [item["properties"]["title"] for item in sheets] == ["B"]
    assert sheets[0]["data"][0]["rowData"][0]["values"][0]["formattedValue"] == "x"


def test_field_mask_of_the_answer_reaches_into_cells(house):
    key = house.seed(sheets=[{"title": "A", "rows": [["x", 3]]}])
    found = house.get(key, ranges="A", fields="sheets(properties.title,data.rowData.values.userEnteredValue)")
    values = [{"userEnteredValue": {"stringValue": "x"}}, {"userEnteredValue": {"numberValue": 3}}]
    assert found == {"sheets": [{"properties": {"title": "A"}, "data": [{"rowData": [{"values": values}]}]}]}
    url = f"{house.url}/v4/spreadsheets/{key}"
    bad = house.http.get(url, params={"fields": "sheets.colour"})
    assert bad.status_code == 400
    assert "sheets.colour" in bad.json()["error"]["details"][0]["fieldViolations"][0]["description"]


def test_a_cell_holds_50000_characters_and_no_more(house):
    key = house.seed()
    assert house.write(key, "A1", [["x" * 50_000]]).ok
    for answer in (
        house.write(key, "A1", [["x" * 50_001]]),
        house.batch(key, {"updateCells": {"start": {}, "rows": [{"values": [text("x" * 50_001)]}], "fields": "*"}}),
    ):
        assert answer.status_code == 400
        assert "50000 characters" in answer.json()["error"]["message"]


def test_a_spreadsheet_holds_ten_million_cells_and_no_more(house):
    key = house.seed()
    grow = {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 400_000}}
    answer = house.batch(key, grow)
    assert answer.status_code == 400
    assert "above the limit of 10000000 cells" in answer.json()["error"]["message"]
    assert house.get(key)["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 1000


def test_updating_a_range_clears_what_the_rows_leave_of_it(house, area):
    key = house.seed(sheets=[{"title": "A", "rows": [["a", "b"], ["c", "d"]]}])
    write = {"range": area(0, 2, 0, 2), "rows": [{"values": [text("x")]}], "fields": "userEnteredValue"}
    assert house.batch(key, {"updateCells": write}).ok
    assert house.values(key, "A") == [["x"]]


def test_masked_format_changes_leave_the_rest_of_the_format(house, area):
    key = house.seed(sheets=[{"title": "A", "rows": [["x"]]}])
    look = {"backgroundColor": {"red": 1}, "textFormat": {"bold": True}}
    cell = {"userEnteredFormat": look}
    assert house.batch(key, {"repeatCell": {"range": area(0, 1, 0, 1), "cell": cell, "fields": "userEnteredFormat"}}).ok
    blue = {"userEnteredFormat": {"backgroundColorStyle": {"rgbColor": {"blue": 1}}}}
    mask = "userEnteredFormat.backgroundColorStyle"
    assert house.batch(key, {"repeatCell": {"range": area(0, 1, 0, 1), "cell": blue, "fields": mask}}).ok
    found = house.get(key, fields="sheets.data.rowData.values(userEnteredFormat,userEnteredValue)")
    cell = found["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    assert cell["userEnteredFormat"]["backgroundColor"] == {"blue": 1}
    assert cell["userEnteredFormat"]["textFormat"] == {"bold": True}
    assert cell["userEnteredValue"] == {"stringValue": "x"}
