"""Try everything a cluster needs, from its time zone to the ORS, and say what to fix."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cluster")


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where anything must be fixed."""
    from suivi.settings import Settings
    from suivi.steps.check import check_cluster

    found = check_cluster(arguments.cluster, Settings.from_environment(), datetime.now(UTC))
    for outcome in found:
        print(f"{'ok ' if outcome.fine else 'FIX'} {outcome.what}: {outcome.sentence}")
    return 0 if all(outcome.fine for outcome in found) else 1
