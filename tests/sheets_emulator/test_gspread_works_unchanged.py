"""gspread against the emulator: what its users do in a day."""

import gspread
import pytest
from google.oauth2.service_account import Credentials
from gspread.utils import ValueInputOption, ValueRenderOption

from sheets_emulator.instead_of_google import instead_of_google

SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive")


def test_create_write_read_append_find(house):
    book = house.gspread().create("Cluster")
    sheet = book.sheet1
    sheet.update([["id", "texte"], ["a", "Été"], ["b", ""]], "A1")
    sheet.append_row(["c", "=1+1"])
    assert sheet.get_all_values() == [["id", "texte"], ["a", "Été"], ["b", ""], ["c", "=1+1"]]
    assert sheet.find("Été").address == "B2"
    assert sheet.get_all_records()[0] == {"id": "a", "texte": "Été"}
    assert house.gspread().open("Cluster").id == book.id


def test_types_survive_and_formulas_run_only_when_typed(house):
    sheet = house.gspread().create("Types").sheet1
    sheet.update([[0, False, 1.5, True, "=1+1", "007"]], "A1", raw=True)
    assert sheet.get("A1:F1", value_render_option=ValueRenderOption.unformatted)[0] == [
        0,
        False,
        1.5,
        True,
        "=1+1",
        "007",
    ]
    sheet.update([["=1+1", "007", "12,5 %", "2026-03-01"]], "A2", value_input_option=ValueInputOption.user_entered)
    assert sheet.get("A2:D2", value_render_option=ValueRenderOption.unformatted)[0] == [2, 7, "12,5 %", 46082]
    assert sheet.get("A2:D2")[0] == ["2", "7", "12,5 %", "2026-03-01"]
    assert sheet.get("A2:A2", value_render_option=ValueRenderOption.formula)[0] == ["=1+1"]


def test_none_skips_a_cell_and_empty_text_clears_it(house):
    sheet = house.gspread().create("Vides").sheet1
    sheet.update([["a", "b", "c"]], "A1")
    sheet.update([["x", None, ""]], "A1")
    assert sheet.get_all_values() == [["x", "b"]]


def test_tabs_come_go_hide_and_keep_order(house):
    book = house.gspread().create("Onglets")
    second = book.add_worksheet("Réunions", 5, 3)
    third = book.add_worksheet("_conflits", 5, 3, index=0)
    assert [tab.title for tab in book.worksheets()] == ["_conflits", "Sheet1", "Réunions"]
    third.hide()
    assert [tab.title for tab in book.worksheets(exclude_hidden=True)] == ["Sheet1", "Réunions"]
    book.reorder_worksheets([second, book.worksheet("Sheet1"), third])
    assert [tab.title for tab in book.worksheets()] == ["Réunions", "Sheet1", "_conflits"]
    with pytest.raises(gspread.exceptions.APIError, match="already exists"):
        book.add_worksheet("Réunions", 1, 1)
    book.del_worksheet(second)
    assert [tab.title for tab in book.worksheets()] == ["Sheet1", "_conflits"]


def test_notes_formats_filters_protection_groups(house):
    sheet = house.gspread().create("Habits").sheet1
    sheet.update_note("B2", "relu")
    assert sheet.get_note("B2") == "relu"
    sheet.format("A1:B1", {"textFormat": {"bold": True}})
    sheet.freeze(rows=1)
    sheet.set_basic_filter("A1:C10")
    sheet.add_protected_range("A1:B2", warning_only=True)
    sheet.merge_cells("A4:B5")
    found = house.get(sheet.spreadsheet.id)["sheets"][0]
    assert found["properties"]["gridProperties"]["frozenRowCount"] == 1
    assert found["basicFilter"]["range"]["endColumnIndex"] == 3
    assert found["protectedRanges"][0]["warningOnly"] is True
    assert len(found["merges"]) == 1


def test_copy_share_and_delete_through_drive(house):
    client = house.gspread()
    book = client.create("Original")
    book.sheet1.update([["x"]], "A1")
    copied = client.copy(book.id, title="Copie", copy_permissions=True)
    assert copied.sheet1.acell("A1").value == "x"
    book.share("membre@example.org", perm_type="user", role="reader", notify=False)
    assert {item["emailAddress"]: item["role"] for item in book.list_permissions()}["membre@example.org"] == "reader"
    book.remove_permissions("membre@example.org", role="any")
    assert len(book.list_permissions()) == 1
    client.del_spreadsheet(copied.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key(copied.id)


def test_csv_is_imported_and_exported(house):
    client = house.gspread()
    book = client.create("Table")
    client.import_csv(book.id, "a,b\n1,2")
    again = client.open_by_key(book.id)
    assert again.sheet1.get_all_values() == [["a", "b"], ["1", "2"]]
    assert again.export(gspread.utils.ExportFormat.CSV) == b"a,b\r\n1,2"


def test_a_program_written_for_google_reaches_the_emulator_without_being_changed(house):
    with instead_of_google(house.url):
        credentials = Credentials.from_service_account_file(str(house.key_file), scopes=SCOPES)
        client = gspread.Client(auth=credentials)
    book = client.create("Sans rien changer")
    book.sheet1.update([["a", "b"]], "A1")
    assert book.export(gspread.utils.ExportFormat.CSV).decode().strip() == "a,b"
    assert client.open("Sans rien changer").id == book.id
