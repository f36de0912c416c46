"""Where reference tables live, and how they are read: CSV and YAML, each with source, date and licence."""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HOUSE = Path(__file__).resolve().parents[1]  # include/
REFERENCE = Path(os.environ.get("SUIVI_REFERENCE") or HOUSE / "reference")


@cache
def load_yaml(name: str) -> Any:
    """A YAML file of the reference folder; do not change what comes back."""
    return parse_yaml((REFERENCE / name).read_text(encoding="utf-8"))


def parse_yaml(text: str) -> Any:
    """YAML text as plain values, by libyaml where PyYAML was built with it (ten times faster)."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe loaders)


@cache
def load_csv(name: str) -> tuple[dict[str, str], ...]:
    """A CSV file of the reference folder as rows; lines starting with # hold source, date and licence."""
    lines = (REFERENCE / name).read_text(encoding="utf-8").splitlines()
    return tuple(csv.DictReader(line for line in lines if not line.startswith("#")))
