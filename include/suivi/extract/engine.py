"""The road inside one document: lay out → outline → header → drafts → merge → judge → minutes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from suivi.extract import confidence
from suivi.extract.agenda import assign, listed_topics
from suivi.extract.columns import Columns, guess_columns, part_grids
from suivi.extract.drafts import Draft, Scene
from suivi.extract.grammar import FOLDER, Grammar, load
from suivi.extract.header import HeaderReader
from suivi.extract.judge import judge
from suivi.extract.layout import Entry, Grid, Page, lay_out
from suivi.extract.lists import ListReader
from suivi.extract.merge import merge
from suivi.extract.outline import Outline, is_list, read_outline, set_topics
from suivi.extract.programme import cell_topics
from suivi.extract.prose import ProseReader
from suivi.extract.sittings import sittings
from suivi.extract.tables import TableReader
from suivi.extract.values import dates, events, figures, language, places, presence
from suivi.models import Action, AgendaItem, Found, Issue, Minutes, Reading

EXTRACTOR_VERSION = 2
_OWN_LIST = ("table", "recap", "checkbox")  # rules of a list of its own: prose beside it counts only where it is plain
_FULL_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\s\w{3,9}\s\d{4}")
GUESSED = "tableau sans bordures, reconstitué d'après les espaces"
SCANNED = "texte issu d'une reconnaissance optique"


def extract(reading: Reading, document: str, *, grammars: Path = FOLDER) -> Minutes:
    """What a document says: minutes, or none with the reason. Further meetings of one file stand in `more`.

    The reader's issues go with them: a document that could not be opened is told from one that is no minutes.
    """
    found = _meetings(reading, document, grammars)
    told = tuple(replace(issue, document=issue.document or document) for issue in reading.issues)
    return replace(found, issues=(*told, *(issue for issue in found.issues if issue not in told)))


def _meetings(reading: Reading, document: str, grammars: Path) -> Minutes:
    parts = sittings(reading)
    if len(parts) > 1:
        found = [survey(part, document, grammars)[0] for part in parts]
        kept = [minutes for minutes in found if minutes.is_minutes]
        if len(kept) > 1:
            return replace(kept[0], more=tuple(kept[1:]))
    return survey(reading, document, grammars)[0]


def survey(reading: Reading, document: str, grammars: Path = FOLDER) -> tuple[Minutes, list[Draft], Grammar]:
    """The minutes of one meeting with the drafts behind its actions, in the same order: what calibration needs."""
    spoken = language.of(reading.text)
    grammar = load(spoken, grammars)
    page = lay_out(reading, grammar)
    part_grids(page, grammar)
    outline = read_outline(page, grammar)
    set_topics(outline, page)
    meeting, roll = HeaderReader(page, outline, grammar).read()
    day = date.fromisoformat(meeting.date) if meeting.date else None
    after = date.fromisoformat(meeting.next_meeting) if meeting.next_meeting else None
    scene = Scene(page, grammar, outline, roll.people, day, after)
    marked, said = _drafts(scene)
    drafts = merge(_in_order([*marked, *said]))
    assign(drafts, scene)
    verdict = judge(page, grammar, meeting, len(outline.topics), len(marked), len(said), spoken)
    if not verdict.minutes:
        return Minutes(document, spoken, False, verdict.reason), [], grammar
    meeting = replace(meeting, values={name: _judged(found, reading) for name, found in meeting.values.items()})
    actions = tuple(_action(made, scene, reading) for made in drafts)
    minutes = Minutes(
        document,
        spoken,
        True,
        "",
        meeting,
        tuple(_agenda_item(topic, page) for topic in outline.topics),
        actions,
        figures.find(reading, day, spoken),
        presence.find(reading, spoken),
        events.find(reading, day, spoken),
        issues=_issues(actions, document),
    )
    return minutes, drafts, grammar


def _drafts(scene: Scene) -> tuple[list[Draft], list[Draft]]:
    """The actions that the document marks, and those that only sentences tell."""
    tables, lists = TableReader(scene), ListReader(scene)
    if not scene.outline.topics:
        lists.open_by_title()
    marked: list[Draft] = []
    cells: list[Entry] = []
    items = scene.page.items
    table_topics = not scene.outline.numbered and (not scene.outline.topics or _topic_tables(scene) >= 1)
    for index, item in enumerate(items):
        following = items[index + 1] if index + 1 < len(items) else None
        if isinstance(item, Grid):
            marked.extend(_table(item, tables, lists, scene, cells, table_topics))
            continue
        heading = scene.outline.by_start.get(item.start)
        if heading:
            lists.heading(heading)
            continue
        found = list(lists.entry(item, following))
        marked.extend(found)
        if not found and item.start not in lists.used:
            lists.follow(item)
    listed_topics(scene)
    strict = any(made.rule.startswith(_OWN_LIST) for made in marked if not made.review)
    prose = ProseReader(scene, strict=strict)
    flow = [entry for entry in scene.page.entries() if entry.start not in lists.used and _tells(entry, scene)]
    said = [
        made
        for entry in sorted([*flow, *cells], key=lambda entry: entry.start)
        for made in prose.read(entry, loose=entry.start in lists.loose)
    ]
    return marked, said


def _tells(entry: Entry, scene: Scene) -> bool:
    """Whether prose of this entry can hold actions: not before the first agenda item, where the header stands."""
    first = scene.outline.topics[0].start if scene.outline.topics else 0
    return entry.start >= first


def _topic_tables(scene: Scene) -> int:
    reader = TableReader(scene)
    count = 0
    for grid in scene.page.grids():
        columns = reader.columns(grid)
        if columns and columns.has("topic") and (columns.has("discussion") or _talks(grid, columns)):
            count += 1
    return count


def _talks(grid: Grid, columns: Columns) -> bool:
    """Whether the topic column holds the discussion too, under each item's first line."""
    cells = [row[index] for row in grid.rows[columns.first :] for index in columns.roles["topic"][:1]]
    full = [cell for cell in cells if cell and cell.end > cell.start]
    return bool(full) and sum(len(cell.entries) > 1 and cell.end - cell.start > 250 for cell in full) >= 0.4 * len(full)


