"""The client measured against a running ORS: `python -m ors.bench` starts it as a process of its own.

Reads the token from ORS_BENCH_TOKEN; prints one JSON object. Rows are invented.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from datetime import date, timedelta
from typing import Any

import pandas as pd

from suivi import schema
from suivi.publish import ors
from suivi.publish.ors_wire import Wire


class _Outbox:
    """Nothing is kept: the bench does not die."""

    def store(self, key: str, body: dict[str, Any]) -> None: ...
    def settle(self, key: str, answer: dict[str, Any]) -> None: ...
    def bury(self, change: dict[str, Any], answer: dict[str, Any]) -> None: ...
    def pending(self) -> list[tuple[str, dict[str, Any]]]:
        return []


def frames(rows: int) -> dict[str, pd.DataFrame]:
    """`rows` actions and indicator values, half and half."""
    actions = [_action(n) for n in range(rows // 2)]
    values = [_value(n) for n in range(rows - rows // 2)]
    return {
        "actions": schema.register("actions").frame(actions),
        "indicators": schema.register("indicators").frame(values),
    }


def _action(number: int) -> dict[str, Any]:
    day = date(2026, 1, 8) + timedelta(days=number % 90)
    return {
        "record_id": f"bench-{number}",
        "number": f"PROT-{day}/{number}",
        "meeting_id": f"meeting-{number % 90}",
        "meeting_date": day,
        "kind": "action",
        "text": f"Partager la matrice des acteurs, version {number}",
        "responsible": ("UNHCR", "DRC"),
        "admin1_pcode": ("ML05",),
        "admin1_name": ("Mopti",),
        "status": "open",
        "late": False,
        "sharing_level": "membres",
        "state": "active",
    }


def _value(number: int) -> dict[str, Any]:
    return {
        "record_id": f"value-{number}",
        "code": f"PROT-{number % 9:02d}",
        "name": "Personnes sensibilisées",
        "cluster": "PRO",
        "country": "MLI",
        "organisation": "DRC",
        "admin1_pcode": "ML05",
        "month": f"2026-{number % 12 + 1:02d}",
        "achieved": float(number),
        "sharing_level": "membres",
        "state": "active",
    }


def main() -> int:
    """Push the rows, push them again, report the night."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=1000)
    asked = parser.parse_args()
    token, outbox = os.environ["ORS_BENCH_TOKEN"], _Outbox()
    known = ors.NightAnswer(night=0, max_changes=asked.batch)
    registers = frames(asked.rows)

    def wire() -> Wire:
        return Wire(asked.endpoint, token, tries=25, timeout=30)

    started = time.perf_counter()
    first = ors.push(asked.endpoint, token, None, registers, {}, outbox, 1, previous=known, wire=wire())
    pushed = time.perf_counter() - started
    second = ors.push(asked.endpoint, token, None, registers, first.published, outbox, 2, previous=known, wire=wire())
    night = {"night": 2, "status": "success"}
    answer = ors.report_night(asked.endpoint, token, night, published=second.published, wire=wire())
    found = {
        "rows": asked.rows,
        "created": first.created,
        "unchanged": first.unchanged,
        "rejected": first.rejected,
        "requests": first.requests,
        "seconds": round(pushed, 2),
        "quiet_night_requests": second.requests + answer.requests,
        "mismatch": list(answer.mismatch),
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
