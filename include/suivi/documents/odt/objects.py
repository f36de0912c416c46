"""Objects embedded in an OpenDocument file: a spreadsheet is read as part of the text."""

from __future__ import annotations

from suivi.documents.content import Content
from suivi.documents.embedded import read_embedded
from suivi.documents.odt import sheet
from suivi.documents.pieces import Part, Piece, Unreadable
from suivi.models import Issue


class Objects:
    """Collects what the walk meets; read at the end."""

    def __init__(self, content: Content) -> None:
        self.issues: list[Issue] = []
        self._content = content
        self._targets: list[str] = []

    def met(self, href: str) -> None:
        self._targets.append(href.removeprefix("./").rstrip("/"))

    def embedded(self) -> list[Piece]:
        """Parts in the order of the text; charts, formulas and pictures are none."""
        parts: list[Piece] = []
        for target in dict.fromkeys(self._targets):
            if f"{target}/content.xml" in self._content.members:
                parts += self._inner(target)
            elif target in self._content.members:
                part, issues = read_embedded(self._content, target)
                parts += [part] if part else []
                self.issues += issues
        return parts

    def _inner(self, target: str) -> list[Piece]:
        try:
            reading = sheet.read_root(self._content.xml(f"{target}/content.xml"))
        except Unreadable as error:
            self.issues.append(Issue("embedded_unreadable", value=target, detail=error.detail))
            return []
        return [Part(target, reading)] if reading.blocks else []
