"""Headings → what stands where: the agenda item and the kind of section of every entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

from suivi.extract.attending import attending
from suivi.extract.grammar import Grammar, key
from suivi.extract.layout import Entry, Grid, Page
from suivi.extract.sequences import ROMAN, plain, rising, value
from suivi.extract.values.text import fold

_LONGEST = 170  # characters of a heading
_ITEM = 120  # characters of a line that opens an agenda item by its number
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_PRESENTER = re.compile(r"\s*\(([^()]{2,60})\)\s*[:.]?\s*$")
_MINUTES = re.compile(r"[,;]?\s*\d{1,3}\s*(?:'|’|min\w*)\s*$")
_TALK = 2  # bullets under a numbered line that make it a heading
_INNER = 50  # depth of a heading that the document does not rank
_ENDING = re.compile(r"[.;,]\s*$")
_SAID_BEHIND = re.compile(r":\s*\S")
_LINKS = frozenset(["de", "du", "des", "d", "et", "pour", "of", "and", "from", "for", "agreed", "updated"])
_LIST = frozenset({"recap", "steps", "decisions", "review", "review_done"})
_OPENING = ("participants", "excused", "absent", "agenda")
_NO_AGENDA = frozenset({"participants", "excused", "absent", "agenda", "next_meeting", "outside", "recap", "decisions"})

_ATTENDING = {"organisations": "participants", "organisations_excused": "excused", "organisations_absent": "absent"}


@dataclass(slots=True)
class Heading:
    """A heading: `kind` is its section in the grammar, `depth` counts from 1 (top)."""

    entry: Entry
    number: str
    title: str
    kind: str | None
    depth: int
    index: int  # among the page's items


@dataclass(slots=True)
class Topic:
    """An agenda item: where its discussion starts and ends in the page text."""

    number: str
    title: str
    start: int
    end: int
    presenter: str | None
    origin: tuple[int, int]
    recap: bool = False  # a numbered heading of a list of actions: an agenda item only where nothing else fits


@dataclass(slots=True)
class Outline:
    headings: list[Heading] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    by_start: dict[int, Heading] = field(default_factory=dict)
    numbered: bool = False  # the agenda items are numbered headings
    tabled: bool = False  # the agenda items come from topic columns

    def topic_at(self, offset: int) -> Topic | None:
        """The agenda item whose discussion covers a page offset."""
        return next((topic for topic in self.topics if topic.start <= offset < topic.end), None)


@cache
def _item(grammar: Grammar) -> re.Pattern[str]:
    """ "Agenda item 3: …", "Point n° 2 – …"."""
    return re.compile(
        rf"(?:{grammar.shape('agenda_item')})\s*(?:n\s?[°o]\s*)?(?P<number>\d{{1,2}}|[ivx]{{1,4}})\s*[:.-]\s*(?P<title>\S.*)"
    )


def agenda_item(words: str, grammar: Grammar) -> tuple[str, str] | None:
    """Number and title of a line that says which agenda item it opens."""
    named = _item(grammar).match(fold(words)) if len(words) <= _ITEM else None
    return (named["number"].upper(), words[named.start("title") :]) if named else None


@lru_cache(maxsize=2048)
def section_kind(text: str, grammar: Grammar, *, ranked: bool = False) -> str | None:
    """The kind of section that a heading's words announce; `ranked`: the layout says that it is a heading."""
    whole = key(_BRACKETS.sub("", text) if "(" in text else text)
    if not whole or len(whole) > _LONGEST:
        return None
    found = grammar.sections.find(whole) or _ATTENDING.get(attending(whole, grammar) or "")
    return found or _opening_kind(whole.split(), grammar) or (_held_kind(whole.split(), grammar) if ranked else None)


def _opening_kind(words: list[str], grammar: Grammar) -> str | None:
    """The kind of the longest phrase that opens a longer heading, or the review that its words make of a list."""
    if words[0] not in grammar.sections.firsts:
        return None
    past = any(word in grammar.words("review_words") for word in words)
    for size in range(min(len(words) - 1, 8), 0, -1):
        kind = grammar.sections.kinds.get(" ".join(words[:size]))
        if kind is None:
            continue
        if kind in ("recap", "decisions", "steps") and past and (size >= 2 or words[size] in _LINKS):
            return "review"
        if kind.startswith("review") or kind == "next_meeting":
            return kind if size >= 2 else None
        linked = words[size] in _LINKS
        if kind in _LIST and (size >= 2 or (kind == "steps" and linked)) and (size >= 0.4 * len(words) or linked):
            return kind
        return kind if kind in ("participants", "excused", "absent") and size >= 0.5 * len(words) else None
    return None


def _held_kind(words: list[str], grammar: Grammar) -> str | None:
    """The kind of a list phrase of three words or more inside a heading ("Decisions, list of action items, dates")."""
    for size in (5, 4, 3):
        for start in range(1, len(words) - size + 1):
            kind = grammar.sections.kinds.get(" ".join(words[start : start + size]))
            if kind in ("recap", "decisions"):
                return kind
    return None


