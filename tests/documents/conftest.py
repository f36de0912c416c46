"""Documents of our own, with invented people, as every format writes them."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

OFFICE = shutil.which("soffice")


def _bold_row(table: docx.table.Table, texts: list[str]) -> None:
    for cell, text in zip(table.rows[0].cells, texts, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(text).bold = True


def _repeat_header(table: docx.table.Table) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def _fill(cell: docx.table._Cell, lines: list[str]) -> None:
    cell.text = ""
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        if line.startswith("- "):
            paragraph.style = "List Bullet"
            line = line[2:]
        paragraph.add_run(line)


def build_minutes(rows: int = 14, style: str = "Table Grid", landscape: bool = False) -> bytes:
    """A docx of two or three pages: head, participants, a three-column table over pages, a follow-up table."""
    document = docx.Document()
    document.styles["Normal"].font.name = "Liberation Sans"
    document.styles["Normal"].font.size = Pt(11)
    if landscape:
        section = document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    footer = document.sections[0].footer.paragraphs[0]
    footer.text = "Cluster Abris – Région de Koulanga"
    title = document.add_paragraph()
    run = title.add_run("Compte rendu de la réunion du Cluster Abris")
    run.bold, run.font.size = True, Pt(18)
    document.add_paragraph("Date : 12 mars 2024")
    document.add_paragraph("Lieu : salle de réunion de l’ONG Tandem, Koulanga")
    document.add_paragraph(
        "Le présent compte rendu reprend les échanges tenus entre les organisations membres, les services "
        "techniques de l’État et les partenaires financiers, ainsi que les recommandations adoptées en séance."
    )
    for text in ("Point sur les sites d’accueil de la zone nord", "Distribution des kits d’abri", "Divers"):
        document.add_paragraph(text, style="List Number")
    table = document.add_table(rows=1, cols=3, style=style)
    _bold_row(table, ["Points à l’ordre du jour", "Discussions", "Recommandations / décisions"])
    _repeat_header(table)
    for number in range(1, rows + 1):
        cells = table.add_row().cells
        cells[0].text = f"{number}. Suivi du site numéro {number}"
        _fill(
            cells[1],
            [
                f"Le responsable du site {number} a présenté la situation des ménages déplacés installés depuis "
                "le début de la saison des pluies et a insisté sur le besoin de bâches et de latrines supplémentaires.",
                "- Les latrines du bloc B restent à réparer avant la fin du mois.",
                "- Le comité de site demande une réunion avec la mairie.",
            ],
        )
        _fill(cells[2], [f"Remettre le rapport du site {number} au cluster.", "Responsable : ONG Tandem"])
    document.add_paragraph("Prochaine réunion : mardi 9 avril 2024 à 10 h.")
    follow = document.add_table(rows=1, cols=4, style=style)
    _bold_row(follow, ["Action", "Responsable", "Échéance", "Statut"])
    for action, owner, due, state in (
        ("Réparer les latrines du bloc B", "Tandem", "31/03/2024", "En cours"),
        ("Partager la liste des ménages", "Comité de site", "15/04/2024", "Fait"),
    ):
        for cell, text in zip(follow.add_row().cells, (action, owner, due, state), strict=True):
            cell.text = text
    merged = follow.add_row().cells
    merged[0].merge(merged[3]).text = "Actions reportées à la prochaine réunion"
    last = follow.add_row().cells
    last[0].text, last[1].text = "Former les comités", "Croissant Bleu et Tandem"
    last[2].merge(last[3]).text = "avant la fin de la saison"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def minutes_docx() -> bytes:
    return build_minutes()


@pytest.fixture(scope="session")
def make_minutes() -> Callable[..., bytes]:
    return build_minutes


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """Saves a document in another format by LibreOffice; skips where that is not installed."""
    profile = tmp_path_factory.mktemp("profile")
    known: dict[tuple[bytes, str, str], bytes] = {}

    def convert(data: bytes, suffix: str, target: str) -> bytes:
        if OFFICE is None:
            pytest.skip("LibreOffice is not installed")
        key = (data, suffix, target)
        if key not in known:
            folder = Path(tmp_path_factory.mktemp("office"))
            (folder / f"document.{suffix}").write_bytes(data)
            subprocess.run(
                [
                    OFFICE,
                    f"-env:UserInstallation={profile.as_uri()}",
                    "--headless",
                    "--convert-to",
                    target,
                    "--outdir",
                    str(folder),
                    str(folder / f"document.{suffix}"),
                ],
                check=True,
                capture_output=True,
                timeout=120,
            )
            known[key] = next(folder.glob(f"document.{target.partition(':')[0]}")).read_bytes()
        return known[key]

    return convert
