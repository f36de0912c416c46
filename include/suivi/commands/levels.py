"""What was raised in level and why: counts a register and reason, and a list of the rows without their wording.

For the coordinator. The list names rows by short number and id, never by what they say, so that it may be discussed
anywhere; whoever wants to read a row looks it up in the internal sheet.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from pathlib import Path
from typing import Any


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cluster")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the rows as CSV, without their wording")


def run(arguments: argparse.Namespace) -> int:
    from suivi import schema
    from suivi.commands.last_night import last_night
    from suivi.commands.terminal import table
    from suivi.sharing import raised_rows
    from suivi.steps.good import good_frames

    with last_night(arguments.cluster) as (cluster, session, night):
        frames = good_frames(session, night)
    language = "en" if cluster.language == "en" else "fr"
    rows = raised_rows(frames).to_dict("records")
    numbers = dict(zip(frames["actions"]["record_id"], frames["actions"]["number"], strict=True))
    counts = Counter((row["register"], row["sharing_level"], why) for row in rows for why in _reasons(row))
    lines = [
        (schema.register(name).title(language), schema.label("level", level, language), why, str(count))
        for (name, level, why), count in sorted(counts.items(), key=lambda each: (each[0][0], -each[1]))
    ]
    table(f"{cluster.name[language]}", ("register", "level", "why", "rows"), lines)
    shared = sum(len(frame) for frame in frames.values()) - len(rows)
    print(f"{len(rows)} rows have a reason for their level, {shared} are at the policy's level.")
    if arguments.out:
        with arguments.out.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("register", "number", "record_id", "level", "why"))
            for row in rows:
                number = numbers.get(row["record_id"]) if row["register"] == "actions" else ""
                writer.writerow(
                    (row["register"], number, row["record_id"], row["sharing_level"], row["sharing_reason"])
                )
        print(f"{arguments.out}: {len(rows)} rows.")
    return 0


def _reasons(row: dict[Any, Any]) -> list[str]:
    return str(row["sharing_reason"]).split(" ; ")
