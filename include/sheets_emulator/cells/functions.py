"""The functions that formulas may call; any other name is #NAME?, as for a misspelt one at Google."""

import math
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from .calculate import Evaluator, FormulaError, Matrix, compare, number, scalar, text
from .display import default_pattern, shown
from .formulas import Node
from .locales import locale_of
from .typing import from_serial, serial

Function = Callable[[Evaluator, list[Any]], Any]


def call(evaluator: Evaluator, name: str, nodes: tuple[Node, ...]) -> Any:
    """The value of a call. Raises FormulaError."""
    if name == "IF":
        return _if(evaluator, nodes)
    if name == "IFERROR":
        try:
            return scalar(evaluator.evaluate(nodes[0]))
        except FormulaError:
            return scalar(evaluator.evaluate(nodes[1])) if len(nodes) > 1 else ""
    if name in ("ROW", "COLUMN"):
        return _position(evaluator, name, nodes)
    if name not in FUNCTIONS:
        raise FormulaError("NAME", f"Unknown function: '{name}'.")
    function, least = FUNCTIONS[name]
    if len(nodes) < least:
        message = f"Wrong number of arguments to {name}. Expected at least {least} arguments, but got {len(nodes)}."
        raise FormulaError("N_A", message)
    return function(evaluator, [evaluator.evaluate(node) for node in nodes])


def _if(evaluator: Evaluator, nodes: tuple[Node, ...]) -> Any:
    if len(nodes) < 2:
        raise FormulaError("N_A", "Wrong number of arguments to IF. Expected between 2 and 3 arguments.")
    if _truth(scalar(evaluator.evaluate(nodes[0]))):
        return scalar(evaluator.evaluate(nodes[1]))
    return scalar(evaluator.evaluate(nodes[2])) if len(nodes) > 2 else False


def _position(evaluator: Evaluator, name: str, nodes: tuple[Node, ...]) -> int:
    if not nodes:
        return (evaluator.row if name == "ROW" else evaluator.column) + 1
    _, top, _, left, _ = evaluator.resolve(nodes[0].value)
    return (top if name == "ROW" else left) + 1


def _truth(value: Any) -> bool:
    if isinstance(value, str):
        if value.upper() in ("TRUE", "FALSE", ""):
            return value.upper() == "TRUE"
        raise FormulaError("VALUE", f"'{value}' is a text and cannot be coerced to a boolean.")
    return bool(value)


def _all(arguments: list[Any]) -> Iterator[Any]:
    for argument in arguments:
        if isinstance(argument, Matrix):
            yield from argument.flat()
        else:
            yield argument


def _numbers(arguments: list[Any]) -> list[float]:
    """Numbers of ranges and arguments; texts and booleans in ranges are passed over."""
    return [value for value in _all(arguments) if isinstance(value, (int, float)) and not isinstance(value, bool)]


def criterion(wanted: Any) -> Callable[[Any], bool]:
    """The test of COUNTIF and SUMIF: a value, `>3`, `<>x`, or text with `*` and `?`."""
    wanted = scalar(wanted)
    sign, operand = "=", wanted
    if isinstance(wanted, str):
        match = re.match(r"^(<=|>=|<>|=|<|>)?(.*)$", wanted, re.DOTALL)
        sign, operand = (match.group(1) or "=", match.group(2)) if match else ("=", wanted)
        try:
            operand = float(operand)
        except ValueError:
            if sign in ("=", "<>") and any(mark in operand for mark in "*?"):
                pattern = re.compile(re.escape(operand).replace(r"\*", ".*").replace(r"\?", "."), re.I | re.S)
                return lambda value: (pattern.fullmatch(text(value)) is not None) == (sign == "=")
    if operand == "" and sign in ("=", "<>"):
        return lambda value: (value in (None, "")) == (sign == "=")
    return lambda value: (
        isinstance(value, str) == isinstance(operand, str) and value is not None and compare(sign, value, operand)
        if sign != "<>"
        else compare("<>", value, operand)
    )


def _count_ifs(arguments: list[Any]) -> int:
    tests = [criterion(wanted) for wanted in arguments[1::2]]
    columns = [list(_all([values])) for values in arguments[::2]]
    return sum(all(test(value) for test, value in zip(tests, line, strict=True))
               for line in zip(*columns, strict=False))  # fmt: skip


def _sum_if(_: Evaluator, arguments: list[Any]) -> float:
    test = criterion(arguments[1])
    amounts = list(_all([arguments[2] if len(arguments) > 2 else arguments[0]]))
    pairs = zip(_all([arguments[0]]), amounts, strict=False)
    return sum(_numbers([amount for value, amount in pairs if test(value)]))


