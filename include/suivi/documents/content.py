"""A file's bytes as readers ask about them: type by content, never by extension alone; zips and XML opened safely."""

from __future__ import annotations

import io
import zipfile
from functools import cached_property

from lxml import etree

from suivi.documents.pieces import Unreadable

MOST_XML = 48 * 1024 * 1024  # bytes of one XML part, unpacked: lxml needs about eight times as much
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Content:
    """Bytes with a name, and what they look like. `depth` counts the files it is embedded in."""

    def __init__(self, data: bytes, name: str, depth: int = 0) -> None:
        self.data = data
        self.name = name
        self.depth = depth

    @cached_property
    def head(self) -> bytes:
        return self.data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\0")

    @cached_property
    def suffix(self) -> str:
        """The file name's extension in lower case without the dot, "" where there is none."""
        _, dot, suffix = self.name.rpartition(".")
        return suffix.lower() if dot and len(suffix) <= 8 else ""

    @cached_property
    def is_zip(self) -> bool:
        return self.data[:4] in (b"PK\x03\x04", b"PK\x05\x06")

    @cached_property
    def is_ole(self) -> bool:
        return self.data[:8] == OLE

    @cached_property
    def archive(self) -> zipfile.ZipFile:
        """The open zip. Raises `Unreadable`."""
        try:
            return zipfile.ZipFile(io.BytesIO(self.data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            raise Unreadable("document_damaged", str(error)) from error

    @cached_property
    def members(self) -> frozenset[str]:
        """File names inside the zip; empty for what is none."""
        return frozenset(self.archive.namelist()) if self.is_zip else frozenset()

    @cached_property
    def odf_kind(self) -> str:
        """text, spreadsheet … of an OpenDocument zip, "" for any other."""
        if "content.xml" not in self.members:
            return ""
        kind = self.member("mimetype", 200).decode("ascii", "replace") if "mimetype" in self.members else ""
        return kind.strip().removeprefix("application/vnd.oasis.opendocument.") or "text"

    def member(self, name: str, most: int = MOST_XML) -> bytes:
        """A file of the zip, at most `most` bytes of it. Raises `Unreadable`."""
        try:
            with self.archive.open(name) as stream:
                data = stream.read(most + 1)
        except KeyError as error:
            raise Unreadable("document_damaged", f"{name} is missing") from error
        except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
            raise Unreadable("document_damaged", str(error)) from error
        except RuntimeError as error:  # zipfile says so for a password
            raise Unreadable("document_encrypted", str(error)) from error
        except Exception as error:
            if type(error).__module__ in ("zlib", "lzma", "bz2"):
                raise Unreadable("document_damaged", str(error)) from error
            raise
        if len(data) > most:
            raise Unreadable("document_too_large", f"{name}: more than {most // 1024 // 1024} MB unpacked")
        return data

    def xml(self, name: str) -> etree._Element:
        """An XML part of the zip. Raises `Unreadable`."""
        return parse_xml(self.member(name), name)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Root of an XML file, with no entity, network or DTD ever followed. Raises `Unreadable`."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("document_damaged", f"{name}: {error}") from error
