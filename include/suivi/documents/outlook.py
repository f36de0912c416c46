"""Outlook messages (msg): subject, body and attachments of the OLE file (MS-OXMSG)."""

from __future__ import annotations

import io

import olefile

from suivi.documents import html, plain
from suivi.documents.compose import compose
from suivi.documents.content import Content
from suivi.documents.embedded import read_part
from suivi.documents.pieces import Paragraph, Piece, Unreadable
from suivi.models import Issue, Reading

name = "msg"

_SUBJECT, _BODY, _HTML, _DATA, _TITLE, _SHORT = "0037", "1000", "1013", "3701", "3707", "3704"


def accepts(content: Content) -> bool:
    return content.is_ole and "__properties_version1.0".encode("utf-16-le") in content.data


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    issues: list[Issue] = []
    try:
        with olefile.OleFileIO(io.BytesIO(content.data)) as ole:
            pieces: list[Piece] = [Paragraph(f"Objet : {subject}")] if (subject := _text(ole, "", _SUBJECT)) else []
            pieces += _body(ole)
            folders = sorted({path[0] for path in ole.listdir() if path[0].startswith("__attach")})
            for folder in folders:
                pieces += _attachment(ole, folder, content.depth, issues)
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise Unreadable("document_damaged", str(error)) from error
    return compose(pieces, name, issues)


def _body(ole: olefile.OleFileIO) -> list[Piece]:
    markup = _bytes(ole, "", _HTML, "0102")
    if markup:
        return html.pieces_of(markup.decode("utf-8", "replace"))
    return list(plain.pieces_of(_text(ole, "", _BODY)))


def _attachment(ole: olefile.OleFileIO, folder: str, depth: int, issues: list[Issue]) -> list[Piece]:
    data = _bytes(ole, folder, _DATA, "0102")
    title = _text(ole, folder, _TITLE) or _text(ole, folder, _SHORT) or "pièce jointe"
    if not data or title.lower().endswith((".png", ".jpg", ".jpeg", ".gif")):
        return []
    part, said = read_part(data, title, depth)
    issues += said
    return [part] if part else []


def _text(ole: olefile.OleFileIO, folder: str, tag: str) -> str:
    wide = _bytes(ole, folder, tag, "001F")
    return wide.decode("utf-16-le", "replace") if wide else _bytes(ole, folder, tag, "001E").decode("cp1252", "replace")


def _bytes(ole: olefile.OleFileIO, folder: str, tag: str, kind: str) -> bytes:
    path = "/".join(filter(None, (folder, f"__substg1.0_{tag}{kind}")))
    return bytes(ole.openstream(path).read()) if ole.exists(path) else b""
