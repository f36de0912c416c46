"""Import of a 5W workbook (the columns in use in Mali): who does what where, one row an activity."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from zipfile import BadZipFile

from openpyxl import load_workbook

from suivi.models import Issue
from suivi.registers.inputs import Activity, Workbook
from suivi.sharing.wording import fold

# Column of ours → headers of 5W workbooks, folded; the first that a sheet has is taken.
_HEADERS: dict[str, tuple[str, ...]] = {
    "organisation": ("organisation accronyme", "organisation acronyme", "acronyme", "organisation", "organization"),
    "region_code": ("admin1pcod", "admin1pcode", "admin1 pcode", "adm1 pcode"),
    "region": ("region", "admin1", "admin1name"),
    "cercle_code": ("admin2pcod", "admin2pcode", "admin2 pcode", "adm2 pcode"),
    "cercle": ("cercle", "admin2", "district", "admin2name"),
    "commune": ("commune", "admin3", "admin3name"),
    "village": ("village", "site", "localite"),
    "cluster": ("cluster", "secteur", "sector"),
    "activity": ("activites", "activite", "activities", "activity", "titre de l activite"),
    "project": ("project title", "titre du projet", "projet"),
    "start": ("date debut", "start date", "debut"),
    "end": ("date fin", "end date", "fin"),
    "status": ("statut", "status", "etat"),
}
_NEEDED = ("organisation", "activity")
_STATUS: dict[str, Literal["planned", "ongoing", "completed"]] = {
    **dict.fromkeys(("prevu", "prevue", "planifie", "planifiee", "planned", "pipeline"), "planned"),
    **dict.fromkeys(("en cours", "ongoing", "in progress", "actif", "active"), "ongoing"),
    **dict.fromkeys(("termine", "terminee", "acheve", "achevee", "completed", "done", "cloture", "fini"), "completed"),
}


def read_5w(data: bytes, file: str, day: date) -> Workbook:
    """The activities of the first sheet whose header row names an organisation and an activity.

    `day` is the day to report them under; what ended before it is completed, what starts after it planned.
    A workbook that cannot be read is one issue and no rows.
    """
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        return Workbook(file, day, (), (Issue("workbook_unreadable", file, detail=str(error)),))
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        for number, row in enumerate(rows, 1):
            columns = _columns(row)
            if all(name in columns for name in _NEEDED):
                found = [_activity(line, columns, n, day) for n, line in enumerate(rows, number + 1)]
                return Workbook(file, day, tuple(activity for activity in found if activity))
            if number >= 20:
                break
    return Workbook(file, day, (), (Issue("workbook_without_5w", file),))


def _columns(row: Sequence[Any]) -> dict[str, int]:
    headers = [fold(str(cell)) if cell is not None else "" for cell in row]
    found = {}
    for name, words in _HEADERS.items():
        position = next((headers.index(word) for word in words if word in headers), None)
        if position is not None:
            found[name] = position
    return found


def _activity(row: Sequence[Any], columns: dict[str, int], number: int, day: date) -> Activity | None:
    def text(name: str) -> str:
        position = columns.get(name)
        value = row[position] if position is not None and position < len(row) else None
        return str(value).strip() if value is not None else ""

    def when(name: str) -> date | None:
        position = columns.get(name)
        value = row[position] if position is not None and position < len(row) else None
        return value.date() if isinstance(value, datetime) else None

    organisation, activity = text("organisation"), text("activity")
    if not organisation or not activity or organisation.startswith("#"):
        return None
    start, end = when("start"), when("end")
    return Activity(
        organisation=organisation,
        activity=activity,
        status=_status(text("status"), start, end, day),
        row=number,
        cluster=text("cluster"),
        region=text("region"),
        region_code=text("region_code"),
        cercle=text("cercle"),
        cercle_code=text("cercle_code"),
        place=" ; ".join(filter(None, (text("commune"), text("village")))),
        start=start,
        end=end,
    )


def _status(
    written: str, start: date | None, end: date | None, day: date
) -> Literal["planned", "ongoing", "completed"]:
    if known := _STATUS.get(fold(written)):
        return known
    if end and end < day:
        return "completed"
    return "planned" if start and start > day else "ongoing"