def _average(_: Evaluator, arguments: list[Any]) -> float:
    found = _numbers(arguments)
    if not found:
        raise FormulaError("DIVIDE_BY_ZERO", "Evaluation of function AVERAGE caused a divide by zero error.")
    return sum(found) / len(found)


def _round(evaluator: Evaluator, arguments: list[Any]) -> float:
    value = number(arguments[0], evaluator.book)
    places = int(number(arguments[1], evaluator.book)) if len(arguments) > 1 else 0
    return math.copysign(math.floor(abs(value) * 10**places + 0.5 + 1e-9) / 10**places, value)


def _text(evaluator: Evaluator, arguments: list[Any]) -> str:
    pattern = text(arguments[1])
    kind = "DATE" if re.search(r"[ymdhs]", pattern, re.IGNORECASE) and not re.search(r"[#0]", pattern) else "NUMBER"
    value = number(arguments[0], evaluator.book)
    number_format = {"type": kind, "pattern": pattern or default_pattern(kind, locale_of(evaluator.book.locale))}
    return shown({"numberValue": value}, number_format, locale_of(evaluator.book.locale))


def _lookup(_: Evaluator, arguments: list[Any]) -> Any:
    key, column = scalar(arguments[0]), int(arguments[2])
    for line in arguments[1] if isinstance(arguments[1], Matrix) else []:
        if line and compare("=", line[0], key):
            return line[column - 1]
    raise FormulaError("N_A", f"Did not find value '{text(key)}' in VLOOKUP evaluation.")


def _whole(evaluator: Evaluator, arguments: list[Any], position: int, otherwise: int) -> int:
    return int(number(arguments[position], evaluator.book)) if len(arguments) > position else otherwise


def _join(arguments: list[Any]) -> str:
    return text(arguments[0]).join(text(value) for value in _all(arguments[1:]))


def _date(evaluator: Evaluator, arguments: list[Any]) -> int:
    try:
        return serial(date(*(_whole(evaluator, arguments, position, 1) for position in range(3))))
    except ValueError:
        raise FormulaError("NUM", "Function DATE parameters are no date.") from None


FUNCTIONS: dict[str, tuple[Function, int]] = {
    "SUM": (lambda _, a: sum(_numbers(a)), 1),
    "AVERAGE": (_average, 1),
    "COUNT": (lambda _, a: len(_numbers(a)), 1),
    "COUNTA": (lambda _, a: sum(value is not None for value in _all(a)), 1),
    "COUNTIF": (lambda _, a: _count_ifs(a), 2),
    "COUNTIFS": (lambda _, a: _count_ifs(a), 2),
    "SUMIF": (_sum_if, 2),
    "MIN": (lambda _, a: min(_numbers(a), default=0), 1),
    "MAX": (lambda _, a: max(_numbers(a), default=0), 1),
    "ABS": (lambda e, a: abs(number(a[0], e.book)), 1),
    "ROUND": (_round, 1),
    "AND": (lambda _, a: all(_truth(value) for value in _all(a)), 1),
    "OR": (lambda _, a: any(_truth(value) for value in _all(a)), 1),
    "NOT": (lambda _, a: not _truth(scalar(a[0])), 1),
    "ISBLANK": (lambda _, a: scalar(a[0]) is None, 1),
    "ISNUMBER": (lambda _, a: isinstance(scalar(a[0]), (int, float)) and not isinstance(scalar(a[0]), bool), 1),
    "CONCAT": (lambda _, a: text(a[0]) + text(a[1]), 2),
    "CONCATENATE": (lambda _, a: "".join(text(value) for value in _all(a)), 1),
    "JOIN": (lambda _, a: _join(a), 2),
    "LEN": (lambda _, a: len(text(a[0])), 1),
    "UPPER": (lambda _, a: text(a[0]).upper(), 1),
    "LOWER": (lambda _, a: text(a[0]).lower(), 1),
    "TRIM": (lambda _, a: " ".join(text(a[0]).split()), 1),
    "LEFT": (lambda e, a: text(a[0])[: _whole(e, a, 1, 1)], 1),
    "RIGHT": (lambda e, a: text(a[0])[-_whole(e, a, 1, 1) :] if _whole(e, a, 1, 1) else "", 1),
    "SUBSTITUTE": (lambda _, a: text(a[0]).replace(text(a[1]), text(a[2])), 3),
    "TEXT": (_text, 2),
    "DATE": (_date, 3),
    "YEAR": (lambda e, a: from_serial(number(a[0], e.book)).year, 1),
    "MONTH": (lambda e, a: from_serial(number(a[0], e.book)).month, 1),
    "DAY": (lambda e, a: from_serial(number(a[0], e.book)).day, 1),
    "VLOOKUP": (_lookup, 3),
    "HYPERLINK": (lambda _, a: text(a[1]) if len(a) > 1 else text(a[0]), 1),
}
