"""Rows that failed, and what remains without them; light, since a quiet night needs no more than this."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from suivi.reference import REFERENCE
from suivi.settings import Cluster


@dataclass(frozen=True, slots=True)
class Failure:
    """One row that may not go out, and why, in the cluster's language."""

    register: str
    record_id: str
    reason: str

    @property
    def held_id(self) -> str:
        """Stable over nights, so that a decision taken once is found again."""
        return f"valid:{self.register}:{self.record_id}:{self.reason}"


def without(frames: Mapping[str, pd.DataFrame], failures: Collection[Failure]) -> dict[str, pd.DataFrame]:
    """The frames without the rows that failed."""
    failed: dict[str, set[str]] = {name: set() for name in frames}
    for failure in failures:
        failed[failure.register].add(failure.record_id)
    return {name: frame[~frame["record_id"].isin(failed[name])] for name, frame in frames.items()}


def fingerprint(rows: Mapping[str, list[Any]], cluster: Cluster, accepted: frozenset[str]) -> str:
    """Of everything that the outcome of the check depends on: rows, rules, reference places and what people accepted.

    The same fingerprint means the same outcome, so that a night without change need not load Great Expectations.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256(version("great_expectations").encode())
    for path in (here / "check.py", here / "suites.py", REFERENCE / "registers.yaml", REFERENCE / "places.csv"):
        digest.update(path.read_bytes())
    plain = [rows, sorted(accepted), dict(cluster.limits), cluster.language]
    digest.update(json.dumps(plain, sort_keys=True, default=str).encode())
    return digest.hexdigest()
