"""Write a register as JSON, CSV or XLSX, at a sharing level."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def declare(parser: argparse.ArgumentParser) -> None:
    from suivi.schema import LEVELS, REGISTERS

    parser.add_argument("cluster")
    parser.add_argument("register", choices=REGISTERS)
    parser.add_argument("--format", choices=["json", "csv", "xlsx"], default="csv")
    parser.add_argument("--level", choices=LEVELS, default="membres", help="who may read it (default: membres)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")


def run(arguments: argparse.Namespace) -> int:
    from suivi import clusters
    from suivi.commands.terminal import progress_console
    from suivi.errors import SuiviError
    from suivi.ledger import Ledger, nights
    from suivi.publish.exports import export
    from suivi.settings import Settings
    from suivi.steps.good import good_frames

    settings = Settings.from_environment()
    cluster = clusters.load(arguments.cluster, settings.clusters)
    with Ledger(settings.db).read() as session:
        night = nights.find_night(session, arguments.cluster)
        if night is None:
            raise SuiviError(
                f"Cluster '{arguments.cluster}' has no finished night yet. Run: suivi run {arguments.cluster}"
            )
        frames, events = good_frames(session, night), nights.snapshot(session, night, "events")
    data = export(
        frames, events, arguments.register, arguments.format, arguments.level, cluster.language, hxl=cluster.hxl
    )
    if arguments.out:
        arguments.out.write_bytes(data)
        progress_console.print(f"{arguments.out}: {len(data)} bytes, level {arguments.level}.", highlight=False)
    else:
        sys.stdout.buffer.write(data)
    return 0
