"""E-mails (eml, mht): subject and date as the head, the body, then the attachments as parts."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from suivi.documents import html, plain
from suivi.documents.compose import compose
from suivi.documents.content import Content
from suivi.documents.embedded import MOST_BYTES, read_part
from suivi.documents.encoding import decode
from suivi.documents.pieces import Paragraph, Piece, Unreadable
from suivi.models import Issue, Reading

name = "mail"

MOST_ATTACHMENTS = 20
_HEADERS = re.compile(
    rb"^(?:from|to|subject|date|mime-version|message-id|received|return-path|content-type):", re.I | re.M
)


def accepts(content: Content) -> bool:
    """Three header lines before the first empty line, or two under the right extension."""
    if content.is_zip or content.is_ole:
        return False
    head = content.head.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = len(_HEADERS.findall(head))
    return found >= (2 if content.suffix in ("eml", "mht", "mhtml", "mim") else 3) and b":" in head.partition(b"\n")[0]


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    try:
        message = message_from_bytes(content.data.lstrip(), policy=policy.default)
        issues: list[Issue] = []
        pieces: list[Piece] = [Paragraph(line) for line in _head(message)]
        pieces += _body(message, issues)
        pieces += _attachments(message, content, issues)
    except (ValueError, LookupError, AttributeError, TypeError, IndexError, RecursionError) as error:
        raise Unreadable("document_damaged", str(error)) from error
    return compose(pieces, name, issues)


def _head(message: EmailMessage) -> list[str]:
    lines = [
        f"{label} : {message.get(field)}"
        for label, field in (("Objet", "Subject"), ("Date", "Date"))
        if message.get(field)
    ]
    return [str(line) for line in lines]


def _body(message: EmailMessage, issues: list[Issue]) -> list[Piece]:
    """The HTML body where there is one (it has the tables), else the plain one without quoted replies."""
    part = message.get_body(preferencelist=("html", "plain"))
    if part is None:
        return []
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return []
    text = _text(data, part.get_content_charset(), issues)
    if part.get_content_type() == "text/html":
        return html.pieces_of(text)
    return list(plain.pieces_of("\n".join(line for line in text.splitlines() if not line.startswith(">"))))


def _text(data: bytes, charset: str | None, issues: list[Issue]) -> str:
    try:
        return data.decode(charset or "utf-8")
    except (UnicodeDecodeError, LookupError):
        text, guessed = decode(data) if data else ("", [])
        issues += guessed
        return text


def _attachments(message: EmailMessage, content: Content, issues: list[Issue]) -> list[Piece]:
    pieces: list[Piece] = []
    for number, part in enumerate(message.iter_attachments()):
        title = part.get_filename() or f"pièce jointe {number + 1}"
        data = _payload(part)
        if not data or part.get_content_maintype() in ("image", "audio", "video"):
            continue
        if number >= MOST_ATTACHMENTS or len(data) > MOST_BYTES:
            issues.append(Issue("embedded_unreadable", value=title, detail="too many or too large"))
            continue
        found, said = read_part(data, title, content.depth)
        pieces += [found] if found else []
        issues += said
    return pieces


def _payload(part: EmailMessage) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and inner and isinstance(inner[0], Message) else b""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
