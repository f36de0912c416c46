"""The columns of a table: which row is the header, and what each column holds by its words or its content."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from suivi.extract.drafts import Scene
from suivi.extract.grammar import Grammar, key
from suivi.extract.layout import Entry, Grid, Page
from suivi.extract.owners import LIKELY, likeness
from suivi.extract.statuses import read_status
from suivi.extract.values import dates

ACTING = ("action", "recommendation", "decision")
_MARKS = ("done", "todo", "status", "number")
_LABEL_ROWS = 20  # rows that a head of labels and values may have
_HEADER_ROWS = 4  # rows from the top in which a header may stand
_ASIDE = re.compile(r"\([^)]*\)")
_PARTS = re.compile(r"[/,\n&]| et | and | ou | or | - ")
ORDINAL = re.compile(r"[A-Z]{0,4}[ .-]?\d{1,4}(?:[.-]\d{1,3})?[.)]?$")


@dataclass(slots=True)
class Columns:
    """Role → columns (from 0), and the first row below the header."""

    roles: dict[str, list[int]] = field(default_factory=dict)
    first: int = 0

    def has(self, *names: str) -> bool:
        return any(self.roles.get(name) for name in names)

    @property
    def acts(self) -> bool:
        """Whether this is a table of actions."""
        return self.has(*ACTING)

    @property
    def attends(self) -> bool:
        """Whether this is a list of people."""
        if self.has("discussion", "deadline", "topic") or self.has("action", "recommendation"):
            return False
        people = sum(self.has(name) for name in ("name", "organisation", "contact", "function", "present"))
        return people >= 2 or (self.has("present") and self.has("name", "organisation"))


@lru_cache(maxsize=2048)
def role_of(text: str, grammar: Grammar) -> str | None:
    """The role that a header cell's words give its column."""
    plain = _ASIDE.sub("", text) if "(" in text else text
    words = key(plain)
    if not words:
        return "number" if text.strip() in ("#", "N°", "n°") else None
    found = grammar.columns.find(words)
    if found or len(words) > 70:
        return found
    phrases = _PARTS.split(plain)
    said = [role for part in phrases if (role := _role_of_part(key(part), grammar, single=len(phrases) == 1))]
    if said:  # "Observations / recommandations" holds what is to be done
        return next((role for role in said if role in ACTING), said[0]) if said[0] == "comment" else said[0]
    parts = words.split()
    for size in (3, 2, 1):
        if len(parts) > size and size <= len(parts) and (found := grammar.columns.kinds.get(" ".join(parts[:size]))):
            return found if len(parts) <= size + 4 else None
    return None


def _role_of_part(words: str, grammar: Grammar, *, single: bool) -> str | None:
    """The role of a phrase of a head; of several, "main points of discussion" is what was discussed."""
    talk = not single and any(grammar.columns.kinds.get(word) == "discussion" for word in words.split())
    return grammar.columns.find(words) or ("discussion" if talk else None)


def read_columns(grid: Grid, page: Page, grammar: Grammar) -> Columns | None:
    """The columns by their header row, or `None` where no row is one."""
    best: tuple[int, int, dict[str, list[int]]] | None = None
    for index, row in enumerate(grid.rows[:_HEADER_ROWS]):
        roles: dict[str, list[int]] = {}
        filled = [cell for cell in row if cell and page.text[cell.start : cell.end].strip()]
        for column, cell in enumerate(row):
            if cell is None or cell.end - cell.start > 90:
                continue
            role = role_of(page.text[cell.start : cell.end], grammar)
            if role:
                spanned = range(column, column + cell.block.column_span)
                roles.setdefault(role, []).extend(spanned)
        hits = sum(1 for cells in roles.values() for _ in cells)
        if hits >= 2 and hits >= len(filled) / 2 and (best is None or len(roles) > best[0]):
            best = (len(roles), index, roles)
    if best is None or best[0] < 2:
        return None
    found = Columns(best[2], best[1] + 1)
    _told_by_company(found, grid, page, grammar)
    if not found.acts and found.has("owner") and found.has("deadline", "status"):
        for role in ("comment", "discussion", "topic"):
            if found.has(role):
                found.roles["action"] = found.roles.pop(role)[:1]
                break
    if not found.acts and found.has("done", "status") and not found.has("topic", "discussion", "comment"):
        others = [index for index in range(len(grid.rows[0])) if index not in _marked(found)]
        if len(others) == 1:  # "Organisation / engagement | Fait": what is done or not stands in the other column
            return Columns(
                {**{name: found.roles[name] for name in _MARKS if found.has(name)}, "action": others}, found.first
            )
    return found


