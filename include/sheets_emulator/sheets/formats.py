"""What a cell looks like in the end: default format, banding, its own format, conditional formats."""

import copy
import re
from collections.abc import Callable
from typing import Any

from ..cells.calculate import FormulaError, compare, plain
from ..cells.locales import locale_of
from ..cells.typing import serial, typed_value
from ..model import Area, Cell, Spreadsheet, Tab

Json = dict[str, Any]
RELATIVE_COLUMN = re.compile(
    r"(?<![$A-Za-z_.])[A-Za-z]{1,3}\$?\d|(?<![$A-Za-z_.])[A-Za-z]{1,3}:|COLUMN|OFFSET|INDIRECT", re.I
)
TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "TEXT_CONTAINS": lambda value, wanted: wanted in value,
    "TEXT_NOT_CONTAINS": lambda value, wanted: wanted not in value,
    "TEXT_STARTS_WITH": lambda value, wanted: value.startswith(wanted),
    "TEXT_ENDS_WITH": lambda value, wanted: value.endswith(wanted),
    "TEXT_EQ": lambda value, wanted: value == wanted,
}
NUMBER_SIGNS = {
    "NUMBER_GREATER": ">",
    "NUMBER_GREATER_THAN_EQ": ">=",
    "NUMBER_LESS": "<",
    "NUMBER_LESS_THAN_EQ": "<=",
    "NUMBER_EQ": "=",
    "NUMBER_NOT_EQ": "<>",
    "DATE_BEFORE": "<",
    "DATE_AFTER": ">",
    "DATE_ON_OR_BEFORE": "<=",
    "DATE_ON_OR_AFTER": ">=",
    "DATE_EQ": "=",
}


def merged(base: Json, over: Json) -> Json:
    """`base` with the fields of `over` in their place, objects merged; colours replaced whole."""
    result = dict(base)
    for name, value in over.items():
        deep = isinstance(value, dict) and isinstance(result.get(name), dict) and "olor" not in name
        result[name] = merged(result[name], value) if deep else value
    return result


def with_styles(cell_format: Json) -> Json:
    """The format as Google stores it: every colour also as its ColorStyle, and the other way round."""
    result = copy.copy(cell_format)
    for plain_name in ("backgroundColor", "foregroundColor", "color", "tabColor"):
        style_name = plain_name + "Style"
        style = result.get(style_name)
        if plain_name in result and not style:
            result[style_name] = {"rgbColor": result[plain_name]}
        elif style and "rgbColor" in style:
            result[plain_name] = style["rgbColor"]
    for name in ("textFormat", "borders", "top", "bottom", "left", "right"):
        if isinstance(result.get(name), dict):
            result[name] = with_styles(result[name])
    return result


