"""Regions that Mali made in 2023 out of cercles, unknown to the COD-AB that ships (reference/regions_2023.csv).

A region of that list is read as its cercles. Its number (ML11 to ML19) says nothing without the name beside it: the
two laws of one day number the regions differently.
"""

from __future__ import annotations

import re
from functools import cache

from suivi.reference import load_csv
from suivi.sharing.gazetteer import Place, gazetteer
from suivi.sharing.wording import fold

_CODE = re.compile(r"^MLI?-?1[1-9](?:\d{2}){0,2}$")


def cercles_of(region: str) -> tuple[Place, ...]:
    """The cercles of a region of 2023, by any of its names; none for other names."""
    return _made_of().get(fold(region), ())


def is_new_code(code: str) -> bool:
    """Whether a code has the number of a region of 2023."""
    return _CODE.match(code.strip()) is not None


def holds(region: str, cercle: str) -> bool:
    """Whether names of a region of 2023 and of a cercle go together; an empty cercle does, and one made in 2023 too."""
    parts = cercles_of(region)
    if not parts:
        return False
    known = gazetteer().named(cercle)
    return not known or any(place in parts for place in known)


@cache
def _made_of() -> dict[str, tuple[Place, ...]]:
    known = gazetteer().by_code
    return {
        fold(name): tuple(known[code] for code in row["cercles"].split("|"))
        for row in load_csv("regions_2023.csv")
        for name in (row["name"], *filter(None, row["aliases"].split("|")))
    }
