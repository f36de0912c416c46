"""One cell of a table → the single actions in it, and the lines of the cells beside it that belong to each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from suivi.extract.grammar import Grammar, alternatives
from suivi.extract.layout import Cell, Entry, Page
from suivi.extract.verbs import acts

_SENTENCES = re.compile(r"(?<=[.;])\s+(?=[A-ZÀ-Þ])")
_PARTY = r"[A-ZÀ-Þ][A-Z0-9À-Þ&.]+(?:-[A-Z0-9À-Þ]+)*"
_PARTIES = rf"{_PARTY}(?:\s*(?:[-–/,;&]|et|and)\s*{_PARTY})*"


def split_cell(page: Page, cell: Cell, grammar: Grammar) -> Iterator[tuple[int, int]]:
    """The single actions of a cell: its entries, without the lead-in before a list."""
    entries = [entry for entry in cell.entries if page.text[entry.body : entry.end].strip()]
    for index, entry in enumerate(entries):
        following = entries[index + 1] if index + 1 < len(entries) else None
        if (
            following
            and following.marker
            and not entry.marker
            and page.text[entry.start : entry.end].rstrip().endswith(":")
        ):
            if not _asks(page, entries[index:], grammar):
                continue
            yield entry.start, entries[-1].end
            return
        yield from _by_owner(page, entry, grammar)


def _asks(page: Page, entries: list[Entry], grammar: Grammar) -> bool:
    """Whether a lead-in asks somebody for what the items below it only name: one action with its objects."""
    plain = page.plain[entries[0].body : entries[0].end]
    asked = any(one.rule == "asked" and one.strong and one.regex.match(plain) for one in grammar.commitments)
    return asked and not any(
        acts(page.text[item.body : item.end], grammar) or not item.marker or ":" in page.text[item.body : item.end]
        for item in entries[1:]
    )


@cache
def _tail_within(grammar: Grammar) -> re.Pattern[str]:
    """An owner's label and acronyms, with the next action behind them on the same line."""
    labels = alternatives(grammar.listing("owner"))
    return re.compile(rf"(?i:{labels})\.?\s*[:;/]\s*\**\s*(?:{_PARTIES})\**(?=[ ]+[A-ZÀ-Þ][a-zà-ÿ'’]+[^:;]{{4}})")


def _by_owner(page: Page, entry: Entry, grammar: Grammar) -> Iterator[tuple[int, int]]:
    """A run-together line is cut after each "Responsable : X" that another sentence follows."""
    start, text = entry.body, page.text
    if any(text.find(sign, entry.body, entry.end) >= 0 for sign in ":;/"):
        for match in _tail_within(grammar).finditer(text, entry.body, entry.end):
            yield start, match.end()
            start = match.end()
    yield start, entry.end


def unled(who: list[str], days: list[str], many: int, cell: Cell) -> tuple[list[str], list[str]]:
    """Aligned lists beside a cell whose first line only leads in have one line less than the cell."""
    if many > 2 and cell.entries and not cell.entries[0].marker and all(entry.marker for entry in cell.entries[1:]):
        who = ["", *who] if len(who) == many - 1 else who
        days = ["", *days] if len(days) == many - 1 else days
    return who, days


def lines(text: str | None) -> list[str]:
    """The lines of a cell that say something."""
    return [line for line in (text or "").split("\n") if line.strip()]


def by_sentence(page: Page, span: tuple[int, int], count: int) -> list[tuple[int, int]] | None:
    """A slice cut into as many sentences as the cells beside it have lines; `None` where it has not as many."""
    cuts = list(_SENTENCES.finditer(page.text, *span))
    if len(cuts) != count - 1:
        return None
    starts = [span[0], *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), span[1]]
    return list(zip(starts, ends, strict=True))
