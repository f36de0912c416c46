"""OpenDocument text (odt, ott, flat fodt): an lxml walk, the twin of the one over Word documents."""

from __future__ import annotations

from suivi.documents.compose import compose
from suivi.documents.content import Content, parse_xml
from suivi.documents.odt.body import Body
from suivi.documents.odt.names import OFFICE
from suivi.documents.odt.objects import Objects
from suivi.documents.odt.styles import Styles
from suivi.models import Reading

name = "odt"


def accepts(content: Content) -> bool:
    if content.is_zip:
        return content.odf_kind in ("text", "text-template", "text-master")
    return b"<office:document" in content.head and b"opendocument.text" in content.data[:8192]


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    if content.is_zip:
        root = content.xml("content.xml")
        shared = content.xml("styles.xml") if "styles.xml" in content.members else None
    else:
        root, shared = parse_xml(content.data, content.name), None
    objects = Objects(content)
    body = Body(Styles(shared, root), objects)
    text = root.find(f"{OFFICE}body/{OFFICE}text")
    pieces = [] if text is None else body.content(text)
    pieces += body.notes
    pieces += objects.embedded()
    return compose(pieces, name, objects.issues)
