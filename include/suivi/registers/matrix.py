"""The map of actors ("cartographie des acteurs"): places by organisations, out of rows that the reader may see."""

from __future__ import annotations

import pandas as pd

EMPTY = {
    False: {"fr": "non mentionné dans les PV", "en": "not mentioned in the minutes"},
    True: {"fr": "aucune activité déclarée", "en": "no activity reported"},
}


def matrix(presence: pd.DataFrame, language: str, workbook_loaded: bool = False) -> pd.DataFrame:
    """One row a place (cercle, else region), one column an organisation, activities in the cells.

    `presence` must have come through `sharing.view`. An empty cell says that minutes do not mention the organisation
    there, which is not absence; only with a 5W loaded does it say that no activity was reported.
    """
    rows = presence[(presence["state"] == "active") & presence["admin1_pcode"].notna()]
    blank = EMPTY[workbook_loaded]["en" if language == "en" else "fr"]
    if rows.empty:
        return pd.DataFrame(columns=["admin1_pcode", "admin1_name", "admin2_pcode", "admin2_name"])
    keys = ["admin1_pcode", "admin1_name", "admin2_pcode", "admin2_name"]
    filled = rows.assign(**{key: rows[key].fillna("") for key in keys})
    table = filled.pivot_table(
        index=keys, columns="organisation", values="activity", aggfunc=lambda found: " ; ".join(sorted(set(found)))
    )
    return table.fillna(blank).reset_index().rename_axis(columns=None)
