"""A change too large to be true stops the night before anything is published (README, Conduct of a night)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from suivi.settings import Cluster

CHANGE_SHARE = 0.2
EXEMPT_BELOW = 30  # rows: a small register may change whole

_SENTENCE = {
    "fr": "{changed} des {rows} lignes publiées de « {register} » changeraient ou seraient retirées d'un coup "
    "(plus de {share:.0%}). Rien n'est publié. Si c'est voulu, relancez la nuit avec le paramètre "
    "accept_changes = true.",
    "en": "{changed} of the {rows} published rows of '{register}' would change or be withdrawn at once "
    "(more than {share:.0%}). Nothing is published. If that is intended, run the night again with the parameter "
    "accept_changes = true.",
}


def too_large(
    frames: Mapping[str, pd.DataFrame], published: Mapping[str, Mapping[str, Mapping[str, Any]]], cluster: Cluster
) -> list[str]:
    """Sentences on registers that would change too much; `published` is what the internal sheet holds.

    Compared are the words of a row (its text and state), not what ages nightly by itself.
    """
    share = float(cluster.limits.get("change_share", CHANGE_SHARE))
    exempt = float(cluster.limits.get("exempt_below", EXEMPT_BELOW))
    found = []
    for register, rows in published.items():
        if register not in frames or len(rows) < exempt:
            continue
        now = {row["record_id"]: row for row in frames[register].to_dict("records")}
        changed = sum(_differs(before, now.get(record_id)) for record_id, before in rows.items())
        if changed > share * len(rows):
            found.append(
                _SENTENCE[cluster.language].format(changed=changed, rows=len(rows), register=register, share=share)
            )
    return found


def _differs(before: Mapping[str, Any], now: Mapping[Any, Any] | None) -> bool:
    if now is None:
        return before.get("state") == "active"
    return any(before.get(key) != _plain(now.get(key)) for key in ("state", "text", "value", "activity", "body"))


def _plain(value: Any) -> Any:
    return None if value is None or value is pd.NA else value
