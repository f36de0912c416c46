"""Files inside a document: an embedded workbook is read as part of its minutes."""

from __future__ import annotations

import io
import posixpath
import struct

import olefile

from suivi.documents.content import Content
from suivi.documents.pieces import Part, Unreadable
from suivi.models import Issue

MOST_DEPTH = 2
MOST_BYTES = 30 * 1024 * 1024
_PACKAGED = ("Package", "CONTENTS", "EmbeddedOdf")


def read_embedded(content: Content, target: str) -> tuple[Part | None, list[Issue]]:
    """The file `target` of a zip, read as a part; an unreadable one is an issue, an image or chart nothing."""
    try:
        data = content.member(target, MOST_BYTES)
        name = posixpath.basename(target)
        return read_part(data, name, content.depth)
    except Unreadable as error:
        return None, [Issue("embedded_unreadable", value=posixpath.basename(target), detail=error.detail)]


def read_part(data: bytes, name: str, depth: int) -> tuple[Part | None, list[Issue]]:
    """Bytes of an embedded or attached file as a part, down to two levels deep. Raises `Unreadable`."""
    from suivi.documents.reading import read_content  # readers call this, and it calls readers

    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        name, data = unwrapped(data, name)
    if not data:
        return None, []
    if depth >= MOST_DEPTH:
        return None, [Issue("embedded_unreadable", value=name, detail="embedded too deeply")]
    reading = read_content(Content(data, name, depth + 1))
    if not reading.blocks:
        reasons = "; ".join(issue.type for issue in reading.issues)
        return None, [Issue("embedded_unreadable", value=name, detail=reasons)] if reasons else []
    return Part(name, reading), []


def unwrapped(data: bytes, name: str) -> tuple[str, bytes]:
    """The file inside an OLE object, with its own name where the wrapper gives one; else the object itself."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            for stream in _PACKAGED:
                if ole.exists(stream):
                    return name, bytes(ole.openstream(stream).read())
            if ole.exists("\x01Ole10Native"):
                return _native(ole.openstream("\x01Ole10Native").read(), name)
    except (OSError, ValueError, IndexError, struct.error, TypeError, AttributeError) as error:
        raise Unreadable("document_damaged", str(error)) from error
    return name, data


def _native(stream: bytes, name: str) -> tuple[str, bytes]:
    """An Ole10Native stream (MS-OLEDS 2.3.6): size, flags, label, path, marker, a second path, size, bytes."""
    label, _, rest = stream[6:].partition(b"\0")
    _, _, rest = rest.partition(b"\0")
    (_, length) = struct.unpack("<II", rest[:8])
    rest = rest[8 + length :]
    (size,) = struct.unpack("<I", rest[:4])
    own = label.decode("cp1252", "replace")
    return own or name, rest[4 : 4 + size]
