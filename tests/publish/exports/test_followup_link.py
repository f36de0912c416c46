"""The follow-up table comes back in the next minutes: its short numbers are read as written."""

from __future__ import annotations

from datetime import date

from suivi import schema
from suivi.clusters import load
from suivi.documents import read
from suivi.extract import extract
from suivi.publish.exports import followup_docx
from suivi.reference import HOUSE

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
