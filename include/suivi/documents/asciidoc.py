"""AsciiDoc: headings, paragraphs, lists, check lists, tables, labelled lists, blocks; roles and macros cleaned out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from suivi.documents.asciidoc_table import table_of
from suivi.documents.compose import compose
from suivi.documents.content import Content
from suivi.documents.encoding import decode, looks_like_text
from suivi.documents.numerals import numeral
from suivi.documents.pieces import Paragraph, Piece
from suivi.models import Reading

name = "adoc"

_SUFFIXES = ("adoc", "asciidoc", "asc")
_SIGNS = re.compile(rb"^(?:={1,5} \S.*|\|===|:[a-z][\w-]*:(?: .*)?|\[(?:cols|options|%)[^\]]*\])\s*$", re.MULTILINE)
_HEADING = re.compile(r"^(={1,6}) (\S.*)$")
_ATTRIBUTE = re.compile(r"^:!?[\w-]+!?:(?: .*)?$")
_ITEM = re.compile(r"^\s*(\*{1,5}|-|\.{1,5}|\d{1,3}\.|[a-z]\.|<\d>|<\.>)\s+(.*)$")
_LABEL = re.compile(r"^(\S.{0,120}?)(:{2,4}|;;)(?:\s+(.*))?$")
_DELIMITER = re.compile(r"^(?:-{4,}|={4,}|\.{4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|```)\s*$")
_SILENT = re.compile(
    r"^(?:'{3,}|<<<|-{3}|\*{3}|\[[^\]]*\]|//(?!/).*|(?:image|include|toc|ifdef|ifndef|endif|video)::.*)\s*$"
)
_TABLE = re.compile(r"^[|,:!]={3,}\s*$")
_CHECK = re.compile(r"^\[([ xX*])\]\s+")


def accepts(content: Content) -> bool:
    """By its extension, or by three lines that only AsciiDoc has."""
    if content.is_zip or content.is_ole or not looks_like_text(content.data):
        return False
    return content.suffix in _SUFFIXES or len(_SIGNS.findall(content.data[:100_000])) >= 3


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    text, issues = decode(content.data)
    return compose(list(pieces_of(text)), name, issues)


def pieces_of(text: str) -> Iterator[Piece]:
    """Paragraphs and tables of an AsciiDoc text."""
    lines = _Lines(text)
    while (line := lines.next()) is not None:
        heading = _HEADING.match(line)
        if not line.strip() or _ATTRIBUTE.match(line) or _SILENT.match(line):
            options = line if line.startswith("[") else ""
            lines.options = options or lines.options
        elif line.startswith("////"):
            lines.skip(line)
        elif _TABLE.match(line):
            yield table_of(lines.until(line), lines.options)
            lines.options = ""
        elif _DELIMITER.match(line):
            continue  # the content of a block is read like any other
        elif heading:
            lines.restart()
            yield Paragraph(plain(heading[2].rstrip(" =")), "heading", len(heading[1]))
        elif line.startswith(".") and len(line) > 1 and line[1] not in ". ":
            yield Paragraph(plain(line[1:]))  # a block's title
        elif _ITEM.match(line) or _LABEL.match(line):
            yield from _item(line, lines)
        else:
            lines.restart()
            yield Paragraph(plain(_joined(line, lines)))


class _Lines:
    """The lines of a text with a place, block options waiting for their block, and list counts."""

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._place = 0
        self.options = ""
        self.counts: dict[int, int] = {}

    def next(self) -> str | None:
        if self._place >= len(self._lines):
            return None
        self._place += 1
        return self._lines[self._place - 1].rstrip()

    def peek(self) -> str:
        return self._lines[self._place].rstrip() if self._place < len(self._lines) else ""

    def until(self, end: str) -> list[str]:
        found: list[str] = []
        while (line := self.next()) is not None and line != end:
            found.append(line)
        return found

    def skip(self, end: str) -> None:
        self.until(end)

    def restart(self) -> None:
        self.counts.clear()


def _joined(line: str, lines: _Lines) -> str:
    """A paragraph: lines up to an empty one, joined; a "+" at a line's end is a line break."""
    parts = [line]
    while (below := lines.peek()) and not _begins(below):
        parts.append(below)
        lines.next()
    return _join(parts)


