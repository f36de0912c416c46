"""The agenda that minutes print at their head: it says what the items are, the body where each begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from suivi.extract.columns import read_columns
from suivi.extract.drafts import Scene
from suivi.extract.grammar import Grammar, key
from suivi.extract.layout import Cell, Entry, Grid, Page, clean
from suivi.extract.outline import Topic, agenda_item, section_kind, split_presenter

_HEAD = 60  # entries and tables from the top in which the list stands
_OPENER = 150  # characters of a line that announces the agenda
_LONGEST = 200  # characters of an item
_TITLE = 90  # characters of an item that nothing marks as one
_ALIKE = 80  # of 100, how like a heading is to the item that it opens
_SAME = 92  # the same for a line that nothing marks as a heading
_NUMBERED_ALIKE = 55  # the same where both bear one number
_INLINE = re.compile(r"(?:^|(?<=[\s;,.]))\(?(?P<number>\d{1,2})[.)/]\s*(?=[^\W\d_])")
_EDGE = " \t\n;.,:*_-–—•"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the agenda; `start` and `end` count in the page text."""

    number: str
    title: str
    presenter: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the body may begin to speak of an item."""

    start: int
    end: int
    title: str
    number: str
    sure: bool = True  # a heading or topic; else only a line of text


def read(scene: Scene) -> list[Item]:
    """The items of the agenda at the head, two or more, or none."""
    for index, item in enumerate(scene.page.items[:_HEAD]):
        found: list[Item] = []
        if isinstance(item, Grid):
            found = _in_table(item, scene)
        elif _announces(item, scene.page, scene.grammar):
            found = _inline(item, scene.page) or _below(index, scene)
        if len(found) > 1:
            return found
    return []


def adopt(scene: Scene) -> None:
    """Let the list at the head say what the agenda items are, where the headings of the body are items of it."""
    items, outline = read(scene), scene.outline
    if not items:
        return
    starts = _matched(items, _places(scene, items[-1].end))
    if len(starts) < max(2, len(items) / 2) and len(starts) < max(len(outline.topics), 1):
        if not outline.topics:
            outline.topics.extend(_topic(item, item.end, item.end, item.number) for item in items)
        return
    outline.topics[:] = _merged(items, starts, outline.topics, len(scene.page.text))


def cell_topics(grid: Grid, page: Page, grammar: Grammar, first: int) -> Iterator[Topic]:
    """Agenda items that open a cell of each row ("Agenda 2: Reports"), in a table without a column of topics."""
    rows = [[cell for cell in row if cell and cell.entries] for row in grid.rows[first:]]
    opened = [
        (row, cell, named)
        for row in rows
        for cell in row[:2]
        if (named := agenda_item(page.clean(cell.entries[0].start, cell.entries[0].end), grammar))
    ]
    if len(opened) < 2:
        return
    for row, cell, (number, title) in opened:
        title, presenter = split_presenter(title.strip(_EDGE))
        yield Topic(number, title, cell.start, max(other.end for other in row), presenter, (cell.start, cell.end))


def _announces(item: Entry, page: Page, grammar: Grammar) -> bool:
    """Whether a line is the agenda's heading, or a sentence that ends with it and a colon."""
    text = page.clean(item.start, item.end)
    if section_kind(text.rstrip(" :"), grammar) == "agenda":
        return True
    label, colon, rest = text.partition(":")
    if not colon or len(label) > _OPENER:
        return False
    if section_kind(label, grammar) == "agenda":
        return True
    words = f" {key(label)} "
    return not rest.strip() and any(f" {phrase} " in words for phrase in _phrases(grammar))


def _phrases(grammar: Grammar) -> list[str]:
    return [phrase for phrase, kind in grammar.sections.kinds.items() if kind == "agenda"]


def _inline(item: Entry, page: Page) -> list[Item]:
    """ "Agenda: 1. Updates 2. Reports 3. Any other business" in one paragraph."""
    marks = list(_INLINE.finditer(page.text, item.start, item.end))
    if not marks or [int(mark["number"]) for mark in marks] != list(range(1, len(marks) + 1)):
        return []
    ends = [mark.start() for mark in marks[1:]] + [item.end]
    return [_item(page, mark["number"], mark.end(), end, mark.start()) for mark, end in zip(marks, ends, strict=True)]


