"""The basic filter and filter views."""

import copy

from ..discovery import sheets_unknown
from ..errors import Refused
from ..masks import assign, update_tree
from ..model import Json, Spreadsheet
from ..protection import Guard
from ..sheets.grid import output
from .registry import change, find_part, located, new_number, stored_range, used_numbers


def _with_specs(item: Json) -> Json:
    """Criteria and filterSpecs say the same thing; Google returns both."""
    if item.get("criteria") and not item.get("filterSpecs"):
        pairs = sorted((int(key), value) for key, value in item["criteria"].items())
        item["filterSpecs"] = [{"columnIndex": key, "filterCriteria": value} for key, value in pairs]
    elif item.get("filterSpecs") and not item.get("criteria"):
        item["criteria"] = {
            str(spec.get("columnIndex", 0)): spec.get("filterCriteria", {}) for spec in item["filterSpecs"]
        }
    return item


@change("setBasicFilter")
def set_basic_filter(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """The one filter of a tab."""
    wanted = request.get("filter")
    if wanted is None:
        raise Refused("No filter specified.")
    tab, area = located(book, wanted.get("range", {}))
    tab.parts["basicFilter"] = _with_specs({**wanted, "range": stored_range(tab, area)})
    return {}


@change("clearBasicFilter")
def clear_basic_filter(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """No filter on the tab."""
    book.tab(request.get("sheetId", 0)).parts.pop("basicFilter", None)
    return {}


@change("addFilterView")
def add_filter_view(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """A filter of one's own, named."""
    wanted = request.get("filter", {})
    tab, area = located(book, wanted.get("range", {}))
    views = tab.parts.setdefault("filterViews", [])
    number = wanted.get("filterViewId", new_number(used_numbers(book, "filterViews", "filterViewId")))
    title = wanted.get("title") or f"Filter {len(views) + 1}"
    view = _with_specs({**wanted, "filterViewId": number, "title": title, "range": stored_range(tab, area)})
    views.append(view)
    return {"filter": output(view)}


@change("updateFilterView")
def update_filter_view(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """Another title, range or criteria."""
    wanted = request.get("filter", {})
    tree = update_tree(request.get("fields"), "FilterView", sheets_unknown)
    tab, old = find_part(book, "filterViews", "filterViewId", wanted.get("filterViewId", 0), "filter view")
    changed = assign(old, wanted, tree) | {"filterViewId": old["filterViewId"]}
    if "criteria" in tree and "filterSpecs" not in tree:
        changed.pop("filterSpecs", None)
    elif "filterSpecs" in tree:
        changed.pop("criteria", None)
    area = located(book, changed.get("range", {}))[1]
    changed["range"] = stored_range(tab, area)
    old.clear()
    old.update(_with_specs(changed))
    return {}


@change("deleteFilterView")
def delete_filter_view(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """The view gone."""
    tab, old = find_part(book, "filterViews", "filterViewId", request.get("filterId", 0), "filter view")
    tab.parts["filterViews"] = [view for view in tab.parts["filterViews"] if view is not old]
    return {}


@change("duplicateFilterView")
def duplicate_filter_view(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """A copy of a view under a new id."""
    tab, old = find_part(book, "filterViews", "filterViewId", request.get("filterId", 0), "filter view")
    number = new_number(used_numbers(book, "filterViews", "filterViewId"))
    view = {**copy.deepcopy(old), "filterViewId": number, "title": f"Copy of {old['title']}"}
    tab.parts["filterViews"].append(view)
    return {"filter": output(view)}
