"""Banding and conditional formats."""

from ..discovery import sheets_unknown
from ..errors import Refused
from ..masks import assign, update_tree
from ..model import Json, Spreadsheet, Tab
from ..protection import Guard
from ..sheets.grid import output
from .registry import change, find_part, located, new_number, stored_range, used_numbers

BAND_COLORS = ("headerColor", "firstBandColor", "secondBandColor", "footerColor")


def _styled(item: Json) -> Json:
    """Every band colour also as its ColorStyle, and the other way round."""
    result = dict(item)
    for name in ("rowProperties", "columnProperties"):
        colors = dict(result.get(name, {}))
        for color in BAND_COLORS:
            if color in colors and f"{color}Style" not in colors:
                colors[f"{color}Style"] = {"rgbColor": colors[color]}
            elif colors.get(f"{color}Style", {}).get("rgbColor") is not None:
                colors[color] = colors[f"{color}Style"]["rgbColor"]
        if name in result:
            result[name] = colors
    return result


@change("addBanding")
def add_banding(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """Alternating colours over a range; two bandings must not overlap."""
    wanted = request.get("bandedRange", {})
    tab, area = located(book, wanted.get("range", {}))
    bands = tab.parts.setdefault("bandedRanges", [])
    if any(tab.area(band["range"]).overlaps(area) for band in bands):
        raise Refused(
            "You cannot add alternating background colors to a range that already has alternating background colors."
        )
    if not wanted.get("rowProperties") and not wanted.get("columnProperties"):
        raise Refused("Must specify rowProperties or columnProperties.")
    number = wanted.get("bandedRangeId", new_number(used_numbers(book, "bandedRanges", "bandedRangeId")))
    band = {**_styled(wanted), "bandedRangeId": number, "range": stored_range(tab, area)}
    bands.append(band)
    return {"bandedRange": output(band)}


@change("updateBanding")
def update_banding(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """Other colours or another range."""
    wanted = request.get("bandedRange", {})
    tree = update_tree(request.get("fields"), "BandedRange", sheets_unknown)
    tab, old = find_part(book, "bandedRanges", "bandedRangeId", wanted.get("bandedRangeId", 0), "banded range")
    changed = assign(old, wanted, tree) | {"bandedRangeId": old["bandedRangeId"]}
    area = located(book, changed.get("range", {}))[1]
    for band in tab.parts["bandedRanges"]:
        if band is not old and tab.area(band["range"]).overlaps(area):
            raise Refused("Banded ranges must not overlap.")
    old.clear()
    old.update(_styled({**changed, "range": stored_range(tab, area)}))
    return {}


@change("deleteBanding")
def delete_banding(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """The colours gone."""
    tab, old = find_part(book, "bandedRanges", "bandedRangeId", request.get("bandedRangeId", 0), "banded range")
    tab.parts["bandedRanges"] = [band for band in tab.parts["bandedRanges"] if band is not old]
    return {}


def _checked_rule(book: Spreadsheet, rule: Json) -> tuple[Tab, Json]:
    """The tab of a rule and the rule with whole ranges. Raises Refused."""
    if not rule.get("ranges"):
        raise Refused("No ranges specified in the conditional format rule.")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise Refused("Must specify exactly one of booleanRule or gradientRule.")
    if "booleanRule" in rule and "type" not in rule["booleanRule"].get("condition", {}):
        raise Refused("No condition specified.")
    places = [located(book, item) for item in rule["ranges"]]
    if len({tab.id for tab, _ in places}) > 1:
        raise Refused("All ranges of a conditional format rule must be on the same sheet.")
    ranges = [{**item, "sheetId": tab.id} for item, (tab, _) in zip(rule["ranges"], places, strict=True)]
    return places[0][0], {**rule, "ranges": ranges}


@change("addConditionalFormatRule")
def add_conditional_format_rule(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """A rule at an index of its tab's list (0 is asked first)."""
    tab, rule = _checked_rule(book, request.get("rule", {}))
    rules = tab.parts.setdefault("conditionalFormats", [])
    index = request.get("index", 0)
    if index > len(rules) or index < 0:
        raise Refused(f"Invalid index: {index}")
    rules.insert(index, rule)
    return {}


def _rules(book: Spreadsheet, request: Json) -> tuple[list[Json], int]:
    rules: list[Json] = book.tab(request.get("sheetId", 0)).parts.get("conditionalFormats", [])
    index = request.get("index", 0)
    if not 0 <= index < len(rules):
        raise Refused(f"No conditional format on sheet: {request.get('sheetId', 0)} at index: {index}")
    return rules, index


@change("updateConditionalFormatRule")
def update_conditional_format_rule(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """Another rule in its place, or the rule at another index."""
    if "rule" in request:
        tab, rule = _checked_rule(book, request["rule"])
        rules, index = _rules(book, {**request, "sheetId": tab.id})
        old, rules[index] = rules[index], rule
        return {"newRule": output(rule), "newIndex": index, "oldRule": output(old)}
    rules, index = _rules(book, request)
    target = request.get("newIndex", 0)
    if not 0 <= target < len(rules):
        raise Refused(f"Invalid newIndex: {target}")
    rule = rules.pop(index)
    rules.insert(target, rule)
    return {"newRule": output(rule), "newIndex": target, "oldIndex": index}


@change("deleteConditionalFormatRule")
def delete_conditional_format_rule(book: Spreadsheet, request: Json, _: Guard) -> Json:
    """The rule at an index gone; returned a last time."""
    rules, index = _rules(book, request)
    return {"rule": output(rules.pop(index))}
