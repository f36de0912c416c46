"""What people did in the internal sheet since the last publication: one GET, nothing written.

Corrections become edits, answers in *À vérifier* decisions, *À clore ?* edits of the status, the tick *PV validé* an
edit. What cannot be understood is an issue; the next publication puts the machine's value back and keeps the person's
in `_conflits`. Repeating a pull repeats the same values; the ledger keeps each once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from suivi import schema
from suivi.errors import TargetError
from suivi.models import Decision, Edit, Issue
from suivi.publish.sheets.client import Sheets
from suivi.publish.sheets.compare import human_changes, mass_columns, readable
from suivi.publish.sheets.grid import FIELDS, Book, Found, Grid, book, find
from suivi.publish.sheets.layout import Column, Tab, plain_tab, register_tab, words
from suivi.publish.sheets.model import Conflict, Published, Pulled, Row
from suivi.publish.sheets.pages import INTERNAL
from suivi.publish.sheets.settings_tab import judge_setting
from suivi.publish.sheets.stamp import check_stamp
from suivi.publish.sheets.state import Base, base
from suivi.publish.sheets.values import Unreadable, fold, read, shown
from suivi.settings import Cluster

CHOICES = get_args(Decision.__annotations__["choice"]) or ("accept", "reject", "correct", "merge")


@dataclass
class _Basket:
    """What a pull gathers."""

    cluster: Cluster
    published: Published
    night: int
    day: date
    edits: list[Edit] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    human: Published = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def edit(self, register: str, record: str, column: str, old: Any, new: Any, desk: str = "sheet") -> None:
        self.edits.append(
            Edit(register, record, column, _text(old), _text(new), self.night, self.day, desk)  # type: ignore[arg-type]
        )


def _text(value: Any) -> str | None:
    """An edit's value: codes, ISO dates, lists joined; flags as true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def pull_edits(
    sheets: Sheets, cluster: Cluster, published: Published, night: int, day: date, held: Collection[Any] = ()
) -> Pulled:
    """Read the internal sheet once and say what people changed against what was last `published` there.

    `held`: entries of the queue that are open (objects with `held_id`, or ids): answers to others are ignored. Raises
    `TargetError` where the sheet cannot be read or belongs to another installation.
    """
    spreadsheet = cluster.sheets.get("internal")
    if not spreadsheet:
        return Pulled()
    before = sheets.reads
    now = sheets.patiently(lambda: book(sheets.read(spreadsheet, FIELDS)))
    check_stamp(sheets, now, cluster, "internal", spreadsheet)
    basket = _Basket(cluster, published, night, day)
    for name in INTERNAL:
        _register(basket, now, register_tab(name, cluster, "interne"))
    _queue(basket, now, {getattr(entry, "held_id", entry) for entry in held})
    _closing(basket, now)
    return Pulled(
        edits=tuple(basket.edits),
        decisions=tuple(basket.decisions),
        human=basket.human,
        conflicts=tuple(basket.conflicts),
        settings=_settings(basket, now),
        contacts=_lines(basket, now, "contacts"),
        choices=_lines(basket, now, "choices"),
        issues=tuple(basket.issues),
        reads=sheets.reads - before,
    )


def _table(basket: _Basket, now: Book, tab: Tab) -> tuple[Grid, Found, Base] | None:
    """The tab's table, or None (with an issue) where it cannot be trusted."""
    grid = now.grids.get(tab.sheet_id)
    if grid is None:
        return None
    found = find(grid, tab)
    if found.twice:
        twice = ", ".join(dict.fromkeys(found.twice))
        basket.issues.append(Issue("sheet_key_twice", field=tab.title, value=twice[:200]))
        return None
    return (grid, found, base(basket.published, tab.key)) if found.columns else None


def _register(basket: _Basket, now: Book, tab: Tab) -> None:
    table = _table(basket, now, tab)
    if table is None:
        return
    grid, found, base_ = table
    language = basket.cluster.language
    _people(basket, tab, grid, found, base_)
    changes = list(human_changes(tab, grid, found, base_, language))
    least = int(basket.cluster.limits.get("exempt_below", 30))
    masses = mass_columns(tab, found, changes, base_, least)
    for name in sorted(masses):
        count = sum(column.name == name for _, column, _ in changes)
        detail = tab.column(name).header(language)
        basket.issues.append(Issue("sheet_mass_change", field=tab.title, value=str(count), detail=detail))
    for record, column, content in changes:
        old = base_.value(record, column.name)
        if column.who == "correctable" and column.name not in masses:
            try:
                basket.edit(tab.key, record, column.name, old, read(column, content, language))
                continue
            except Unreadable:
                header = column.header(language)
                basket.issues.append(Issue("sheet_value_unreadable", field=tab.title, value=record, detail=header))
        if content is not None:
            reason = "reason_mass" if column.name in masses else "reason_machine"
            reason = "reason_unreadable" if column.who == "correctable" and reason == "reason_machine" else reason
            cells = shown(column, content, language), shown(column, old, language)
            basket.conflicts.append(
                Conflict(tab.title, record, column.header(language), *cells, words(reason, language))
            )


