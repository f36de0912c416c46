"""What a tab looks like, as JSON for the viewer: texts, styles, dropdowns, notes, links, protections, charts."""

from datetime import UTC, datetime
from typing import Any

from .. import defaults
from ..cells.calculate import effective_value
from ..cells.display import general, shown
from ..cells.locales import Locale, locale_of
from ..cells.typing import typed_value
from ..errors import ApiError
from ..model import Area, Cell, Spreadsheet, Tab
from ..sheets.addresses import resolve
from ..sheets.formats import Looks, today_serial
from ..sheets.grid import hyperlink
from .drawings import charts

Json = dict[str, Any]
Protection = tuple[Area, Json, list[Area]]  # where, the protected range, what it leaves open
EMPTY_ROWS = 8  # shown below the last used row, to write into


def overview(book: Spreadsheet) -> Json:
    """Title, locale, version and tabs of a spreadsheet."""
    tabs = [
        {
            "id": tab.id,
            "title": tab.title,
            "hidden": bool(tab.properties.get("hidden")),
            "color": css_color(tab.properties.get("tabColorStyle", {}).get("rgbColor")),
        }
        for tab in book.tabs
    ]
    return {
        "id": book.id,
        "title": book.properties["title"],
        "locale": book.locale,
        "version": book.version,
        "tabs": tabs,
    }


def picture(book: Spreadsheet, tab: Tab, start: int, count: int) -> Json:
    """Rows [start, start + count) of a tab and what stands around them; frozen rows come with every page."""
    used = max((number + 1 for number, row in enumerate(tab.rows) if _has_values(row)), default=0)
    last = min(used + EMPTY_ROWS, tab.row_count)
    columns = _used_columns(tab)
    looks = Looks(book, tab, today_serial(datetime.now(UTC)))
    grid = tab.properties["gridProperties"]
    frozen = grid.get("frozenRowCount", 0)
    hidden = filtered_rows(book, tab, looks)
    protections = [
        (tab.area(item.get("range", {})), item, [tab.area(free) for free in item.get("unprotectedRanges", [])])
        for item in tab.parts.get("protectedRanges", [])
    ]
    rows = []
    for number in [*range(min(frozen, start)), *range(start, min(start + count, last))]:
        if number in hidden or tab.row_sizes.get(number, {}).get("hiddenByUser"):
            continue
        cells = [_cell(book, tab, number, column, looks, protections) for column in range(columns)]
        rows.append({"number": number, "cells": cells})
    return {
        "id": tab.id,
        "title": tab.title,
        "version": book.version,
        "rows": rows,
        "columns": [_column(tab, index) for index in range(columns)],
        "frozenRows": frozen,
        "frozenColumns": grid.get("frozenColumnCount", 0),
        "hideGridlines": bool(grid.get("hideGridlines")),
        "merges": [_merge(tab.area(item)) for item in tab.parts.get("merges", [])],
        "filter": _merge(tab.area(tab.parts["basicFilter"]["range"])) if "basicFilter" in tab.parts else None,
        "filteredRows": len(hidden),
        "charts": charts(book, tab),
        "end": last,
        "rowCount": tab.row_count,
    }


def _has_values(row: dict[int, Cell]) -> bool:
    return any("userEnteredValue" in cell or "note" in cell for cell in row.values())


def _used_columns(tab: Tab) -> int:
    used = max((max(row) + 1 for row in tab.rows if row), default=0)
    return min(max(used + 1, 6), tab.column_count)


def _column(tab: Tab, index: int) -> Json:
    size = tab.column_sizes.get(index, {})
    return {"width": size.get("pixelSize", defaults.COLUMN_PIXELS), "hidden": bool(size.get("hiddenByUser"))}


def _merge(area: Area) -> Json:
    return {"top": area.top, "bottom": area.bottom, "left": area.left, "right": area.right}


def _cell(book: Spreadsheet, tab: Tab, row: int, column: int, looks: Looks, protections: list[Protection]) -> Json:
    """One cell; keys that say nothing are left out."""
    cell = tab.cell(row, column)
    value = effective_value(book, tab, row, column)
    number_format = cell.get("userEnteredFormat", {}).get("numberFormat")
    answer: Json = {"text": shown(value, number_format, locale_of(book.locale))}
    rule = cell.get("dataValidation")
    ticked = {"boolValue": False} if rule and rule["condition"]["type"] == "BOOLEAN" and not value else value
    style = css(looks.of(row, column, cell, value), ticked)
    found = {
        "style": style,
        "entered": entered_text(cell, answer["text"], locale_of(book.locale)),
        "note": cell.get("note"),
        "link": hyperlink(book, tab, row, column),
        "options": options_of(book, rule) if rule else None,
        "check": bool(value and value.get("boolValue")) if rule and rule["condition"]["type"] == "BOOLEAN" else None,
        "protected": _protection(protections, row, column),
        "invalid": invalid(book, rule, answer["text"]) if rule else None,
    }
    return answer | {name: item for name, item in found.items() if item not in (None, "", False) or name == "check"}