def _below(index: int, scene: Scene) -> list[Item]:
    after = scene.page.items[index + 1 : index + 40]
    if after and isinstance(after[0], Grid):
        return _rows(after[0], scene)
    entries: list[Entry] = []
    for item in after:
        if isinstance(item, Grid) or not item.marker or item.end - item.body > _LONGEST or _restarts(item, entries):
            break
        entries.append(item)
    return _outer(entries, scene.page) or _plain_lines(after, scene)


def _plain_lines(after: list[Entry | Grid], scene: Scene) -> list[Item]:
    """Short lines without numbers or bullets right under the heading, up to the next heading."""
    lines: list[Entry] = []
    for item in after:
        if isinstance(item, Grid) or item.marker or _stands_out(item) or not _titles(item, scene.page):
            break
        lines.append(item)
    return _lines(lines, scene.page) if len(lines) > 1 else []


def _stands_out(item: Entry) -> bool:
    return item.block.kind == "heading" or item.block.bold


def _titles(item: Entry, page: Page) -> bool:
    """Whether a line may be a title: short, no sentence, no label with its value."""
    text = page.clean(item.start, item.end)
    return len(text) <= _TITLE and not text.endswith((".", ":", "!", "?")) and ": " not in text


def _restarts(item: Entry, earlier: list[Entry]) -> bool:
    """Whether the numbers begin again: the body, whose first heading follows the list."""
    return (
        _counts(item)
        and item.level <= min((one.level for one in earlier), default=0)
        and any(one.number.strip(".)") == item.number.strip(".)") for one in earlier)
        if earlier
        else False
    )


def _counts(item: Entry) -> bool:
    return item.number.strip("().-/ ").isdigit()


def _outer(entries: list[Entry], page: Page) -> list[Item]:
    """The items of the outermost level; letters and bullets under numbers are parts of an item."""
    if not entries:
        return []
    level = min(item.level for item in entries)
    outer = [item for item in entries if item.level == level]
    if outer and outer[0].number:
        first = outer[0]
        outer = [item for item in outer if bool(item.number) and _counts(item) == _counts(first)]
    elif outer:
        outer = [item for item in outer if item.marker == outer[0].marker]
    return [
        _item(
            page, item.number if _counts(item) or item.number.isupper() else str(place), item.body, item.end, item.start
        )
        for place, item in enumerate(outer, start=1)
    ]


def _in_table(grid: Grid, scene: Scene) -> list[Item]:
    """The row "Agenda | 1. … 2. …" of a head table, or one cell that holds label and list."""
    columns = read_columns(grid, scene.page, scene.grammar)
    if columns is not None:
        return _rows(grid, scene)
    for row, below in zip(grid.rows, [*grid.rows[1:], []], strict=True):
        cells = [cell for cell in row if cell and scene.page.text[cell.start : cell.end].strip()]
        beneath = [cell for cell in below if cell and cell.entries]
        for place, cell in enumerate(cells):
            head = cell.entries[0] if cell.entries else None
            if head is None or not _announces(head, scene.page, scene.grammar):
                continue
            if len(cell.entries) > 2:
                return _lines(cell.entries[1:], scene.page)
            if len(cells) == len(beneath) == 1:
                return _lines(beneath[0].entries, scene.page)
            if place + 1 < len(cells):
                value: Cell = cells[place + 1]
                found = _lines(value.entries, scene.page)
                return found if len(found) > 1 or row is not grid.rows[0] or place else _first_column(grid, scene.page)
    return []


def _first_column(grid: Grid, page: Page) -> list[Item]:
    """The rows under "Agenda | Presenter | Time"."""
    cells = [row[0] for row in grid.rows[1:]]
    told = [cell for cell in cells if cell and cell.entries and cell.end - cell.start <= _LONGEST]
    if len(told) < len(cells):
        return []
    return [
        _item(page, str(place), cell.entries[0].body, cell.end, cell.start) for place, cell in enumerate(told, start=1)
    ]


def _lines(entries: list[Entry], page: Page) -> list[Item]:
    marked = [item for item in entries if item.marker]
    if len(marked) > 1:
        return _outer(marked, page)
    if len(entries) == 1:
        return _inline(entries[0], page)
    return [_item(page, str(place), item.body, item.end, item.start) for place, item in enumerate(entries, start=1)]


