"""Blocks → entries and grids: what belongs together, before anybody asks what it means.

The page text is the reading's text without its table of contents; every offset below counts in it, and
`Page.source` leads back to the literal slice.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby

from suivi.extract.grammar import Grammar, alternatives, key, misspelt, variants
from suivi.extract.values.date_grammar import MONTH
from suivi.extract.values.text import fold
from suivi.extract.values.words import both
from suivi.extract.verbs import acts
from suivi.models import Block, Reading, Source

_MARKER = re.compile(
    r"\s*(?:"
    r"(?P<check>(?:[-*] )?(?:\[(?P<tick>[ xX✓✔]?)\]|(?P<box>[☐☑☒□■✓✔✅])))\s*"
    r"|(?P<arrow>(?:- )?(?:=>|->|→|⇒|➔|➜|=⇒))\s*"
    r"|(?P<bullet>[-•●○*–—▪►➢❖◦·]|o(?= ))\s*(?:(?P<coded>\d{1,2})\s*-\s*)?"
    r"|(?P<number>\(?\d{1,2}(?:\.\s?\d{1,2}){0,3}\s?[.)/–-]?-?(?=\s)|\(?[a-zA-Z]\)|[a-z]\.(?=\s)|[IVX]{1,4}[.)](?=\s))\s*"
    r")"
)
_TERMINAL = re.compile(r"[.:;!?…][\"»”')\]]*\s*$")
_MONTH = re.compile(rf"(?:{MONTH}|er\b|st\b|nd\b|rd\b|th\b|%)")
_LEADER = re.compile(r"(?:\.{4,}|…{2,}|\s{3,}|\t)\s*\d{1,3}\s*$")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\s*\n\s*(?=[^\W\d_])(?=[a-zà-ÿ])")
_ASIDE = re.compile(r"\([^)]*\)")
_SIGNS = re.compile(r"\*\*|__|</?[a-z]{1,6}>|\s\^|[{}]")
_UNFINISHED = frozenset(variant for word in both("language", "function_words") for variant in variants(word)) | {
    "l'",
    "d'",
}
_GOES_ON = (",", "(", "/", "&", "-")
_HEADING = 200  # characters of the longest heading
_TAIL = 160  # characters of the longest line that only names who or by when
_CONTENTS = 90  # characters of the longest line of a table of contents


@dataclass(slots=True)
class Entry:
    """A heading, list item or paragraph; in a cell or in the running text."""

    kind: str  # heading | item | text
    start: int
    end: int
    body: int  # where the words begin, after the marker
    marker: str
    number: str
    level: int
    block: Block
    checked: bool | None = None  # a ticked or empty box


@dataclass(slots=True)
class Cell:
    """One table cell with its entries; `start` and `end` count in the page text."""

    start: int
    end: int
    block: Block
    entries: list[Entry]


@dataclass(slots=True)
class Grid:
    """A table as rows of cells; a merged cell stands at its first place and is carried to the rows it spans."""

    rows: list[list[Cell | None]]
    carried: list[list[Cell | None]]
    block: Block


@dataclass(slots=True)
class Page:
    """The text to read, folded beside it, and its entries and grids in reading order."""

    reading: Reading
    text: str = ""
    plain: str = ""
    items: list[Entry | Grid] = field(default_factory=list)
    _places: list[int] = field(default_factory=list)
    _origins: list[int] = field(default_factory=list)
    _blocks: list[Block] = field(default_factory=list)

    def origin(self, offset: int) -> int:
        """The reading's offset of a page offset."""
        index = max(bisect_right(self._places, offset) - 1, 0)
        return self._origins[index] + offset - self._places[index]

    def source(self, start: int, end: int) -> Source:
        """The literal slice of the reading between two page offsets, and where it stands."""
        if not self._places:
            return Source("", 0, 0)
        first, last = self.origin(start), self.origin(max(end - 1, start)) + 1
        index = max(bisect_right(self._places, start) - 1, 0)
        return Source(self.reading.text[first:last], first, last, self._blocks[index].locator)

    def clean(self, start: int, end: int) -> str:
        """The words of a slice: white space folded, hyphens at a line's end undone, mark-up signs dropped."""
        return clean(self.text[start:end])

    def entries(self) -> Iterator[Entry]:
        """Entries of the running text."""
        return (item for item in self.items if isinstance(item, Entry))

    def grids(self) -> Iterator[Grid]:
        return (item for item in self.items if isinstance(item, Grid))


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """White space folded, hyphens at a line's end undone, mark-up signs dropped."""
    if "\n" in text and "-" in text:
        text = _HYPHEN.sub("", text)
    if "*" in text or "_" in text or "<" in text or "^" in text or "{" in text or "}" in text:
        text = _SIGNS.sub("", text)
    return " ".join(text.split())


