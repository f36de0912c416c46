"""One door to all readers: the first that accepts the content reads it; what goes wrong is an issue."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from suivi.documents import asciidoc, delimited, docx, html, mail, markdown, odt, office, outlook, pdf, plain, workbook
from suivi.documents.content import Content
from suivi.documents.odt import sheet
from suivi.documents.pieces import Unreadable
from suivi.models import Issue, Reading


class Reader(Protocol):
    """One format. `read` raises `Unreadable`."""

    name: str

    def accepts(self, content: Content) -> bool: ...

    def read(self, content: Content) -> Reading: ...


READERS: tuple[Reader, ...] = (
    pdf,
    docx,
    odt,
    workbook,
    sheet,
    outlook,
    office,
    mail,
    html,
    delimited,
    markdown,
    asciidoc,
    plain,
)
EXPECTED = {
    "docx": "docx docm dotx dotm",
    "odt": "odt ott fodt",
    "pdf": "pdf",
    "html": "html htm xhtml mht mhtml",
    "rtf": "rtf",
    "doc": "doc dot",
    "xls": "xls",
    "msg": "msg",
    "workbook": "xlsx xlsm",
    "ods": "ods",
    "mail": "eml mht mhtml",
}
BLANK = b"\0\r\n\t "


def read(data: bytes, name: str) -> Reading:
    """Blocks of a document. Never raises for bad data: that is a reading without blocks and with one issue."""
    return read_content(Content(data, name))


def read_content(content: Content) -> Reading:
    """As `read`, for a content that knows how deep it is embedded."""
    if not content.data[:4096].strip(BLANK) and not content.data.strip(BLANK):  # strip copies, and files can be large
        return failed("document_empty")
    try:
        reader = next(reader for reader in READERS if reader.accepts(content))
        reading = reader.read(content)
    except StopIteration:
        return failed("document_unsupported", content.suffix)
    except Unreadable as error:
        return failed(error.type, error.detail)
    except MemoryError:
        return failed("document_too_large")
    except RecursionError:
        return failed("document_damaged", "nested too deeply")
    except Exception as error:  # a mistake of ours or of a library: it costs this document, not the night
        return failed("document_crashed_reader", f"{type(error).__name__}: {error}"[:200])
    if not reading.blocks:
        return replace(reading, issues=reading.issues or (Issue("document_empty"),))
    return replace(reading, issues=(*_misnamed(content, reading.format), *reading.issues))


def failed(type: str, detail: str = "") -> Reading:
    """The reading of a document that could not be read."""
    return Reading("", (), "", (Issue(type, detail=detail),))


def _misnamed(content: Content, format: str) -> list[Issue]:
    """An extension that promises another format than the bytes hold: read all the same, and said."""
    promised = [kind for kind, suffixes in EXPECTED.items() if content.suffix in suffixes.split()]
    if not promised or format in promised:
        return []
    return [Issue("document_misnamed", value=content.suffix, detail=format)]