def _join(parts: list[str]) -> str:
    text = ""
    for part in parts:
        hard = part.endswith(" +")
        text += part[:-2].strip() + "\n" if hard else part.strip() + " "
    return text.strip()


def _begins(line: str) -> bool:
    signs = (_HEADING, _ITEM, _LABEL, _TABLE, _DELIMITER, _SILENT, _ATTRIBUTE)
    return line == "+" or any(sign.match(line) for sign in signs)


def _item(line: str, lines: _Lines) -> Iterator[Piece]:
    match = _ITEM.match(line)
    if match is None:
        label = _LABEL.match(line)
        value = _joined(label[3] or "", lines) if label else ""
        yield Paragraph(plain(f"{label[1]} : {value}" if label and value else label[1] if label else line))
        return
    sign, text = match[1], _joined(match[2], lines)
    level = len(sign) - 1 if sign[0] in "*." else 0
    for deeper in [key for key in lines.counts if key > level]:
        del lines.counts[deeper]
    marker = "-"
    if sign[0] == "." or sign[0] == "<":
        lines.counts[level] = lines.counts.get(level, 0) + 1
        marker = numeral(lines.counts[level], ("decimal", "lowerLetter", "lowerRoman")[level % 3]) + "."
    elif sign[0].isalnum():
        marker = sign
    check = _CHECK.match(text)
    if check:
        text = ("☐ " if check[1] == " " else "☒ ") + text[check.end() :]
    yield Paragraph(f"{marker} {plain(text)}", "item", level)
    while lines.peek() == "+":
        lines.next()
        below = lines.next()
        if below and not _TABLE.match(below) and not _DELIMITER.match(below) and not _SILENT.match(below):
            yield Paragraph(plain(_joined(below, lines)))
        elif below:
            yield from pieces_of("\n".join([below, *lines.until(below), below]))


_MACROS = (
    (re.compile(r"\b(?:link|xref|mailto):[^\s\[]+\[([^\]]+?)(?:,[^\]]*)?\]"), r"\1"),
    (re.compile(r"(https?://[^\s\[\]]+)\[([^\]]+?)\^?(?:,[^\]]*)?\]"), r"\2 (\1)"),
    (re.compile(r"(https?://[^\s\[\]]+)\[\]"), r"\1"),
    (re.compile(r"<<[^,>]+,([^>]+)>>"), r"\1"),
    (re.compile(r"<<([^>]+)>>"), r"\1"),
    (re.compile(r"\[\[[^\]]*\]\]|\(\(\([^)]*\)\)\)"), ""),
    (re.compile(r"(?:image|icon|footnote|kbd|btn|pass):[^\s\[]*\[([^\]]*)\]"), r"\1"),
    (re.compile(r"\[[.#][^\]]*\](?=[#*_`])"), ""),
    (re.compile(r"(\*\*|__|``|##)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_\\])_(?=[^\s_])([^_\n]+?)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"(?<![\w`\\])`(?=\S)([^`\n]+?)(?<=\S)`(?![\w`])"), r"\1"),
    (re.compile(r"(?<![\w#\\])#(?=\S)([^#\n]+?)(?<=\S)#(?![\w#])"), r"\1"),
    (re.compile(r"\^([^^\s]{1,12})\^|~([^~\s]{1,12})~"), lambda match: match[1] or match[2]),
    (re.compile(r"\{nbsp\}|\{sp\}"), " "),
    (re.compile(r"\{(?:empty|zwsp|blank)\}"), ""),
    (re.compile(r"\\(?=[*_`#{])"), ""),
)


def plain(text: str) -> str:
    """The text without inline markup."""
    for pattern, replacement in _MACROS:
        text = pattern.sub(replacement, text)
    return text
