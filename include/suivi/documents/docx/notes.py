"""Footnotes and endnotes, after the body."""

from __future__ import annotations

from suivi.documents.docx.body import Body
from suivi.documents.docx.parts import Relations
from suivi.documents.docx.styles import W
from suivi.documents.pieces import Piece


def notes(body: Body, relations: Relations) -> list[Piece]:
    """Their paragraphs in the order of the file; separators left out."""
    pieces: list[Piece] = []
    for kind, tag in (("footnotes", W + "footnote"), ("endnotes", W + "endnote")):
        root = relations.xml(kind)
        for note in () if root is None else root.iterchildren(tag):
            if note.get(W + "type") in (None, "normal"):
                pieces += body.content(note)
    return pieces
