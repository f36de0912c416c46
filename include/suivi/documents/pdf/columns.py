"""Tables that a page draws no lines for: columns told by white space that runs down several lines.

Such a table is a guess: the reading says so with an issue, and what is taken from it goes to review.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

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


def tables_in(lines: list[Line], rules: list[Segment]) -> tuple[list[Line], list[Grid | Text]]:
    """Lines that stay lines, and the tables (or label-and-value paragraphs) made of the others."""
    left: list[Line] = []
    made: list[Grid | Text] = []
    for run, several in _runs(lines):
        rows = _rows(run, rules) if several else None
        if rows is None:
            left += run
        elif _labelled(rows):
            made += _label_paragraphs(rows)
        else:
            made.append(_grid(rows))
    return left, made


def chunks(line: Line) -> list[list[Word]]:
    """Words of a line in groups that wide spaces part; a list marker stays with its text."""
    groups: list[list[Word]] = [[line.words[0]]]
    for before, word in zip(line.words, line.words[1:], strict=False):
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
    """Where a run that starts with a line of several columns ends: after its last such line."""
    end, single = start + 1, 0
    for position in range(start + 1, len(lines)):
        line, above = lines[position], lines[position - 1]
        if line.top - above.bottom > _APART * max(line.size, 6):
            break
        single = 0 if several[position] else single + 1
        if single > _MOST_SINGLE:
            break
        if several[position]:
            end = position + 1
    while end < len(lines) and not several[end] and _tail(lines[start:end], lines[end]):
        end += 1
    return end


def _tail(run: list[Line], line: Line) -> bool:
    """Whether a line below is the rest of a cell that is not in the first column."""
    close = line.top - run[-1].bottom < 0.6 * max(line.size, 6)
    return close and line.x0 > min(above.x0 for above in run) + 3 * line.size and line.size <= run[-1].size + 1


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
    left, right = min(line.x0 for line in run), max(line.x1 for line in run)
    covered = [0] * (int(right - left) + 2)
    for line in run:
        for word in line.words:
            for point in range(int(word.x0 - left + 0.5), int(word.x1 - left + 0.5)):
                covered[point] += 1
    allowed = len(run) // 12
    starts, gap = [left], 0
    for point, count in enumerate(covered[:-1]):
        if count > allowed:
            if gap >= 3 and _column(run, left + point - gap, left + point):
                starts.append(left + point - 1.5)
            gap = 0
        else:
            gap += 1
    return starts


def _column(run: list[Line], start: float, end: float) -> bool:
    """Whether the white space start…end parts columns: many lines have words on both sides, well apart."""
    middle = (start + end) / 2
    both = wide = right = 0
    for line in run:
        before = [word.x1 for word in line.words if word.x1 <= middle + 1]
        after = [word.x0 for word in line.words if word.x0 >= middle - 1]
        right += bool(after)
        if before and after:
            both += 1
            wide += min(after) - max(before) > _WIDE * line.size
    return right >= 2 and (both == 0 or wide >= max(2, 0.5 * both))


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
    rights = [0.0] * len(starts)
    for word in (word for line in run for word in line.words):
        column = _column_of(word, starts)
        rights[column] = max(rights[column], word.x1)
    for number, group in enumerate(groups):
        for column in range(len(starts)):
            words = [word for line in group for word in line.words if _column_of(word, starts) == column]
            texts = paragraphs(lines_of(words, page), starts[column], rights[column])
            grid.cells.append(GridCell(number, column, number + 1, column + 1, texts, page))
    grid.rows = len(groups)
    return grid


def _row_groups(rows: _Rows) -> list[list[Line]]:
    """Lines row by row: parted by rules where there are some, else by white space or a filled first column."""
    groups = [[rows.lines[0]]]
    gaps = [below.top - above.bottom for above, below in zip(rows.lines, rows.lines[1:], strict=False)]
    close = min(gaps, default=0.0)
    spaced = sum(gap > close + 0.25 * rows.lines[0].size for gap in gaps) >= 2
    for gap, line in zip(gaps, rows.lines[1:], strict=True):
        if len(rows.rules) >= 2:
            above = groups[-1][-1]
            new = any((above.top + above.bottom) / 2 < rule.at < (line.top + line.bottom) / 2 for rule in rows.rules)
        elif spaced and gap > close + 0.25 * line.size:
            new = True
        else:
            filled = {_column_of(word, rows.starts) for word in line.words}
            new = 0 in filled and (len(filled) > 1 or not spaced) and not (spaced and gap <= close + 0.1)
        if new:
            groups.append([])
        groups[-1].append(line)
    return groups


def _labelled(rows: _Rows) -> bool:
    """Whether the first column holds labels ("Date :") and the second their values."""
    if len(rows.starts) != 2:
        return False
    leads = [" ".join(word.text for word in line.words if _column_of(word, rows.starts) == 0) for line in rows.lines]
    filled = [lead for lead in leads if lead]
    return bool(filled) and sum(bool(_LABEL.search(lead)) for lead in filled) >= 0.6 * len(filled)


def _label_paragraphs(rows: _Rows) -> list[Grid | Text]:
    done: list[Text] = []
    for line in rows.lines:
        lead = any(_column_of(word, rows.starts) == 0 for word in line.words)
        if lead or not done:
            done.append(Text([line], line.text, line.x0))
        else:
            done[-1].text += " " + line.text
            done[-1].lines.append(line)
    return list(done)
