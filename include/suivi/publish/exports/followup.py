"""The follow-up table for the next meeting: a Word document to fill in during the meeting and file with its minutes.

Its short numbers are the exact link: read back from the next minutes, each row belongs to its action.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from suivi import schema
from suivi.settings import Cluster
from suivi.sharing import view

OPEN = ("open", "in_progress", "permanent")
_HEADERS = {
    "fr": ("N°", "Action", "Responsables", "Échéance", "Statut", "Remarques"),
    "en": ("No.", "Action", "Responsible", "Deadline", "Status", "Remarks"),
}
_WIDTHS = (3.6, 9.6, 3.6, 2.6, 2.3, 4.6)  # centimetres
_WORDS = {
    "fr": ("Suivi des actions", "{cluster} : actions ouvertes, à passer en revue à la prochaine réunion.",
           "Gardez la colonne N° : elle relie chaque ligne à son action quand ce tableau revient dans le PV.",
           "Aucune action ouverte.", "en retard"),
    "en": ("Action follow-up", "{cluster}: open actions, to review at the next meeting.",
           "Keep the No. column: it links each row to its action when this table comes back in the minutes.",
           "No open action.", "late"),
}  # fmt: skip
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # what XML cannot hold


def followup_docx(frames: Mapping[str, pd.DataFrame], cluster: Cluster, level: str, *, names: Any = ()) -> bytes:
    """Open actions of the level as a docx: late ones first, then by meeting; decisions and history are left out."""
    language = "fr" if cluster.language == "fr" else "en"
    title, intro, hint, nothing, late = _WORDS[language]
    consent = cluster.sharing.get("consent", ())
    shown = view(frames["actions"], "actions", level, consent=consent, names=names)
    document = _page(title)
    document.add_paragraph(intro.format(cluster=cluster.name[language]))
    document.add_paragraph(hint).runs[0].italic = True
    rows = open_actions(shown)
    if not rows:
        document.add_paragraph(nothing)
    else:
        _table(document, rows, language, late)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def open_actions(actions: pd.DataFrame) -> list[dict[str, Any]]:
    """Live actions that are not closed, late ones first, then by date of first mention and number."""
    rows: list[dict[str, Any]] = [
        {str(name): value for name, value in row.items()}
        for row in actions.to_dict("records")
        if row["kind"] == "action" and row["state"] == "active" and row["status"] in OPEN
    ]
    return sorted(rows, key=lambda r: (r["late"] is not True, r["meeting_date"] or date.min, _rank(str(r["number"]))))


def _rank(number: str) -> tuple[str, int]:
    head, _, tail = number.rpartition("/")
    return head, int(tail) if tail.isdigit() else 0


def _page(title: str) -> Any:
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(1.6)
    section.top_margin = section.bottom_margin = Cm(1.5)
    document.styles["Normal"].font.size = Pt(9.5)
    document.core_properties.title = title
    document.core_properties.author = "Suivi"
    document.add_heading(title, level=1)
    return document


def _table(document: Any, rows: list[dict[str, Any]], language: str, late: str) -> None:
    table = document.add_table(rows=1, cols=len(_WIDTHS), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, header in zip(table.rows[0].cells, _HEADERS[language], strict=True):
        cell.text = header
        cell.paragraphs[0].runs[0].bold = True
    _mark(table.rows[0], "w:tblHeader")  # repeated on every page
    for row in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, _texts(row, language, late), strict=True):
            cell.text = _UNSAFE.sub("", text)
        if row["late"] is True:
            cells[3].paragraphs[0].runs[0].font.color.rgb = RGBColor(0xB0, 0x1E, 0x1E)
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Cm(width)
    for line in table.rows:
        _mark(line, "w:cantSplit")
        for cell, width in zip(line.cells, _WIDTHS, strict=True):
            cell.width = Cm(width)


def _texts(row: dict[str, Any], language: str, late: str) -> tuple[str, ...]:
    day = row["deadline_date"]
    deadline = f"{day:%d/%m/%Y}" if isinstance(day, date) else _written(row["deadline"])
    if row["late"] is True:
        deadline = f"{deadline} ({late})".strip()
    status = schema.label("status", str(row["status"]), language)
    owners = ", ".join(row["responsible"] or ())
    return _written(row["number"]), _written(row["text"]), owners, deadline, status, ""


def _written(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _mark(row: Any, tag: str) -> None:
    mark = OxmlElement(tag)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
