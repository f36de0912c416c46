"""Rebuild the sample drive from the plain-text sources beside this file.

``python include/samples/build.py [--out FOLDER]``: each ``sources/*.yaml`` becomes one file, in the format that
its name ends with. A PDF is the Word document printed by LibreOffice (``soffice``), left out where that is missing.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
EPOCH = datetime(2026, 1, 1)  # noqa: DTZ001  Word's core properties are naive; fixed so that rebuilding changes nothing
OWNER_FILE = "national/~$26-11-11 CR Cluster Protection.docx"


def sources() -> list[dict[str, Any]]:
    """The sources in the order of their names: `file`, `expect`, `blocks` and, for Word, `running` (page header)."""
    yaml = YAML(typ="safe")
    return [yaml.load(path.read_text(encoding="utf-8")) for path in sorted((HERE / "sources").glob("*.yaml"))]


def build(out: Path, wanted: list[dict[str, Any]]) -> None:
    """Write these samples under `out`, and the lock file that Word leaves beside an open document."""
    for source in wanted:
        target = out / source["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        match target.suffix:
            case ".docx":
                write_word(source, target)
            case ".pdf":
                write_pdf(source, target)
            case ".md":
                target.write_text(markdown(source), encoding="utf-8")
            case _:
                target.write_text(plain(source), encoding="utf-8")
    (out / OWNER_FILE).write_bytes(b"\x07Exemple".ljust(55, b" ") + "Exemple".encode("utf-16-le").ljust(107, b"\0"))


def plain(source: dict[str, Any]) -> str:
    """As pasted from a word processor: a tab between cells, line breaks inside them kept."""
    return "\n\n".join(_lines(block, "\t", "\n") for block in source["blocks"]) + "\n"


def markdown(source: dict[str, Any]) -> str:
    """Headings, pipe tables with ``<br>`` in the cells."""
    return "\n\n".join(_lines(block, " | ", "<br>") for block in source["blocks"]) + "\n"


def _lines(block: dict[str, Any], between: str, inside: str) -> str:
    piped = between != "\t"
    if "table" in block:
        header = block["table"]["header"]
        rule = [["---"] * len(header)] if piped else []
        rows = [[str(cell).strip().replace("\n", inside) for cell in row] for row in block["table"]["rows"]]
        edge = "| {} |" if piped else "{}"
        return "\n".join(edge.format(between.join(row)) for row in [header, *rule, *rows])
    if "pairs" in block:
        return "\n".join(f"{label} : {value}" for label, value in block["pairs"])
    if "items" in block:
        return "\n".join(f"- {item}" for item in block["items"])
    marks = {"title": "# ", "heading": "## "} if piped else {}
    return next(f"{marks.get(kind, '')}{text}" for kind, text in block.items())


def write_word(source: dict[str, Any], target: Path) -> None:
    """One Word document with real list styles, repeated header rows and merged cells."""
    document = docx.Document()
    properties = document.core_properties
    properties.author, properties.created, properties.modified = "Suivi (exemple)", EPOCH, EPOCH
    properties.language = source.get("language", "fr")
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Liberation Sans", Pt(10)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.header.paragraphs[0].text = source.get("running", "")
    for block in source["blocks"]:
        _add(document, block)
    document.save(str(target))
    _still(target)


def _add(document: Any, block: dict[str, Any]) -> None:
    for kind, value in block.items():
        match kind:
            case "title":
                document.add_heading(value, 0)
            case "heading":
                document.add_heading(value, 2)
            case "para":
                document.add_paragraph(value)
            case "items":
                for item in value:
                    document.add_paragraph(item, style="List Bullet")
            case "pairs":
                _table(document, {"rows": value, "widths": [4.5, 12.5]})
            case "table":
                _table(document, value)
    if "table" in block or "pairs" in block:
        document.add_paragraph()


def _table(document: Any, table: dict[str, Any]) -> None:
    rows = [*([table["header"]] if "header" in table else []), *table["rows"]]
    grid = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    grid.autofit = False
    for column, width in zip(grid.columns, table["widths"], strict=True):
        column.width = Cm(width)
    for index, row in enumerate(rows):
        for cell, value, width in zip(grid.rows[index].cells, row, table["widths"], strict=True):
            cell.width = Cm(width)
            _fill(cell, str(value))
    if "header" in table:
        grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell in grid.rows[0].cells:
            cell.paragraphs[0].runs[0].bold = True
    if table.get("merge_empty_lead"):
        for index in range(1, len(rows)):
            if not rows[index][0]:
                lead = grid.cell(index - 1, 0)
                text = lead.text
                merged = lead.merge(grid.cell(index, 0))
                for spare in merged.paragraphs[1:]:
                    spare._p.getparent().remove(spare._p)
                merged.paragraphs[0].text = text


def _fill(cell: Any, value: str) -> None:
    lines = value.strip().split("\n")
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        if line.startswith("- "):
            paragraph.style, line = "List Bullet", line[2:]
        paragraph.add_run(re.sub(r"(?<=\d) (?=\d{3}\b)", "\u00a0", line))  # as Word writes thousands in French


def _still(target: Path) -> None:
    """Give the parts of the zip one fixed date, so that the same source makes the same bytes."""
    with zipfile.ZipFile(target) as archive:
        parts = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(zipfile.ZipInfo(name, EPOCH.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)


def write_pdf(source: dict[str, Any], target: Path) -> None:
    """The Word document printed to PDF, without tags, as most offices send it."""
    if not (soffice := shutil.which("soffice")):
        print(f"{target.name}: left out, LibreOffice (soffice) is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        word = Path(folder, target.stem + ".docx")
        write_word(source, word)
        untagged = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"false"}}'
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [soffice, profile, "--headless", "--convert-to", untagged, "--outdir", folder, str(word)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        shutil.copyfile(word.with_suffix(".pdf"), target)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "mali_protection")
    build(parser.parse_args().out, sources())