def _told_by_company(found: Columns, grid: Grid, page: Page, grammar: Grammar) -> None:
    """Beside an action column an organisation is the owner, and a column of status words the status."""
    if not found.acts:
        return
    if not found.has("owner") and found.has("organisation"):
        found.roles["owner"] = found.roles.pop("organisation")
    if found.has("status", "done", "todo"):
        return
    acting = [(role, column) for role in ACTING for column in found.roles.get(role, ())]
    for role, column in [("comment", column) for column in found.roles.get("comment", ())] + acting[1:]:
        cells = [row[column] for row in grid.rows[found.first :]]
        texts = [text for cell in cells if cell and (text := page.clean(cell.start, cell.end))]
        if texts and _share(texts, lambda text: read_status(text, grammar, whole=True)[0] is not None) > 0.6:
            found.roles[role].remove(column)
            found.roles["status"] = [column]
            return


def _marked(found: Columns) -> set[int]:
    return {index for name in _MARKS for index in found.roles.get(name, ())}


def guess_columns(grid: Grid, page: Page, scene: Scene) -> Columns | None:
    """The columns by their content, for a list of actions that has no header row."""
    width = len(grid.rows[0])
    texts = [[page.clean(row[c].start, row[c].end) if row[c] else "" for row in grid.rows] for c in range(width)]  # type: ignore[union-attr]
    filled = [[text for text in column if text] for column in texts]
    roles: dict[str, list[int]] = {}
    for index, column in enumerate(filled):
        if not column:
            continue
        if _share(column, lambda text: bool(ORDINAL.match(text))) > 0.7:
            roles.setdefault("number", []).append(index)
        elif _share(column, lambda text: len(text) < 40 and bool(dates.find(text, scene.meeting))) > 0.6:
            roles.setdefault("deadline", []).append(index)
        elif _share(column, lambda text: read_status(text, scene.grammar, whole=True)[0] is not None) > 0.6:
            roles.setdefault("status", []).append(index)
        elif _share(column, lambda text: likeness(text, scene.grammar, scene.people) >= LIKELY) > 0.6:
            roles.setdefault("owner", []).append(index)
    left = [index for index in range(width) if filled[index] and not any(index in found for found in roles.values())]
    if not left:
        return None
    longest = max(left, key=lambda index: sum(map(len, filled[index])))
    roles["action"] = [longest]
    return Columns(roles, 0) if len(roles) >= 2 else None


def _share(column: list[str], test: Callable[[str], bool]) -> float:
    return sum(bool(test(text)) for text in column) / len(column)


def part_grids(page: Page, grammar: Grammar) -> None:
    """Cut a table that is two in one: a head of labels and values, then the columns of an agenda or of actions."""
    items: list[Entry | Grid] = []
    for item in page.items:
        cut = _cut(item, page, grammar) if isinstance(item, Grid) else None
        if cut is None or not isinstance(item, Grid):
            items.append(item)
            continue
        below = next(cell.block for cell in item.rows[cut] if cell)
        items.append(Grid(item.rows[:cut], item.carried[:cut], item.block))
        items.append(Grid(item.rows[cut:], item.carried[cut:], below))
    page.items[:] = items


def _cut(grid: Grid, page: Page, grammar: Grammar) -> int | None:
    """The row below the labels that is a header of its own."""
    found = read_columns(grid, page, grammar)
    if len(grid.rows) < 4 or (found and found.first <= 2):
        return None
    first = next((cell for cell in grid.rows[0] if cell), None)
    if found and first and grammar.labels.find(key(page.text[first.start : first.end])):
        return found.first - 1
    if found:
        return None
    for index, row in enumerate(grid.rows[2:_LABEL_ROWS], start=2):
        cells = [cell for cell in row if cell and cell.end - cell.start <= 90]
        roles = {role_of(page.text[cell.start : cell.end], grammar) for cell in cells} - {None}
        if len(roles) >= 3 and not roles.isdisjoint({*ACTING, "discussion"}):
            return index
    return None
