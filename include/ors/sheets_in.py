"""Workbooks in: which of the two templates it is, and its lines as rows of a form."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from pydantic import ValidationError

from ors import codes, forms

_LINES = 20_000
_UNZIPPED = 200_000_000  # bytes: a small file must not become a huge one
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january jan",
            "fevrier february fev feb",
            "mars march mar",
            "avril april avr apr",
            "mai may",
            "juin june jun",
            "juillet july juil jul",
            "aout august aug",
            "septembre september sept sep",
            "octobre october oct",
            "novembre november nov",
            "decembre december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_BULK = ("year", "month", "organization", "indicator", "achieved")
_FIVE_W = ("organisation accronyme", "admin1pcod", "cluster")


class Unreadable(Exception):
    """Not one of the two templates; says why."""


@dataclass(frozen=True, slots=True)
class Table:
    """Lines under a header: folded column name → value, with their row number in the sheet."""

    columns: tuple[str, ...]
    lines: tuple[tuple[int, dict[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a row of a form; without fields it was not taken, and `reason` says why."""

    row: int
    form: str = ""
    organisation: str = ""
    month: str = ""
    key: tuple[str, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


def fold(text: Any) -> str:
    """Lower case without accents, one space between words: how headers and codes are compared."""
    plain = unicodedata.normalize("NFKD", str(text if text is not None else ""))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).lower().replace("_", " ").split())


def read_table(data: bytes) -> Table:
    """The first sheet with a known header, from XLSX or CSV bytes; `Unreadable` otherwise."""
    sheets = _workbook(data) if data[:2] == b"PK" else [_csv(data)]
    for lines in sheets:
        for at, line in enumerate(lines[:15]):
            folded = tuple(fold(cell) for cell in line)
            if set(_BULK) <= set(folded) or set(_FIVE_W) <= set(folded):
                body = lines[at + 1 : at + 1 + _LINES]
                rows = [(at + 2 + n, dict(zip(folded, cells, strict=False))) for n, cells in enumerate(body)]
                kept = tuple((n, row) for n, row in rows if any(v not in (None, "") for v in row.values()))
                return Table(folded, tuple((n, row) for n, row in kept if not _is_tags(row)))
    raise Unreadable("aucune ligne d'en-tête connue / no known header row")


def _is_tags(row: Mapping[str, Any]) -> bool:
    return any(isinstance(value, str) and value.startswith("#") for value in row.values())


