"""Old Office formats (rtf, doc, xls): LibreOffice turns them into docx or xlsx, which the other readers read."""

from __future__ import annotations

import atexit
import io
import os
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import olefile

from suivi.documents import docx, program, workbook
from suivi.documents.content import Content
from suivi.documents.pieces import Unreadable
from suivi.models import Reading

name = "office"

SECONDS = 90
_ENCRYPTED = 0x0100  # fEncrypted of the flags at byte 10 of a Word document (MS-DOC 2.5.2)


def accepts(content: Content) -> bool:
    return content.is_ole or content.head.startswith(b"{\\rtf")


def read(content: Content) -> Reading:
    """Raises `Unreadable`."""
    kind = "rtf" if not content.is_ole else _kind(content.data)
    target = "xlsx" if kind == "xls" else "docx"
    converted = Content(converted_to(content.data, kind, target), content.name, content.depth)
    reader = workbook if target == "xlsx" else docx
    reading: Reading = reader.read(converted)
    return replace(reading, format=kind)


def _kind(data: bytes) -> str:
    """What an OLE file holds: doc or xls. Raises `Unreadable` for an encrypted or any other one."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            if ole.exists("EncryptedPackage"):
                raise Unreadable("document_encrypted")
            if ole.exists("WordDocument"):
                head = ole.openstream("WordDocument").read(12)
                if int.from_bytes(head[10:12], "little") & _ENCRYPTED:
                    raise Unreadable("document_encrypted")
                return "doc"
            if ole.exists("Workbook") or ole.exists("Book"):
                return "xls"
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise Unreadable("document_damaged", str(error)) from error
    raise Unreadable("document_unsupported", "OLE")


def converted_to(data: bytes, kind: str, target: str) -> bytes:
    """The document as LibreOffice saves it. Raises `Unreadable`, with office_missing where it is not installed."""
    office = program.found("soffice", "libreoffice")
    if office is None:
        raise Unreadable("office_missing", kind)
    with tempfile.TemporaryDirectory(prefix="suivi-office-") as name:
        folder = Path(name)
        (folder / f"document.{kind}").write_bytes(data)
        command = [
            office,
            f"-env:UserInstallation={_profile(os.getpid()).as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            target,
            "--outdir",
            str(folder),
            str(folder / f"document.{kind}"),
        ]
        program.run(command, seconds=SECONDS, folder=folder)
        try:
            return (folder / f"document.{target}").read_bytes()
        except OSError as error:
            raise Unreadable("document_damaged", f"LibreOffice wrote no {target}") from error


@cache
def _profile(process: int) -> Path:
    """A profile of its own for each process: two calls on one profile fail. Kept while the process lives."""
    folder = Path(tempfile.mkdtemp(prefix=f"suivi-profile-{process}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
