"""Write a register as JSON, CSV or XLSX, at a sharing level.

`actions --format docx` is the follow-up table for the next meeting, as a Word document.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def declare(parser: argparse.ArgumentParser) -> None:
    from suivi.schema import LEVELS, REGISTERS

    parser.add_argument("cluster")
    parser.add_argument("register", choices=REGISTERS)
    parser.add_argument("--format", choices=["json", "csv", "xlsx", "docx"], default="csv")
    parser.add_argument("--level", choices=LEVELS, default="membres", help="who may read it (default: membres)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")


def run(arguments: argparse.Namespace) -> int:
    from suivi.commands.last_night import last_night
    from suivi.commands.terminal import progress_console
    from suivi.errors import ConfigurationError
    from suivi.ledger import nights
    from suivi.publish.exports import export, followup_docx
    from suivi.registers.inputs import event_from_json
    from suivi.steps.good import good_frames

    with last_night(arguments.cluster) as (cluster, session, night):
        frames = good_frames(session, night)
        events = [event_from_json(event) for event in nights.snapshot(session, night, "events")]
        people = nights.snapshot(session, night, "people")
    consent = cluster.sharing.get("consent", ())
    if arguments.format == "docx":
        if arguments.register != "actions":
            raise ConfigurationError("The Word document is the follow-up table of actions: suivi export … actions.")
        data = followup_docx(frames, cluster, arguments.level, names=people)
    else:
        data = export(
            frames,
            events,
            arguments.register,
            arguments.format,
            arguments.level,
            cluster.language,
            cluster.hxl,
            consent=consent,
            names=people,
        )
    if arguments.out:
        arguments.out.write_bytes(data)
        progress_console.print(f"{arguments.out}: {len(data)} bytes, level {arguments.level}.", highlight=False)
    else:
        sys.stdout.buffer.write(data)
    return 0
