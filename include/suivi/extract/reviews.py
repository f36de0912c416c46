"""What was decided before and is looked at again: the remarks under an action, and two done things in one line."""

from __future__ import annotations

import re

from suivi.extract.drafts import Draft, Scene
from suivi.extract.layout import Entry
from suivi.extract.statuses import concluded
from suivi.extract.values.text import fold

_DUE = re.compile(r"(?:dead-?\s?line|echeance|delai|due(?: date)?)\s*:?\s*")
_JOINT = re.compile(r"\)\s+(?:et|and|puis)\s+(?=\w)")


def progress(made: Draft, entry: Entry, scene: Scene) -> None:
    """Take the status and the new deadline that a remark under an action gives."""
    text = scene.page.text[entry.start : entry.end]
    status = concluded(text, scene.grammar)
    if status:
        made.status = status
    due = _DUE.search(fold(text))
    if due:
        made.deadline = text[due.end() :].split(".")[0].strip()


def pair(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Two done things joined by "et" after an owner bracket are two actions."""
    joint = _JOINT.search(text[start:end])
    if joint and text[start:end].rstrip().endswith(")"):
        return [(start, start + joint.start() + 1), (start + joint.end(), end)]
    return [(start, end)]
