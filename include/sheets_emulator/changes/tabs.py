"""The spreadsheet's properties and its tabs: add, change, duplicate, delete."""

from .. import defaults
from ..cells.formulas import move_references
from ..discovery import sheets_unknown
from ..errors import Refused
from ..masks import Tree, assign, update_tree
from ..model import MAX_COLUMNS, Json, Spreadsheet, Tab
from ..protection import Guard
from ..sheets.formats import with_styles
from ..sheets.grid import properties as output_properties
from .registry import change, new_number


@change("updateSpreadsheetProperties")
def update_spreadsheet_properties(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """Title, locale, time zone…"""
    tree = update_tree(request.get("fields"), "SpreadsheetProperties", sheets_unknown)
    wanted = request.get("properties", {})
    if not tree:
        wanted = {**book.properties, **wanted}
    if "title" in tree and not wanted.get("title"):
        raise Refused("The title of a spreadsheet can't be empty.")
    book.properties = assign(book.properties, wanted, tree)
    return {}


@change("addSheet")
def add_sheet(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """A new tab; its index among the others, its grid and colours as asked for."""
    wanted = request.get("properties", {})
    if wanted.get("sheetType", "GRID") != "GRID":
        raise Refused("Cannot add a sheet that is not a grid.")
    taken = {tab.id for tab in book.tabs}
    sheet_id = wanted.get("sheetId", new_number(taken))
    if sheet_id in taken:
        raise Refused(f"Sheet with id {sheet_id} already exists.")
    if sheet_id < 0:
        raise Refused("sheetId must be non-negative.")
    tab = defaults.tab(sheet_id, check_title(book, wanted.get("title") or free_title(book)))
    grid = {**tab.properties["gridProperties"], **wanted.get("gridProperties", {})}
    rest = {name: value for name, value in wanted.items() if name not in ("sheetId", "title", "index")}
    tab.properties |= with_styles(rest) | {"gridProperties": grid}
    check_grid(tab)
    index = min(wanted.get("index", len(book.tabs)), len(book.tabs))
    book.tabs.insert(index, tab)
    book.check_size()
    return {"properties": output_properties(tab, index)}


def free_title(book: Spreadsheet) -> str:
    """`Sheet2`, `Sheet3`… (in French `Feuille 2`), the first that is free."""
    word = "Feuille " if book.locale.startswith("fr") else "Sheet"
    number = len(book.tabs) + 1
    while book.titled(f"{word}{number}"):
        number += 1
    return f"{word}{number}"


def check_title(book: Spreadsheet, title: str, but: Tab | None = None) -> str:
    """The title when no other tab has it. Raises Refused."""
    other = book.titled(title)
    if other is not None and other is not but:
        raise Refused(f'A sheet with the name "{title}" already exists. Please enter another name.')
    if len(title) > 100:
        raise Refused("A sheet's name must not be longer than 100 characters.")
    return title


def check_grid(tab: Tab) -> None:
    """Google's limits on one grid. Raises Refused."""
    grid = tab.properties["gridProperties"]
    if grid.get("rowCount", 0) < 1 or grid.get("columnCount", 0) < 1:
        raise Refused("Sheet must have at least one row and one column.")
    if grid["columnCount"] > MAX_COLUMNS:
        raise Refused(f"A sheet can have at most {MAX_COLUMNS} columns.")
    for axis in ("row", "column"):
        if grid.get(f"frozen{axis.title()}Count", 0) >= grid[f"{axis}Count"] > 0 and grid[f"{axis}Count"] > 1:
            raise Refused(f"You can't freeze all visible {axis}s on the sheet.")


@change("updateSheetProperties")
def update_sheet_properties(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """Title, place, grid size, frozen rows, colour, visibility."""
    wanted = request.get("properties", {})
    tree = update_tree(request.get("fields"), "SheetProperties", sheets_unknown)
    tab = book.tab(wanted.get("sheetId", 0))
    if "title" in tree or not tree:
        if not wanted.get("title"):
            raise Refused("The title of a sheet can't be empty.")
        check_title(book, wanted.get("title", ""), but=tab)
    wanted = with_styles(wanted)
    if tree and ("tabColor" in tree or "tabColorStyle" in tree):
        tree = {**tree, "tabColor": {}, "tabColorStyle": {}}
    before = (tab.row_count, tab.column_count)
    kept = {"sheetId": tab.id, "sheetType": tab.properties["sheetType"]}
    mask: Tree = {name: branch for name, branch in tree.items() if name != "index"}
    if mask or not tree:
        tab.properties = {**assign(tab.properties, wanted, mask), **kept}
    if tab.properties.get("tabColorStyle") == {"rgbColor": {}} and "rgbColor" not in wanted.get("tabColorStyle", {}):
        tab.properties.pop("tabColorStyle")
    _resize(book, tab, before, guard)
    if ("index" in tree or not tree) and "index" in wanted:
        move_tab(book, tab, wanted["index"])
    if all(other.properties.get("hidden") for other in book.tabs):
        raise Refused("You can't hide all the sheets in a document.")
    return {}


def move_tab(book: Spreadsheet, tab: Tab, index: int) -> None:
    """The tab before the one that now has this index, as Google counts before the move."""
    current = book.tabs.index(tab)
    target = index - 1 if index > current else index
    book.tabs.remove(tab)
    book.tabs.insert(max(0, min(target, len(book.tabs))), tab)


def _resize(book: Spreadsheet, tab: Tab, before: tuple[int, int], guard: Guard) -> None:
    """What a new grid size cuts off is gone."""
    grid = tab.properties.setdefault("gridProperties", {})
    grid.setdefault("rowCount", before[0])
    grid.setdefault("columnCount", before[1])
    check_grid(tab)
    if (tab.row_count, tab.column_count) == before:
        return
    book.check_size()
    if tab.row_count < before[0] or tab.column_count < before[1]:
        guard.check_tab(tab)
    del tab.rows[tab.row_count :]
    if tab.column_count < before[1]:
        for number, row in enumerate(tab.rows):
            if any(column >= tab.column_count for column in row):
                tab.rows[number] = {column: cell for column, cell in row.items() if column < tab.column_count}
    clip_ranges(tab)


def clip_ranges(tab: Tab) -> None:
    """Stored ranges cut to the grid; merges outside it are gone."""
    for item in tab.ranges():
        for axis, limit in (("Row", tab.row_count), ("Column", tab.column_count)):
            if item.get("sheetId", 0) == tab.id and f"end{axis}Index" in item:
                item[f"end{axis}Index"] = min(item[f"end{axis}Index"], limit)
    if "merges" in tab.parts:
        tab.parts["merges"] = [
            item for item in tab.parts["merges"]
            if item["startRowIndex"] < item["endRowIndex"] and item["startColumnIndex"] < item["endColumnIndex"]
        ]  # fmt: skip


@change("deleteSheet")
def delete_sheet(book: Spreadsheet, request: Json, guard: Guard) -> Json:
    """The tab gone, with named ranges and metadata on it."""
    tab = book.find(request.get("sheetId", 0))
    if tab is None:
        raise Refused(f"No sheet with id: {request.get('sheetId', 0)}")
    guard.check_tab(tab)
    left = [other for other in book.tabs if other is not tab]
    if not any(not other.properties.get("hidden") for other in left):
        raise Refused("You can't remove all the visible sheets in a document.")
    book.tabs = left
    book.named_ranges = [item for item in book.named_ranges if item["range"].get("sheetId", 0) != tab.id]
    book.metadata = [entry for entry in book.metadata if not _is_on(entry, tab.id)]
    _break_references(book, tab.title)
    return {}


def _is_on(entry: Json, sheet_id: int) -> bool:
    location = entry["location"]
    span = location.get("dimensionRange")
    return bool(location.get("sheetId", -1) == sheet_id or (span and span.get("sheetId", 0) == sheet_id))


def _break_references(book: Spreadsheet, title: str) -> None:
    """Formulas that named the deleted tab show #REF!."""
    for tab in book.tabs:
        for number, row in enumerate(tab.rows):
            for column, cell in row.items():
                formula = cell.get("userEnteredValue", {}).get("formulaValue")
                if formula and title in formula:
                    moved = move_references(formula, lambda name, bounds: None if name == title else bounds)
                    tab.set_cell(number, column, {**cell, "userEnteredValue": {"formulaValue": moved}})


@change("duplicateSheet")
def duplicate_sheet(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """A copy of a tab beside the others."""
    source = book.tab(request.get("sourceSheetId", 0))
    taken = {tab.id for tab in book.tabs}
    sheet_id = request.get("newSheetId", new_number(taken))
    if sheet_id in taken:
        raise Refused(f"Sheet with id {sheet_id} already exists.")
    word = "Copie de " if book.locale.startswith("fr") else "Copy of "
    title = check_title(book, request.get("newSheetName") or free_copy_title(book, word + source.title))
    tab = copy_tab(source, sheet_id, title)
    index = min(request.get("insertSheetIndex", 0), len(book.tabs))
    book.tabs.insert(index, tab)
    book.check_size()
    return {"properties": output_properties(tab, index)}


def free_copy_title(book: Spreadsheet, title: str) -> str:
    """The title, with a number behind it when it is taken."""
    number, wanted = 1, title
    while book.titled(wanted):
        number += 1
        wanted = f"{title} {number}"
    return wanted


def copy_tab(source: Tab, sheet_id: int, title: str) -> Tab:
    """The tab under another id and title; its ranges point at the copy, its parts get new ids."""
    tab = source.copy()
    for item in tab.ranges():
        if item.get("sheetId", 0) == source.id:
            item["sheetId"] = sheet_id
    for part, key in (("protectedRanges", "protectedRangeId"), ("bandedRanges", "bandedRangeId"),
                      ("filterViews", "filterViewId"), ("charts", "chartId")):  # fmt: skip
        for item in tab.parts.get(part, []):
            item[key] = new_number(set())
    tab.properties |= {"sheetId": sheet_id, "title": title}
    tab.properties.pop("hidden", None)
    return tab
