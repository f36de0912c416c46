"""Lines → paragraphs: wrapped lines are joined, real breaks kept.

A line goes on the paragraph above when its first word had no room there; a bullet, a gap, a step back to the
margin or a line left short begins a new one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from statistics import median

from suivi.documents import wording
from suivi.documents.pdf.hyphens import BREAK, MARK
from suivi.documents.pdf.lines import Line

_HYPHENED = re.compile(rf"[^\W\d_]{{2}}[-{MARK}]$")
_LOWER = re.compile(r"^[a-zà-öø-ÿœæ]")
_END = re.compile(r"[.!?…:;»”)\"]$")
LONGEST = 8000  # characters: no paragraph of minutes is longer
_VALUE = re.compile(r"^[\d./-]+$")  # a date or number that fills its line
_LABEL = re.compile(r"^([A-ZÀ-ÖØ-Þ][\w-]{3,})(?:\s?:|\s;)\s")  # one word that opens a line: "Responsable : "
_OPEN = re.compile(r"(?:[,(/:-]|\b(?:de|du|des|la|le|les|et|ou|à|au|aux|and|or|of|the|to))$")
_MARGIN = 0.6  # of a font size: how far from the edge a full line may end
_GAP = 0.45  # of a font size: white space between lines beyond the usual that parts paragraphs


@dataclass(slots=True)
class Text:
    """A paragraph of a page or cell, with its last line for what may follow."""

    lines: list[Line] = field(default_factory=list)
    text: str = ""
    x_text: float = 0.0  # where its wrapped lines begin

    @property
    def bold(self) -> bool:
        letters = sum(len(line.text) for line in self.lines)
        return sum(len(line.text) for line in self.lines if line.bold) * 2 > letters

    @property
    def size(self) -> float:
        return median([line.size for line in self.lines])

    @property
    def item(self) -> bool:
        return self.text.startswith("- ") or wording.numbered(self.text)


def paragraphs(lines: list[Line], left: float, right: float) -> list[Text]:
    """Paragraphs of lines that share one column from `left` to `right`."""
    done: list[Text] = []
    usual = _usual_gap(lines)
    for number, (line, below) in enumerate(zip_longest(lines, lines[1:])):
        text = line.text
        if not text:
            continue
        marked = wording.bulleted(text)
        opens = (
            not done
            or len(done[-1].text) > LONGEST
            or _opens(done[-1], line, text, marked, usual, right)
            or _hangs(done[-1], line, below, right)
            or _between_labels(done[-1], lines[number:])
        )
        if not opens and _goes_on(done[-1], line, left, right):
            extend(done[-1], line, broken=_broken(done[-1].lines[-1], line, left, right))
        else:
            done.append(Text([line], marked or text, _text_start(line, marked)))
    return done


def _usual_gap(lines: list[Line]) -> float:
    gaps = [below.top - above.bottom for above, below in pairwise(lines)]
    close = [gap for gap in gaps if gap < 12]
    return median(close) if len(close) >= 3 else min(close, default=0.0)


def _text_start(line: Line, marked: str | None) -> float:
    words = line.words
    opens = marked or wording.numbered(line.text)
    return words[1].x0 if opens and len(words) > 1 else words[0].x0


def _opens(above: Text, line: Line, text: str, marked: str | None, usual: float, right: float) -> bool:
    """Whether a line is surely the first of its paragraph."""
    last = above.lines[-1]
    gap = line.top - last.bottom
    if marked or gap > max(usual, 0.0) + _GAP * max(line.size, 6) or abs(line.size - last.size) > 1.2:
        return True
    if wording.numbered(text) and not (_LOWER.match(text) and text[1] == "."):
        return True
    if _LABEL.match(text) and not _OPEN.search(above.text):
        return True
    back = above.item and line.x0 < above.x_text - 0.8 * line.size
    return back and not _LOWER.match(text) and (bool(_END.search(above.text)) or room_after(last, right) > need(line))


def _hangs(above: Text, line: Line, below: Line | None, right: float) -> bool:
    """Whether indents tell a new paragraph: the first line hangs out to the left, or is set in."""
    step = 0.5 * line.size
    last = above.lines[-1]
    centred = abs((last.x0 + last.x1) - (line.x0 + line.x1)) < 6
    if abs(line.x0 - last.x0) > 6 * line.size and not centred and last.page == line.page:
        return True
    if len(above.lines) > 1 and not above.item:
        if above.lines[1].x0 > above.lines[0].x0 + step and line.x0 < above.lines[1].x0 - step:
            return True
        if abs(last.x0 - above.lines[1].x0) < 2 and line.x0 > last.x0 + step and line.x0 - last.x0 < 6 * line.size:
            return not centred
    if below is None or below.page != line.page or abs(line.x0 - last.x0) > 2 or wording.bulleted(below.text):
        return False
    full = right - line.x1 < (below.words[0].x1 - below.words[0].x0) + 0.25 * line.size
    return full and step < below.x0 - line.x0 < 6 * line.size and below.top - line.bottom < 0.6 * line.size


def _between_labels(above: Text, rest: list[Line]) -> bool:
    """Whether lines after one like "Responsable : X" are the text of the next such label, not the rest of X."""
    label = _LABEL.match(above.text) if len(above.lines) == 1 else None
    if label is None or not rest[0].text[:1].isupper() or _OPEN.search(above.text):
        return False
    words = 0
    for line in rest:
        again = _LABEL.match(line.text)
        if again:
            return again[1].rstrip("s") == label[1].rstrip("s") and words > 2
        words += len(line.words)
    return False


def _broken(above: Line, line: Line, left: float, right: float) -> bool:
    """Whether a word too wide for its column may be parted between two lines, without a hyphen."""
    word, rest = above.words[-1], line.words[0]
    alone = len(above.words) == 1 or (len(above.words) == 2 and wording.numbered(above.text))
    wide = (word.x1 - word.x0) + (rest.x1 - rest.x0) > right - left
    return alone and wide and word.text.isalpha() and right - word.x1 < 0.7 * word.size and rest.text[:1].islower()


def _goes_on(above: Text, line: Line, left: float, right: float) -> bool:
    """Whether the first word of a line had no room at the end of the line above."""
    last = above.lines[-1]
    first = line.words[0]
    if _VALUE.match(above.text) and _VALUE.match(line.text):
        return False
    room = room_after(last, right)
    aligned = abs((last.x0 + last.x1) - (line.x0 + line.x1)) < 6 or abs(last.x1 - line.x1) < 2
    if aligned and abs(last.x0 - line.x0) > 4:  # centred, or set to the right
        room = (right - left) - (last.x1 - last.x0)
    needed = need(line)
    if (
        last.bold != line.bold
        and all(w.bold == last.bold for w in last.words)
        and all(w.bold == line.bold for w in line.words)
    ):
        return room < needed - _MARGIN * first.size and bool(_LOWER.match(line.text))
    if needed > room + _MARGIN * first.size:
        return True
    if needed > room - _MARGIN * first.size:
        return bool(_LOWER.match(line.text)) or not _END.search(above.text)
    return bool(_HYPHENED.search(above.text)) and bool(_LOWER.match(line.text)) and room < 3 * needed


def need(line: Line) -> float:
    """The room that the first word of a line would have taken at the end of the line above."""
    return (line.words[0].x1 - line.words[0].x0) + 0.25 * line.words[0].size


def room_after(line: Line, right: float) -> float:
    return right - line.x1


def told_paragraph(lines: list[Line], right: float) -> Text:
    """Lines that the document itself calls one paragraph; only a forced line break inside is kept."""
    done = Text([lines[0]], lines[0].text, lines[0].x0)
    right = max(right, max(line.x1 for line in lines))
    for line in lines[1:]:
        last = done.lines[-1]
        need = line.words[0].x1 - line.words[0].x0 + 0.25 * line.size
        centred = abs((last.x0 + last.x1) - (line.x0 + line.x1)) < 6 and abs(last.x0 - line.x0) > 4
        forced = right - last.x1 > need + 1.5 * line.size and line.page == last.page and not centred
        done.text = f"{done.text}\n{line.text}" if forced else join(done.text, line.text)
        done.lines.append(line)
    return done


def extend(paragraph: Text, line: Line, *, broken: bool = False) -> None:
    """Put a wrapped line at the end of a paragraph; a hyphen that parted them, or a word broken there, is marked."""
    paragraph.text = paragraph.text + BREAK + line.text if broken else join(paragraph.text, line.text)
    paragraph.lines.append(line)


def join(above: str, below: str) -> str:
    """Two lines of one paragraph as one."""
    if above.endswith(MARK):
        return above + below
    if _HYPHENED.search(above) and _LOWER.match(below):
        return above[:-1] + MARK + below
    if above.endswith(("-", "/")) and not above.endswith((" -", " /")):
        return above + below
    return f"{above} {below}"
