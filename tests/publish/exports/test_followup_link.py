"""The follow-up table comes back in the next minutes: its short numbers are read as written."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from docx import Document

from suivi import schema
from suivi.clusters import load
from suivi.documents import read
from suivi.extract import extract
from suivi.publish.exports import followup_docx
from suivi.reference import HOUSE
from suivi.registers import Inputs, StoredMinutes, build

TEXTS = ("Diffuser la note sur les sites à Gao", "Mettre à jour la matrice des acteurs", "Préparer la visite conjointe")


def test_short_numbers_of_the_followup_table_are_read_back_exactly():
    rows = [
        {
            "record_id": f"a{n}",
            "number": f"PROT-2026-02-03/{n}",
            "meeting_id": "m1",
            "meeting_date": date(2026, 2, 3),
            "kind": "action",
            "text": text,
            "responsible": ("NRC",),
            "status": "in_progress",
            "late": n == 2,
            "sharing_level": "membres",
            "state": "active",
        }
        for n, text in enumerate(TEXTS, start=9)
    ]
    frames = {name: schema.register(name).empty() for name in schema.REGISTERS}
    frames["actions"] = schema.register("actions").frame(rows)
    data = followup_docx(frames, load("mali_protection", HOUSE / "clusters"), "membres")
    actions = extract(read(data, "suivi.docx"), "document").actions
    assert {(a.number, a.text, a.status) for a in actions} == {
        (f"PROT-2026-02-03/{n}", text, "in_progress") for n, text in enumerate(TEXTS, start=9)
    }


def page(day: str, rows: tuple[tuple[str, str], ...]) -> Any:
    """Minutes with a table of actions."""
    made = Document()
    made.add_heading("Compte rendu de la réunion du Cluster Protection", 0)
    made.add_paragraph(f"Date : {day}")
    made.add_heading("Actions", 1)
    table = made.add_table(rows=1, cols=2)
    for line in (("Action", "Responsable"), *rows):
        cells = table.rows[0].cells if line[0] == "Action" else table.add_row().cells
        cells[0].text, cells[1].text = line
    return made


def stored(made: Any, day: date) -> StoredMinutes:
    name, out = f"{day}.docx", io.BytesIO()
    made.save(out)
    return StoredMinutes(name, extract(read(out.getvalue(), name), name), name, "", day, day, 1)


def test_the_table_filled_in_at_the_meeting_and_filed_with_the_minutes_moves_its_own_actions():
    cluster = load("mali_protection", HOUSE / "clusters")
    first = stored(page("3 février 2026", tuple((text, "NRC") for text in TEXTS)), date(2026, 2, 3))
    before = build(Inputs(cluster, (first,), today=date(2026, 2, 4)))
    later = Document(io.BytesIO(followup_docx(before.frames, cluster, "interne")))
    head = later.paragraphs[0]
    head.insert_paragraph_before("Compte rendu de la réunion du Cluster Protection")
    head.insert_paragraph_before("Date : 3 mars 2026")
    rows = later.tables[0].rows
    rows[1].cells[4].text = "fait"
    rows[2].cells[1].text = "Mettre la matrice des acteurs et des zones à jour avant avril"
    rows[2].cells[4].text = "en cours"
    second = stored(later, date(2026, 3, 3))
    after = build(Inputs(cluster, (first, second), identities=before.identities, today=date(2026, 3, 4)))
    found = after.frames["actions"]
    assert list(found["record_id"]) == list(before.frames["actions"]["record_id"])
    assert dict(zip(found["number"], found["status"], strict=True)) == {
        "PROT-2026-02-03/1": "done",
        "PROT-2026-02-03/2": "in_progress",
        "PROT-2026-02-03/3": "open",
    }
