"""The map of actors: places by organisations, with what each does there (3W), at a sharing level.

An empty cell says "not mentioned in the minutes"; with a 5W workbook on a drive, "no activity reported".
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def declare(parser: argparse.ArgumentParser) -> None:
    from suivi.schema import LEVELS

    parser.add_argument("cluster")
    parser.add_argument("--level", choices=LEVELS, default="membres", help="who may read it (default: membres)")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="a .csv or .xlsx file; default: CSV on standard output"
    )


def run(arguments: argparse.Namespace) -> int:
    from suivi.commands.last_night import last_night
    from suivi.errors import ConfigurationError
    from suivi.ledger import archive, nights
    from suivi.publish.exports.tables import inert
    from suivi.registers import matrix
    from suivi.sharing import view
    from suivi.steps.good import good_frames

    with last_night(arguments.cluster) as (cluster, session, night):
        frames = good_frames(session, night)
        people = nights.snapshot(session, night, "people")
        loaded = bool(archive.workbooks(session, arguments.cluster))
    consent = cluster.sharing.get("consent", ())
    shown = view(frames["presence"], "presence", arguments.level, consent=consent, names=people)
    found = matrix(shown, cluster.language, loaded).map(inert)
    if arguments.out is None:
        sys.stdout.buffer.write(found.to_csv(index=False).encode("utf-8-sig"))
    elif arguments.out.suffix.lower() == ".xlsx":
        found.to_excel(arguments.out, index=False, freeze_panes=(1, 4))
    elif arguments.out.suffix.lower() == ".csv":
        found.to_csv(arguments.out, index=False, encoding="utf-8-sig")
    else:
        raise ConfigurationError(f"{arguments.out} is neither a .csv nor an .xlsx file.")
    return 0
