"""The three-way difference of one tab: last published, in the sheet, wanted. Pure; the package says the outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from suivi.models import Edit, Issue
from suivi.publish.sheets.grid import Found, Grid, find
from suivi.publish.sheets.layout import Column, Tab, words
from suivi.publish.sheets.model import Conflict, Plain, Row
from suivi.publish.sheets.state import DELETED, ENOUGH, Base
from suivi.publish.sheets.values import Formula, Unreadable, extended, holds, read, same, shown

MASS_SHARE = 0.10  # of a column changed at once: a bad paste
SAME_ROW = 0.6  # share of published cells that a row without id must hold to be the row that is missing


@dataclass(frozen=True)
class Context:
    """What a comparison knows beside the tab and the grid."""

    base: Base
    language: str
    edits: Mapping[tuple[str, str, str], Edit] = field(default_factory=dict)
    night: int = 0
    exempt_below: int = 30
    fresh: frozenset[str] = frozenset()  # rows that this publication added: nobody has emptied a cell in them


@dataclass
class Diff:
    """What to write into one tab. `cells`: row → column → (column or None, value as the API has it)."""

    tab: Tab
    grid: Grid | None
    found: Found
    cells: dict[int, dict[int, dict[str, Any]]] = field(default_factory=dict)
    adds: list[tuple[str, Row]] = field(default_factory=list)
    new_columns: dict[str, int] = field(default_factory=dict)
    rekeyed: dict[int, str] = field(default_factory=dict)  # rows that get an id (back)
    headers: bool = False  # the header row has to be laid out
    rows: dict[str, Row] = field(default_factory=dict)  # what will be published
    conflicts: list[Conflict] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    stopped: bool = False

    @property
    def there(self) -> Grid:
        """The grid of a tab that exists."""
        if self.grid is None:
            raise LookupError(self.tab.title)
        return self.grid

    @property
    def empty(self) -> bool:
        return self.stopped or not (self.cells or self.adds or self.new_columns or self.headers or self.grid is None)

    def put(self, row: int, column: int, value: Mapping[str, Any]) -> None:
        self.cells.setdefault(row, {})[column] = dict(value)


def human_changes(tab: Tab, grid: Grid, found: Found, base: Base, language: str) -> Iterator[tuple[str, Column, Any]]:
    """Cells of our columns whose content is none that the machine wrote: (record id, column, content)."""
    for column in tab.columns:
        if not column.ours or column.name not in found.columns:
            continue
        place = found.columns[column.name]
        for record, row in found.rows.items():
            if base.knows(record):
                content = grid.at(row, place)
                if not base.wrote(record, column, content, language):
                    yield record, column, content


def mass_columns(tab: Tab, found: Found, changes: list[tuple[str, Column, Any]], base: Base, least: int) -> set[str]:
    """Correctable columns of which more than a tenth changed at once, in tables of at least `least` rows."""
    present = sum(base.knows(record) for record in found.rows)
    if present < least:
        return set()
    counts: dict[str, int] = {}
    for _, column, _ in changes:
        counts[column.name] = counts.get(column.name, 0) + 1
    return {
        name for name, count in counts.items() if count > MASS_SHARE * present and tab.column(name).who == "correctable"
    }


def compare(tab: Tab, grid: Grid | None, context: Context) -> Diff:
    """The difference of one tab; `grid` is None where the tab does not exist."""
    if grid is None:
        return _anew(tab, context)
    found = find(grid, tab)
    diff = Diff(tab, grid, found)
    if (problem := _unsafe(tab, grid, found)) is not None:
        diff.issues.append(problem)
        diff.stopped, diff.rows = True, dict(context.base.rows)
        return diff
    if not found.columns:
        diff.headers = True
        _add_missing(diff, context, found.rows)
        return diff
    rows = _with_lost_keys(diff, context)
    if diff.stopped:
        return diff
    _headers(diff, context)
    _existing(diff, context, rows)
    _people_lines(diff, context)
    _add_missing(diff, context, rows)
    return diff


def _anew(tab: Tab, context: Context) -> Diff:
    diff = Diff(tab, None, Found({}, {}, None, None), headers=True)
    _add_missing(diff, context, {})
    return diff


def _unsafe(tab: Tab, grid: Grid, found: Found) -> Issue | None:
    if found.twice:
        return Issue("sheet_key_twice", field=tab.title, value=", ".join(dict.fromkeys(found.twice))[:200])
    if tab.columns[0].name not in found.columns and grid.used_rows:
        return Issue("sheet_header_missing", field=tab.title)
    return None


def _with_lost_keys(diff: Diff, context: Context) -> dict[str, int]:
    """Rows by record id; a row whose id was erased or overwritten gets it back when it is surely the missing one."""
    tab, found, base = diff.tab, diff.found, context.base
    rows = dict(found.rows)
    missing = [r for r in base.rows if r not in rows and r in tab.rows and base.rows[r].get(DELETED, 0) < ENOUGH]
    if tab.own_rows or not missing:
        return rows
    strangers: list[tuple[str | None, int]] = [(None, row) for row in found.keyless]
    strangers += [(key, row) for key, row in rows.items() if not base.knows(key) and key not in tab.rows]
    for key, row in strangers:
        likeness = sorted(((_likeness(diff, context, record, row), record) for record in missing), reverse=True)
        if likeness[0][0] >= SAME_ROW and (len(likeness) == 1 or likeness[1][0] < likeness[0][0]):
            record = likeness[0][1]
            missing.remove(record)
            rows.pop(key or "", None)
            rows[record], diff.rekeyed[row] = row, record
            diff.put(row, found.columns[tab.columns[0].name], {"stringValue": record})
        elif likeness[0][0] > 0 and key is None:
            diff.issues.append(Issue("sheet_key_missing", field=tab.title, value=str(row + 1)))
            diff.stopped, diff.rows = True, dict(base.rows)
        if not missing:
            break
    return rows


def _likeness(diff: Diff, context: Context, record: str, row: int) -> float:
    """Share of the record's published machine cells that the row still holds."""
    published = context.base.rows[record]
    columns = [
        c for c in diff.tab.columns if c.ours and c.name in diff.found.columns and published.get(c.name) is not None
    ]
    telling = [c for c in columns if c.type in ("text", "date", "list", "number") and not c.codes]
    same = [
        holds(c, diff.there.at(row, diff.found.columns[c.name]), published[c.name], context.language) for c in telling
    ]
    return sum(same) / len(same) if same else 0.0