def _table(
    grid: Grid, tables: TableReader, lists: ListReader, scene: Scene, cells: list[Entry], with_topics: bool
) -> Iterable[Draft]:
    columns = tables.columns(grid)
    section = lists.section
    if columns is None and section and not tables.labels(grid):
        columns = guess_columns(grid, scene.page, scene)
    if columns is None:
        cells.extend(
            entry for row in grid.rows for cell in row if cell and cell.end - cell.start > 80 for entry in cell.entries
        )
    if columns is None or columns.attends:
        return ()
    if section and (section.tabled or section.items) and columns.has("topic") and columns.has("discussion"):
        section = lists.section = None  # a heading's scope ends with its table: the main table has its own columns
    if (
        with_topics
        and (columns.acts or (columns.has("topic") and columns.has("discussion")))
        and not is_list(section.kind if section else None)
    ):
        _add_topics(tables, grid, columns, scene.outline)
    spoken = columns.roles.get("discussion") or (
        columns.roles["topic"] if columns.has("topic") and _talks(grid, columns) else []
    )
    found: list[Draft] = []
    for row in grid.rows[columns.first :]:
        for index in spoken:
            cell = row[index] if index < len(row) else None
            if cell:
                found.extend(lists.cell(cell))
                cells.extend(entry for entry in cell.entries if entry.start not in lists.used)
    if not columns.acts:
        return found
    review = bool(section and section.kind.startswith("review"))
    if section and review:
        section.tabled = True
    return [*found, *tables.read(grid, columns, review=review)]


def _add_topics(tables: TableReader, grid: Grid, columns: Columns, outline: Outline) -> None:
    found = list(tables.topics(grid, columns)) or list(
        cell_topics(grid, tables.page, tables.scene.grammar, columns.first)
    )
    if not found:
        return
    if outline.topics and not getattr(outline, "tabled", False):
        outline.topics.clear()
    outline.tabled = True
    known = len(outline.topics)
    if outline.topics:
        outline.topics[-1].end = found[0].start
    for position, topic in enumerate(found):
        topic.end = found[position + 1].start if position + 1 < len(found) else 1 << 60
        if not topic.number or (
            known and topic.number == str(position + 1) and any(t.number == topic.number for t in outline.topics)
        ):
            topic.number = str(known + position + 1)
        outline.topics.append(topic)


def _in_order(drafts: list[Draft]) -> list[Draft]:
    return sorted(drafts, key=lambda made: made.start)


def _action(made: Draft, scene: Scene, reading: Reading) -> Action:
    source = scene.page.source(made.start, made.end)
    rated = confidence.rate(made, scene.grammar)
    held, why = confidence.verdict(rated, made)
    if reading.scanned:
        held, why = True, SCANNED
    elif source.locator.table in _guessed(reading):
        held, why = True, GUESSED
    return Action(
        text=made.text,
        kind=made.kind,
        found=Found(source, made.rule, rated, held, why),
        agenda=made.agenda,
        responsible=made.owners,
        responsible_as_written=made.owner_written,
        deadline=made.deadline,
        deadline_date=dates.deadline(made.deadline, scene.meeting, scene.next_meeting) if made.deadline else None,
        status=made.status or "open",
        permanent=made.permanent,
        review=made.review,
        number=made.number,
        places=tuple(places.find(made.text)),
    )


def _guessed(reading: Reading) -> set[int | None]:
    """Numbers of the tables that the reader put together by their gaps: their rows may be wrong."""
    found = (issue.locator for issue in reading.issues if issue.type == "table_guessed")
    return {locator.table for locator in found if locator and locator.table}


def _agenda_item(topic: object, page: Page) -> AgendaItem:
    source = page.source(*topic.origin)  # type: ignore[attr-defined]
    return AgendaItem(topic.number, topic.title, topic.presenter, Found(source, "agenda.heading", 0.95))  # type: ignore[attr-defined]


def _judged(found: Found, reading: Reading) -> Found:
    return replace(found, held=True, held_reason=SCANNED) if reading.scanned else found


def _issues(actions: tuple[Action, ...], document: str) -> tuple[Issue, ...]:
    """Deadlines written as a full date that no calendar has."""
    return tuple(
        Issue("deadline_impossible", document, action.found.source.locator, "deadline", action.deadline or "")
        for action in actions
        if action.deadline_date is None and _FULL_DATE.search(action.deadline or "")
    )
