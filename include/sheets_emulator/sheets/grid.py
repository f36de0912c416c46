"""A spreadsheet as spreadsheets.get returns it, with grid data for ranges, built to the field mask."""

from datetime import UTC, datetime
from typing import Any

from .. import defaults
from ..cells.calculate import effective_value
from ..cells.display import shown
from ..cells.locales import locale_of
from ..masks import Tree, branch_of, select, wants
from ..model import Area, Spreadsheet, Tab
from ..protection import Guard
from .addresses import Address
from .formats import Looks, today_serial

Json = dict[str, Any]
STORED = ("userEnteredValue", "userEnteredFormat", "note", "dataValidation", "textFormatRuns")
URL = "https://docs.google.com/spreadsheets/d/{}/edit"


def spreadsheet(
    book: Spreadsheet, addresses: list[Address] | None, with_data: bool, tree: Tree | None, guard: Guard
) -> Json:
    """The Spreadsheet resource; `addresses` None means every tab whole."""
    answer: Json = {"spreadsheetId": book.id, "properties": book.properties}
    answer["sheets"] = []
    for index, tab in enumerate(book.tabs):
        mine = [address.area for address in addresses if address.tab is tab] if addresses is not None else None
        if mine == []:
            continue
        data = with_data and wants(tree, "sheets", "data")
        data_tree = branch_of(tree, "sheets", "data")
        answer["sheets"].append(sheet(book, tab, index, mine or [tab.whole()] if data else [], data_tree, guard))
    if book.named_ranges:
        answer["namedRanges"] = [{**item, "range": output_range(item["range"])} for item in book.named_ranges]
    own = [entry for entry in book.metadata if entry["location"]["locationType"] == "SPREADSHEET"]
    if own:
        answer["developerMetadata"] = own
    answer["spreadsheetUrl"] = URL.format(book.id)
    return _selected(answer, tree) if tree else answer


def _selected(answer: Json, tree: Tree) -> Json:
    """`select`, but grid data, large and built to the mask already, are only looked through for masks inside cells."""
    below = branch_of(tree, "sheets", "data", "rowData", "values")
    deep = below is not None and any(below.values())
    if deep or not tree.get("sheets") or "data" not in tree["sheets"]:
        return dict(select(answer, tree))
    rest = {**tree, "sheets": {**tree["sheets"], "data": {}}}
    return dict(select(answer, rest))


def sheet(book: Spreadsheet, tab: Tab, index: int, areas: list[Area], tree: Tree | None, guard: Guard) -> Json:
    """The Sheet resource with grid data for the areas."""
    answer: Json = {"properties": properties(tab, index)}
    if areas:
        answer["data"] = [grid_data(book, tab, area, tree) for area in areas]
    for name, value in tab.parts.items():
        if value or name == "basicFilter":
            answer[name] = protected_ranges(value, guard) if name == "protectedRanges" else output(value)
    own = [entry for entry in book.metadata
           if entry["location"]["locationType"] == "SHEET" and entry["location"].get("sheetId") == tab.id]  # fmt: skip
    if own:
        answer["developerMetadata"] = own
    return answer


def properties(tab: Tab, index: int) -> Json:
    """SheetProperties as they are returned: proto defaults left out, sheetId and index always there."""
    grid = {name: value for name, value in tab.properties["gridProperties"].items() if value not in (0, False)}
    result = {**tab.properties, "index": index, "gridProperties": grid}
    return {name: value for name, value in result.items() if value is not False}


def output_range(grid_range: Json) -> Json:
    """A GridRange or DimensionRange as returned: sheetId 0 is left out."""
    return {name: value for name, value in grid_range.items() if name != "sheetId" or value}


def output(value: Any) -> Any:
    """Stored parts as returned: private keys and proto defaults left out."""
    if isinstance(value, list):
        return [output(item) for item in value]
    if isinstance(value, dict):
        cleaned = {name: output(item) for name, item in value.items() if item is not False}
        return output_range(cleaned) if "sheetId" in cleaned else cleaned
    return value


def editors_of(item: Json) -> Json:
    """Editors of a protected range, whoever made it among them."""
    editors: Json = item.get("editors", {})
    users = editors.get("users", [])
    return {**editors, "users": users if item["creator"] in users else [*users, item["creator"]]}


