"""Text files of any encoding."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from suivi.documents.compose import MOST_CHARACTERS
from suivi.documents.pieces import Unreadable
from suivi.models import Issue

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LATIN = ["cp1252", "mac_roman", "cp850", "utf_16_le", "utf_16_be", "cp1256"]
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes) -> tuple[str, list[Issue]]:
    """Text of a file, with an issue where its encoding was guessed. Raises `Unreadable` for what is no text."""
    if len(data) > 4 * MOST_CHARACTERS:
        raise Unreadable("document_too_large", f"{len(data):,} bytes")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), []
    try:
        text = data.decode("utf-8")
        if text.count("\0") * 20 < len(text):
            return text, []
    except UnicodeDecodeError:
        pass
    return _guess(data)


def _guess(data: bytes) -> tuple[str, list[Issue]]:
    sample = data[:200_000]
    match = from_bytes(sample, cp_isolation=_LATIN, threshold=0.4).best()
    encoding = match.encoding if match else ""
    if not encoding and len(_BINARY.findall(sample)) * 50 < len(sample):
        encoding = "cp1252"
    if not encoding:
        raise Unreadable("document_unsupported", "neither text nor a known format")
    return data.decode(encoding, "replace"), [Issue("encoding_guessed", value=encoding)]


def looks_like_text(data: bytes) -> bool:
    """Whether bytes are text of some encoding: few control characters, or a byte order mark."""
    sample = data[:8192]
    if any(sample.startswith(mark) for mark, _ in _MARKS):
        return True
    controls = len(_BINARY.findall(sample))
    return controls * 50 < len(sample) or (sample.count(b"\0") * 3 > len(sample) and _wide(sample))


def _wide(sample: bytes) -> bool:
    """UTF-16 without a mark: every second byte of Latin text is zero."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return max(even, odd) * 2.5 > len(sample) and min(even, odd) * 10 < len(sample)
