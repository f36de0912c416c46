"""What people make by hand in production: the two spreadsheets of a cluster, here made in the emulator.

`python -m stack.seed URL` does it for an emulator that runs elsewhere (the demo profile of docker-compose.yaml).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import yaml

from stack.environment import ROOT
from stack.services import session


def spreadsheets(endpoint: str) -> None:
    """Make the spreadsheets that the cluster files name; those that exist are left alone."""
    for path in sorted(_clusters().glob("*.yaml")):
        cluster = _read(path)
        french = cluster.get("language") == "fr"
        for kind, word in (
            ("internal", "interne" if french else "internal"),
            ("shared", "partagé" if french else "shared"),
        ):
            title = f"{cluster.get('name', {}).get(cluster.get('language', 'fr'), path.stem)} : suivi {word}"
            if isinstance(cluster.get("sheets"), dict) and kind in cluster["sheets"]:
                locale = "fr_FR" if french else "en_GB"
                _post(
                    f"{endpoint}/_emulator/spreadsheets",
                    {"id": cluster["sheets"][kind], "title": title, "locale": locale},
                )


def ors_cluster(name: str) -> str:
    """The code under which the ORS knows a cluster."""
    return str(_read(_clusters() / f"{name}.yaml")["ors"]["cluster"])


def _clusters() -> Path:
    return Path(os.environ.get("SUIVI_CLUSTERS") or ROOT / "include" / "clusters")


def _read(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError):
        return {}  # its own DAG says what is wrong
    return found if isinstance(found, dict) else {}


def _post(url: str, body: dict[str, str]) -> None:
    session().post(url, json=body, timeout=30).raise_for_status()


if __name__ == "__main__":
    spreadsheets(sys.argv[1])
