"""What may be reported: the five forms, their fields and the models that check them.

Fields come from `include/reference/registers.yaml`, the one description of registers; of it only what members
may see exists here. Anything else, an internal column above all, is an unknown field and refused.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    create_model,
)
from pydantic import WithJsonSchema as Schema

from ors import codes

HOUSE = Path(__file__).resolve().parents[1]
REFERENCE = Path(os.environ.get("SUIVI_REFERENCE") or HOUSE / "reference")
FORMS = ("meetings", "actions", "indicators", "key_figures", "presence")
NEED_APPROVAL = frozenset({"indicators", "key_figures", "presence"})
PERIOD_FIELD = {"indicators": "month", "key_figures": "as_of", "presence": "reported"}
_LEADS = frozenset({"approval"})  # columns that only the lead's decision writes
_MODES = ("key", "human")

_NO_CONTROL = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
Text = Annotated[str, StringConstraints(strict=True, max_length=4000, pattern=_NO_CONTROL)]
RecordId = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][!-~]{0,199}$")]
Month = Annotated[str, StringConstraints(strict=True, pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]
_MOST = 2_000_000_000


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 3.0 is an integer, "3" and true are none."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= 2**53 else value


def whole(lowest: int, highest: int) -> Any:
    """The type of a whole number between two bounds."""
    return Annotated[int, Field(strict=True, ge=lowest, le=highest), BeforeValidator(_whole)]


Version: Any = whole(0, _MOST)
Count: Any = whole(0, _MOST)
Number = Annotated[float, Field(strict=True, ge=-1e15, le=1e15, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]


def _known_place(value: str) -> str:
    if not codes.place_is_known(value):
        raise ValueError("no such P-code")
    return value


_DAYS = "(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"
_LEAP = "((19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29"
# every day from 1900 to 2099 and nothing else, so that the published schema is exact
IsoDate = Annotated[str, StringConstraints(strict=True, pattern=f"^((19|20)[0-9][0-9]-({_DAYS})|{_LEAP})$")]
Place = Annotated[str, StringConstraints(strict=True), AfterValidator(_known_place), Schema(codes.place_schema())]
_TYPES: dict[str, Any] = {
    "text": Text,
    "month": Month,
    "date": IsoDate,
    "integer": Count,
    "number": Number,
    "flag": Flag,
}


@dataclass(frozen=True, slots=True)
class FormField:
    """One column of a form, as registers.yaml describes it."""

    name: str
    type: str
    fr: str
    en: str
    hxl: str
    needed: bool
    codes: str

    def title(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Form:
    """A form: the columns of a register that members may see, `record_id` and the lead's columns apart."""

    name: str
    fr: str
    en: str
    fields: tuple[FormField, ...]

    def title(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


class LifeEvent(BaseModel):
    """One event in the life of an action. No quote and no link: those are internal."""

    model_config = ConfigDict(extra="forbid")
    date: IsoDate
    kind: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z_]{1,40}$")]
    meeting_id: RecordId | None = None
    status: Text | None = None
    responsible: Annotated[list[Text], Field(max_length=50)] | None = None
    deadline_date: IsoDate | None = None


@cache
def registers() -> dict[str, Any]:
    """registers.yaml as it stands."""
    plain: dict[str, Any] = yaml.safe_load((REFERENCE / "registers.yaml").read_text(encoding="utf-8"))
    return plain


@cache
def form(name: str) -> Form:
    """One form; `KeyError` for an unknown name."""
    plain = registers()["registers"][name]
    fields = tuple(
        FormField(
            f["name"], f["type"], f["fr"], f["en"], f.get("hxl", ""), bool(f.get("needed")), f.get("codes", "") or ""
        )
        for f in plain["fields"]
        if f["level"] != "interne" and f["who"] not in _MODES and f["name"] not in _LEADS
    )
    return Form(name, plain["fr"], plain["en"], fields)


@cache
def labels(code_list: str) -> dict[str, dict[str, str]]:
    """Code → word a language."""
    table: dict[str, dict[str, str]] = registers()["labels"][code_list]
    return table


def _annotation(column: FormField) -> Any:
    kind: Any
    if column.name in ("admin1_pcode", "admin2_pcode"):
        kind = Place
    elif column.name in ("country", "cluster"):
        kind = Literal[tuple(codes.countries() if column.name == "country" else codes.sectors())]
    elif column.codes and column.type == "text":
        kind = Literal[tuple(labels(column.codes))]
    else:
        kind = _TYPES.get(column.type, Text)
    return Annotated[list[kind], Field(max_length=300)] if column.type == "list" else kind


@cache
def fields_model(name: str) -> type[BaseModel]:
    """The model of `fields` of one form; unknown columns are errors."""
    columns: dict[str, Any] = {}
    for column in form(name).fields:
        needed = column.needed and column.name != "state"
        kind = _annotation(column)
        columns[column.name] = (kind, ...) if needed else (kind | None, None)
    if name == "actions":
        columns["events"] = (Annotated[list[LifeEvent], Field(max_length=500)] | None, None)
    title = "".join(part.title() for part in name.split("_")) + "Fields"
    return create_model(title, __config__=ConfigDict(extra="forbid"), **columns)


@cache
def change_type() -> Any:
    """The union of all changes: one shape a form, and one for a deletion."""
    kinds: list[Any] = []
    for name in FORMS:
        model = create_model(
            "".join(part.title() for part in name.split("_")) + "Change",
            __config__=ConfigDict(extra="forbid"),
            recordId=(RecordId, ...),
            form=(Literal[name], ...),
            previousVersion=(Version | None, None),
            deleted=(Literal[False], False),
            fields=(fields_model(name), ...),
        )
        kinds.append(Annotated[model, Tag(name)])
    kinds.append(Annotated[Deletion, Tag("deletion")])
    union: Any = kinds[0]
    for kind in kinds[1:]:
        union = union | kind
    return Annotated[union, Discriminator(_tag)]


class Deletion(BaseModel):
    """A row that is no longer to be seen; its history stays until it is redacted."""

    model_config = ConfigDict(extra="forbid")
    recordId: RecordId
    form: Literal[FORMS]  # type: ignore[valid-type]
    previousVersion: Version | None = None
    deleted: Literal[True]


def _tag(value: Any) -> str:
    if isinstance(value, BaseModel):
        return "deletion" if isinstance(value, Deletion) else str(getattr(value, "form", ""))
    if not isinstance(value, dict) or not isinstance(value.get("deleted", False), bool):
        return ""
    return "deletion" if value.get("deleted") is True else str(value.get("form", ""))


def canonical(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields in the one form that is stored and digested: no nulls, no empty lists, whole numbers as integers."""
    plain: dict[str, Any] = {}
    for name in sorted(fields):
        value = fields[name]
        if value is None or value == []:
            continue
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = [canonical(item) for item in value]
        plain[name] = value
    return plain


def to_text(fields: dict[str, Any]) -> str:
    """Canonical JSON text."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def row_digest(record_id: str, text: str) -> str:
    """SHA-256 of an id and its canonical fields."""
    return hashlib.sha256(f"{record_id}\n{text}".encode()).hexdigest()


def register_digest(digests: list[str]) -> str:
    """The digest of a register: the sum of its row digests modulo 2²⁵⁶, so that order does not matter."""
    return f"{sum(int(d, 16) for d in digests) % (1 << 256):064x}"
