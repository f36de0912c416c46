"""Run one night for a cluster, without Airflow.

The same steps, ledger and lease as the DAG: running it twice publishes nothing.
"""

from __future__ import annotations

import argparse
import json
import uuid
from datetime import UTC, datetime


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cluster")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.add_argument("--dry-run", action="store_true", help="read and build, print what would be published")
    parser.add_argument("--now", type=_moment, metavar="ISO", help="the night's moment (default: now)")
    parser.add_argument("--adopt", action="store_true", help="take over the sheets of a ledger that was lost")
    parser.add_argument("--accept-changes", action="store_true", help="publish although much changes at once")


def run(arguments: argparse.Namespace) -> int:
    from suivi import pipeline
    from suivi.commands.terminal import progress_console, table
    from suivi.settings import Settings

    now = arguments.now or datetime.now(UTC)
    with progress_console.status("…") as status:
        summary = pipeline.run_night(
            arguments.cluster,
            f"cli-{uuid.uuid4().hex}",
            now,
            Settings.from_environment(),
            dry_run=arguments.dry_run,
            accept_changes=arguments.accept_changes,
            adopt=arguments.adopt,
            watch=lambda name: status.update(name),
        )
    if arguments.json:
        print(json.dumps(summary, ensure_ascii=False))
        return 0
    rows = []
    for group, counts in summary.items():
        if isinstance(counts, dict):
            rows.append((group, ", ".join(f"{name} {value}" for name, value in counts.items()) or "-"))
    table(f"Night {summary['night']} · {arguments.cluster}", ("what", "counts"), rows)
    return 0


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no ISO moment such as 2026-11-24T02:00:00+00:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
