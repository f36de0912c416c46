"""Workbooks that organisations fill elsewhere: they count as reported, twice is once, nothing is guessed."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from ors.sheets_in import Unreadable, read_table

BULK = ("Year", "Month", "Organization", "Project_Code", "Location", "Location_Type", "SO", "HP", "Activity")
BULK = (*BULK, "Indicator", "Annual_Target", "Achieved", "Accumulative")
FIVE_W = ("Organisation Accronyme", "Nom Organisation", "Type Organisation", "admin1Pcod", "Region", "admin2Pcod")
FIVE_W = (*FIVE_W, "Cercle", "Commune", "Village", "Cluster", "Date début", "Date fin", "Activités", "Personne contact")


def workbook(*lines: tuple[Any, ...]) -> bytes:
    book = Workbook()
    book.active.append(("Titre du fichier",))
    for line in lines:
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(service: Any, data: bytes, name: str = "f.xlsx") -> Any:
    return service.ask("POST", "/api/v1/imports", "lead", files={"file": (name, data)})


@pytest.fixture
def cluster(service: Any) -> Any:
    catalogue = [{"code": "PROT-02", "fr": "Personnes sensibilisées", "en": "People reached"}]
    told = {"country": "MLI", "sector": "PRO", "indicators": catalogue}
    service.ask("PUT", "/api/v1/settings", "admin", json=told).raise_for_status()
    return service


def test_the_bulk_template_becomes_values_that_wait_for_the_lead(cluster: Any) -> None:
    good = (2026, "Mars", "COOPI", "P1", "Mopti", "Admin1", "", "", "", "Personnes sensibilisées", 900, 45, "No")
    other = (2026, 3, "AVSF", "P2", "ML04", "Admin1", "", "", "", "PROT-02", None, "1 200,5", "No")
    unknown = (2026, "mars", "AVSF", "P2", "Atlantis", "Admin1", "", "", "", "PROT-02", 1, 1, "No")
    data = workbook(BULK, good, other, unknown, (2026, "mars", "AVSF", "", "", "", "", "", "", "Autre", 1, 1, ""))
    answer = send(cluster, data).json()
    assert (answer["kind"], answer["created"]) == ("ors", 2)
    assert (answer["organisations"], answer["months"]) == (["AVSF", "COOPI"], ["2026-03"])
    assert [line["row"] for line in answer["skipped"]] == [5, 6]
    values = {r["organisation"]: r for r in cluster.ask("GET", "/api/v1/indicators", "member").json()["data"]}
    assert (values["COOPI"]["achieved"], values["COOPI"]["admin1_pcode"]) == (45, "ML05")
    assert (values["AVSF"]["achieved"], values["AVSF"]["provisional"]) == (1200.5, True)
    how = {r["organisation"]: r["how"] for r in cluster.ask("GET", "/api/v1/reporting", "member").json()["data"]}
    assert how == {"AVSF": "ors", "COOPI": "ors"}
    again = send(cluster, data).json()
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)


def test_a_5w_becomes_presence_without_what_lies_below_admin2_or_names_people(cluster: Any) -> None:
    line = ("COOPI", "Coopération", "ONG Int", "ML05", "Mopti", "ML0507", "Tenenkou", "Commune-X", "Village-Y")
    line = (*line, "Protection", date(2026, 1, 5), "31/12/2026", "Monitoring", "M. Quelqu'un")
    other = ("NRC", "", "", "ML05", "", "", "", "", "", "Eau, assainissement et hygiène", "", "", "Puits", "")
    answer = send(cluster, workbook(FIVE_W, line, other)).json()
    assert (answer["kind"], answer["created"]) == ("5w", 1)
    assert "autre cluster" in answer["skipped"][0]["reason"]
    page = cluster.ask("GET", "/api/v1/presence", "member")
    row = page.json()["data"][0]
    assert (row["admin2_pcode"], row["admin1_pcode"], row["status"]) == ("ML0507", "ML05", "ongoing")
    assert (row["start"], row["end"], row["origin"]) == ("2026-01-05", "2026-12-31", "import")
    assert not any(word in page.text for word in ("Commune-X", "Village-Y", "Quelqu"))


def test_a_5w_reports_on_the_month_that_is_due_or_the_one_that_is_named(cluster: Any) -> None:
    line = ("COOPI", "", "", "ML05", "", "", "", "", "", "Protection", "", "", "Monitoring", "")
    data = workbook(FIVE_W, line)
    assert send(cluster, data).json()["months"] == ["2026-03"]  # it is April: March is being reported
    assert reported(cluster) == {"COOPI": "5w"}
    named = cluster.ask("POST", "/api/v1/imports?month=2026-02", "lead", files={"file": ("f.xlsx", data)})
    assert named.json()["months"] == ["2026-02"]
    assert reported(cluster, "2026-02") == {"COOPI": "5w"}
    wrong = cluster.ask("POST", "/api/v1/imports?month=2026-2", "lead", files={"file": ("f.xlsx", data)})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/month")


def reported(service: Any, month: str = "2026-03") -> dict[str, str]:
    answer = service.ask("GET", f"/api/v1/reporting?month={month}", "member").json()
    return {line["organisation"]: line["how"] for line in answer["data"]}


def test_the_sync_neither_counts_nor_changes_imported_rows(cluster: Any, rows: Any) -> None:
    digest = "".join(["0"] * 64)
    send(cluster, workbook(BULK, (2026, 3, "COOPI", "", "ML05", "", "", "", "", "PROT-02", 1, 45, "")))
    night = {"night": 1, "status": "success", "digests": {"indicators": digest}}
    assert cluster.ask("POST", "/api/v1/nights", json=night).json()["mismatch"] == []
    record = cluster.ask("GET", "/api/v1/indicators", "member").json()["data"][0]["record_id"]
    assert cluster.update(rows.gone(record, "indicators")).json()["type"] == "urn:ors:other-origin"


def test_values_of_a_closed_month_are_listed_as_skipped(cluster: Any) -> None:
    cluster.ask("PUT", "/api/v1/periods/2026-03", "lead", json={"state": "closed"})
    answer = send(cluster, workbook(BULK, (2026, 3, "COOPI", "", "ML05", "", "", "", "", "PROT-02", 1, 45, ""))).json()
    assert (answer["created"], "2026-03" in answer["skipped"][0]["reason"]) == (0, True)


def test_a_csv_in_excels_french_dialect_is_read(cluster: Any) -> None:
    text = ";".join(BULK) + "\n" + "2026;février;Délta;;Ségou;;;;;PROT-02;;12;\n"
    answer = send(cluster, text.encode("cp1252"), "f.csv").json()
    assert (answer["created"], answer["organisations"], answer["months"]) == (1, ["Délta"], ["2026-02"])


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04nonsense", b"\x00\x01", workbook(("a", "b"))],
    ids=["empty", "broken zip", "no text", "other workbook"],
)
def test_any_other_file_says_so(cluster: Any, data: bytes) -> None:
    answer = send(cluster, data)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:ors:import-unreadable")


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 210_000_000)
    with pytest.raises(Unreadable, match="trop grand"):
        read_table(buffer.getvalue())


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail_otherwise_than_unreadable(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert read_table(data).columns
