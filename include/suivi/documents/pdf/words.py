"""Words of a PDF page with their place and looks, read from pdfium with as few calls as possible."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from suivi.documents.pdf.hyphens import MARK

_WORD = re.compile(r"[^\s\x00]+")
_GLUED = re.compile(r"[a-zà-öø-ÿ)](?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ])")  # may be two cells set without space
_BOLD = re.compile(r"bold|black|heavy|demi|semibold", re.IGNORECASE)
_HYPHENS = ("\x02", "\ufffe", "\xad")  # pdfium's signs for a hyphen at a line's end; a soft hyphen
MOST_CHARACTERS = 120_000  # of one page


def plain_call(function: object, result: type[Any], *arguments: type[Any]) -> Callable[..., Any]:
    """The same function with plain addresses: called for every word or object of a page, it costs half as much."""
    place = ctypes.cast(cast(Any, function), ctypes.c_void_p).value or 0
    return ctypes.CFUNCTYPE(result, *arguments)(place)


POINTER, INT = ctypes.c_void_p, ctypes.c_int
_text_object = plain_call(pdfium_c.FPDFText_GetTextObject, POINTER, POINTER, INT)
_char_origin = plain_call(pdfium_c.FPDFText_GetCharOrigin, INT, POINTER, INT, POINTER, POINTER)
_loose_box = plain_call(pdfium_c.FPDFText_GetLooseCharBox, INT, POINTER, INT, POINTER)
_font_size = plain_call(pdfium_c.FPDFTextObj_GetFontSize, INT, POINTER, POINTER)
_matrix = plain_call(pdfium_c.FPDFPageObj_GetMatrix, INT, POINTER, POINTER)
_render_mode = plain_call(pdfium_c.FPDFTextObj_GetTextRenderMode, INT, POINTER)
_font = plain_call(pdfium_c.FPDFTextObj_GetFont, POINTER, POINTER)
_mark = plain_call(pdfium_c.FPDFPageObj_GetMarkedContentID, INT, POINTER)

Box = tuple[float, float, float, float]  # x0, top, x1, bottom


@dataclass(slots=True)
class Word:
    """Coordinates in points from the page's top left corner; `mark` is the marked-content id, -1 for none."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    mark: int
    upright: bool = True
    order: int = 0  # place in the page's content


@dataclass(slots=True)
class _Looks:
    size: float
    bold: bool
    mark: int
    upright: bool


class Frame:
    """Turns pdfium's coordinates (from the bottom, before the page's rotation) into ours."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.rotation = page.get_rotation()
        left, bottom, right, top = page.get_mediabox()
        self.left, self._bottom, self._right, self.top = left, bottom, right, top
        across, down = right - left, top - bottom
        self.width, self.height = (across, down) if self.rotation in (0, 180) else (down, across)

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """(x0, top, x1, bottom) of a rectangle."""
        if self.rotation == 90:
            return bottom - self._bottom, left - self.left, top - self._bottom, right - self.left
        if self.rotation == 180:
            return self._right - right, bottom - self._bottom, self._right - left, top - self._bottom
        if self.rotation == 270:
            return self.top - top, self._right - right, self.top - bottom, self._right - left
        return left - self.left, self.top - top, right - self.left, self.top - bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        """(x, y from the top) of a point."""
        if self.rotation == 0:
            return x - self.left, self.top - y
        return self.box(x, y, x, y)[:2]


class WordReader:
    """Reads words page by page; fonts are looked up once a document."""

    def __init__(self) -> None:
        self._fonts: dict[int, bool] = {}
        self._size, self._matrix = ctypes.c_float(), pdfium_c.FS_MATRIX()
        self._places = ctypes.addressof(self._size), ctypes.addressof(self._matrix)

    def words(self, page: pdfium.PdfPage, frame: Frame) -> list[Word]:
        """Words in the order of the page's content."""
        text_page = pdfium_c.FPDFText_LoadPage(page)
        if not text_page:
            return []
        try:
            return self._words(text_page, frame)
        finally:
            pdfium_c.FPDFText_ClosePage(text_page)

    def _words(self, text_page: object, frame: Frame) -> list[Word]:
        text, straight = _text(text_page)
        address = ctypes.addressof(text_page.contents)  # type: ignore[attr-defined]
        looks: dict[int | None, _Looks] = {}
        reader = _Boxes(address, frame)
        found: list[Word] = []
        for match in _WORD.finditer(text):
            word, start, end = match[0], match.start(), match.end() - 1
            if not straight:
                start = pdfium_c.FPDFText_GetCharIndexFromTextIndex(text_page, start)
                end = pdfium_c.FPDFText_GetCharIndexFromTextIndex(text_page, end)
            handle = _text_object(address, start)
            look = looks.get(handle) or self._looks(handle, looks, frame)
            x0, top, x1, bottom = reader.box(start, end, look.size)
            if bottom and (word.islower() or not _GLUED.search(word)):
                word = word if word.isascii() else _hyphened(word)
                found.append(Word(word, x0, x1, top, bottom, look.size, look.bold, look.mark, look.upright, start))
                continue
            for piece, (x0, top, x1, bottom) in reader.parts(word, start, end, look.size):
                found.append(Word(piece, x0, x1, top, bottom, look.size, look.bold, look.mark, look.upright, start))
        return found

    def _looks(self, address: int | None, known: dict[int | None, _Looks], frame: Frame) -> _Looks:
        if not address:
            return _Looks(10.0, False, -1, True)
        known[address] = look = self._look_at(address, frame.rotation)
        return look

    def _look_at(self, address: int, rotation: int) -> _Looks:
        size, matrix = self._size, self._matrix
        size.value, matrix.a, matrix.b, matrix.c, matrix.d = 0.0, 0.0, 0.0, 0.0, 0.0
        _font_size(address, self._places[0])
        _matrix(address, self._places[1])
        scale = math.hypot(matrix.c, matrix.d) or 1.0
        turn = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
        upright = min((turn - rotation) % 360, (rotation - turn) % 360) < 20
        stroked = _render_mode(address) == 2  # fill and stroke: an artificial bold
        bold = stroked or self._bold(_font(address))
        return _Looks(round(abs(size.value) * scale, 1) or 10.0, bold, _mark(address), upright)

    def _bold(self, font: int | None) -> bool:
        if not font:
            return False
        if font not in self._fonts:
            handle = ctypes.cast(font, pdfium_c.FPDF_FONT)
            buffer = ctypes.create_string_buffer(256)
            length = pdfium_c.FPDFFont_GetBaseFontName(handle, buffer, 256)
            name = buffer.raw[: max(length - 1, 0)].decode("utf-8", "replace") if length <= 256 else ""
            weight = pdfium_c.FPDFFont_GetWeight(handle)
            self._fonts[font] = bool(_BOLD.search(name)) or 600 <= weight <= 1000
        return self._fonts[font]