def _headers(diff: Diff, context: Context) -> None:
    """Headers back where people renamed them; columns back where people deleted them."""
    tab, found, grid = diff.tab, diff.found, diff.there
    edge = max([grid.used_columns - 1, *found.columns.values()]) + 1
    for column in tab.columns:
        if column.name not in found.columns:
            diff.new_columns[column.name], edge = edge, edge + 1
            continue
        if found.header is None:
            continue
        place, header = found.columns[column.name], column.header(context.language)
        content = grid.at(found.header, place)
        if content != header:
            diff.put(found.header, place, {"stringValue": header})
            if content not in (None, column.fr, column.en):
                reason = words("reason_header", context.language)
                diff.conflicts.append(Conflict(tab.title, "", header, str(content), header, reason))
        if found.hxl is not None and column.hxl and grid.at(found.hxl, place) != column.hxl:
            diff.put(found.hxl, place, {"stringValue": column.hxl})


def _existing(diff: Diff, context: Context, rows: Mapping[str, int]) -> None:
    """Cells of rows that stand in the sheet."""
    tab, grid, base = diff.tab, diff.there, context.base
    found = Found(diff.found.columns, rows, diff.found.header, diff.found.hxl)
    changes = list(human_changes(tab, grid, found, base, context.language))
    masses = mass_columns(tab, found, changes, base, context.exempt_below)
    for record, row in rows.items():
        wanted = _wanted(tab, record, base)
        if wanted is None:
            continue  # a row that people typed, id and all
        if tab.judge:
            wanted = {**wanted, **tab.judge(_line(tab, grid, found, row, context.language))}
        published = diff.rows[record] = {}
        if times := base.deleted(record):
            published[DELETED] = times
        for column in tab.columns[1:]:
            published[column.name] = _cell(diff, context, record, row, column, wanted.get(column.name), masses)


def _wanted(tab: Tab, record: str, base: Base) -> Mapping[str, Any] | None:
    """The row as it should be; `None` = not ours."""
    if record in tab.rows:
        return tab.rows[record]
    prior = {**base.rows.get(record, {}), **base.pending.get(record, {})}
    if tab.gone == "blank":  # taken back, whoever published it
        return {"state": "withdrawn"}
    if not base.knows(record):
        return {} if tab.judge else None
    if tab.gone in ("withdraw", "settle"):
        return {**prior, "state": "withdrawn" if tab.gone == "withdraw" else "settled"}
    return prior


def _cell(
    diff: Diff, context: Context, record: str, row: int, column: Column, wanted: Plain, masses: set[str]
) -> Plain:
    """Decide one cell; returns what counts as published there."""
    tab, grid, base, language = diff.tab, diff.there, context.base, context.language
    if column.name in diff.new_columns:
        value = wanted if column.ours else base.value(record, column.name)
        if value is not None:
            diff.put(row, diff.new_columns[column.name], extended(column, value, language))
        return value
    place = diff.found.columns[column.name]
    content = grid.at(row, place)
    if not column.ours:
        return readable(column, content, language)
    if holds(column, content, wanted, language):
        if not same(column, content, wanted, language):
            diff.put(row, place, extended(column, wanted, language))
        return wanted
    if not base.wrote(record, column, content, language):
        nobodys = content is None and record in context.fresh
        reason = "" if nobodys else _reason(context, tab, record, column, content, masses)
        if reason == "left":
            return base.value(record, column.name)
        if reason and content is not None:
            found, back = shown(column, content, language), shown(column, wanted, language)
            diff.conflicts.append(
                Conflict(tab.title, record, column.header(language), found, back, words(reason, language))
            )
    diff.put(row, place, extended(column, wanted, language))
    return wanted


