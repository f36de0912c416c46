"""Tables that a page draws no lines for: columns told by white space that runs down several lines.

Such a table is a guess: the reading says so with an issue, and what is taken from it goes to review.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from suivi.documents import wording
from suivi.documents.pdf.flow import Text, paragraphs
from suivi.documents.pdf.grid import Grid, GridCell
from suivi.documents.pdf.lines import Line, lines_of
from suivi.documents.pdf.rulings import Segment
from suivi.documents.pdf.words import Word

_WIDE = 1.4  # of a font size: white space inside a line that parts columns
_APART = 2.2  # of a font size: white space between lines that ends a table
_FEWEST = 3  # lines that must show a column
_MOST_SINGLE = 6  # lines in one column only, between lines in several
_LEADERS = re.compile(r"[.…_]{5,}")
_LABEL = re.compile(r"[:：]$")


@dataclass(slots=True)
class _Rows:
    """Lines of a table with the left edges of its columns."""

    lines: list[Line]
    starts: list[float]
    rules: list[Segment]
    _known: dict[int, list[list[Word]]] = field(default_factory=dict)

    def cells(self, line: Line) -> list[list[Word]]:
        """Words of a line, column by column."""
        cells = self._known.get(id(line))
        if cells is None:
            cells = self._known[id(line)] = [[] for _ in self.starts]
            for word in line.words:
                cells[_column_of(word, self.starts)].append(word)
        return cells

    def filled(self, line: Line) -> set[int]:
        """Columns in which a line has words."""
        return {column for column, words in enumerate(self.cells(line)) if words}


def tables_in(lines: list[Line], rules: list[Segment], before: Grid | None) -> tuple[list[Line], list[Grid | Text]]:
    """Lines that stay lines, and the tables (or label-and-value paragraphs) made of the others.

    `before` is the guessed table that the page before ended with: lines that keep to its columns go on it.
    """
    left: list[Line] = []
    made: list[Grid | Text] = []
    if before is not None:
        going_on = _going_on(lines, before.xs[:-1])
        if going_on:
            made.append(_grid(_Rows(lines[:going_on], before.xs[:-1], rules)))
            lines = lines[going_on:]
    for run, several in _runs(lines):
        rows = _rows(run, rules) if several else None
        if rows is None:
            left += run
        elif _labelled(rows):
            made += _label_paragraphs(rows)
        else:
            made.append(_grid(rows))
    return left, made


def _going_on(lines: list[Line], starts: list[float]) -> int:
    """How many of the first lines of a page keep to the columns of the table before, at least one to the later ones."""
    count, second = 0, starts[1]
    for position, line in enumerate(lines):
        crossing = any(word.x0 < start - 1 and word.x1 > start + 2 for word in line.words for start in starts[1:])
        outside = line.x0 < starts[0] - 3
        far = position > 0 and line.top - lines[position - 1].bottom > _APART * max(line.size, 6)
        if crossing or outside or far:
            break
        if line.x0 >= second - 2 or len(chunks(line)) > 1:
            count = position + 1
    return count


def chunks(line: Line) -> list[list[Word]]:
    """Words of a line in groups that wide spaces part; a list marker stays with its text."""
    groups: list[list[Word]] = [[line.words[0]]]
    for before, word in pairwise(line.words):
        marker = len(groups) == 1 and len(groups[0]) == 1 and _marker(before.text)
        if word.x0 - before.x1 > _WIDE * max(word.size, 5) and not marker:
            groups.append([])
        groups[-1].append(word)
    return groups


def _marker(text: str) -> bool:
    return bool(wording.bulleted(text + " x")) or wording.numbered(text + " x")


def _runs(lines: list[Line]) -> list[tuple[list[Line], bool]]:
    """Lines in runs that may be one table, and the rest."""
    done: list[tuple[list[Line], bool]] = []
    several = [len(chunks(line)) > 1 and not _LEADERS.search(line.text) for line in lines]
    position = 0
    while position < len(lines):
        end = _run_end(lines, several, position) if several[position] else position
        if sum(several[position:end]) >= _FEWEST:
            done.append((lines[position:end], True))
        else:
            end = max(end, position + 1)
            done.append((lines[position:end], False))
        position = end
    return done


def _run_end(lines: list[Line], several: list[bool], start: int) -> int:
    """Where a run that starts with a line of several columns ends: after its last such line.

    Lines that stand in a later column alone are the rest of a cell; those in the first may be a paragraph below.
    """
    end, single = start + 1, 0
    second = chunks(lines[start])[1][0].x0
    for position in range(start + 1, len(lines)):
        line, above = lines[position], lines[position - 1]
        if line.top - above.bottom > _APART * max(line.size, 6):
            break
        if several[position]:
            second, single, end = min(second, chunks(line)[1][0].x0), 0, position + 1
        elif line.x0 >= second - 2:
            end = end if single else position + 1
        else:
            single += 1
            if single > _MOST_SINGLE:
                break
    return end


def _rows(run: list[Line], rules: list[Segment]) -> _Rows | None:
    starts = _starts(run)
    if len(starts) < 2:
        return None
    left, right = min(line.x0 for line in run), max(line.x1 for line in run)
    inside = [
        rule
        for rule in rules
        if run[0].top - 4 < rule.at < run[-1].bottom + 4 and rule.end - rule.start > 0.6 * (right - left)
    ]
    return _Rows(run, starts, inside)


def _starts(run: list[Line]) -> list[float]:
    """Left edges of the columns: where white space runs down (nearly) all lines, wide in many of them."""
    several = [line for line in run if len(chunks(line)) > 1]
    left, right = min(line.x0 for line in run), max(line.x1 for line in run)
    steps = [0] * (int(right - left) + 3)
    for line in several:
        for word in line.words:
            start, end = int(word.x0 - left + 0.5), int(word.x1 - left + 0.5)
            if start < end:  # letters set from right to left may end before they begin
                steps[start] += 1
                steps[end] -= 1
    covered = list(accumulate(steps))[:-1]
    allowed = max(len(several) // 10, 1 if len(several) > 3 else 0)
    starts, gap = [left], 0
    for point, count in enumerate(covered[:-1]):
        if count > allowed:
            if gap >= 3 and _column(several, left + point - gap, left + point):
                starts.append(left + point - 1.5)
            gap = 0
        else:
            gap += 1
    return starts


def _column(run: list[Line], start: float, end: float) -> bool:
    """Whether the white space start…end parts columns: most lines have words on both sides, well apart, and what
    stands to the right of it is aligned."""
    middle = (start + end) / 2
    both = wide = crossed = 0
    after: list[tuple[float, float]] = []
    for line in run:
        if any(word.x0 < middle < word.x1 for word in line.words):
            crossed += 1
            continue
        before = [word.x1 for word in line.words if word.x1 <= middle + 1]
        chunk = next((part for chunk in chunks(line) if (part := [w for w in chunk if w.x0 >= middle - 1])), None)
        if chunk is None:
            continue
        after.append((chunk[0].x0, chunk[-1].x1))
        if before:
            both += 1
            wide += chunk[0].x0 - max(before) > _WIDE * line.size
    flush = len(after) >= 3 and all(abs(x0 - end) < 1.5 for x0, _ in after) and wide > 0
    if len(after) < 2 or crossed * 4 > both + crossed or (both and wide < max(2, 0.7 * both) and not flush):
        return False
    lefts, rights = [x0 for x0, _ in after], [x1 for _, x1 in after]
    if _aligned(lefts):
        return sum(abs(x0 - end) < 3 for x0 in lefts) * 2 >= len(lefts)
    return _aligned(rights) or _aligned([(x0 + x1) / 2 for x0, x1 in after])


def _aligned(edges: list[float]) -> bool:
    """Whether half of the edges are the same within 2 points."""
    ordered = sorted(edges)
    half = (len(ordered) + 1) // 2
    return any(last - first < 2 for first, last in zip(ordered, ordered[half - 1 :], strict=False))


def _column_of(word: Word, starts: list[float]) -> int:
    """By its left edge; by its middle where it reaches over an edge."""
    column = max(bisect_right(starts, word.x0 + 0.5) - 1, 0)
    if column + 1 < len(starts) and word.x1 > starts[column + 1] + 2:
        return max(bisect_right(starts, (word.x0 + word.x1) / 2) - 1, 0)
    return column


def _grid(rows: _Rows) -> Grid:
    run, starts = rows.lines, rows.starts
    page = run[0].page
    grid = Grid([*starts, 1e4], run[0].top, run[-1].bottom, guessed=True)
    groups = _row_groups(rows)
    columns = range(len(starts))
    rights = [max((word.x1 for line in run for word in rows.cells(line)[column]), default=0.0) for column in columns]
    for number, group in enumerate(groups):
        if len(group) == 1 and _spanning(group[0], starts):
            texts = paragraphs(group, starts[0], rights[-1])
            grid.cells.append(GridCell(number, 0, number + 1, len(starts), texts, page))
            continue
        for column in columns:
            words = [word for line in group for word in rows.cells(line)[column]]
            texts = paragraphs(lines_of(words, page), starts[column], rights[column])
            grid.cells.append(GridCell(number, column, number + 1, column + 1, texts, page))
    grid.rows = len(groups)
    return grid


def _spanning(line: Line, starts: list[float]) -> bool:
    """Whether a line is a title over the columns: words over an edge and no wide space."""
    return len(chunks(line)) == 1 and any(word.x0 < start < word.x1 for word in line.words for start in starts[1:])


def _row_groups(rows: _Rows) -> list[list[Line]]:
    """Lines row by row: parted by rules where there are some, else by white space or a filled first column."""
    groups = [[rows.lines[0]]]
    gaps = [below.top - above.bottom for above, below in pairwise(rows.lines)]
    close = sorted(gaps)[len(gaps) // 4] if gaps else 0.0
    spaced = sum(gap > close + 0.25 * rows.lines[0].size for gap in gaps)
    full = sum(1 for line in rows.lines if len(filled := rows.filled(line)) > 1 and 0 in filled)
    if full >= 0.8 * len(rows.lines) and spaced < 2:
        return [[line] for line in rows.lines]
    for gap, line in zip(gaps, rows.lines[1:], strict=True):
        if _new_row(rows, groups[-1], line, gap > close + 0.25 * line.size):
            groups.append([])
        groups[-1].append(line)
    return groups


def _new_row(rows: _Rows, group: list[Line], line: Line, spaced: bool) -> bool:
    above = group[-1]
    if len(rows.rules) >= 2:
        return any((above.top + above.bottom) / 2 < rule.at < (line.top + line.bottom) / 2 for rule in rows.rules)
    filled = rows.filled(line)
    if 0 not in filled:
        return spaced and len(filled) > 1
    lead = rows.cells(above)[0]
    if spaced or not lead:
        return True
    first = rows.cells(line)[0][0]
    return lead[-1].x1 + 0.25 * first.size + (first.x1 - first.x0) < rows.starts[1] - first.size


def _labelled(rows: _Rows) -> bool:
    """Whether the first column holds labels ("Date :") and the second their values."""
    if len(rows.starts) != 2:
        return False
    leads = [" ".join(word.text for word in rows.cells(line)[0]) for line in rows.lines]
    filled = [lead for lead in leads if lead]
    return bool(filled) and sum(bool(_LABEL.search(lead)) for lead in filled) >= 0.6 * len(filled)


def _label_paragraphs(rows: _Rows) -> list[Grid | Text]:
    done: list[Text] = []
    for line in rows.lines:
        if rows.cells(line)[0] or not done:
            done.append(Text([line], line.text, line.x0))
        else:
            done[-1].text += " " + line.text
            done[-1].lines.append(line)
    return list(done)