def heading_like(text: str) -> bool:
    """Whether a block that a format calls a heading can be one: short, no bullet, no full sentence."""
    return len(text) <= _HEADING and not text.startswith(("- ", "• ")) and not text.rstrip().endswith((".", ";", ","))


@cache
def _tail(grammar: Grammar) -> re.Pattern[str]:
    """A line that only names who or by when: it belongs to the action above it."""
    owner = grammar.listing("owner")
    words = alternatives([*owner, *misspelt(owner), *grammar.listing("deadline")])
    return re.compile(rf"\s*(?:{words})\.?\s*(?:\([^)]*\)\s*)?[:;/=]")


@cache
def _contents(grammar: Grammar) -> frozenset[str]:
    """What a table of contents is headed."""
    return frozenset(phrase for phrase, kind in grammar.sections.kinds.items() if kind == "contents")


class Builder:
    """Lays a reading out; one use each."""

    def __init__(self, reading: Reading, grammar: Grammar) -> None:
        self.page = Page(reading)
        self.wraps = reading.format == "pdf"
        self.grammar = grammar
        self.tail = _tail(grammar)

    def build(self) -> Page:
        page = self.page
        folded = fold(page.reading.text)  # once a document: everybody folds the whole of it
        kept = self.without_contents(page.reading.blocks, folded)
        parts, place = [], 0
        for block in kept:
            page._places.append(place)
            page._origins.append(block.start)
            page._blocks.append(block)
            parts.append(block.text)
            place += len(block.text) + 1
        page.text = "\n".join(parts)
        page.plain = "\n".join([folded[block.start : block.end] for block in kept])
        runs = groupby(
            zip(page._places, kept, strict=True),
            key=lambda pair: pair[1].kind == "cell" and (pair[1].locator.part, pair[1].locator.table),
        )
        for table, run in runs:
            if table:
                page.items.append(self.grid(list(run)))
            else:
                self.flow(list(run))
        return page

    def without_contents(self, blocks: tuple[Block, ...], folded: str) -> Sequence[Block]:
        """Blocks without the table of contents: its heading and the lines under it that end in a page number."""
        titles = _contents(self.grammar)
        if not any(title.split()[-1] in folded for title in titles):
            return blocks
        inside, kept = False, list[Block]()
        for block in blocks:
            short = len(block.text) < 2 * _CONTENTS
            if inside and short and block.text.rstrip()[-1:].isdecimal():
                continue
            inside = short and key(block.text) in titles
            if not inside:
                kept.append(block)
        return kept

    def grid(self, run: list[tuple[int, Block]]) -> Grid:
        cells = [Cell(place, place + len(block.text), block, self.split(place, block)) for place, block in run]
        tall = max((cell.block.locator.row or 1) for cell in cells)
        wide = max((cell.block.locator.column or 1) + cell.block.column_span - 1 for cell in cells)
        rows: list[list[Cell | None]] = [[None] * wide for _ in range(tall)]
        carried: list[list[Cell | None]] = [[None] * wide for _ in range(tall)]
        for cell in cells:
            row, column = (cell.block.locator.row or 1) - 1, (cell.block.locator.column or 1) - 1
            rows[row][column] = cell
            for below in range(row, min(row + cell.block.row_span, tall)):
                carried[below][column] = cell
        return Grid(rows, carried, run[0][1])

    def flow(self, run: list[tuple[int, Block]]) -> None:
        entries: list[Entry] = [item for item in self.page.items[-1:] if isinstance(item, Entry)]
        known = len(entries)
        for place, block in run:
            for entry in self.split(place, block):
                if entries and self.joins(entries[-1], entry):
                    entries[-1].end = entry.end
                else:
                    entries.append(entry)
        self.page.items.extend(entries[known:])

    def joins(self, before: Entry, entry: Entry) -> bool:
        """Whether an entry goes on with the one before it: an owner's line, or a sentence cut in two."""
        text, plain = self.page.text, self.page.plain
        if before.kind == "heading" or entry.kind == "heading" or entry.marker:
            return False
        if before.block.bold and not entry.block.bold:
            return False
        if entry.end - entry.start < _TAIL and self.tail.match(plain, entry.start, entry.end):
            if self.labelled(entry) and self.labelled(before):
                return False  # the head: one field a line
            return not self.tail.match(plain, before.start, before.end)
        first = text[entry.body : entry.body + 1]
        return first.islower() and not _TERMINAL.search(text[before.start : before.end])

    def labelled(self, entry: Entry) -> bool:
        """Whether a line opens with a label of the header ("Lead : …", "Organisations présentes : …")."""
        label, colon, _ = self.page.text[entry.start : entry.end].partition(":")
        return bool(colon) and self.grammar.labels.find(key(label)) is not None

    def split(self, place: int, block: Block) -> list[Entry]:
        """The entries of one block: at every marker and heading, and at new lines that are no mere wrapping."""
        if block.kind == "heading" and heading_like(block.text):
            return [self.entry(place, place + len(block.text), block, "heading", _marker(block.text))]
        entries: list[Entry] = []
        lines = block.text.split("\n")
        widest = max(map(len, lines))
        offset, before = place, ""
        for line in lines:
            end = offset + len(line)
            if line and not line.isspace() and not _led(line):
                match = _marker(line)
                kind = "item" if block.kind == "item" and not entries else "text"
                entry = self.entry(offset, end, block, "heading" if self.titled(line, match, block) else kind, match)
                if entries and self.continues(entries[-1], entry, before, widest):
                    entries[-1].end = end
                else:
                    entries.append(entry)
                before = line
            offset = end + 1
        return entries

    def continues(self, last: Entry, entry: Entry, before: str, widest: int) -> bool:
        if entry.kind == "heading" or last.kind == "heading":
            return False
        if self.tail.match(self.page.plain, entry.start, entry.end):
            return True
        if entry.marker and not (self.wraps and entry.number and not _TERMINAL.search(before)):
            return False
        if entry.marker and entry.marker[0] in "-•":
            return False
        lower = self.page.text[entry.body : entry.body + 1].islower()
        if lower and not _TERMINAL.search(before):
            return True
        if not self.wraps:
            return False
        ending = fold(before).rstrip()
        if ending.endswith(_GOES_ON) or ending.rsplit(None, 1)[-1] in _UNFINISHED:
            return True
        if len(before) < (0.75 if _TERMINAL.search(before) else 0.6) * widest:
            return False
        return not (
            entry.block.kind == "cell" and acts(self.page.text[entry.start : entry.end], self.grammar) and not lower
        )

    def titled(self, line: str, match: re.Match[str] | None, block: Block) -> bool:
        """A line of its own that is a known section heading."""
        if len(line) > _CONTENTS:
            return False
        if match and not (match["number"] and match["number"][0].isdigit() and (block.bold or block.kind == "heading")):
            return False
        words = line[match.end() :] if match else line
        return self.grammar.sections.find(key(_ASIDE.sub("", words) if "(" in words else words)) is not None

    def entry(self, start: int, end: int, block: Block, kind: str, match: re.Match[str] | None) -> Entry:
        """An entry with what its marker says; `match` counts from `start`."""
        if match and (digits := match["number"]):
            if digits.isdigit() and block.kind != "heading":
                match = None  # "15 stations": a number without a sign is a list number in headings only
            elif _MONTH.match(
                self.page.plain, start + match.end(), min(start + match.end() + 12, len(self.page.plain))
            ):
                match = None
        if not match:
            return Entry(kind, start, end, start, "", "", block.level, block)
        checked = None
        if match["check"]:
            checked = bool((match["tick"] or "").strip()) or ((match["box"] or "") in "☑☒■✓✔✅" and bool(match["box"]))
        number = (match["number"] or match["coded"] or "").replace(" ", "").strip("().-–/")
        kind = "item" if kind == "text" else kind
        return Entry(kind, start, end, start + match.end(), match.group().strip(), number, block.level, block, checked)


def _marker(line: str) -> re.Match[str] | None:
    """The list marker that opens a line; two letters in a row open a word, unless they are a roman number."""
    if line[:1].isalpha() and line[1:2].isalpha() and line[0] not in "IVX":
        return None
    return _MARKER.match(line)


def _led(line: str) -> bool:
    """Whether a line ends in a page number behind dots or a gap, as a table of contents has it."""
    return len(line) < _CONTENTS and line.rstrip()[-1:].isdecimal() and _LEADER.search(line) is not None


def lay_out(reading: Reading, grammar: Grammar) -> Page:
    """The page of a reading."""
    return Builder(reading, grammar).build()
