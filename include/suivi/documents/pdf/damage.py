"""Damage that pdfium passes over: it shows a page whose content cannot be unpacked as an empty one."""

from __future__ import annotations

import re
import zlib

_PACKED = re.compile(rb"/Filter\s*\[?\s*/FlateDecode\s*\]?[^<>]{0,200}>>\s*stream\r?\n")
_SOME = 4096  # bytes of a stream that are tried


def unpacks(data: bytes) -> bool:
    """Whether the packed streams of a PDF begin as they should; encrypted ones tell nothing and count as sound."""
    return b"/Encrypt" in data or all(
        _inflates(data[match.end() : match.end() + _SOME]) for match in _PACKED.finditer(data)
    )


def _inflates(packed: bytes) -> bool:
    try:
        zlib.decompressobj().decompress(packed, 256)
    except zlib.error:
        return False
    return True
