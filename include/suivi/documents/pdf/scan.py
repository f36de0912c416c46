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
SECONDS_A_PAGE = 60
_POINT = 72 / DOTS
_SHORTEST = 0.45  # inches: a dark run from this long on is a drawn line
_SURE = 30  # tesseract's confidence below which a word is noise


def scanned_page(page: pdfium.PdfPage) -> tuple[list[Word], Rulings]:
    """Words and lines of a page's picture. Raises `Unreadable`, ocr_missing where tesseract is not installed."""
    picture = page.render(scale=1 / _POINT, grayscale=True).to_numpy()
    picture = picture[:, :, 0] if picture.ndim == 3 else picture
    header = f"P5 {picture.shape[1]} {picture.shape[0]} 255\n".encode()
    command = [_tesseract(), "-", "-", "-l", _languages(), "--dpi", str(DOTS), "--psm", "3", "tsv"]
    table = program.run(command, seconds=SECONDS_A_PAGE, data=header + np.ascontiguousarray(picture).tobytes())
    return _words(table.decode("utf-8", "replace")), _lines(picture < 140)


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
