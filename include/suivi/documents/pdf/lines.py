"""Words → lines: what stands side by side at one height, superscripts included."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter

from suivi.documents import wording
from suivi.documents.pdf.hyphens import MARK
from suivi.documents.pdf.words import Word

_LEFT = attrgetter("x0")
_GLUED = 0.12  # share of the font size below which two words are one ("1" + "er")


@dataclass(slots=True)
class Line:
    """A line of words from left to right; `text`, `size` and `bold` are set when it is complete."""

    words: list[Word] = field(default_factory=list)
    x0: float = 0.0
    x1: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    page: int = 0
    text: str = ""
    size: float = 0.0
    bold: bool = False

    def complete(self) -> None:
        """Order the words and sum them up."""
        self.words.sort(key=_LEFT)
        self.measure()
        self.text = _text(self.words)

    def measure(self) -> None:
        """Find the size of most letters, and whether most are bold."""
        sizes: dict[float, int] = {}
        letters = bold = 0
        for word in self.words:
            length = len(word.text)
            sizes[word.size] = sizes.get(word.size, 0) + length
            letters += length
            if word.bold:
                bold += length
        self.size = word.size if len(sizes) == 1 else max(sizes, key=lambda size: sizes[size])
        self.bold = bold * 2 > letters


def _text(words: list[Word]) -> str:
    """The words with single spaces; none between what is set as one word."""
    text, end, size = words[0].text, words[0].x1, words[0].size
    for word in words[1:]:
        apart = word.x0 - end > _GLUED * max(size, word.size, 4)
        text += f" {word.text}" if apart else word.text
        end, size = word.x1, word.size
    return wording.characters(text.rstrip(MARK)) + MARK if text.endswith(MARK) else wording.characters(text)


def lines_of(words: list[Word], page: int) -> list[Line]:
    """Lines from top to bottom. Words without height or turned sideways are left out."""
    done = gathered(words, page)
    for line in done:
        line.complete()
    done.sort(key=_middle)
    return done


def gathered(words: list[Word], page: int) -> list[Line]:
    """Words put together at one height, not complete yet."""
    done: list[Line] = []
    for word in sorted([word for word in words if word.bottom > word.top], key=_middle):
        line = _line_for(word, done)
        if line is None:
            done.append(Line([word], word.x0, word.x1, word.top, word.bottom, page))
        else:
            _add(line, word)
    return done


def _middle(piece: Word | Line) -> float:
    return piece.top + piece.bottom


def _line_for(word: Word, lines: list[Line]) -> Line | None:
    """The line of the same height, or the one that shares at least half of the smaller height with the word."""
    top, bottom = word.top, word.bottom
    for line in lines[:-5:-1]:
        if -0.5 < line.bottom - bottom < 0.5 and -0.5 < line.top - top < 0.5:
            return line
    best, most = None, 0.5
    for line in lines[-4:]:
        if line.top >= bottom or line.bottom <= top:
            continue
        height = min(bottom - top, line.bottom - line.top)
        shared = (min(bottom, line.bottom) - max(top, line.top)) / height
        if shared > most and not any(_over(word, other) for other in line.words):
            best, most = line, shared
    return best


def _over(word: Word, other: Word) -> bool:
    """Whether two words lie over one another: then they cannot be on one line."""
    shared = min(word.x1, other.x1) - max(word.x0, other.x0)
    return shared > 0.6 * min(word.x1 - word.x0, other.x1 - other.x0) and abs(word.top - other.top) > 1.5


def _add(line: Line, word: Word) -> None:
    line.words.append(word)
    if word.x0 < line.x0:
        line.x0 = word.x0
    if word.x1 > line.x1:
        line.x1 = word.x1
    if (word.top < line.top or word.bottom > line.bottom) and word.size >= 0.9 * line.words[0].size:
        line.top, line.bottom = min(line.top, word.top), max(line.bottom, word.bottom)
