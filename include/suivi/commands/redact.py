"""Take a document or a row back from everywhere, for good.

WHAT is a document's hash or path, a record id or a short number such as PROT-2026-02-11/3.
"""

from __future__ import annotations

import argparse
import sys


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", metavar="DOCUMENT|ROW")
    parser.add_argument("--cluster", help="needed where several clusters are configured")
    parser.add_argument("--reason", default="redacted", help="kept beside the tombstone on the ORS")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace) -> int:
    from suivi import clusters
    from suivi.commands.work import at_work
    from suivi.errors import ConfigurationError
    from suivi.settings import Settings
    from suivi.steps.context import perform
    from suivi.steps.redact import redact

    known = clusters.names(Settings.from_environment().clusters)
    cluster = arguments.cluster or (known[0] if len(known) == 1 else None)
    if cluster is None:
        raise ConfigurationError(f"Say which cluster: --cluster {' | '.join(known)}.")
    if not arguments.yes:
        if not sys.stdin.isatty():
            raise ConfigurationError("Taking back cannot be undone. Say --yes where nobody can be asked.")
        if input(f"Take '{arguments.what}' of {cluster} back for good? Type yes: ").strip() != "yes":
            print("Nothing was done.")
            return 1
    with at_work(cluster, "redact") as run:
        done = perform(run, "redact", lambda: redact(run, arguments.what, arguments.reason))
    print(done.sentence)
    print(f"Run the night again so that the sheets count anew: suivi run {cluster}")
    return 0