def _people(basket: _Basket, tab: Tab, grid: Grid, found: Found, base_: Base) -> None:
    """People's own columns, and the tick that is an edit."""
    mine = [column for column in tab.columns if column.who == "human" and column.name in found.columns]
    rows = basket.human.setdefault(tab.key, {})
    for record, row in found.rows.items():
        values = {c.name: readable(c, grid.at(row, found.columns[c.name]), basket.cluster.language) for c in mine}
        rows[record] = values
        for column in mine:
            if column.type == "flag":
                old, new = base_.value(record, column.name), values[column.name]
                if isinstance(new, bool) and bool(new) != bool(old):
                    basket.edit(tab.key, record, column.name, old, new)


def _queue(basket: _Basket, now: Book, open_: set[str]) -> None:
    """Answers in *À vérifier* that are new since the last publication."""
    tab = plain_tab("held", basket.cluster)
    table = _table(basket, now, tab)
    if table is None:
        return
    grid, found, base_ = table
    for record, row in found.rows.items():
        cells = _row(tab, grid, found, row, basket.cluster.language)
        choice, correction = cells.get("choice"), cells.get("correction")
        known = (base_.value(record, "choice"), base_.value(record, "correction"))
        if record not in open_ or choice is None:
            continue
        decision = _decision(basket, tab, record, choice, correction)
        if decision is not None and ((choice, correction) != known):
            basket.decisions.append(decision)


def _decision(basket: _Basket, tab: Tab, record: str, choice: Any, correction: Any) -> Decision | None:
    """The answer, or None (with an issue) while it is not complete."""
    fields: dict[str, str] = {}
    if choice == "merge" and correction:
        fields = {"into": str(correction).strip()}
    elif choice == "correct" and correction:
        fields = correction_fields(str(correction), basket.cluster.language)
    if choice not in ("accept", "reject", "correct", "merge") or (choice in ("correct", "merge") and not fields):
        value = shown(tab.column("choice"), choice, basket.cluster.language)
        basket.issues.append(Issue("sheet_answer_incomplete", field=tab.title, value=value, detail=record))
        return None
    return Decision(record, choice, basket.night, basket.day, fields)


def correction_fields(text: str, language: str) -> dict[str, str]:
    """``"Statut = fait ; Échéance = 2026-05-01"`` as field → plain value; without "=", the value alone is `value`."""
    if "=" not in text:
        return {"value": text.strip()} if text.strip() else {}
    fields: dict[str, str] = {}
    for part in re.split(r"[;\n]\s*(?=[^;=\n]+=)", text):
        name, _, value = part.partition("=")
        field_ = _field(name)
        if field_ is not None:
            column = next(c for c in _all_columns() if c.name == field_)
            try:
                fields[field_] = _text(read(column, value.strip(), language)) or ""
            except Unreadable:
                fields[field_] = value.strip()
    return fields


def _field(name: str) -> str | None:
    word = fold(name)
    return next((c.name for c in _all_columns() if word in (fold(c.name), fold(c.fr), fold(c.en))), None)


def _all_columns() -> list[Column]:
    """Columns of all registers, the first that carries a name; actions come first."""
    columns = []
    for name in ("actions", *(r for r in schema.REGISTERS if r != "actions")):
        for f in schema.register(name).fields:
            codes: Mapping[str, Mapping[str, str]] = schema.labels(f.codes) if f.codes and f.type != "flag" else {}
            columns.append(Column(f.name, f.type, f.who, f.fr, f.en, codes=codes))
    return columns


def _closing(basket: _Basket, now: Book) -> None:
    """*À clore ?*: done and cancelled are edits of the status."""
    tab = plain_tab("closing", basket.cluster)
    table = _table(basket, now, tab)
    if table is None:
        return
    grid, found, base_ = table
    actions = basket.published.get("actions", {})
    for record, row in found.rows.items():
        choice = _row(tab, grid, found, row, basket.cluster.language).get("choice")
        if choice in ("done", "cancelled") and choice != base_.value(record, "choice"):
            basket.edit("actions", record, "status", actions.get(record, {}).get("status"), choice, "queue")


def _settings(basket: _Basket, now: Book) -> tuple[Row, ...] | None:
    lines = _lines(basket, now, "settings")
    if lines is None:
        return None
    there = {line["record_id"] for line in lines}
    known = base(basket.published, "settings").rows
    removed = [{**row, "record_id": record, "removed": True} for record, row in known.items() if record not in there]
    for line in lines:
        answer = judge_setting(line, basket.cluster, lines)
        if answer["state"] == "refused":
            title = plain_tab("settings", basket.cluster).title
            basket.issues.append(Issue("sheet_setting_refused", field=title, detail=str(answer["message"])))
    return (*lines, *removed)


def _lines(basket: _Basket, now: Book, key: str) -> tuple[Row, ...] | None:
    """All lines of a tab that is people's own, with or without an id."""
    tab = plain_tab(key, basket.cluster)
    table = _table(basket, now, tab)
    if table is None:
        return None
    grid, found, _ = table
    rows: Sequence[tuple[str, int]] = [*found.rows.items(), *(("", row) for row in found.keyless)]
    lines = []
    for record, row in sorted(rows, key=lambda pair: pair[1]):
        cells = _row(tab, grid, found, row, basket.cluster.language)
        if any(value is not None for value in cells.values()):
            lines.append({"record_id": record, **cells})
    return tuple(lines)


def _row(tab: Tab, grid: Grid, found: Found, row: int, language: str) -> Row:
    return {
        c.name: readable(c, grid.at(row, found.columns[c.name]), language)
        for c in tab.columns
        if c.who == "human" and c.name in found.columns
    }


__all__ = ["TargetError", "correction_fields", "pull_edits"]
