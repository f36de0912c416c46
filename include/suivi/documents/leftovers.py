"""Markup that a copy from a web page or an export left in a text: tags, entities, emphasis signs, superscripts."""

from __future__ import annotations

import html
import re

_BREAKS = re.compile(r"</?(?:p|div|br|li|tr|h[1-6]|ul|ol|table|tbody)\b[^<>\n]{0,200}/?>", re.IGNORECASE)
_TAGS = re.compile(
    r"</?(?:i|b|u|em|strong|span|font|a|sup|sub|td|th|small|s|strike|del|ins|o:p|img|center|code|mark)\b[^<>\n]{0,300}/?>",
    re.IGNORECASE,
)
_ITEM = re.compile(r"<li\b[^<>\n]{0,200}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_RAISED = re.compile(r"[ \t]?[\^_]\{([^{}\n]{1,12})\}|\$\s?\^\{?([^{}$\n]{1,12})\}?\s?\$")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,400}?)(?<=\S)\1")
_SOFT = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]{1,400}?)(?<=[^\s*])\*(?![\w*])")

_GLUED_ITEM = re.compile(r"\s+-(?=[A-ZÀ-ÖØ-Þ][^\W\d_]*[\s’'])")  # "-La formation … -La situation"


def clean(text: str) -> str:
    """The text without them; line breaks inside a tab-separated line stay within its cells, as vertical tabs."""
    if "<" in text:
        text = "\n".join(_untagged(line) for line in text.split("\n"))
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if "{" in text or "$" in text:
        text = _RAISED.sub(lambda match: match[1] or match[2], text)
    if "**" in text or "__" in text:
        text = _STRONG.sub(r"\2", text)
    return _SOFT.sub(r"\1", text) if "*" in text else text


def _untagged(line: str) -> str:
    line = _ITEM.sub("\v- ", line)
    return _TAGS.sub("", _BREAKS.sub("\v", line)) if "<" in line else line


def cell(field: str) -> str:
    """One field of a tab-separated line: its inner breaks as newlines."""
    parts = [part.strip() for part in field.strip().strip('"').split("\v")]
    return "\n".join(_GLUED_ITEM.sub("\n- ", part) if part.startswith("-") else part for part in parts if part)
