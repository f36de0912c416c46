"""Drive's search language (`q`): parsed once, then asked of each file record."""

import re
from collections.abc import Callable
from typing import Any

from ..errors import ApiError
from ..workspace import ROLES, ROOT

Json = dict[str, Any]
Test = Callable[[Json], bool]
TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<mark><=|>=|!=|=|<|>|\(|\)|\{|\})|(?P<word>[A-Za-z]+))"""
)
TEXT_FIELDS = ("name", "mimeType", "fullText", "description")
TIME_FIELDS = ("modifiedTime", "createdTime", "viewedByMeTime", "sharedWithMeTime")
FLAG_FIELDS = ("trashed", "starred")
PEOPLE_FIELDS = {"owners": ROLES["owner"], "writers": ROLES["writer"], "readers": ROLES["reader"]}


def compile_query(text: str) -> Test:
    """The test of a query. Raises ApiError (400 "Invalid Value", as Drive says it)."""
    if not text.strip():
        return lambda _: True
    parser = _Parser(text)
    test = parser.either()
    if parser.position != len(parser.tokens):
        raise _bad()
    return test


def _bad() -> ApiError:
    return ApiError(400, "Invalid Value", reason="invalid", parameter="q")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise _bad()
        kind = str(match.lastgroup)
        value = match.group(kind)
        found.append((kind, re.sub(r"\\(.)", r"\1", value[1:-1]) if kind == "text" else value))
        position = match.end()
    return found


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.position = 0

    def peek(self) -> tuple[str, str]:
        """The next token."""
        return self.tokens[self.position] if self.position < len(self.tokens) else ("", "")

    def take(self, kind: str | None = None, value: str | None = None) -> str:
        """The next token's text when it is as expected. Raises ApiError."""
        token = self.peek()
        if not token[0] or (kind and token[0] != kind) or (value and token[1].lower() != value):
            raise _bad()
        self.position += 1
        return token[1]

    def either(self) -> Test:
        """`a or b`."""
        tests = [self.both()]
        while self.peek() == ("word", "or"):
            self.take()
            tests.append(self.both())
        return tests[0] if len(tests) == 1 else lambda record: any(test(record) for test in tests)

    def both(self) -> Test:
        """`a and b`."""
        tests = [self.negated()]
        while self.peek() == ("word", "and"):
            self.take()
            tests.append(self.negated())
        return tests[0] if len(tests) == 1 else lambda record: all(test(record) for test in tests)

    def negated(self) -> Test:
        """`not a`, `( … )` or a term."""
        if self.peek() == ("word", "not"):
            self.take()
            inner = self.negated()
            return lambda record: not inner(record)
        if self.peek() == ("mark", "("):
            self.take()
            inner = self.either()
            self.take("mark", ")")
            return inner
        return self.term()

    def term(self) -> Test:
        """`'x' in parents`, `name contains 'x'`, `trashed = true`, `sharedWithMe`…"""
        if self.peek()[0] == "text":
            return self.membership(self.take("text"))
        field = self.take("word")
        if field == "sharedWithMe":
            return lambda record: "driveId" not in record
        if field in ("properties", "appProperties"):
            return self.property(field)
        sign = self.take()
        if field in FLAG_FIELDS and sign in ("=", "!="):
            wanted = (self.take("word").lower() == "true") == (sign == "=")
            return lambda record: bool(record.get(field, False)) == wanted
        operand = self.take("text")
        if field in TEXT_FIELDS:
            return _text_test(field, sign, operand)
        if field in TIME_FIELDS and sign in ("=", "!=", "<", "<=", ">", ">="):
            return _time_test(field, sign, operand)
        raise _bad()

    def membership(self, value: str) -> Test:
        """`'id' in parents`, `'person' in writers`."""
        self.take("word", "in")
        field = self.take("word")
        if field == "parents":
            return lambda record: value in (record.get("parents") or [ROOT])
        if field in PEOPLE_FIELDS:
            least = PEOPLE_FIELDS[field]
            return lambda record: any(
                item.get("emailAddress", "").lower() == value.lower() and ROLES[item["role"]] >= least
                for item in record["permissions"]
            )
        raise _bad()

    def property(self, field: str) -> Test:
        """`properties has { key='k' and value='v' }`."""
        self.take("word", "has")
        self.take("mark", "{")
        self.take("word", "key")
        self.take("mark", "=")
        key = self.take("text")
        self.take("word", "and")
        self.take("word", "value")
        self.take("mark", "=")
        value = self.take("text")
        self.take("mark", "}")
        return lambda record: record.get(field, {}).get(key) == value


def _text_test(field: str, sign: str, operand: str) -> Test:
    wanted = operand.casefold() if field != "mimeType" else operand

    def value(record: Json) -> str:
        text = str(record.get("name" if field == "fullText" else field, ""))
        return text.casefold() if field != "mimeType" else text

    if sign == "=":
        return lambda record: value(record) == wanted
    if sign == "!=":
        return lambda record: value(record) != wanted
    if sign == "contains" and field == "name":  # Drive matches the beginnings of words of a name
        pattern = re.compile(r"(?<!\w)" + re.escape(wanted))
        return lambda record: pattern.search(value(record)) is not None
    if sign == "contains":
        return lambda record: wanted in value(record)
    raise _bad()


def _time_test(field: str, sign: str, operand: str) -> Test:
    moment = _instant(operand)
    tests: dict[str, Callable[[float], bool]] = {
        "=": lambda value: value == moment,
        "!=": lambda value: value != moment,
        "<": lambda value: value < moment,
        "<=": lambda value: value <= moment,
        ">": lambda value: value > moment,
        ">=": lambda value: value >= moment,
    }
    test = tests[sign]
    return lambda record: field in record and test(_instant(record[field]))


def _instant(text: str) -> float:
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise _bad() from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
