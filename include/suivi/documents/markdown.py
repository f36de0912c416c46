"""Markdown, by way of the HTML it renders to."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from suivi.documents import html
from suivi.documents.compose import compose
from suivi.documents.content import Content
from suivi.documents.encoding import decode, looks_like_text
from suivi.models import Reading

name = "md"

_SUFFIXES = ("md", "markdown", "mdown", "mkd")
_SIGNS = re.compile(rb"^(?:#{1,6} \S.*|\|?(?: ?:?-{3,}:? ?\|)+(?: ?:?-{3,}:? ?)?)\r?$", re.MULTILINE)


def accepts(content: Content) -> bool:
    """By its extension, or by two headings or table rules in a text file."""
    if content.is_zip or content.is_ole or not looks_like_text(content.data):
        return False
    return content.suffix in _SUFFIXES or len(_SIGNS.findall(content.data[:100_000])) >= 2


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    text, issues = decode(content.data)
    parser = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable("table")
    return compose(html.pieces_of(parser.render(text)), name, issues)
