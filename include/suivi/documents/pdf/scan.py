"""Scanned pages: tesseract reads the words, and dark lines of the picture stand for drawn ones.

What comes of it always goes to review (`Reading.scanned`).
"""

from __future__ import annotations

import csv
import io
from functools import cache

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from suivi.documents import program
from suivi.documents.pdf.rulings import Rulings, Segment, merged
from suivi.documents.pdf.words import Word
from suivi.documents.pieces import Unreadable

DOTS = 200  # per inch
MOST_PAGES = 40
SECONDS_A_PAGE = 30
SECONDS = 90  # for all pages of a document: within what `read_isolated` waits
MOST_PIXELS = 20_000_000  # of a page: A2 at 200 dots per inch
_POINT = 72 / DOTS
_SHORTEST = 0.45  # inches: a dark run from this long on is a drawn line
_DARK = 140  # of 255
_SURE = 30  # tesseract's confidence below which a word is noise


def scanned_page(page: pdfium.PdfPage, seconds: float) -> tuple[list[Word], Rulings]:
    """Words and lines of a page's picture, in at most `seconds`.

    Raises `Unreadable`: ocr_missing where tesseract is not installed, document_too_slow, document_too_large.
    """
    width, height = page.get_size()
    if width * height / _POINT**2 > MOST_PIXELS:
        raise Unreadable("document_too_large", f"page of {width / 72:.0f} × {height / 72:.0f} inches")
    picture = page.render(scale=1 / _POINT, grayscale=True).to_numpy()
    picture = picture[:, :, 0] if picture.ndim == 3 else picture
    if not (picture < _DARK).any():
        return [], Rulings([], [], [])  # a blank page, or one whose picture is broken
    header = f"P5 {picture.shape[1]} {picture.shape[0]} 255\n".encode()
    command = [_tesseract(), "-", "-", "-l", _languages(), "--dpi", str(DOTS), "--psm", "3", "tsv"]
    limit = max(min(SECONDS_A_PAGE, int(seconds)), 1)
    table = program.run(command, seconds=limit, data=header + np.ascontiguousarray(picture).tobytes())
    return _words(table.decode("utf-8", "replace")), _lines(picture < _DARK)


def _tesseract() -> str:
    path = program.found("tesseract")
    if path is None:
        raise Unreadable("ocr_missing")
    return path


@cache
def _languages() -> str:
    """French and English as far as installed."""
    listed = program.run([_tesseract(), "--list-langs"], seconds=20).decode("utf-8", "replace").split()
    return "+".join(name for name in ("fra", "eng") if name in listed) or "eng"


def _words(table: str) -> list[Word]:
    words: list[Word] = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip("|_ ")
        if row.get("level") != "5" or not text or float(row["conf"]) < _SURE:
            continue
        x0, top = int(row["left"]) * _POINT, int(row["top"]) * _POINT
        wide, high = int(row["width"]) * _POINT, int(row["height"]) * _POINT
        words.append(Word(text, x0, x0 + wide, top, top + high, 10.0, False, -1, order=len(words)))
    return _levelled(words)


def _levelled(words: list[Word]) -> list[Word]:
    """Words with one font size and full line heights: a picture tells neither."""
    heights = sorted(word.bottom - word.top for word in words)
    if heights:
        size = round(heights[len(heights) * 3 // 4] * 1.2, 1)
        for word in words:
            word.size = size
    return words


def _lines(dark: NDArray[np.bool_]) -> Rulings:
    return Rulings(merged(_runs(dark)), merged(_runs(dark.T)), [])


def _runs(dark: NDArray[np.bool_]) -> list[Segment]:
    """Dark runs along the rows of a picture, long enough to be drawn lines."""
    longest = int(_SHORTEST * DOTS)
    found: list[Segment] = []
    full = dark.sum(axis=1)
    for row in np.flatnonzero(full >= longest):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], dark[row].view(np.int8), [0]))))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            if end - start >= longest:
                found.append(Segment(float(row) * _POINT, float(start) * _POINT, float(end) * _POINT))
    return found
