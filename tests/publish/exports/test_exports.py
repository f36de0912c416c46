"""Exports: what a level may see, as files that no spreadsheet program executes."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import hxl
import openpyxl
import pandas as pd
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from suivi import schema
from suivi.clusters import load
from suivi.errors import SuiviError
from suivi.publish.exports import export, followup_docx
from suivi.reference import HOUSE


def action(n: int, **more: Any) -> dict[str, Any]:
    return {
        "record_id": f"a{n}",
        "number": f"PROT-2026-02-03/{n}",
        "meeting_id": "m1",
        "meeting": "Cluster Protection",
        "meeting_date": date(2026, 2, 3),
        "kind": "action",
        "text": f"Diffuser la note {n}",
        "responsible": ("NRC", "DRC"),
        "deadline_date": date(2026, 2, 20),
        "status": "in_progress",
        "late": False,
        "sharing_level": "membres",
        "quote": "verbatim interne",
        "state": "active",
    } | more


def frames(*rows: dict[str, Any]) -> dict[str, pd.DataFrame]:
    made = {name: schema.register(name).empty() for name in schema.REGISTERS}
    made["actions"] = schema.register("actions").frame(list(rows))
    return made


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("register", schema.REGISTERS)
@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("level", schema.LEVELS)
def test_every_register_in_every_format_at_every_level_even_without_rows(register, format, level):
    assert export(frames(), (), register, format, level, "fr")


def test_rows_and_columns_of_a_narrower_level_stay_out_of_every_format():
    held_back = action(2, text="Convoi de vendredi", sharing_level="interne")
    for format in ("csv", "xlsx", "json"):
        data = export(frames(action(1), held_back), (), "actions", format, "membres", "fr")
        if format == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(data)).active
            data = "\n".join(str(c.value) for row in sheet.iter_rows() for c in row).encode()
        text = data.decode("utf-8-sig")
        assert "Diffuser la note 1" in text
        assert "Convoi" not in text
        assert "verbatim interne" not in text


def test_actions_in_json_carry_their_life_and_below_interne_neither_document_nor_quote():
    event = SimpleNamespace(record_id="a1", kind="created", day=date(2026, 2, 3), document="sha-1", quote="dit ainsi")
    inside = json.loads(export(frames(action(1)), [event], "actions", "json", "interne", "fr"))
    outside = json.loads(export(frames(action(1)), [event], "actions", "json", "membres", "fr"))
    assert inside[0]["events"] == [{"document": "sha-1", "date": "2026-02-03", "kind": "created", "quote": "dit ainsi"}]
    assert outside[0]["events"] == [{"document": None, "date": "2026-02-03", "kind": "created", "quote": None}]
    assert inside[0]["responsible"] == ["NRC", "DRC"]
    assert inside[0]["status"] == "in_progress"


def test_csv_has_labels_of_the_language_and_a_tag_row_that_libhxl_reads():
    data = export(frames(action(1, comment="x")), (), "actions", "csv", "membres", "en", hxl=True)
    rows = read_csv(data)
    assert rows[1]["Status"] == "in progress"
    assert rows[1]["Responsible"] == "NRC ; DRC"
    table = hxl.data(io.BytesIO(data), hxl.InputOptions(allow_local=True))
    assert next(iter(table)).get("#activity+code") == "PROT-2026-02-03/1"


def test_without_hxl_the_first_row_after_the_header_is_data():
    assert read_csv(export(frames(action(1)), (), "actions", "csv", "interne", "fr", hxl=False))[0]["N°"].endswith("/1")


@settings(max_examples=60, deadline=None)
@given(
    lead=st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "'=", "\ufeff="]),
    rest=st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
)
def test_no_text_becomes_a_formula_in_csv_or_xlsx(lead, rest):
    text = lead + "cmd()" + rest
    made = frames(action(1, text=text))
    cell = read_csv(export(made, (), "actions", "csv", "interne", "fr"))[1]["Action"]
    assert cell.startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(export(made, (), "actions", "xlsx", "interne", "fr")))
    headers = [c.value for c in book.active[1]]
    found = book.active.cell(3, headers.index("Action") + 1)
    assert found.data_type == "s"


def test_xlsx_has_dates_as_dates_frozen_headers_and_a_filter():
    book = openpyxl.load_workbook(io.BytesIO(export(frames(action(1)), (), "actions", "xlsx", "interne", "fr")))
    sheet = book.active
    column = [c.value for c in sheet[1]].index("Échéance") + 1
    assert sheet.cell(3, column).value.date() == date(2026, 2, 20)
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref.startswith("A2:")


def test_unknown_register_or_format_is_a_sentence():
    with pytest.raises(SuiviError, match="no register 'acts'"):
        export(frames(), (), "acts", "csv", "interne", "fr")
    with pytest.raises(SuiviError, match="no export format 'pdf'"):
        export(frames(), (), "actions", "pdf", "interne", "fr")


def test_the_followup_table_holds_open_actions_late_ones_first_with_room_for_remarks():
    cluster = load("mali_protection", HOUSE / "clusters")
    rows = [
        action(1),
        action(2, late=True),
        action(3, status="done"),
        action(4, kind="decision", status=None),
        action(5, state="withdrawn"),
        action(11),
        action(6, sharing_level="interne"),
    ]
    table = Document(io.BytesIO(followup_docx(frames(*rows), cluster, "membres"))).tables[0]
    lines = [[cell.text for cell in row.cells] for row in table.rows]
    assert lines[0] == ["N°", "Action", "Responsables", "Échéance", "Statut", "Remarques"]
    assert [line[0].rpartition("/")[2] for line in lines[1:]] == ["2", "1", "11"]
    assert lines[1][3] == "20/02/2026 (en retard)"
    assert lines[1][5] == ""


def test_a_cluster_without_open_actions_gets_a_sentence_instead_of_an_empty_table():
    cluster = load("mali_protection", HOUSE / "clusters")
    document = Document(io.BytesIO(followup_docx(frames(), cluster, "interne")))
    assert not document.tables
    assert any("Aucune action ouverte" in p.text for p in document.paragraphs)
