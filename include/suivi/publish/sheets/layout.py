"""Which tabs and columns a spreadsheet has: registers from `registers.yaml`, the rest from `sheet_tabs.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from suivi import schema
from suivi.reference import load_yaml
from suivi.settings import Cluster

WIDTHS = {"date": 95, "month": 75, "flag": 75, "integer": 80, "number": 85, "list": 150, "text": 140}  # pixels
WIDE = {"text": 300, "quote": 300, "comment": 200, "source": 220, "name": 260, "number": 135, "activity": 260,
        "responsible": 130, "status": 90, "sharing_level": 95, "unit": 100, "participants": 95}  # fmt: skip
TECHNICAL = {"record_id", "meeting_id", "admin1_pcode", "admin2_pcode", "country", "cluster"}  # there, but folded away


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a tab. `codes`: code → language → label. `open_codes`: other words may stand there too."""

    name: str
    type: str
    who: str
    fr: str
    en: str
    about: str = ""
    hxl: str = ""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    open_codes: bool = False
    width: int = 140
    hidden: bool = False

    def header(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def label(self, code: str, language: str) -> str:
        """The word people read for a code; anything else reads as itself."""
        if self.name == "state" and code.startswith("merged into "):
            return words("merged", language).format(id=code.removeprefix("merged into "))
        return self.codes.get(code, {}).get(language, code)

    @property
    def ours(self) -> bool:
        return self.who in ("machine", "correctable")


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: its columns and the rows it should hold (record id → column → plain value), in order of addition.

    `gone`: what becomes of a published row that is no longer wanted ("withdraw", "blank", "settle" or "leave").
    `own_rows`: people add lines there, which get a key; `judge` says what the machine's columns answer to a line.
    `hidden`: kept out of sight.
    """

    key: str
    sheet_id: int
    title: str
    columns: tuple[Column, ...]
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    gone: str = "withdraw"
    hxl: bool = False
    own_rows: bool = False
    hidden: bool = False
    register: bool = False
    judge: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def with_rows(self, rows: Mapping[str, Mapping[str, Any]]) -> Tab:
        return replace(self, rows=rows)

    @property
    def header_rows(self) -> int:
        return 2 if self.hxl else 1


def words(key: str, language: str) -> str:
    """A sentence or label of `sheet_tabs.yaml`."""
    text: str = load_yaml("sheet_tabs.yaml")["words"][key][language]
    return text


def register_tab(name: str, cluster: Cluster, level: str) -> Tab:
    """The tab of a register, with the columns that the level may see."""
    register = schema.register(name)
    fields = register.visible(level)
    return Tab(
        key=name,
        sheet_id=_sheet_id(name),
        title=register.title(cluster.language),
        columns=tuple(_register_column(f, level) for f in fields),
        gone="withdraw" if level == "interne" else "blank",
        hxl=cluster.hxl,
        register=True,
    )


def _register_column(f: schema.Field, level: str) -> Column:
    codes: Mapping[str, Mapping[str, str]] = schema.labels(f.codes) if f.codes and f.type != "flag" else {}
    if f.name == "state":
        codes = load_yaml("sheet_tabs.yaml")["labels"]["row_state"]
    return Column(
        name=f.name,
        type=f.type,
        who=f.who if level == "interne" or f.who == "key" else "machine",
        fr=f.fr,
        en=f.en,
        about=f.about,
        hxl=f.hxl,
        codes=codes,
        open_codes=f.name == "state",
        width=WIDE.get(f.name, WIDTHS[f.type]),
        hidden=f.name in TECHNICAL,
    )


def plain_tab(key: str, cluster: Cluster, *, level: str = "interne", more: tuple[Column, ...] = ()) -> Tab:
    """A tab of `sheet_tabs.yaml`."""
    house = load_yaml("sheet_tabs.yaml")
    described = house["tabs"][key]
    columns = tuple(
        Column(**{**f, "codes": house["labels"][f["codes"]] if f.get("codes") else {}}) for f in described["fields"]
    )
    if level != "interne":
        columns = tuple(replace(column, who="machine") if column.ours else column for column in columns)
    return Tab(
        key=key,
        sheet_id=_sheet_id(key),
        title=described[cluster.language],
        columns=columns + more,
        gone={"held": "settle", "closing": "settle"}.get(key, "leave"),
        own_rows=key in ("contacts", "settings"),
        hidden=key == "summary",
    )


def _sheet_id(key: str) -> int:
    number: int = load_yaml("sheet_tabs.yaml")["sheet_ids"][key]
    return number
