"""The ledger's schema: `suivi db upgrade`."""

from __future__ import annotations

import argparse


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["upgrade"])


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 (there is one action)
    from suivi.ledger import Ledger, upgrade
    from suivi.settings import Settings

    settings = Settings.from_environment()
    upgrade(Ledger(settings.db, check=False).engine)
    print("The ledger has the newest schema.")
    return 0
