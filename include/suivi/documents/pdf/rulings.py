"""Lines that a page draws: strokes, thin filled bars, edges of coloured backgrounds."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from suivi.documents.pdf.words import INT, POINTER, Frame, plain_call

THIN = 3.0  # points: a filled bar up to this is a line
SHORTEST = 4.0
MOST_OBJECTS = 30_000
_TOUCH = 3.0
_DRAWN = (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_FORM)
_object = plain_call(pdfium_c.FPDFPage_GetObject, POINTER, POINTER, INT)
_type = plain_call(pdfium_c.FPDFPageObj_GetType, INT, POINTER)


@dataclass(slots=True)
class Segment:
    """A line: `at` is its y (horizontal) or x (vertical), `start`…`end` its extent along the other axis."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Rulings:
    horizontal: list[Segment]
    vertical: list[Segment]
    fills: list[tuple[float, float, float, float]]  # x0, top, x1, bottom of backgrounds


def rulings(page: pdfium.PdfPage, frame: Frame) -> Rulings:
    """Merged segments of the page, in points from its top left corner."""
    found = Rulings([], [], [])
    count = pdfium_c.FPDFPage_CountObjects(page)
    if count > MOST_OBJECTS:
        return found
    reader, address = _Reader(frame, found), ctypes.addressof(page.raw.contents)
    for index in range(count):
        each = _object(address, index)
        if _type(each) in _DRAWN:
            reader.look(ctypes.cast(each, pdfium_c.FPDF_PAGEOBJECT))
    found.horizontal = merged(found.horizontal)
    found.vertical = merged(found.vertical)
    return found


class _Reader:
    def __init__(self, frame: Frame, found: Rulings) -> None:
        self._frame = frame
        self._found = found
        self._edges = [ctypes.c_float() for _ in range(4)]

    def look(self, handle: object, depth: int = 0, matrix: tuple[float, ...] | None = None) -> None:
        kind = pdfium_c.FPDFPageObj_GetType(handle)
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            self._path(handle, matrix)
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < 3:
            inner = pdfium_c.FS_MATRIX()
            pdfium_c.FPDFPageObj_GetMatrix(handle, inner)
            own = _times((inner.a, inner.b, inner.c, inner.d, inner.e, inner.f), matrix)
            for index in range(min(pdfium_c.FPDFFormObj_CountObjects(handle), MOST_OBJECTS)):
                self.look(pdfium_c.FPDFFormObj_GetObject(handle, index), depth + 1, own)

    def _path(self, handle: object, matrix: tuple[float, ...] | None) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDFPath_GetDrawMode(handle, fill, stroke)
        if not (fill.value or stroke.value):
            return
        left, bottom, right, top = self._edges
        if not pdfium_c.FPDFPageObj_GetBounds(handle, left, bottom, right, top):
            return
        box = _moved((left.value, bottom.value, right.value, top.value), matrix)
        x0, y0, x1, y1 = self._frame.box(*box)
        if stroke.value or x1 - x0 <= THIN or y1 - y0 <= THIN:
            if x1 - x0 <= THIN or y1 - y0 <= THIN:
                self._line(x0, y0, x1, y1)
            else:
                self._outline(handle, matrix)
        elif not _white(handle):
            if pdfium_c.FPDFPath_CountSegments(handle) > 6:
                self._outline(handle, matrix)
            else:
                self._found.fills.append((x0, y0, x1, y1))

    def _line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if x1 - x0 >= y1 - y0:
            if x1 - x0 >= SHORTEST:
                self._found.horizontal.append(Segment((y0 + y1) / 2, x0, x1))
        elif y1 - y0 >= SHORTEST:
            self._found.vertical.append(Segment((x0 + x1) / 2, y0, y1))

    def _outline(self, handle: object, matrix: tuple[float, ...] | None) -> None:
        """The straight, axis-parallel sides of a path: rectangles, grids drawn in one go."""
        count = pdfium_c.FPDFPath_CountSegments(handle)
        if count > 2000:
            return
        own = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFPageObj_GetMatrix(handle, own)
        whole = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
        x, y = ctypes.c_float(), ctypes.c_float()
        first = last = (0.0, 0.0)
        for index in range(count):
            segment = pdfium_c.FPDFPath_GetPathSegment(handle, index)
            pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
            point = _point((x.value, y.value), whole)
            kind = pdfium_c.FPDFPathSegment_GetType(segment)
            if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
                first = point
            elif kind == pdfium_c.FPDF_SEGMENT_LINETO:
                self._side(last, point)
            last = point
            if pdfium_c.FPDFPathSegment_GetClose(segment):
                self._side(last, first)
                last = first

    def _side(self, one: tuple[float, float], other: tuple[float, float]) -> None:
        x0, y0, x1, y1 = self._frame.box(
            min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])
        )
        if min(x1 - x0, y1 - y0) < 1.0:
            self._line(x0, y0, x1, y1)


def _white(handle: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetFillColor(handle, red, green, blue, alpha):
        return False
    return alpha.value < 8 or min(red.value, green.value, blue.value) >= 250


def _point(point: tuple[float, float], m: tuple[float, ...]) -> tuple[float, float]:
    return m[0] * point[0] + m[2] * point[1] + m[4], m[1] * point[0] + m[3] * point[1] + m[5]


def _moved(box: tuple[float, float, float, float], m: tuple[float, ...] | None) -> tuple[float, float, float, float]:
    if m is None:
        return box
    (x0, y0), (x1, y1) = _point(box[:2], m), _point(box[2:], m)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _times(inner: tuple[float, ...], outer: tuple[float, ...] | None) -> tuple[float, ...]:
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def merged(segments: list[Segment]) -> list[Segment]:
    """Segments on one line that touch or overlap, as one."""
    done: list[Segment] = []
    group: list[Segment] = []
    for segment in sorted(segments, key=lambda item: item.at):
        if group and segment.at - group[-1].at > 1.5:
            done += _joined(group)
            group = []
        group.append(segment)
    return done + _joined(group)


def _joined(group: list[Segment]) -> list[Segment]:
    done: list[Segment] = []
    for segment in sorted(group, key=lambda item: item.start):
        if done and segment.start <= done[-1].end + _TOUCH:
            done[-1].end = max(done[-1].end, segment.end)
        else:
            done.append(Segment(segment.at, segment.start, segment.end))
    return done
