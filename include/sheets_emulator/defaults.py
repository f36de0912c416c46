"""What a new spreadsheet looks like at Google (properties as recorded in March 2024)."""

import copy
from typing import Any

from .model import Spreadsheet, Tab

Json = dict[str, Any]
WHITE = {"red": 1, "green": 1, "blue": 1}

DEFAULT_FORMAT: Json = {
    "backgroundColor": WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": WHITE},
}
THEME_COLORS: list[tuple[str, Json]] = [
    ("TEXT", {}),
    ("BACKGROUND", WHITE),
    ("ACCENT1", {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275}),
    ("ACCENT2", {"red": 0.91764706, "green": 0.2627451, "blue": 0.20784314}),
    ("ACCENT3", {"red": 0.9843137, "green": 0.7372549, "blue": 0.015686275}),
    ("ACCENT4", {"red": 0.20392157, "green": 0.65882355, "blue": 0.3254902}),
    ("ACCENT5", {"red": 1, "green": 0.42745098, "blue": 0.003921569}),
    ("ACCENT6", {"red": 0.27450982, "green": 0.7411765, "blue": 0.7764706}),
    ("LINK", {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}),
]
ROW_PIXELS = 21
COLUMN_PIXELS = 100
FIRST_TITLES = {"fr": "Feuille 1", "es": "Hoja 1", "pt": "Página1"}


def spreadsheet_properties(title: str, locale: str = "en_US", time_zone: str = "Etc/GMT") -> Json:
    """SpreadsheetProperties of a new spreadsheet."""
    return {
        "title": title,
        "locale": locale,
        "autoRecalc": "ON_CHANGE",
        "timeZone": time_zone,
        "defaultFormat": copy.deepcopy(DEFAULT_FORMAT),
        "spreadsheetTheme": {
            "primaryFontFamily": "Arial",
            "themeColors": [{"colorType": name, "color": {"rgbColor": dict(rgb)}} for name, rgb in THEME_COLORS],
        },
    }


def tab(sheet_id: int, title: str, rows: int = 1000, columns: int = 26) -> Tab:
    """An empty grid."""
    return Tab(
        {
            "sheetId": sheet_id,
            "title": title,
            "sheetType": "GRID",
            "gridProperties": {"rowCount": rows, "columnCount": columns},
        }
    )


def spreadsheet(spreadsheet_id: str, title: str, locale: str = "en_US") -> Spreadsheet:
    """A new spreadsheet with its one tab."""
    first = FIRST_TITLES.get(locale[:2], "Sheet1")
    return Spreadsheet(spreadsheet_id, spreadsheet_properties(title, locale), [tab(0, first)])
