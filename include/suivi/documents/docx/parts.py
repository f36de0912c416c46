"""The parts of a Word package: which file holds the styles, the notes, an embedded workbook."""

from __future__ import annotations

import posixpath

from lxml import etree

from suivi.documents.content import Content
from suivi.documents.embedded import read_embedded
from suivi.documents.pieces import Part, Piece, Unreadable
from suivi.models import Issue

_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Relations:
    """What the main document of a package refers to, by id and by kind ("styles", "footnotes", "package")."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.issues: list[Issue] = []
        self.main = _main_part(content)
        self.document = content.xml(self.main)
        self.by_id: dict[str, tuple[str, str]] = {}
        folder, file = posixpath.split(self.main)
        rels = f"{folder}/_rels/{file}.rels"
        if rels not in content.members:
            return
        for item in content.xml(rels).iter(_REL):
            if item.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, item.get("Target", ""))).lstrip("/")
                self.by_id[item.get("Id", "")] = (item.get("Type", "").rpartition("/")[2], target)

    def xml(self, kind: str) -> etree._Element | None:
        """The part of a kind; `None` where there is none or it is damaged (said as an issue)."""
        for found, target in self.by_id.values():
            if found == kind and target in self.content.members:
                return self.optional(target)
        return None

    def optional(self, target: str) -> etree._Element | None:
        try:
            return self.content.xml(target)
        except Unreadable as error:
            self.issues.append(Issue("document_partly_read", detail=error.detail))
            return None

    def part(self, identifier: str) -> Part | None:
        """The file behind an id (an alternative chunk, an embedded object), read; `None` where it has no text."""
        _, target = self.by_id.get(identifier, ("", ""))
        if target not in self.content.members:
            return None
        part, issues = read_embedded(self.content, target)
        self.issues += issues
        return part

    def embedded(self) -> list[Piece]:
        """Files embedded in the document (workbooks, documents, packages), in the order of their names."""
        kinds = ("package", "oleObject")
        targets = sorted({identifier for identifier, (kind, _) in self.by_id.items() if kind in kinds})
        return [part for part in map(self.part, targets) if part]


def _main_part(content: Content) -> str:
    for name in ("word/document.xml", "word/document2.xml"):
        if name in content.members:
            return name
    return next(name for name in sorted(content.members) if name.startswith("word/document"))
