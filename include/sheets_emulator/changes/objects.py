"""Charts: kept, moved, returned; how they look is the viewer's business."""

import copy

from .. import defaults
from ..errors import Refused
from ..model import Json, Spreadsheet
from ..protection import Guard
from ..sheets.grid import output
from .registry import change, find_part, new_number, used_numbers
from .tabs import free_title

DEFAULT_SIZE = {"widthPixels": 600, "heightPixels": 371}


@change("addChart")
def add_chart(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """A chart over cells of a tab, or on a tab of its own."""
    wanted = request.get("chart", {})
    if not wanted.get("spec"):
        raise Refused("No chart spec specified.")
    number = wanted.get("chartId", new_number(used_numbers(book, "charts", "chartId")))
    position = copy.deepcopy(wanted.get("position", {}))
    chart = {"chartId": number, "spec": wanted["spec"], **({"border": wanted["border"]} if "border" in wanted else {})}
    if position.get("newSheet"):
        tab = defaults.tab(new_number({tab.id for tab in book.tabs}), free_title(book), 1, 1)
        tab.properties["sheetType"] = "OBJECT"
        book.tabs.append(tab)
        chart["position"] = {"sheetId": tab.id}
    else:
        overlay = {**DEFAULT_SIZE, **position.get("overlayPosition", {})}
        tab = book.tab(overlay.setdefault("anchorCell", {}).setdefault("sheetId", book.tabs[0].id))
        chart["position"] = {"overlayPosition": overlay}
    tab.parts.setdefault("charts", []).append(chart)
    return {"chart": output(chart)}


@change("updateChartSpec")
def update_chart_spec(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """Another spec, whole."""
    if not request.get("spec"):
        raise Refused("No chart spec specified.")
    chart = find_part(book, "charts", "chartId", request.get("chartId", 0), "chart")[1]
    chart["spec"] = request["spec"]
    return {}


@change("updateEmbeddedObjectPosition")
def update_embedded_object_position(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """Another place or size for a chart."""
    tab, chart = find_part(book, "charts", "chartId", request.get("objectId", 0), "embedded object")
    wanted = request.get("newPosition", {}).get("overlayPosition")
    if not wanted:
        raise Refused("No position specified.")
    old = chart["position"].get("overlayPosition", {})
    overlay = {**old, **wanted}
    target = book.tab(overlay.setdefault("anchorCell", {}).setdefault("sheetId", tab.id))
    chart["position"] = {"overlayPosition": overlay}
    if target is not tab:
        tab.parts["charts"].remove(chart)
        target.parts.setdefault("charts", []).append(chart)
    return {"position": output(chart["position"])}


@change("deleteEmbeddedObject")
def delete_embedded_object(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """The chart gone."""
    tab, chart = find_part(book, "charts", "chartId", request.get("objectId", 0), "embedded object")
    tab.parts["charts"] = [item for item in tab.parts["charts"] if item is not chart]
    return {}
