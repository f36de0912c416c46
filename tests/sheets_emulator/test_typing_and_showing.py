"""What is typed, what it becomes, what is shown; formulas."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_emulator import defaults
from sheets_emulator.cells.calculate import effective_value
from sheets_emulator.cells.display import shown
from sheets_emulator.cells.locales import locale_of
from sheets_emulator.cells.typing import typed_value
from sheets_emulator.viewer.picture import entered_text


@pytest.mark.parametrize(
    ("locale", "typed", "value", "text"),
    [
        ("en_US", "2,000,000.01", 2000000.01, "2,000,000.01"),
        ("fr_FR", "2 000 000,01", 2000000.01, "2\u202f000\u202f000,01"),
        ("fr_FR", "12,5%", 0.125, "12,50%"),
        ("en_US", "$12.50", 12.5, "$12.50"),
        ("en_US", "2/3/2026", 46056, "2/3/2026"),
        ("fr_FR", "02/03/2026", 46083, "02/03/2026"),
        ("fr_FR", "2026-03-02 14:30", 46083.604166666664, "2026-03-02 14:30"),
        ("fr_FR", "31/02/2026", "31/02/2026", "31/02/2026"),
        ("fr_FR", "vrai", True, "VRAI"),
        ("en_US", "TRUE", True, "TRUE"),
        ("en_US", "'007", "007", "007"),
        ("en_US", "007", 7, "7"),
        ("en_US", "PROT-2017-04-05/3", "PROT-2017-04-05/3", "PROT-2017-04-05/3"),
        ("en_US", "+223 20 22 33 44", "+223 20 22 33 44", "+223 20 22 33 44"),
        ("en_US", "1e3", 1000, "1.00E+03"),
        ("fr_FR", "1.5", "1.5", "1.5"),
    ],
)
def test_typing(locale, typed, value, text):
    rules = locale_of(locale)
    found, number_format = typed_value(typed, rules, None)
    assert next(iter(found.values())) == pytest.approx(value) if isinstance(value, float) else [value]
    assert next(iter(found.values())) == pytest.approx(value)
    assert shown(found, number_format, rules) == text


@pytest.mark.parametrize(
    ("value", "kind", "pattern", "locale", "text"),
    [
        (1 / 1024, None, None, "en_US", "0.0009765625"),
        (1 / 3, None, None, "fr_FR", "0,3333333333"),
        (1e20, None, None, "en_US", "1E+20"),
        (-1234.5, "NUMBER", "#,##0.00", "en_US", "-1,234.50"),
        (-3, "NUMBER", "0;(0)", "en_US", "(3)"),
        (0.256, "PERCENT", "0%", "en_US", "26%"),
        (46083, "DATE", None, "fr_FR", "02/03/2026"),
        (46083, "DATE", "dddd d mmmm yyyy", "fr_FR", "lundi 2 mars 2026"),
        (46083.5, "DATE_TIME", "yyyy-mm-dd hh:mm", "fr_FR", "2026-03-02 12:00"),
        (0.75, "TIME", "h:mm am/pm", "en_US", "6:00 PM"),
        (1.5, "TIME", "[h]:mm", "en_US", "36:00"),
        (12, "NUMBER", '0 "jours"', "fr_FR", "12 jours"),
    ],
)
def test_showing(value, kind, pattern, locale, text):
    number_format = {"type": kind, **({"pattern": pattern} if pattern else {})} if kind else None
    assert shown({"numberValue": value}, number_format, locale_of(locale)) == text


CELLS = {"A1": 1, "A2": 2, "A3": "trois", "A4": "", "B1": "=SUM(A1:A3)", "C1": "ouvert", "C2": "fait", "C3": "ouvert"}


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("= 1 / 1024", 0.0009765625),
        ("=2+3*4^2", 50),
        ("=-2^2", 4),
        ("=(1+2)*3%", 0.09),
        ('="a"&A1&"b"', "a1b"),
        ("=SUM(A1:A4;B1)", 6),
        ("=B1*2", 6),
        ('=COUNTIF(C:C,"ouvert")', 2),
        ('=COUNTIF(A1:A3,">1")', 1),
        ('=SUMIF(C1:C2,"fait",A1:A2)', 2),
        ('=IF(A1>0,"oui",1/0)', "oui"),
        ('=IFERROR(1/0,"rien")', "rien"),
        ("=COUNTA(A1:A9)", 3),
        ("=AVERAGE(A1:A2)", 1.5),
        ("=ROUND(2.5)", 3),
        ('=HYPERLINK("https://example.org","lien")', "lien"),
        ('=TEXT(46083,"dd/mm/yyyy")', "02/03/2026"),
        ('=C1="OUVERT"', True),
        ("='Sheet1'!A2+Sheet1!A1", 3),
        ("=VLOOKUP(2,A1:C2,3)", "fait"),
        ("=1/0", "#DIV/0!"),
        ("=NOSUCH(1)", "#NAME?"),
        ("=nom_inconnu", "#NAME?"),
        ("=Ailleurs!A1", "#REF!"),
        ("=1+", "#ERROR!"),
        ('="a"+1', "#VALUE!"),
        ("=D1", "#REF!"),
        ("=VLOOKUP(9,A1:C2,3)", "#N/A"),
    ],
)
def test_formulas(house, formula, result):
    key = house.seed()
    for reference, value in {**CELLS, "D1": formula}.items():
        assert house.write(key, reference, [[value]], "USER_ENTERED").ok
    found = house.values(key, "D1", valueRenderOption="UNFORMATTED_VALUE")[0][0]
    assert found == pytest.approx(result) if isinstance(result, float) else found == result


def test_a_formula_follows_what_it_reads(house):
    key = house.seed()
    house.write(key, "A1:B1", [[2, "=A1*10"]], "USER_ENTERED")
    assert house.values(key, "B1") == [["20"]]
    house.write(key, "A1", [[3]])
    assert house.values(key, "B1") == [["30"]]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30), st.sampled_from(["fr_FR", "en_US", "en_GB"]))
def test_a_text_shown_in_the_edit_line_and_typed_again_is_the_same_text(text, locale):
    cell = {"userEnteredValue": {"stringValue": text}}
    if text == "" or text != text.strip():
        return
    typed = entered_text(cell, text, locale_of(locale))
    again, _ = typed_value(typed, locale_of(locale), None)
    assert again == {"stringValue": text}


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="=A1:+-*/()SUMIF,;\"'%&<>. é#!", max_size=25))
def test_no_formula_breaks_the_calculator(text):
    book = defaults.spreadsheet("x", "x")
    tab = book.tabs[0]
    tab.set_cell(4, 4, {"userEnteredValue": {"formulaValue": "=" + text}})
    value = effective_value(book, tab, 4, 4)
    assert value is None or len(value) == 1
