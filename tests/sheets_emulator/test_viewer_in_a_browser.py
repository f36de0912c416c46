"""The viewer in Chromium: what a person sees, and that what they do is in the spreadsheet."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROWS = [["id", "Statut", "Échéance", "Lien"], ["A-1", "ouvert", "03/02/2026", ""],
        ["A-2", "fait", "01/02/2026", '=HYPERLINK("https://example.org/pv";"PV")']]  # fmt: skip

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")]


@pytest.fixture
def key(house, area):
    key = house.seed(
        locale="fr_FR", sheets=[{"title": "Actions", "rows": ROWS}, {"title": "_conflits", "hidden": True}]
    )
    choices = [{"userEnteredValue": text} for text in ("ouvert", "fait")]
    rule = {"condition": {"type": "ONE_OF_LIST", "values": choices}, "showCustomUi": True}
    frozen = {"sheetId": 0, "gridProperties": {"frozenRowCount": 1}}
    note = {"start": {"rowIndex": 1}, "rows": [{"values": [{"note": "vu"}]}], "fields": "note"}
    answer = house.batch(
        key,
        {"updateSheetProperties": {"properties": frozen, "fields": "gridProperties.frozenRowCount"}},
        {"setDataValidation": {"range": area(1, 3, 1, 2), "rule": rule}},
        {"addProtectedRange": {"protectedRange": {"range": area(0, 3, 0, 1), "warningOnly": True}}},
        {"updateCells": note},
    )
    assert answer.ok, answer.text
    return key


@pytest.fixture
def page(house, key):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=OPTIONS)
        page = browser.new_page(locale="fr-FR")
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{house.url}/")
        page.click("text=Suivi")
        page.wait_for_selector("#grid td")
        yield page
        assert errors == []
        browser.close()


def cell(page, row, column):
    return page.locator(f'#grid td[data-row="{row}"][data-column="{column}"]')


def saved(page):
    page.wait_for_function("document.getElementById('status').textContent === 'Enregistré'")


def test_a_person_sees_frozen_head_dropdown_date_note_link_hidden_tab(page):
    assert cell(page, 0, 2).inner_text() == "Échéance"
    assert page.locator("#grid tr.frozen").count() == 1
    assert cell(page, 1, 1).locator("option").all_inner_texts() == ["", "ouvert", "fait"]
    assert cell(page, 1, 2).inner_text() == "03/02/2026"
    assert "vu" in cell(page, 1, 0).get_attribute("title")
    assert "warning" in cell(page, 1, 0).get_attribute("class")
    assert cell(page, 2, 3).locator("a").get_attribute("href") == "https://example.org/pv"
    assert page.locator("#tabs button").all_inner_texts() == ["Actions", "_conflits (masqué)"]


def test_what_a_person_does_is_in_the_spreadsheet(page, house, key):
    cell(page, 1, 1).locator("select").select_option("fait")
    saved(page)
    cell(page, 1, 3).click()
    page.keyboard.type("à relire")
    page.keyboard.press("Enter")
    saved(page)
    cell(page, 1, 2).click()
    page.click("#sort-up")
    saved(page)
    assert house.values(key, "Actions") == [
        ["id", "Statut", "Échéance", "Lien"],
        ["A-2", "fait", "01/02/2026", "PV"],
        ["A-1", "fait", "03/02/2026", "à relire"],
    ]


def test_a_protected_column_warns_first(page, house, key):
    page.once("dialog", lambda dialog: dialog.dismiss())
    cell(page, 1, 0).click()
    page.keyboard.type("X")
    page.keyboard.press("Enter")
    page.once("dialog", lambda dialog: dialog.accept())
    cell(page, 2, 0).click()
    page.keyboard.type("Y")
    page.keyboard.press("Enter")
    saved(page)
    assert [row[0] for row in house.values(key, "Actions")] == ["id", "A-1", "Y"]


def test_what_the_machine_writes_appears_by_itself(page, house, key):
    assert house.write(key, "Actions!D2", [["écrit la nuit"]]).ok
    page.wait_for_selector("text=écrit la nuit", timeout=20_000)


def test_a_hidden_column_is_not_drawn_and_the_frozen_one_behind_it_stands_at_the_edge(page, house, key):
    hide = {
        "range": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1},
        "properties": {"hiddenByUser": True},
        "fields": "hiddenByUser",
    }
    frozen = {"sheetId": 0, "gridProperties": {"frozenColumnCount": 2}}
    answer = house.batch(
        key,
        {"updateDimensionProperties": hide},
        {"updateSheetProperties": {"properties": frozen, "fields": "gridProperties.frozenColumnCount"}},
    )
    assert answer.ok, answer.text
    page.reload()
    page.wait_for_selector("#grid td.frozen")
    assert page.locator("#grid thead th").all_inner_texts()[:3] == ["", "B", "C"]
    assert page.locator('#grid td[data-column="0"]').count() == 0
    head = page.locator("#grid tbody th").first.bounding_box()
    assert abs(cell(page, 1, 1).bounding_box()["x"] - (head["x"] + head["width"])) < 2


def test_ticks_dates_rows_and_columns_by_hand(page, house, key, area):
    tick = {"setDataValidation": {"range": area(1, 3, 3, 4), "rule": {"condition": {"type": "BOOLEAN"}}}}
    assert house.batch(key, {"updateCells": {"range": area(1, 3, 3, 4), "fields": "userEnteredValue"}}, tick).ok
    page.reload()
    page.wait_for_selector("#grid td input[type=checkbox]")
    page.on("dialog", lambda dialog: dialog.accept())
    cell(page, 2, 3).locator("input").check()
    saved(page)
    cell(page, 1, 2).click()
    page.keyboard.type("15/12/2026")
    page.keyboard.press("Enter")
    saved(page)
    cell(page, 1, 1).click()
    page.click("#row-add")
    page.wait_for_function("document.querySelector('#grid td[data-row=\"3\"][data-column=\"0\"]').innerText === 'A-2'")
    assert house.values(key, "C2") == [["15/12/2026"]]
    cell(page, 3, 2).click()
    page.click("#column-delete")
    page.wait_for_function("document.querySelector('#grid td[data-row=\"0\"][data-column=\"2\"]').innerText === 'Lien'")
    assert house.values(key, "Actions") == [
        ["id", "Statut", "Lien"],
        ["A-1", "ouvert"],
        [],
        ["A-2", "fait", "VRAI"],
    ]
