"""Dropdowns, banding, conditional formats, charts, sizes: kept, returned, changed, refused."""


def parts(house, key):
    return house.get(key)["sheets"][0]


def test_dropdown_is_on_its_cells_and_comes_back(house, area):
    key = house.seed()
    values = [{"userEnteredValue": "ouvert"}, {"userEnteredValue": "fait"}]
    rule = {"condition": {"type": "ONE_OF_LIST", "values": values}, "showCustomUi": True, "strict": False}
    assert house.batch(key, {"setDataValidation": {"range": area(1, 3, 0, 1), "rule": rule}}).ok
    found = house.get(key, ranges="A1:A5", fields="sheets.data.rowData.values.dataValidation")
    rows = found["sheets"][0]["data"][0]["rowData"]
    assert rows[0] == {}
    assert rows[1]["values"][0]["dataValidation"]["condition"]["values"] == values
    assert len(rows) == 3
    assert house.batch(key, {"setDataValidation": {"range": area(1, 3, 0, 1)}}).ok
    assert house.get(key, ranges="A1:A5", fields="sheets.data.rowData.values.dataValidation") == {
        "sheets": [{"data": [{}]}]
    }


def test_effective_format_is_banding_then_own_then_conditional(house, area):
    key = house.seed(sheets=[{"title": "A", "rows": [["h"], ["oui"], ["non"], ["non"]]}])
    green, red, blue = {"green": 1}, {"red": 1}, {"blue": 1}
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": "oui"}]}
    rule = {"condition": condition, "format": {"backgroundColor": red}}
    own = {"userEnteredFormat": {"backgroundColor": blue}}
    answer = house.batch(
        key,
        {"addBanding": {"bandedRange": {"range": area(0, 4, 0, 1), "rowProperties": {
            "headerColor": green, "firstBandColor": {"red": 1, "green": 1, "blue": 1}, "secondBandColor": green}}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [area(1, 4, 0, 1)], "booleanRule": rule}, "index": 0}},
        {"repeatCell": {"range": area(3, 4, 0, 1), "cell": own, "fields": "userEnteredFormat.backgroundColor"}},
    )  # fmt: skip
    assert answer.ok, answer.text
    found = house.get(key, fields="sheets.data.rowData.values.effectiveFormat.backgroundColor")
    colors = [
        row["values"][0]["effectiveFormat"]["backgroundColor"] for row in found["sheets"][0]["data"][0]["rowData"]
    ]
    assert colors == [green, red, green, blue]


def test_bandings_do_not_overlap(house, area):
    key = house.seed()
    band = {"range": area(0, 4, 0, 2), "rowProperties": {"firstBandColor": {"red": 1}, "secondBandColor": {}}}
    first = house.batch(key, {"addBanding": {"bandedRange": band}}).json()["replies"][0]["addBanding"]["bandedRange"]
    second = house.batch(key, {"addBanding": {"bandedRange": {**band, "range": area(3, 9, 0, 1)}}})
    assert second.status_code == 400
    assert "already has alternating background colors" in second.json()["error"]["message"]
    assert house.batch(key, {"deleteBanding": {"bandedRangeId": first["bandedRangeId"]}}).ok
    assert "bandedRanges" not in parts(house, key)


def test_chart_is_kept_changed_and_deleted(house, area):
    key = house.seed()
    series = {"series": {"sourceRange": {"sources": [area(0, 5, 1, 2)]}}}
    spec = {"title": "Statuts", "basicChart": {"chartType": "BAR", "series": [series]}}
    place = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 1, "columnIndex": 3}}}
    chart = {"spec": spec, "position": place}
    made = house.batch(key, {"addChart": {"chart": chart}}).json()["replies"][0]["addChart"]["chart"]
    change = {"chartId": made["chartId"], "spec": {**spec, "title": "Par statut"}}
    assert house.batch(key, {"updateChartSpec": change}).ok
    assert parts(house, key)["charts"][0]["spec"]["title"] == "Par statut"
    span = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 2}
    assert house.batch(key, {"insertDimension": {"range": span}}).ok
    moved = parts(house, key)["charts"][0]
    assert moved["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"][0]["startRowIndex"] == 2
    assert moved["position"]["overlayPosition"]["anchorCell"]["rowIndex"] == 3
    assert house.batch(key, {"deleteEmbeddedObject": {"objectId": made["chartId"]}}).ok
    assert "charts" not in parts(house, key)


def test_conditional_rules_have_an_order(house, area):
    key = house.seed()

    def rule(text):
        condition = {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": text}]}
        return {"ranges": [area(0, 5, 0, 1)], "booleanRule": {"condition": condition, "format": {}}}

    def order():
        found = parts(house, key).get("conditionalFormats", [])
        return [item["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for item in found]

    for text in "ab":
        assert house.batch(key, {"addConditionalFormatRule": {"rule": rule(text), "index": 0}}).ok
    assert order() == ["b", "a"]
    assert house.batch(key, {"updateConditionalFormatRule": {"sheetId": 0, "index": 0, "newIndex": 1}}).ok
    assert order() == ["a", "b"]
    assert house.batch(key, {"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}}).ok
    assert order() == ["b"]
    missing = house.batch(key, {"deleteConditionalFormatRule": {"sheetId": 0, "index": 4}})
    assert "No conditional format on sheet: 0 at index: 4" in missing.json()["error"]["message"]


def test_hidden_columns_and_widths_come_back(house):
    key = house.seed()
    span = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    change = {"range": span, "properties": {"pixelSize": 240, "hiddenByUser": True}, "fields": "pixelSize,hiddenByUser"}
    assert house.batch(key, {"updateDimensionProperties": change}).ok
    found = house.get(key, fields="sheets.data.columnMetadata")["sheets"][0]["data"][0]["columnMetadata"]
    assert found[:3] == [{"pixelSize": 100}, {"pixelSize": 240, "hiddenByUser": True}, {"pixelSize": 100}]


def test_a_tab_is_copied_with_its_dress(house, area):
    key = house.seed(sheets=[{"title": "A", "rows": [["x"]]}])
    other = house.seed("other")
    house.batch(key, {"mergeCells": {"range": area(2, 4, 0, 2), "mergeType": "MERGE_ALL"}})
    double = house.batch(key, {"duplicateSheet": {"sourceSheetId": 0, "newSheetName": "B"}}).json()
    made = double["replies"][0]["duplicateSheet"]["properties"]
    url = f"{house.url}/v4/spreadsheets/{key}/sheets/0:copyTo"
    assert house.http.post(url, json={"destinationSpreadsheetId": other}).json()["title"] == "Copy of A"
    assert house.values(key, "B") == house.values(other, "Copy of A") == [["x"]]
    assert house.get(key, ranges="B")["sheets"][0]["merges"][0]["sheetId"] == made["sheetId"]