class _Boxes:
    """Boxes of words: from the pen's place at the first character to the end of the last, one font size high.

    Heights come from baseline and size, not from glyphs, so that the lines of a page are comparable.
    """

    def __init__(self, text_page: int, frame: Frame) -> None:
        self._page = text_page
        self._frame = frame
        self._rect = pdfium_c.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._places = ctypes.addressof(self._x), ctypes.addressof(self._y)
        self._rect_place = ctypes.addressof(self._rect)

    def _start(self, index: int) -> tuple[float, float]:
        """(x, baseline) of a character."""
        if not _char_origin(self._page, index, *self._places):
            return 0.0, 0.0
        return self._frame.point(self._x.value, self._y.value)

    def _end(self, index: int) -> tuple[float, float, float]:
        """(right edge, top, bottom) of a character."""
        if not _loose_box(self._page, index, self._rect_place):
            return 0.0, 0.0, 0.0
        rect = self._rect
        _, top, right, bottom = self._frame.box(rect.left, rect.bottom, rect.right, rect.top)
        return right, top, bottom

    def box(self, start: int, end: int, size: float) -> Box:
        """The box of a word; all zero for one that leaves its line."""
        if not _char_origin(self._page, start, *self._places) or not _loose_box(self._page, end, self._rect_place):
            return 0.0, 0.0, 0.0, 0.0
        rect, frame = self._rect, self._frame
        if frame.rotation:
            x0, base = frame.point(self._x.value, self._y.value)
            _, top, right, bottom = frame.box(rect.left, rect.bottom, rect.right, rect.top)
        else:  # nearly every page, word by word
            x0, base = self._x.value - frame.left, frame.top - self._y.value
            top, right, bottom = frame.top - rect.top, rect.right - frame.left, frame.top - rect.bottom
        if top - 1 <= base <= bottom + 1 and x0 <= right:
            return x0, base - 0.8 * size, right, base + 0.2 * size
        return 0.0, 0.0, 0.0, 0.0

    def parts(self, text: str, start: int, end: int, size: float) -> list[tuple[str, Box]]:
        """(text, box) of the parts of a word that leaves its line or may be two cells set without space."""
        x0, top, x1, bottom = self.box(start, end, size)
        glued = end - start + 1 == len(text) and _GLUED.search(text)
        if bottom and glued:
            at = glued.end()
            middle = self._end(start + at - 1)[0]
            return [(text[:at], (x0, top, middle, bottom)), *self.parts(text[at:], start + at, end, size)]
        return [(_hyphened(text), (x0, top, x1, bottom))] if bottom else self._apart(text, start, end, size)

    def _apart(self, text: str, start: int, end: int, size: float) -> list[tuple[str, Box]]:
        parts: list[tuple[str, Box]] = []
        whole = end - start + 1 != len(text)
        for offset, sign in enumerate((text,) if whole else text):
            x0, base = self._start(start + offset)
            right, _, _ = self._end(end if whole else start + offset)
            sign = _hyphened(sign) if whole else MARK if sign in _HYPHENS else sign
            if parts and abs(parts[-1][1][3] - 0.2 * size - base) < 2 and x0 > parts[-1][1][0]:
                left, top, _, bottom = parts[-1][1]
                parts[-1] = (parts[-1][0] + sign, (left, top, right, bottom))
            else:
                parts.append((sign, (x0, base - 0.8 * size, right, base + 0.2 * size)))
        return parts


def _hyphened(text: str) -> str:
    """A hyphen sign at the end as the mark that is decided later; a soft hyphen elsewhere goes."""
    if text.isascii() and text.isprintable():
        return text
    if text.endswith(_HYPHENS):
        text = text[:-1] + MARK
    return text.replace("\xad", "").replace("\x02", "-").replace("\ufffe", "-")


def _text(text_page: object) -> tuple[str, bool]:
    """The page's text, and whether its indices are those of the characters."""
    count = min(pdfium_c.FPDFText_CountChars(text_page), MOST_CHARACTERS)
    if count <= 0:
        return "", True
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium_c.FPDFText_GetText(text_page, 0, count, buffer)
    data = bytes(buffer)[: 2 * max(written - 1, 0)]
    text = data.decode("utf-16-le", "replace")
    return text, len(text) == count