class Looks:
    """Effective formats of one tab: areas of banding and rules are worked out once."""

    def __init__(self, book: Spreadsheet, tab: Tab, today: int) -> None:
        self.book = book
        self.tab = tab
        self.today = today
        self.default = book.properties["defaultFormat"]
        self.bands = [(tab.area(band["range"]), band) for band in tab.parts.get("bandedRanges", []) if "range" in band]
        self.rules = [
            ([tab.area(item) for item in rule.get("ranges", [])], rule["booleanRule"])
            for rule in tab.parts.get("conditionalFormats", [])
            if "booleanRule" in rule
        ]
        self.verdicts: dict[tuple[str, int], bool] = {}  # of formulas that say the same in every column of a row

    def of(self, row: int, column: int, cell: Cell, value: Json | None) -> Json:
        """effectiveFormat of a cell with this effective value."""
        look = self.default
        for area, band in self.bands:
            if area.contains(row, column):
                look = merged(look, band_color(area, band, row, column))
        own = cell.get("userEnteredFormat")
        look = merged(look, own) if own else look
        if value and "numberValue" in value and "horizontalAlignment" not in look:
            look = {**look, "horizontalAlignment": "RIGHT"}
        rule_format = self.rule_format(row, column, value)
        return merged(look, rule_format) if rule_format else look

    def rule_format(self, row: int, column: int, value: Json | None) -> Json | None:
        """The format of the first conditional rule that holds for the cell, or None."""
        for areas, rule in self.rules:
            area = next((area for area in areas if area.contains(row, column)), None)
            if area and self.holds(rule["condition"], area, row, column, value):
                return with_styles(rule.get("format", {}))
        return None

    def holds(self, condition: Json, area: Area, row: int, column: int, value: Json | None) -> bool:
        """Whether a BooleanCondition holds; a kind that is not modelled does not."""
        kind = condition["type"]
        operands = [item.get("userEnteredValue", "") for item in condition.get("values", [])]
        if kind == "BLANK":
            return not value
        if kind == "NOT_BLANK":
            return bool(value)
        if kind == "CUSTOM_FORMULA":
            return self._formula_holds(operands[0], area, row, column)
        try:
            current = plain(value)
        except FormulaError:
            return False
        if kind in TEXT_TESTS:
            return TEXT_TESTS[kind](str(current or "").casefold(), operands[0].casefold())
        if current is None or isinstance(current, (str, bool)):
            return False
        if kind in ("NUMBER_BETWEEN", "NUMBER_NOT_BETWEEN"):
            inside = self._operand(operands[0]) <= current <= self._operand(operands[1])
            return bool(inside == (kind == "NUMBER_BETWEEN"))
        if kind in NUMBER_SIGNS:
            first = condition["values"][0]
            limit = self._relative(first["relativeDate"]) if "relativeDate" in first else self._operand(operands[0])
            return compare(NUMBER_SIGNS[kind], current, limit)
        return False

    def _operand(self, text: str) -> Any:
        if text.startswith("="):
            return self._evaluated(text, 0, 0)
        value = typed_value(text, locale_of(self.book.locale), None)[0]
        return next(iter(value.values()))

    def _relative(self, name: str) -> int:
        offsets = {"TODAY": 0, "TOMORROW": 1, "YESTERDAY": -1, "PAST_WEEK": -7, "PAST_MONTH": -30, "PAST_YEAR": -365}
        return self.today + offsets.get(name, 0)

    def _formula_holds(self, formula: str, area: Area, row: int, column: int) -> bool:
        if RELATIVE_COLUMN.search(formula):
            return self._formula_true(formula, area, row, column)
        key = (formula, row - area.top)
        if key not in self.verdicts:
            self.verdicts[key] = self._formula_true(formula, area, row, column)
        return self.verdicts[key]

    def _formula_true(self, formula: str, area: Area, row: int, column: int) -> bool:
        from ..cells.formulas import move_references

        moved = move_references(
            formula, lambda _, bounds: bounds, absolute_stays=True, shift=(row - area.top, column - area.left)
        )
        result = self._evaluated(moved, row, column)
        return bool(result) and result != "" and not isinstance(result, str)

    def _evaluated(self, formula: str, row: int, column: int) -> Any:
        from ..cells.calculate import Evaluator, scalar
        from ..cells.formulas import ParseError, parse

        try:
            return scalar(Evaluator(self.book, self.tab, row, column).evaluate(parse(formula)))
        except (ParseError, FormulaError):
            return None


def band_color(area: Area, band: Json, row: int, column: int) -> Json:
    """The background that a banded range gives to a cell."""
    result: Json = {}
    for name, position, length in (
        ("columnProperties", column - area.left, area.right - area.left),
        ("rowProperties", row - area.top, area.bottom - area.top),
    ):
        colors = band.get(name)
        if not colors:
            continue
        header = "headerColor" in colors or "headerColorStyle" in colors
        footer = "footerColor" in colors or "footerColorStyle" in colors
        if header and position == 0:
            which = "header"
        elif footer and position == length - 1:
            which = "footer"
        else:
            which = "firstBand" if (position - header) % 2 == 0 else "secondBand"
        style = colors.get(f"{which}ColorStyle") or ({"rgbColor": colors[f"{which}Color"]}
                                                     if f"{which}Color" in colors else None)  # fmt: skip
        if style:
            result = {"backgroundColorStyle": style, "backgroundColor": style.get("rgbColor", {})}
    return result


def today_serial(now: Any) -> int:
    """Serial number of the day of a datetime."""
    return serial(now.date())
