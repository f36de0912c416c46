"""The values that travel the road: frozen, one dataclass a noun of the vocabulary (README)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

Level = Literal["interne", "membres", "public"]
BlockKind = Literal["heading", "paragraph", "item", "cell"]
ActionKind = Literal["action", "decision"]
Status = Literal["open", "in_progress", "done", "cancelled"]


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in a document: numbers count from 1; `None` where the format has no such thing.

    `part` names the attachment or embedded file the place is in ("" = the document itself);
    `sheet` the worksheet of a tracker.
    """

    page: int | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    part: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table cell, in reading order.

    `text` is the slice ``Reading.text[start:start + len(text)]``. Lines inside a cell or paragraph are
    separated by a newline. List items keep their marker in `text` ("- ", "1. "), generated numbering
    included, so that every format reads alike. `level` is the depth of a heading (1…) or item (0…).
    """

    kind: BlockKind
    text: str
    start: int
    locator: Locator
    level: int = 0
    row_span: int = 1
    column_span: int = 1
    bold: bool = False
    header: bool = False  # a cell of a row that the format itself marks as a table header
    size: float | None = None  # font size in points, where the format says

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing not understood or wrong; `type` is a key of reference/issue_types.csv."""

    type: str
    document: str = ""
    locator: Locator | None = None
    field: str = ""
    value: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a document's bytes."""

    text: str
    blocks: tuple[Block, ...]
    format: str
    issues: tuple[Issue, ...] = ()
    scanned: bool = False  # text came from OCR: everything taken from it is held


@dataclass(frozen=True, slots=True)
class Source:
    """The verbatim slice of ``Reading.text`` that a value was taken from."""

    quote: str
    start: int
    end: int
    locator: Locator = Locator()


@dataclass(frozen=True, slots=True)
class Found:
    """How a value was found: part of every extracted record."""

    source: Source
    rule: str
    confidence: float
    held: bool = False
    held_reason: str = ""


@dataclass(frozen=True, slots=True)
class Attendee:
    name: str
    organisation: str | None = None
    status: Literal["present", "excused", "absent"] = "present"
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """The header block. Every field as written except dates (ISO) and counts; `None` = not stated."""

    title: str | None = None
    body: str | None = None
    level: Literal["national", "regional", "sub-cluster"] | None = None
    validation: Literal["draft", "validated"] | None = None
    date: str | None = None
    date_end: str | None = None
    place: str | None = None
    participants_count: int | None = None
    women_count: int | None = None
    organisations: tuple[str, ...] = ()
    organisations_excused: tuple[str, ...] = ()
    organisations_absent: tuple[str, ...] = ()
    attendees: tuple[Attendee, ...] = ()
    chair: str | None = None
    facilitator: str | None = None
    rapporteur: str | None = None
    next_meeting: str | None = None
    values: dict[str, Found] = field(default_factory=dict)  # field name → how it was found


@dataclass(frozen=True, slots=True)
class AgendaItem:
    number: str
    title: str
    presenter: str | None
    found: Found


@dataclass(frozen=True, slots=True)
class Action:
    """An action, recommendation or decision that the document marks as one."""

    text: str
    kind: ActionKind
    found: Found
    agenda: str | None = None
    responsible: tuple[str, ...] = ()
    responsible_as_written: str | None = None
    deadline: str | None = None
    deadline_date: str | None = None
    status: Status = "open"
    permanent: bool = False
    review: bool = False
    number: str | None = None  # a short number read back ("PROT-2017-04-05/3") or the document's own
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    value: float
    unit: str
    places: tuple[str, ...]
    found: Found
    as_of: str | None = None  # ISO date that the sentence gives for the figure, if any
    said_by: str | None = None  # organisation that the sentence gives as the source, if any


@dataclass(frozen=True, slots=True)
class Presence:
    organisation: str
    activity: str
    places: tuple[str, ...]
    found: Found
    status: Literal["planned", "ongoing", "completed"] = "ongoing"


@dataclass(frozen=True, slots=True)
class Event:
    """A training or other dated event."""

    title: str
    start: str
    end: str | None
    found: Found
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """What one document says of one meeting, verbatim. `reason` says why it is none."""

    document: str
    language: Literal["fr", "en"]
    is_minutes: bool
    reason: str = ""
    meeting: Meeting = Meeting()
    agenda: tuple[AgendaItem, ...] = ()
    actions: tuple[Action, ...] = ()
    figures: tuple[Figure, ...] = ()
    presence: tuple[Presence, ...] = ()
    events: tuple[Event, ...] = ()
    issues: tuple[Issue, ...] = ()
    more: tuple[Minutes, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person changed: a cell of the internal sheet, or a decision in the held queue.

    `new` is `None` when the person cleared the cell: that drops the edit and lets the machine speak.
    """

    register: str
    record_id: str
    column: str
    old: str | None
    new: str | None
    night: int
    day: date
    desk: Literal["sheet", "queue", "page"] = "sheet"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one entry of the held queue. `correction` holds field → value, or `into` for a merge."""

    held_id: str
    choice: Literal["accept", "reject", "correct", "merge"]
    night: int
    day: date
    correction: dict[str, str] = field(default_factory=dict)
    desk: Literal["sheet", "page"] = "sheet"


def to_json(value: Any) -> Any:
    """Any value above as plain JSON: tuples become lists, dates ISO strings.

    A record's `found` is unfolded into it (source, rule, confidence, held, held_reason), as the contract has it.
    """
    if is_dataclass(value) and not isinstance(value, type):
        plain = {f.name: to_json(getattr(value, f.name)) for f in fields(value) if f.name != "found"}
        return plain | (to_json(value.found) if hasattr(value, "found") else {})
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def minutes_from_json(plain: dict[str, Any]) -> Minutes:
    """The inverse of `to_json` for minutes; unknown keys are ignored."""
    minutes: Minutes = _build(Minutes, plain)
    return minutes


def edit_from_json(plain: dict[str, Any]) -> Edit:
    """The inverse of `to_json` for an edit."""
    edit: Edit = _build(Edit, plain)
    return edit


def issue_from_json(plain: dict[str, Any]) -> Issue:
    """The inverse of `to_json` for an issue."""
    issue: Issue = _build(Issue, plain)
    return issue


def decision_from_json(plain: dict[str, Any]) -> Decision:
    """The inverse of `to_json` for a decision."""
    decision: Decision = _build(Decision, plain)
    return decision


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Evaluated once a class: minutes hold thousands of objects of a dozen classes."""
    return get_type_hints(kind)


def _build(kind: Any, plain: Any) -> Any:
    if plain is None:
        return None
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        values = {name: _build(hint, plain[name]) for name, hint in hints.items() if name in plain}
        if "found" in hints:
            values["found"] = _build(Found, plain)
        return kind(**values)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        return tuple(_build(arguments[0], item) for item in plain)
    if origin is dict:
        return {key: _build(arguments[1], item) for key, item in plain.items()}
    for argument in arguments:
        if is_dataclass(argument):
            return _build(argument, plain)
    return date.fromisoformat(plain) if kind is date else plain
