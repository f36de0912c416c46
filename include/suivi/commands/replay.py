"""Send the rows that the ORS refused once more."""

from __future__ import annotations

import argparse


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cluster")


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where rows were refused again."""
    from suivi.commands.work import at_work
    from suivi.steps.context import perform
    from suivi.steps.replay import replay

    with at_work(arguments.cluster, "replay") as run:
        done = perform(run, "replay", lambda: replay(run))
    print(done.sentence)
    return 1 if done.counts["rejected"] else 0