def _rows(grid: Grid, scene: Scene) -> list[Item]:
    """A table of topics and who presents them, right under the agenda's heading."""
    columns = read_columns(grid, scene.page, scene.grammar)
    if columns and (columns.acts or not columns.has("topic") or columns.has("discussion", "comment", "status")):
        return []
    column = columns.roles["topic"][0] if columns else None
    found: list[Item] = []
    for row in grid.rows[columns.first if columns else 0 :]:
        cells = [row[column]] if column is not None else row
        cell = next(
            (cell for cell in cells if cell and re.search(r"[^\W\d_]{2}", scene.page.text[cell.start : cell.end])), None
        )
        if cell:
            found.append(_item(scene.page, str(len(found) + 1), cell.entries[0].body, cell.end, cell.start))
    return found


def _item(page: Page, number: str, body: int, end: int, start: int) -> Item:
    title, presenter = split_presenter(page.clean(body, end).strip(_EDGE))
    return Item(number.strip("().-/ "), title, presenter, start, end)


def _places(scene: Scene, after: int) -> list[_Place]:
    """Headings and topics of the body behind the list, in order."""
    found = {topic.start: _Place(topic.start, topic.end, topic.title, topic.number) for topic in scene.outline.topics}
    for heading in scene.outline.headings:
        start = heading.entry.start
        if start not in found:
            found[start] = _Place(start, start, heading.title, heading.number)
    for item in scene.page.entries():
        if item.start not in found and item.start >= after:
            found[item.start] = _opening(item, scene.page)
    return [found[start] for start in sorted(found) if start >= after]


def _opening(item: Entry, page: Page) -> _Place:
    """The first line of a paragraph, up to a colon: only an item's very title may be found there."""
    line = page.text[item.body : item.end].split("\n", 1)[0].split(":", 1)[0]
    return _Place(
        item.start, item.start, clean(line).strip(_EDGE) if len(line) <= _LONGEST else "", item.number, sure=False
    )


def _matched(items: list[Item], places: list[_Place]) -> dict[int, _Place]:
    """Position of an item → where the body takes it up, in the order of the list."""
    found: dict[int, _Place] = {}
    behind = 0
    for position, item in enumerate(items):
        scored = [(_likeness(item, place), -index, index) for index, place in enumerate(places) if index >= behind]
        best = max(scored, default=(0.0, 0, 0))
        if best[0] > 0:
            found[position] = places[best[2]]
            behind = best[2] + 1
    return found


def _likeness(item: Item, place: _Place) -> float:
    one, other = key(item.title), key(place.title)
    if not one or not other:
        return 0.0
    whole = fuzz.ratio(one, other)
    if not place.sure:
        return float(whole) if whole >= _SAME else 0.0
    part = fuzz.token_set_ratio(one, other) if min(len(one), len(other)) >= 5 else 0.0
    score = float(max(whole, part - 5))
    same = item.number == place.number.strip(".")
    return score if score >= (_NUMBERED_ALIKE if same else _ALIKE) else 0.0


def _merged(items: list[Item], starts: dict[int, _Place], topics: Iterable[Topic], last: int) -> list[Topic]:
    known = list(topics)
    numbers = [place.number for place in starts.values()]
    kept = len(set(numbers)) == len(numbers) and all(numbers) and not all(item.number.isalpha() for item in items)
    merged: list[Topic] = []
    at = min(place.start for place in starts.values())
    for position, item in enumerate(items):
        place = starts.get(position)
        if place is None:
            opens = position == 0 and 1 in starts  # what stands before the second item is the first
            merged.append(_topic(item, items[-1].end if opens else at, at, item.number))
            continue
        following = min((other.start for other in starts.values() if other.start > place.start), default=last)
        inner = [topic.end for topic in known if place.start <= topic.start < following]
        at = min(max(inner, default=following), following)
        number = place.number if kept and len(starts) == len(items) else item.number
        heading = next((topic for topic in known if topic.start == place.start), None)
        topic = _topic(item, place.start, at, number)
        if heading:  # the words over the discussion are the fuller source
            topic.title, topic.presenter, topic.origin = heading.title, heading.presenter, heading.origin
        merged.append(topic)
    return merged


def _topic(item: Item, start: int, end: int, number: str) -> Topic:
    return Topic(number, item.title, start, end, item.presenter, (item.start, item.end))
