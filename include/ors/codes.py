"""Code lists: places and clusters of the reference folder, and the numeric ids that the ORS gave them."""

from __future__ import annotations

import csv
import os
import zlib
from functools import cache
from pathlib import Path
from string import ascii_uppercase
from typing import Any

REFERENCE = Path(os.environ.get("SUIVI_REFERENCE") or Path(__file__).resolve().parents[1] / "reference")

# ids of the original ORS (Sahel countries, clusters)
COUNTRY_IDS = {"BFA": 2, "CMR": 3, "TCD": 4, "GMB": 5, "MLI": 6, "MRT": 7, "NER": 8, "NGA": 9, "SEN": 10}
CLUSTER_IDS = {
    "EDU": 1,
    "SHL": 2,
    "HEA": 3,
    "NUT": 4,
    "PRO": 5,
    "ERY": 6,
    "COO": 7,
    "FSC": 8,
    "LOG": 9,
    "WSH": 10,
    "TEL": 11,
    "MS": 12,
    "CCM": 13,
}
DONORS = frozenset({"Donor", "Embassy"})  # organisation types that never report activities
METHOD_IDS = {"sum": 1, "average": 2, "latest": 3, "max": 5}


def _rows(name: str) -> list[dict[str, str]]:
    lines = (REFERENCE / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def places() -> dict[str, tuple[str, int, str]]:
    """P-code → (name, level, parent code), levels 0 to 2: nothing below admin2 is ever reported here."""
    return {
        row["pcode"]: (row["name"], int(row["level"]), row["parent"])
        for row in _rows("places.csv")
        if row["level"] in ("0", "1", "2")
    }


@cache
def sectors() -> dict[str, tuple[str, str]]:
    """Coordination group code → (French, English)."""
    return {row["code"]: (row["fr"], row["en"]) for row in _rows("clusters.csv")}


@cache
def organisation_types() -> dict[str, str]:
    """Acronym → type of the reference list."""
    return {row["acronym"]: row["type"] for row in _rows("organisations.csv")}


def countries() -> list[str]:
    """ISO 3166 alpha-3 codes of the list."""
    return sorted(code for code, (_, level, _) in places().items() if level == 0)


def admin1() -> list[tuple[str, str]]:
    """(code, name) of all known admin1 places, by code."""
    return sorted((code, name) for code, (name, level, _) in places().items() if level == 1)


def place_name(code: str) -> str:
    """The name of a place; an unlisted code reads as itself."""
    return places()[code][0] if code in places() else code


@cache
def _listed() -> tuple[frozenset[str], frozenset[str]]:
    coded = frozenset(code for code, (_, level, _) in places().items() if level > 0)
    return coded, frozenset(code[:2] for code in coded)


def place_is_known(code: str) -> bool:
    """A listed admin1 or admin2 code; where no list of the country ships, any well-formed one."""
    listed, prefixes = _listed()
    return code in listed or (_well_formed(code) and code[:2] not in prefixes)


def _well_formed(code: str) -> bool:
    letters, digits = code[:2], code[2:]
    return code.isascii() and letters.isalpha() and letters.isupper() and digits.isdigit() and len(digits) <= 6


def place_schema() -> dict[str, Any]:
    """JSON Schema of `place_is_known`."""
    listed, prefixes = _listed()
    free = {"type": "string", "pattern": f"^({_others(prefixes)})[0-9]{{1,6}}$"}
    return {"anyOf": [{"type": "string", "enum": sorted(listed)}, free]}


def _others(prefixes: frozenset[str]) -> str:
    """A pattern of two capital letters that are none of these (without look-ahead, which few tools can read)."""
    firsts = {prefix[0] for prefix in prefixes}
    parts = [f"[{''.join(letter for letter in ascii_uppercase if letter not in firsts)}][A-Z]"]
    for first in sorted(firsts):
        seconds = "".join(letter for letter in ascii_uppercase if first + letter not in prefixes)
        parts.append(f"{first}[{seconds}]")
    return "|".join(parts)


def number(text: str) -> int:
    """A stable positive integer for a thing that the ORS would have numbered itself."""
    return zlib.crc32(text.encode()) & 0x7FFFFFFF or 1


def country_id(iso3: str) -> int:
    return COUNTRY_IDS.get(iso3) or number(iso3)


def cluster_id(sector: str) -> int:
    return CLUSTER_IDS.get(sector) or number(sector)


def cluster_name(sector: str, language: str) -> str:
    french, english = sectors().get(sector, (sector, sector))
    return french if language == "fr" else english
