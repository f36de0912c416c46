"""How a tab looks and guides: widths, colours, filter, dropdowns, protection with a warning, charts.

Sent once, when a tab, column or row is made; afterwards the look belongs to people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from suivi.publish.sheets.grid import mark
from suivi.publish.sheets.layout import Column, Tab, words
from suivi.reference import load_yaml

Request = dict[str, Any]

HEADER = {"machine": "#e6e6e6", "key": "#e6e6e6", "correctable": "#ffe599", "human": "#b6d7a8"}
BANDS = ("#ffffff", "#f6f9fd")
LATE, GREY, WAITING = "#f8d0c8", "#999999", "#fff2cc"
FROZEN = {"actions": 2, "closing": 3}  # columns that stay in sight: the hidden id and the number
CHART_WIDTH, CHART_HEIGHT = 360, 260  # pixels: one phone screen wide


def colour(code: str) -> dict[str, Any]:
    """An HTML colour as the API has it."""
    parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return {"rgbColor": dict(zip(("red", "green", "blue"), parts, strict=True))}


def sheet(tab: Tab, title: str, index: int, rows: int, columns: int, *, hidden: bool) -> Request:
    """A new tab, with its fixed id: made twice it is the same tab."""
    properties: dict[str, Any] = {
        "sheetId": tab.sheet_id,
        "title": title,
        "index": index,
        "hidden": hidden or tab.hidden,
        "tabColorStyle": colour(load_yaml("sheet_tabs.yaml")["colours"][tab.key]),
        "gridProperties": {
            "rowCount": rows,
            "columnCount": columns,
            "frozenRowCount": tab.header_rows,
            "frozenColumnCount": FROZEN.get(tab.key, 0),
        },
    }
    return {"addSheet": {"properties": properties}}


def header_cell(column: Column, language: str) -> dict[str, Any]:
    """A header with its explanation and mark in the note."""
    return {
        "userEnteredValue": {"stringValue": column.header(language)},
        "note": mark(column),
        "userEnteredFormat": {
            "backgroundColorStyle": colour(HEADER[column.who]),
            "textFormat": {"bold": True},
            "wrapStrategy": "WRAP",
            "verticalAlignment": "MIDDLE",
        },
    }


def hxl_cell(column: Column) -> dict[str, Any]:
    return {
        "userEnteredValue": {"stringValue": column.hxl} if column.hxl else {},
        "userEnteredFormat": {"textFormat": {"fontSize": 7, "foregroundColorStyle": colour(GREY)}},
    }


def columns(tab: Tab, places: Mapping[str, int]) -> list[Request]:
    """Widths, and technical columns folded away."""
    return [
        {
            "updateDimensionProperties": {
                "range": _dimension(tab.sheet_id, "COLUMNS", place, place + 1),
                "properties": {"pixelSize": tab.column(name).width, "hiddenByUser": tab.column(name).hidden},
                "fields": "pixelSize,hiddenByUser",
            }
        }
        for name, place in places.items()
    ]


def rows(tab: Tab, places: Mapping[str, int], first: int, last: int, language: str) -> list[Request]:
    """Formats and dropdowns of the rows from `first` up to `last`."""
    if last <= first:
        return []
    made: list[Request] = []
    for start, end in _runs(places.values()):
        look = {"wrapStrategy": "WRAP", "verticalAlignment": "TOP"}
        made.append(
            _repeat(_range(tab, first, last, start, end), look, "wrapStrategy,userEnteredFormat.verticalAlignment")
        )
    for name, place in places.items():
        column, area = tab.column(name), _range(tab, first, last, place, place + 1)
        if column.type == "date":
            made.append(_repeat(area, {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}, "numberFormat"))
        elif column.type in ("integer", "number"):
            pattern = "#,##0" if column.type == "integer" else "#,##0.##"
            if name != "year":
                made.append(_repeat(area, {"numberFormat": {"type": "NUMBER", "pattern": pattern}}, "numberFormat"))
        elif column.type == "flag":
            made.append(_validate(area, {"type": "BOOLEAN"}))
        if column.codes and column.who in ("correctable", "human"):
            values = [{"userEnteredValue": column.label(code, language)} for code in column.codes]
            made.append(_validate(area, {"type": "ONE_OF_LIST", "values": values}))
    return made


def tab(tab_: Tab, places: Mapping[str, int]) -> list[Request]:
    """What a tab gets once: banding, filter, highlighting, protection."""
    top, edge = tab_.header_rows, len(places)
    body = {"sheetId": tab_.sheet_id, "startRowIndex": top, "startColumnIndex": 0, "endColumnIndex": edge}
    made: list[Request] = [
        {
            "addBanding": {
                "bandedRange": {
                    "bandedRangeId": tab_.sheet_id,
                    "range": body,
                    "rowProperties": {
                        "firstBandColorStyle": colour(BANDS[0]),
                        "secondBandColorStyle": colour(BANDS[1]),
                    },
                }
            }
        }
    ]
    if tab_.key not in ("readme", "summary"):
        made.append({"setBasicFilter": {"filter": {"range": {**body, "startRowIndex": top - 1}}}})
    made += [
        {"addConditionalFormatRule": {"index": i, "rule": rule}} for i, rule in enumerate(_rules(tab_, places, body))
    ]
    open_ = [
        {**body, "startColumnIndex": start, "endColumnIndex": end}
        for start, end in _runs(p for n, p in places.items() if tab_.column(n).who in ("correctable", "human"))
    ]
    guard: dict[str, Any] = {
        "protectedRangeId": tab_.sheet_id,
        "range": {"sheetId": tab_.sheet_id},
        "description": words("own_row", "fr"),
        "warningOnly": True,
        "unprotectedRanges": open_,
    }
    made.append({"addProtectedRange": {"protectedRange": guard}})
    return made


def _rules(tab_: Tab, places: Mapping[str, int], body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Conditional formats: late rows red, rows that no longer count grey, what waits for an answer yellow."""
    row = tab_.header_rows + 1
    grey = {"textFormat": {"foregroundColorStyle": colour(GREY), "italic": True}}
    rules = []
    for name, words_, look in (
        ("late", None, {"backgroundColorStyle": colour(LATE)}),
        ("state", ("withdrawn", "settled"), grey),
        ("state", ("incomplete", "refused"), {"backgroundColorStyle": colour(LATE)}),
        ("state", ("held",), {"backgroundColorStyle": colour(WAITING)}),
    ):
        if name not in places:
            continue
        cell = f"${letter(places[name])}{row}"
        labels = [label for code in words_ or () for label in tab_.column(name).codes.get(code, {}).values()]
        if words_ and not labels:
            continue
        formula = (
            f"={cell}=TRUE" if words_ is None else "=OR(" + ",".join(f'{cell}="{label}"' for label in labels) + ")"
        )
        condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
        rules.append({"ranges": [dict(body)], "booleanRule": {"condition": condition, "format": look}})
    return rules