def _reason(context: Context, tab: Tab, record: str, column: Column, content: Any, masses: set[str]) -> str:
    """Why a person's value is put back (a key of `words`); "" = it was taken; "left" = the next pull takes it."""
    if column.who == "machine":
        return "reason_machine" if context.base.knows(record) else ""
    if not context.base.knows(record):
        return "reason_adopted"
    if column.name in masses:
        return "reason_mass"
    try:
        value = read(column, content, context.language)
    except Unreadable:
        return "reason_unreadable"
    edit = context.edits.get((tab.key, record, column.name))
    taken = edit is not None and edit.new == (None if value is None else str(value))
    return "" if taken else "left"


def _people_lines(diff: Diff, context: Context) -> None:
    """Lines that people added to a tab of theirs get an id and an answer."""
    tab, grid, found = diff.tab, diff.there, diff.found
    if not tab.own_rows:
        return
    for row in found.keyless:
        line = _line(tab, grid, found, row, context.language)
        if not any(value is not None for value in line.values()):
            continue
        record = f"n{context.night}-{row + 1}"
        while record in found.rows or record in diff.rows:
            record += "'"
        diff.put(row, found.columns[tab.columns[0].name], {"stringValue": record})
        diff.rekeyed[row] = record
        answer = tab.judge(line) if tab.judge else {}
        diff.rows[record] = {**line, **answer}
        for column in tab.columns:
            if column.ours and column.name in found.columns:
                value = answer.get(column.name)
                if not holds(column, grid.at(row, found.columns[column.name]), value, context.language):
                    diff.put(row, found.columns[column.name], extended(column, value, context.language))


def _line(tab: Tab, grid: Grid, found: Found, row: int, language: str) -> Row:
    """People's columns of one row."""
    return {
        c.name: readable(c, grid.at(row, found.columns[c.name]), language)
        for c in tab.columns
        if c.who == "human" and c.name in found.columns
    }


def _add_missing(diff: Diff, context: Context, present: Mapping[str, int]) -> None:
    """Rows that are not in the sheet: new ones, and once again those that people deleted."""
    base, tab = context.base, diff.tab
    lost = diff.grid is None or not diff.found.columns  # the whole tab: its rows come back uncounted
    wanted = dict(tab.rows)
    if lost and tab.gone != "blank":
        wanted |= {record: _wanted(tab, record, base) or {} for record in base.rows if record not in wanted}
    elif tab.own_rows:  # lines that people took away: remembered, so that the cluster's file does not bring them back
        removed = {r: row for r, row in base.rows.items() if r not in wanted and r not in present}
        diff.rows |= {record: {**row, DELETED: ENOUGH} for record, row in removed.items()}
    for record, row in wanted.items():
        if record in present:
            continue
        before = base.rows.get(record)
        times = before.get(DELETED, 0) if before else 0
        if before is not None and not lost:
            times += ENOUGH if tab.own_rows else 1
        row = {**row, **tab.judge(row)} if tab.judge else row
        full = {c.name: row.get(c.name) if c.ours else _words(row, before, c) for c in tab.columns[1:]}
        diff.rows[record] = {**full, **({DELETED: min(times, ENOUGH)} if times else {})}
        if times < ENOUGH:
            diff.adds.append((record, full))


def _words(row: Mapping[str, Any], before: Mapping[str, Any] | None, column: Column) -> Plain:
    """People's words of a row that comes back: as last seen, else as the registers have them."""
    kept: Plain = (before or {}).get(column.name)
    value: Plain = row.get(column.name)
    return kept if kept is not None else value


def readable(column: Column, content: Any, language: str) -> Plain:
    """People's own content as a plain value, as it stands where its column cannot hold it."""
    try:
        return read(column, content, language)
    except Unreadable:
        return content if isinstance(content, (bool, int, float)) else str(content)


def api_value(content: Any) -> dict[str, Any]:
    """A content as `grid` reads it, back as an ExtendedValue."""
    if content is None:
        return {}
    if isinstance(content, Formula):
        return {"formulaValue": str(content)}
    if isinstance(content, bool):
        return {"boolValue": content}
    return {"numberValue": content} if isinstance(content, (int, float)) else {"stringValue": content}