def read_outline(page: Page, grammar: Grammar) -> Outline:
    """Headings and agenda items of a page."""
    outline = Outline()
    numbered = _numbered_headings(page, grammar)
    ranks: dict[int, int] = {}
    for index, item in enumerate(page.items):
        if isinstance(item, Grid):
            continue
        heading = _heading(item, index, page, grammar, numbered)
        if heading is None:
            continue
        if heading.number and item.kind == "heading":
            ranks.setdefault(item.level, heading.depth)
        item.kind = "heading"
        outline.headings.append(heading)
        outline.by_start[item.start] = heading
    for heading in outline.headings:
        if not heading.number and heading.entry.level:
            heading.depth = ranks.get(heading.entry.level, min(ranks.values(), default=0) + heading.entry.level)
    return outline


def _heading(item: Entry, index: int, page: Page, grammar: Grammar, numbered: set[int]) -> Heading | None:
    ranked = item.kind == "heading" or index in numbered or (item.number and item.block.bold)
    if not ranked and (item.kind == "item" or item.end - item.start > _LONGEST):
        return None
    raw = page.text[item.start : item.end]
    depth = plain(item.number).count(".") + 1 if item.number[:1].isdigit() or item.number.upper() in ROMAN else 0
    words = page.clean(item.body if item.number else item.start, item.end).rstrip(" :")
    named = agenda_item(words, grammar)
    if named and not item.number:
        number, title = named
        return Heading(item, number, title, section_kind(title, grammar), 1, index)
    bold_number = bool(
        depth and item.block.bold and item.kind == "item" and not _ENDING.search(raw) and len(raw) <= _LONGEST
    )
    if item.kind == "heading" or index in numbered or bold_number:
        kind = section_kind(words, grammar, ranked=True)
        rank = depth or (item.level if item.block.kind == "heading" and item.level else _INNER)
        return Heading(item, item.number, words, kind, rank, index)
    if item.kind == "item" or len(raw) > _LONGEST or _ENDING.search(raw) or (":" in raw and _SAID_BEHIND.search(raw)):
        return None
    kind = section_kind(words, grammar) if len(words) <= 90 else None
    shouted = raw.isupper() and len(words) <= 60 and len(key(words)) > 3
    if kind or ((item.block.bold or shouted) and len(words) <= 120 and ":" not in words):
        return Heading(item, "", words, kind, _INNER, index)
    return None


def _numbered_headings(page: Page, grammar: Grammar) -> set[int]:
    """Numbered lines that are headings: the rising sequence that looks most like them, with talk in between."""
    marked: list[tuple[int, Entry, int]] = []
    listing = False
    for index, item in enumerate(page.items):
        if isinstance(item, Grid) or not item.marker:
            listing = isinstance(item, Entry) and _lists(item, page, grammar)
            continue
        if value(item.number) >= 0 and item.marker[:1] not in "-•" and item.end - item.start <= _LONGEST + 60:
            marked.append((index, item, _weight(page.text[item.start : item.end], item, listed=listing)))
    tops = [entry for entry in marked if "." not in plain(entry[1].number)]
    chain = rising([value(item.number) for _, item, _ in tops], [weight for _, _, weight in tops])
    chosen = [tops[place][0] for place in chain]
    spread = [_discussed(page, earlier, later) for earlier, later in pairwise(chosen)]
    follows = bool(chosen) and _discussed(page, chosen[-1], chosen[-1] + 4)
    told = len(chosen) - (bool(chosen) and chosen[-1] + 1 == len(page.items))  # the last line holds no talk to count
    if len(chosen) < 2 or not any(spread) or sum(spread) + follows < told / 2:
        return set()
    first, last = chosen[0], chosen[-1]
    return set(chosen) | {index for index, item, _ in marked if "." in item.number and (first < index or index > last)}


def _lists(entry: Entry, page: Page, grammar: Grammar) -> bool:
    """Whether a line opens a list of actions: the numbers under it count actions."""
    words = page.clean(entry.start, entry.end).rstrip(" :")
    return len(words) <= 90 and is_list(section_kind(words, grammar))


def _weight(text: str, entry: Entry, *, listed: bool) -> int:
    """How much a numbered line looks like a heading: by its looks, and by not being a sentence."""
    if entry.block.kind == "heading" or entry.block.bold:
        return 8
    sentence = bool(_ENDING.search(text))
    return (1 if sentence else 2) if listed else (3 if sentence else 6)


def _discussed(page: Page, earlier: int, later: int) -> bool:
    """Whether something is said between two items, not only a list of sub-items."""
    between = page.items[earlier + 1 : later]
    return any(isinstance(item, Grid) or not item.marker or item.end - item.start > 100 for item in between) or (
        len(between) >= _TALK and all(isinstance(item, Entry) and not item.number for item in between)
    )


