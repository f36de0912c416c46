"""Word documents: an lxml walk over the body in reading order.

Merged cells come once, with their spans; numbering is generated; insertions are kept, deletions and
comments dropped; text boxes follow the paragraph they hang on, footnotes the body, embedded files the whole.
"""

from __future__ import annotations

from suivi.documents.compose import compose
from suivi.documents.content import Content
from suivi.documents.docx.body import Body
from suivi.documents.docx.notes import notes
from suivi.documents.docx.numbering import Numbering
from suivi.documents.docx.parts import Relations
from suivi.documents.docx.styles import Styles
from suivi.models import Reading

name = "docx"


def accepts(content: Content) -> bool:
    return any(member.startswith("word/document") for member in content.members)


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    relations = Relations(content)
    styles = Styles(relations.xml("styles"))
    body = Body(styles, Numbering(relations.xml("numbering"), styles), relations)
    pieces = body.read(relations.document)
    pieces += notes(body, relations)
    pieces += relations.embedded()
    return compose(pieces, name, relations.issues)