def protected_ranges(items: list[Json], guard: Guard, *, settled: bool = True) -> list[Json]:
    """Protected ranges with what the caller may do; editors only for those who may edit.

    The reply to addProtectedRange (not yet `settled`) names only editors that were asked for.
    """
    answers = []
    for item in items:
        answer = output({name: value for name, value in item.items() if name != "creator"})
        if guard.may_edit(item):
            answer["requestingUserCanEdit"] = True
            answer["editors"] = editors_of(item) if settled else answer.get("editors", {})
        else:
            answer.pop("editors", None)
        answers.append(answer)
    return answers


def grid_data(book: Spreadsheet, tab: Tab, area: Area, tree: Tree | None) -> Json:
    """GridData of an area, with what the mask wants of it."""
    answer: Json = {}
    if area.top and wants(tree, "startRow"):
        answer["startRow"] = area.top
    if area.left and wants(tree, "startColumn"):
        answer["startColumn"] = area.left
    if wants(tree, "rowData"):
        rows = row_data(book, tab, area, branch_of(tree, "rowData", "values"))
        if rows:
            answer["rowData"] = rows
    if wants(tree, "rowMetadata"):
        answer["rowMetadata"] = dimension_properties(book, tab, "ROWS", area.top, area.bottom)
    if wants(tree, "columnMetadata"):
        answer["columnMetadata"] = dimension_properties(book, tab, "COLUMNS", area.left, area.right)
    return answer


def dimension_properties(book: Spreadsheet, tab: Tab, dimension: str, start: int, end: int) -> list[Json]:
    """DimensionProperties of rows or columns [start, end)."""
    sizes = tab.sizes(dimension)
    size = defaults.ROW_PIXELS if dimension == "ROWS" else defaults.COLUMN_PIXELS
    found = [{"pixelSize": size, **sizes.get(index, {})} for index in range(start, end)]
    for entry in book.metadata:
        span = entry["location"].get("dimensionRange")
        if span and span.get("sheetId", 0) == tab.id and span["dimension"] == dimension:
            for index in range(max(span.get("startIndex", 0), start), min(span["endIndex"], end)):
                found[index - start].setdefault("developerMetadata", []).append(entry)
    return found


def row_data(book: Spreadsheet, tab: Tab, area: Area, tree: Tree | None) -> list[Json]:
    """RowData of an area; trailing cells and rows without anything that is asked for are left out."""
    stored = [name for name in STORED if wants(tree, name)]
    effective, formatted, look, link = (
        wants(tree, name) for name in ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")
    )
    looks = Looks(book, tab, today_serial(datetime.now(UTC))) if look else None
    locale = locale_of(book.locale)
    rows: list[Json] = []
    for row in range(area.top, min(area.bottom, len(tab.rows))):
        values: list[Json] = []
        for column, cell in sorted(tab.row(row).items()):
            if not area.left <= column < area.right:
                continue
            answer = {name: cell[name] for name in stored if name in cell}
            if effective or formatted or looks:
                value = effective_value(book, tab, row, column)
                if value and effective:
                    answer["effectiveValue"] = value
                if value and formatted:
                    number_format = cell.get("userEnteredFormat", {}).get("numberFormat")
                    answer["formattedValue"] = shown(value, number_format, locale)
                if looks and (value or "userEnteredFormat" in cell):
                    answer["effectiveFormat"] = looks.of(row, column, cell, value)
            if link and (len(cell) > 1 or "formulaValue" in cell.get("userEnteredValue", cell)):
                target = hyperlink(book, tab, row, column)
                if target:
                    answer["hyperlink"] = target
            if answer:
                while len(values) < column - area.left:
                    values.append({})
                values.append(answer)
        rows.append({"values": values} if values else {})
    while rows and not rows[-1]:
        rows.pop()
    return rows


def hyperlink(book: Spreadsheet, tab: Tab, row: int, column: int) -> str | None:
    """The link of a cell: of its format, or the first argument of its HYPERLINK formula."""
    cell = tab.cell(row, column)
    link = cell.get("userEnteredFormat", {}).get("textFormat", {}).get("link", {}).get("uri")
    runs = [run.get("format", {}).get("link", {}).get("uri") for run in cell.get("textFormatRuns", [])]
    formula = cell.get("userEnteredValue", {}).get("formulaValue", "")
    if not link and formula[:11].upper() == "=HYPERLINK(":
        from ..cells.calculate import Evaluator, FormulaError, scalar
        from ..cells.formulas import ParseError, parse

        try:
            link = scalar(Evaluator(book, tab, row, column).evaluate(parse(formula).items[0]))
        except (ParseError, FormulaError, IndexError):
            link = None
    return link or next((run for run in runs if run), None)