def entered_text(cell: Cell, text: str, locale: Locale) -> str:
    """What the edit line shows: typed again it gives the same value."""
    value = cell.get("userEnteredValue", {})
    if "formulaValue" in value:
        return str(value["formulaValue"])
    if "stringValue" in value:
        string = str(value["stringValue"])
        return string if typed_value(string, locale, None)[0] == value else "'" + string
    if "numberValue" in value and typed_value(text, locale, None)[0] != value:
        return general(value["numberValue"], locale)
    return text


def _protection(protections: list[Protection], row: int, column: int) -> str | None:
    for area, item, open_areas in protections:
        if area.contains(row, column) and not any(free.contains(row, column) for free in open_areas):
            return "warning" if item.get("warningOnly") else "locked"
    return None


def options_of(book: Spreadsheet, rule: Json) -> list[str] | None:
    """The choices of a dropdown rule, None for other rules."""
    condition = rule["condition"]
    texts = [item.get("userEnteredValue", "") for item in condition.get("values", [])]
    if condition["type"] == "ONE_OF_LIST":
        return texts
    if condition["type"] != "ONE_OF_RANGE" or not texts:
        return None
    try:
        address = resolve(book, texts[0].lstrip("="))
    except ApiError:
        return None
    tab, area = address.tab, address.area
    found = []
    for row in range(area.top, min(area.bottom, len(tab.rows))):
        for column in range(area.left, area.right):
            number_format = tab.cell(row, column).get("userEnteredFormat", {}).get("numberFormat")
            text = shown(effective_value(book, tab, row, column), number_format, locale_of(book.locale))
            if text:
                found.append(text)
    return found


def invalid(book: Spreadsheet, rule: Json, text: str) -> bool:
    """Whether a dropdown cell holds something that is no choice (Google marks its corner red)."""
    options = options_of(book, rule)
    return options is not None and text != "" and text not in options


def filtered_rows(book: Spreadsheet, tab: Tab, looks: Looks) -> set[int]:
    """Rows that the basic filter hides."""
    basic = tab.parts.get("basicFilter")
    if not basic:
        return set()
    area, locale = tab.area(basic["range"]), locale_of(book.locale)
    hidden = set()
    for spec in basic.get("filterSpecs", []):
        criteria, column = spec.get("filterCriteria", {}), spec.get("columnIndex", 0)
        doomed = set(criteria.get("hiddenValues", []))
        condition = criteria.get("condition")
        for row in range(area.top + 1, min(area.bottom, len(tab.rows))):
            cell = tab.cell(row, column)
            value = effective_value(book, tab, row, column)
            text = shown(value, cell.get("userEnteredFormat", {}).get("numberFormat"), locale)
            if text in doomed or (condition and not looks.holds(condition, area, row, column, value)):
                hidden.add(row)
    return hidden


def css_color(rgb: Json | None) -> str | None:
    """A Color as `#rrggbb`, None for none."""
    if rgb is None:
        return None
    return "#" + "".join(f"{round(rgb.get(name, 0) * 255):02x}" for name in ("red", "green", "blue"))


def css(look: Json, value: Json | None) -> str:
    """An effective format as inline style; only what differs from a plain cell."""
    parts = []
    background = css_color(look.get("backgroundColorStyle", {}).get("rgbColor") or look.get("backgroundColor"))
    if background and background != "#ffffff":
        parts.append(f"background-color:{background}")
    text = look.get("textFormat", {})
    color = css_color(text.get("foregroundColorStyle", {}).get("rgbColor") or text.get("foregroundColor"))
    if color and color != "#000000":
        parts.append(f"color:{color}")
    if text.get("bold"):
        parts.append("font-weight:bold")
    if text.get("italic"):
        parts.append("font-style:italic")
    lines = [word for name, word in (("underline", "underline"), ("strikethrough", "line-through")) if text.get(name)]
    if lines:
        parts.append("text-decoration:" + " ".join(lines))
    if text.get("fontSize", 10) != 10:
        parts.append(f"font-size:{text['fontSize']}pt")
    alignment = look.get("horizontalAlignment")
    if alignment in ("CENTER", "RIGHT"):
        parts.append(f"text-align:{alignment.lower()}")
    elif value and "boolValue" in value and not alignment:
        parts.append("text-align:center")
    if look.get("wrapStrategy") == "WRAP":
        parts.append("white-space:pre-wrap")
    if look.get("verticalAlignment") in ("TOP", "MIDDLE"):
        parts.append(f"vertical-align:{look['verticalAlignment'].lower()}")
    return ";".join(parts)