def chart(
    chart_id: int, title: str, kind: str, summary: Tab, place: int, span: tuple[int, int], sheet_id: int, position: int
) -> Request:
    """One chart over rows `span` of the summary, under the text of *Lisez-moi*; `place`: its column of values."""

    def source(column: int) -> dict[str, Any]:
        area = {
            "sheetId": summary.sheet_id,
            "startRowIndex": span[0],
            "endRowIndex": span[1],
            "startColumnIndex": column,
            "endColumnIndex": column + 1,
        }
        return {"sourceRange": {"sources": [area]}}

    spec = {
        "title": title,
        "hiddenDimensionStrategy": "SHOW_ALL",
        "basicChart": {
            "chartType": kind,
            "legendPosition": "NO_LEGEND",
            "domains": [{"domain": source(1)}],
            "series": [{"series": source(place), "targetAxis": "LEFT_AXIS"}],
        },
    }
    anchor = {"sheetId": sheet_id, "rowIndex": 1 + 14 * (position // 2), "columnIndex": 3}
    overlay = {
        "anchorCell": anchor,
        "offsetXPixels": 20 + (CHART_WIDTH + 20) * (position % 2),
        "widthPixels": CHART_WIDTH,
        "heightPixels": CHART_HEIGHT,
    }
    return {"addChart": {"chart": {"chartId": chart_id, "spec": spec, "position": {"overlayPosition": overlay}}}}


def _repeat(area: Mapping[str, Any], look: Mapping[str, Any], fields: str) -> Request:
    return {
        "repeatCell": {
            "range": dict(area),
            "cell": {"userEnteredFormat": dict(look)},
            "fields": f"userEnteredFormat.{fields}",
        }
    }


def _validate(area: Mapping[str, Any], condition: Mapping[str, Any]) -> Request:
    rule = {"condition": dict(condition), "strict": True, "showCustomUi": True}
    return {"setDataValidation": {"range": dict(area), "rule": rule}}


def _range(tab_: Tab, first: int, last: int, start: int, end: int) -> dict[str, int]:
    return {
        "sheetId": tab_.sheet_id,
        "startRowIndex": first,
        "endRowIndex": last,
        "startColumnIndex": start,
        "endColumnIndex": end,
    }


def _dimension(sheet_id: int, dimension: str, start: int, end: int) -> dict[str, Any]:
    return {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}


def _runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Contiguous runs of columns as (start, end)."""
    runs: list[tuple[int, int]] = []
    for place in sorted(places):
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs


def letter(column: int) -> str:
    """A column's name: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