def set_topics(outline: Outline, page: Page) -> None:
    """The agenda items by the headings: numbered ones first, the children of a container in its place."""
    tops = _top_headings(outline)
    chosen = list(_agenda_headings(outline, tops)) or _weak_headings(outline)
    if all(heading.kind in ("inside", "container", *_LIST) and not heading.number for heading in chosen):
        chosen = []  # parts of a report, no items of an agenda
    outline.numbered = len(tops) >= 2 and all(heading.number for heading in tops)
    last = max((heading.entry.start for heading in chosen), default=0)
    ranked = tops or outline.headings
    ending = [head for head in ranked if head.number or not is_list(head.kind) or _closes(head, ranked, last)]
    bounds = [*sorted({heading.entry.start for heading in [*ending, *chosen]}), len(page.text)]
    counted = not all(heading.number for heading in chosen)
    for position, heading in enumerate(chosen, start=1):
        start = heading.entry.start
        title, presenter = split_presenter(heading.title)
        end = next(bound for bound in bounds if bound > start)
        number = str(position) if counted else heading.number
        recap = heading.kind in ("recap", "decisions")
        outline.topics.append(Topic(number, title, start, end, presenter, (start, heading.entry.end), recap))


def _closes(heading: Heading, tops: list[Heading], last: int) -> bool:
    """Whether an unnumbered list of actions is that of the whole meeting, not of the item above it."""
    same = sum(other.kind == heading.kind for other in tops)
    return same == 1 and heading.entry.start > last


def split_presenter(title: str) -> tuple[str, str | None]:
    """An agenda title without its "(Jörg, 10')": the presenter and the minutes foreseen."""
    match = _PRESENTER.search(title)
    if match and re.search(r"\d", _MINUTES.sub("", match[1])):
        match = None  # a date or number, not a person
    if not match:
        return _MINUTES.sub("", title).strip(), None
    presenter = _MINUTES.sub("", match[1]).strip(" ,;") or None
    return title[: match.start()].strip(), presenter


def _top_headings(outline: Outline) -> list[Heading]:
    """The headings of the highest rank, agenda items or not."""
    opening = max(
        (heading.index for heading in outline.headings[:12] if heading.kind in _OPENING),
        default=-1,
    )
    ranked = [
        heading
        for heading in outline.headings
        if (heading.number and heading.depth == 1)
        or (heading.entry.block.kind == "heading" and (heading.index > opening or heading.kind or heading.number))
    ]
    numbered = _main_sequence([heading for heading in ranked if heading.number and heading.depth == 1])
    return numbered if len(numbered) >= 2 else _tops(ranked)


def _weak_headings(outline: Outline) -> list[Heading]:
    """Bold lines of their own behind the header, where nothing is ranked: two or more are the agenda items."""
    opening = max((heading.index for heading in outline.headings[:12] if heading.kind in _OPENING), default=None)
    if opening is None:
        return []
    weak = [heading for heading in outline.headings if heading.kind is None and heading.index > opening]
    return weak if len(weak) >= 2 else []


def _agenda_headings(outline: Outline, tops: list[Heading]) -> Iterator[Heading]:
    for heading in tops:
        if heading.kind == "container":
            yield from _children(outline, heading, tops)
        elif heading.kind not in _NO_AGENDA or (heading.kind in ("recap", "decisions") and heading.number):
            yield heading


def _main_sequence(numbered: list[Heading]) -> list[Heading]:
    """The rising sequence 1, 2, 3 … that carries most weight: lists inside an item restart at 1."""
    outer = min((heading.entry.level for heading in numbered if heading.entry.block.kind == "heading"), default=0)
    weights = [
        12
        if heading.entry.block.kind == "heading" and heading.entry.level == outer
        else (8 if heading.entry.block.kind == "heading" or heading.entry.block.bold else 2)
        for heading in numbered
    ]
    return [numbered[place] for place in rising([value(heading.number) for heading in numbered], weights)]


def _tops(ranked: list[Heading]) -> list[Heading]:
    usable = [heading for heading in ranked if heading.depth < _INNER]
    if len(usable) == 2 and usable[1].number and not usable[0].number:
        usable = usable[1:]  # the title above the one numbered heading
    depths = sorted({heading.depth for heading in usable})
    for depth in depths:
        same = [heading for heading in usable if heading.depth == depth]
        if len([heading for heading in same if heading.kind not in _NO_AGENDA]) >= 2 or any(
            heading.kind == "container" for heading in same
        ):
            return same
    single = [heading for heading in usable if heading.number and heading.kind not in _NO_AGENDA]
    strong = [heading for heading in single if heading.entry.block.bold or heading.entry.block.kind == "heading"]
    return strong if len(single) == 1 else []


def _children(outline: Outline, parent: Heading, tops: list[Heading]) -> list[Heading]:
    after = [heading.entry.start for heading in tops if heading.entry.start > parent.entry.start]
    end = min(after, default=1 << 60)
    inside = [heading for heading in outline.headings if parent.entry.start < heading.entry.start < end]
    marked = [heading for heading in inside if heading.entry.block.kind == "heading" and heading.depth > parent.depth]
    inside = marked or inside
    ranks = [heading.depth for heading in inside if heading.depth < _INNER]
    if not ranks:
        return []
    return [heading for heading in inside if heading.depth == min(ranks) and heading.kind not in _NO_AGENDA]


def is_list(kind: str | None) -> bool:
    """Whether a section of this kind is a list of actions."""
    return kind in _LIST