def _workbook(data: bytes) -> list[list[tuple[Any, ...]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _UNZIPPED:
                raise Unreadable("classeur trop grand / workbook too large")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return [list(sheet.iter_rows(values_only=True, max_row=_LINES + 20)) for sheet in book.worksheets]
    except Unreadable:
        raise
    except Exception as error:  # a broken file makes the library raise whatever its XML parser raises
        raise Unreadable("classeur illisible / unreadable workbook") from error


def _csv(data: bytes) -> list[tuple[Any, ...]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise Unreadable("ni XLSX ni CSV / neither XLSX nor CSV")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        return [tuple(line) for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as error:
        raise Unreadable(f"CSV illisible / unreadable CSV: {error}") from error


def kind_of(table: Table) -> str:
    """ors or 5w."""
    return "ors" if set(_BULK) <= set(table.columns) else "5w"


def bulk_rows(table: Table, settings: Mapping[str, Any]) -> list[Line]:
    """Lines of the ORS bulk template as indicator values."""
    return [_bulk(number, row, settings) for number, row in table.lines]


def _bulk(number: int, row: Mapping[str, Any], settings: Mapping[str, Any]) -> Line:
    organisation = _text(row, "organization")
    month = _month(row.get("year"), row.get("month"))
    if not organisation or not month:
        return Line(number, reason="organisation ou mois manquant / organisation or month missing")
    item = _indicator(_text(row, "indicator"), settings)
    if item is None:
        return Line(number, reason=f"indicateur inconnu / unknown indicator: {_text(row, 'indicator')[:80]}")
    achieved = _number(row.get("achieved"))
    if achieved is None:
        return Line(number, reason="pas de valeur / no value")
    place, level, name = _place(_text(row, "location"))
    if _text(row, "location") and not place and fold(row.get("location type")) not in ("national", "country", "pays"):
        return Line(number, reason=f"lieu inconnu / unknown place: {_text(row, 'location')[:80]}")
    fields = {
        "code": item["code"],
        "name": item[str(settings.get("language", "fr"))],
        "unit": (item.get("unit") or {}).get(str(settings.get("language", "fr"))),
        "cluster": settings.get("sector") or "PRO",
        "organisation": organisation,
        "country": settings.get("country") or "MLI",
        "month": month,
        "target": _number(row.get("annual target")),
        "achieved": achieved,
    }
    if place:
        fields |= _place_fields(place, level, name)
    key = ("ors", organisation, month, item["code"], place, _text(row, "project code"), _text(row, "activity"))
    return _checked(Line(number, "indicators", organisation, month, key, fields))


def five_w_rows(table: Table, settings: Mapping[str, Any], month: str) -> list[Line]:
    """Lines of a 5W workbook as presence; `month` is the month it is loaded in."""
    sector = settings.get("sector") or "PRO"
    return [_five_w(number, row, settings, sector, month) for number, row in table.lines]


def _five_w(number: int, row: Mapping[str, Any], settings: Mapping[str, Any], sector: str, month: str) -> Line:
    organisation = _text(row, "organisation accronyme")
    if not organisation:
        return Line(number, reason="organisation manquante / organisation missing")
    named = fold(row.get("cluster"))
    french, english = codes.sectors().get(sector, (sector, sector))
    if named and fold(sector) != named and not any(fold(word) in named for word in (french, english)):
        return Line(number, reason=f"autre cluster / other cluster: {_text(row, 'cluster')[:60]}")
    place, level, name = _place(_text(row, "admin2pcod") or _text(row, "admin1pcod"))
    if not place:
        return Line(number, reason=f"P-code inconnu / unknown P-code: {_text(row, 'admin1pcod')[:20]}")
    start, end = _day(row.get("date debut")), _day(row.get("date fin"))
    activity = next((_text(row, c) for c in ("activites", "activite", "project title") if _text(row, c)), "")
    if not activity:
        return Line(number, reason="activité manquante / activity missing")
    first = f"{month}-01"
    fields = {
        "organisation": organisation,
        "organisation_name": _text(row, "nom organisation") or None,
        "organisation_type": _text(row, "type organisation") or None,
        "cluster": sector,
        "activity": activity[:300],
        "status": "completed" if end and end < first else "planned" if start and start > f"{month}-28" else "ongoing",
        "country": settings.get("country") or "MLI",
        "start": start,
        "end": end,
        "reported": first,
    } | _place_fields(place, level, name)
    key = ("5w", organisation, place, activity, start or "", end or "")
    return _checked(Line(number, "presence", organisation, month, key, fields))


def _checked(line: Line) -> Line:
    """The same rules as for the write API."""
    try:
        forms.fields_model(line.form).model_validate(line.fields)
    except ValidationError as error:
        first = error.errors()[0]
        return Line(line.row, reason=f"{'.'.join(str(p) for p in first['loc'])} : {first['msg']}")
    return line


def _place_fields(code: str, level: int, name: str) -> dict[str, str]:
    if level == 1:
        return {"admin1_pcode": code, "admin1_name": name}
    parent = codes.places()[code][2]
    return {
        "admin1_pcode": parent,
        "admin1_name": codes.place_name(parent),
        "admin2_pcode": code,
        "admin2_name": name,
    }


def _place(text: str) -> tuple[str, int, str]:
    """A P-code or an exact name of admin1 or admin2; nothing for anything else (never guessed)."""
    for code, (name, level, _) in codes.places().items():
        if level > 0 and (text == code or (text and fold(text) == fold(name))):
            return code, level, name
    return "", 0, ""


def _indicator(text: str, settings: Mapping[str, Any]) -> dict[str, Any] | None:
    wanted = fold(text)
    for item in settings.get("indicators", ()):
        if wanted and wanted in (fold(item["code"]), fold(item["fr"]), fold(item["en"])):
            return dict(item)
    return None


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return re.sub(r"[\x00-\x1f]+", " ", str(value)).strip() if value is not None else ""


def _number(value: Any) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    text = re.sub(r"[\s\u00a0\u202f]", "", str(value or "")).replace(",", ".")
    return float(text) if re.fullmatch(r"\d{1,12}(\.\d+)?", text) else None


def _month(year: Any, month: Any) -> str:
    known = _MONTHS.get(fold(month)) or (int(month) if str(month).isdigit() else 0)
    text = str(year).removesuffix(".0")
    return f"{text}-{known:02d}" if re.fullmatch(r"(19|20)\d\d", text) and 1 <= known <= 12 else ""


def _day(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    match = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", str(value or "").strip())
    text = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if match else str(value or "").strip()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None
