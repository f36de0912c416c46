"""Formulas calculated on demand and remembered until the next change of the spreadsheet."""

import operator
from collections.abc import Iterator
from typing import Any

from .. import a1
from ..model import Spreadsheet, Tab
from . import formulas
from .formulas import Node, ParseError
from .locales import locale_of
from .typing import typed_value

Json = dict[str, Any]
COMPARE = {"=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le,
           ">=": operator.ge}  # fmt: skip


class FormulaError(Exception):
    """An error value: Google's type ("REF", "NAME", …) and sentence."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Matrix(list[list[Any]]):
    """Values of a range, row by row."""

    def flat(self) -> Iterator[Any]:
        """All values."""
        for row in self:
            yield from row


def effective_value(book: Spreadsheet, tab: Tab, row: int, column: int) -> Json | None:
    """The ExtendedValue without formula that a cell has; None when empty."""
    entered: Json | None = tab.cell(row, column).get("userEnteredValue")
    if not entered or "formulaValue" not in entered:
        return entered
    key = (tab.id, row, column)
    if key not in book.results:
        book.results[key] = {"errorValue": {"type": "REF", "message": "Circular dependency detected."}}
        book.results[key] = _calculated(book, tab, entered["formulaValue"], row, column)
    result: Json | None = book.results[key]
    return result


def _calculated(book: Spreadsheet, tab: Tab, formula: str, row: int, column: int) -> Json:
    try:
        node = formulas.parse(formula)
    except (ParseError, RecursionError):
        return {"errorValue": {"type": "ERROR", "message": "Formula parse error."}}
    try:
        value = scalar(Evaluator(book, tab, row, column).evaluate(node))
    except FormulaError as error:
        return {"errorValue": {"type": error.kind, "message": str(error)}}
    except RecursionError:
        return {"errorValue": {"type": "REF", "message": "Circular dependency detected."}}
    return extended(value)


def extended(value: Any) -> Json:
    """A calculated Python value as ExtendedValue; nothing counts as 0."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if value is None:
        return {"numberValue": 0}
    if isinstance(value, (int, float)):
        whole = isinstance(value, float) and value == value and abs(value) < 2**53 and value == int(value)
        return {"numberValue": int(value) if whole else value}
    return {"stringValue": str(value)}


def plain(value: Json | None) -> Any:
    """An ExtendedValue as Python value. Raises FormulaError for an error value."""
    if not value:
        return None
    if "errorValue" in value:
        raise FormulaError(value["errorValue"]["type"], value["errorValue"].get("message", ""))
    return next(iter(value.values()))


def scalar(value: Any) -> Any:
    """The one value of a 1×1 range; the first one of a larger range (arrays do not spill here)."""
    if isinstance(value, Matrix):
        return value[0][0] if value and value[0] else None
    return value


def number(value: Any, book: Spreadsheet) -> float:
    """A value as a number. Raises FormulaError("VALUE")."""
    value = scalar(value)
    if value is None:
        return 0
    if isinstance(value, (bool, int, float)):
        return value
    parsed = typed_value(value, locale_of(book.locale), None)[0]
    if "numberValue" in parsed:
        return float(parsed["numberValue"])
    message = f"Function parameter expects number values. But '{value}' is a text and cannot be coerced to a number."
    raise FormulaError("VALUE", message)


def text(value: Any) -> str:
    """A value as text for `&` and text functions."""
    value = scalar(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


class Evaluator:
    """Evaluates trees for one cell of one tab."""

    def __init__(self, book: Spreadsheet, tab: Tab, row: int, column: int) -> None:
        self.book = book
        self.tab = tab
        self.row = row
        self.column = column

    def evaluate(self, node: Node) -> Any:
        """The value of a node: a scalar, None or a Matrix. Raises FormulaError."""
        if node.kind == "value":
            return node.value
        if node.kind == "reference":
            return self.values(*self.resolve(node.value))
        if node.kind == "name":
            return self.named(node.value)
        if node.kind == "error":
            raise FormulaError("N_A" if node.value == "#N/A" else "REF", "Reference does not exist.")
        if node.kind == "call":
            from .functions import call  # the functions need the evaluator's words, the evaluator the functions

            return call(self, node.value, node.items)
        if node.kind == "unary":
            value = number(self.evaluate(node.items[0]), self.book)
            return -value if node.value == "-" else value
        if node.kind == "percent":
            return number(self.evaluate(node.items[0]), self.book) / 100
        return self.binary(node.value, *(scalar(self.evaluate(item)) for item in node.items))

    def binary(self, sign: str, left: Any, right: Any) -> Any:
        """An operator applied. Raises FormulaError."""
        if sign == "&":
            return text(left) + text(right)
        if sign in COMPARE:
            return compare(sign, left, right)
        first, second = number(left, self.book), number(right, self.book)
        if sign == "/" and second == 0:
            raise FormulaError("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero.")
        try:
            return {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow}[
                sign
            ](first, second)
        except (OverflowError, ZeroDivisionError, ValueError):
            raise FormulaError("NUM", "Result was not a number.") from None

    def resolve(self, reference: str) -> tuple[Tab, int, int, int, int]:
        """(tab, top, bottom, left, right) of a reference inside the grid. Raises FormulaError("REF")."""
        title, rest = a1.split_title(reference)
        tab = self.tab if title is None else self.book.titled(title)
        bounds = a1.parse_bounds(rest.replace("$", ""))
        if tab is None or bounds is None:
            raise FormulaError("REF", f"Unresolved sheet name '{title}'.")
        bottom = tab.row_count if bounds.bottom is None else min(bounds.bottom, tab.row_count)
        right = tab.column_count if bounds.right is None else min(bounds.right, tab.column_count)
        top, left = bounds.top or 0, bounds.left or 0
        if top >= tab.row_count or left >= tab.column_count:
            raise FormulaError("REF", "Reference does not exist.")
        return tab, top, bottom, left, right

    def values(self, tab: Tab, top: int, bottom: int, left: int, right: int) -> Any:
        """Values of a range; a plain scalar for one cell. Rows below the last used one are left out."""
        if bottom - top == 1 and right - left == 1:
            return plain(effective_value(self.book, tab, top, left))
        bottom = max(min(bottom, len(tab.rows)), top)
        found = Matrix()
        for row in range(top, bottom):
            cells = tab.row(row)
            line = [plain(effective_value(self.book, tab, row, column)) if column in cells else None
                    for column in range(left, right)]  # fmt: skip
            found.append(line)
        return found

    def named(self, name: str) -> Any:
        """TRUE, FALSE or a named range. Raises FormulaError("NAME")."""
        if name.upper() in ("TRUE", "VRAI"):
            return True
        if name.upper() in ("FALSE", "FAUX"):
            return False
        for item in self.book.named_ranges:
            if item["name"].casefold() == name.casefold():
                tab = self.book.tab(item["range"].get("sheetId", 0))
                area = tab.area(item["range"])
                return self.values(tab, area.top, area.bottom, area.left, area.right)
        raise FormulaError("NAME", f"Unknown range name: '{name.upper()}'.")


def compare(sign: str, left: Any, right: Any) -> bool:
    """Google's order: numbers before texts before booleans; nothing equals 0, "" and FALSE; texts ignore case."""
    if left is None:
        left = {str: "", bool: False}.get(type(right), 0)
    if right is None:
        right = {str: "", bool: False}.get(type(left), 0)
    ranked = [(2, value) if isinstance(value, bool) else (1, value.casefold()) if isinstance(value, str) else (0, value)
              for value in (left, right)]  # fmt: skip
    return bool(COMPARE[sign](ranked[0], ranked[1]))
