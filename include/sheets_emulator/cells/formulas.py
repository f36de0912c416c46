"""Formulas as text: tokens, a small parser to a tree, and references moved when rows and columns move."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .. import a1

TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>"(?:[^"]|"")*") |
    (?P<reference>(?:(?:'(?:[^']|'')+'|[A-Za-z_][A-Za-z0-9_.]*)!)?
        (?:\$?[A-Za-z]{1,3}\$?\d+(?::(?:\$?[A-Za-z]{1,3}\$?\d+|\$?[A-Za-z]{1,3}|\$?\d+)(?![A-Za-z0-9_]))?
          |\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![A-Za-z0-9_])|\$?\d+:\$?\d+)(?![A-Za-z0-9_(])) |
    (?P<number>\d+(?:[.]\d+)?(?:[eE][+-]?\d+)?|[.]\d+) |
    (?P<name>[^\W\d][\w.]*) |
    (?P<error>\#[A-Z/0!?]+) |
    (?P<operator><=|>=|<>|[-+*/^&=<>%(){};,\\:])
    )""",
    re.VERBOSE,
)
PRECEDENCE = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 6}


class ParseError(Exception):
    """The text is no formula: Google shows #ERROR!."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node: kind is value, reference, name, error, call, binary, unary, percent; `items` are operands."""

    kind: str
    value: Any = None
    items: tuple["Node", ...] = ()


def tokens(text: str) -> list[tuple[str, str]]:
    """(kind, text) of a formula without its `=`. Raises ParseError."""
    found, position, text = [], 0, text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match or match.end() == position:
            raise ParseError("Formula parse error.")
        found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        position = match.end()
    return found


@lru_cache(maxsize=4096)
def parse(formula: str) -> Node:
    """The tree of a formula that starts with `=`. Raises ParseError."""
    parser = _Parser(tokens(formula[1:]))
    node = parser.expression(0)
    if parser.position != len(parser.tokens):
        raise ParseError("Formula parse error.")
    return node


class _Parser:
    def __init__(self, found: list[tuple[str, str]]) -> None:
        self.tokens = found
        self.position = 0

    def peek(self) -> tuple[str, str]:
        """The next token, ("", "") at the end."""
        return self.tokens[self.position] if self.position < len(self.tokens) else ("", "")

    def take(self) -> tuple[str, str]:
        """The next token, consumed. Raises ParseError at the end."""
        token = self.peek()
        if not token[0]:
            raise ParseError("Formula parse error.")
        self.position += 1
        return token

    def expression(self, least: int) -> Node:
        """An expression whose operators bind at least so tightly."""
        left = self.operand()
        while True:
            kind, text = self.peek()
            if kind != "operator" or text not in PRECEDENCE or PRECEDENCE[text] < max(least, 1):
                return left
            self.take()
            right = self.expression(PRECEDENCE[text] + 1)
            left = Node("binary", text, (left, right))

    def operand(self) -> Node:
        """A prefix sign, an atom and trailing percent signs."""
        kind, text = self.take()
        if kind == "operator" and text in "+-":
            return Node("unary", text, (self.operand(),))  # binds tighter than ^, as in every spreadsheet
        node = self.atom(kind, text)
        while self.peek() == ("operator", "%"):
            self.take()
            node = Node("percent", None, (node,))
        return node

    def atom(self, kind: str, text: str) -> Node:
        """A literal, a reference, a call or a parenthesis."""
        if kind == "number":
            return Node("value", float(text) if "." in text or "e" in text.lower() else int(text))
        if kind == "string":
            return Node("value", text[1:-1].replace('""', '"'))
        if kind == "reference":
            return Node("reference", text)
        if kind == "error":
            return Node("error", text)
        if kind == "name":
            if self.peek() == ("operator", "("):
                self.take()
                return Node("call", text.upper(), self.arguments())
            return Node("name", text)
        if (kind, text) == ("operator", "("):
            node = self.expression(0)
            if self.take() != ("operator", ")"):
                raise ParseError("Formula parse error.")
            return node
        raise ParseError("Formula parse error.")

    def arguments(self) -> tuple[Node, ...]:
        """Arguments up to the closing parenthesis; an empty one is a None value."""
        found: list[Node] = []
        if self.peek() == ("operator", ")"):
            self.take()
            return ()
        while True:
            if self.peek() in (("operator", ","), ("operator", ";"), ("operator", ")")):
                found.append(Node("value"))
            else:
                found.append(self.expression(0))
            mark = self.take()
            if mark == ("operator", ")"):
                return tuple(found)
            if mark not in (("operator", ","), ("operator", ";")):
                raise ParseError("Formula parse error.")


Mover = Callable[[str | None, a1.Bounds], a1.Bounds | None]


def move_references(formula: str, move: Mover, *, absolute_stays: bool = False, shift: tuple[int, int] = (0, 0)) -> str:
    """The formula with every reference moved by `move` (None: #REF!) or, when pasted, by `shift` rows and columns."""

    def replace(match: re.Match[str]) -> str:
        text = match.group("reference")
        if text is None:
            return match.group(0)
        lead = match.group(0)[: len(match.group(0)) - len(text)]
        title, reference = a1.split_title(text)
        moved = _shifted(reference, *shift) if absolute_stays else _remapped(reference, title, move)
        prefix = text[: len(text) - len(reference)]
        return lead + (prefix + moved if moved else "#REF!")

    return "=" + TOKEN.sub(replace, formula[1:])


def _shifted(reference: str, rows: int, columns: int) -> str | None:
    parts = []
    for part in reference.split(":"):
        match = re.match(r"^(\$?)([A-Za-z]*)(\$?)(\d*)$", part)
        if not match:
            return None
        column_mark, letters, row_mark, digits = match.groups()
        if letters and not column_mark:
            column = a1.column_number(letters) + columns
            if column < 0:
                return None
            letters = a1.column_name(column)
        if digits and not row_mark:
            row = int(digits) + rows
            if row < 1:
                return None
            digits = str(row)
        parts.append(f"{column_mark}{letters}{row_mark}{digits}")
    return ":".join(parts)


def _remapped(reference: str, title: str | None, move: Mover) -> str | None:
    bounds = a1.parse_bounds(reference.replace("$", ""))
    if bounds is None:
        return reference
    moved = move(title, bounds)
    if moved is None:
        return None
    if moved == bounds:
        return reference
    parts = reference.split(":")
    corners = [(moved.left, moved.top)]
    if len(parts) == 2:
        corners.append(
            (None if moved.right is None else moved.right - 1, None if moved.bottom is None else moved.bottom - 1)
        )
    return ":".join(_respell(part, *corner) for part, corner in zip(parts, corners, strict=True))


def _respell(part: str, column: int | None, row: int | None) -> str:
    match = re.match(r"^(\$?)([A-Za-z]*)(\$?)(\d*)$", part)
    if not match:
        return part
    letters = a1.column_name(column) if match.group(2) and column is not None else match.group(2)
    digits = str(row + 1) if match.group(4) and row is not None else match.group(4)
    return f"{match.group(1)}{letters}{match.group(3)}{digits}"
