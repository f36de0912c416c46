"""`python -m ors`: run the service, make and revoke tokens, back up and restore, print the table of routes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ors.access import ROLES, markdown

if TYPE_CHECKING:
    from ors.db import Store

_DB = os.environ.get("ORS_DB") or f"sqlite:///{Path(__file__).resolve().parents[2] / 'var' / 'ors.db'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ors", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    for command, about in (("serve", "run the service (the default)"), (None, "")):
        target = commands.add_parser(command, help=about) if command else parser
        target.add_argument("--port", type=int, default=8090)
        target.add_argument("--host", default="127.0.0.1")
        target.add_argument("--db", default=_DB, help="SQLAlchemy URL (SQLite or PostgreSQL)")
    token = commands.add_parser("token", help="make a token and print it once")
    token.add_argument("--role", required=True, choices=ROLES)
    token.add_argument("--label", default="", help="whose it is: an organisation or a program")
    token.add_argument("--days", type=int, help="it ends after so many days")
    revoke = commands.add_parser("revoke", help="end a token")
    revoke.add_argument("id")
    listing = commands.add_parser("tokens", help="list a cluster's tokens, without their secrets")
    for command in (token, revoke, listing):
        command.add_argument("--cluster", required=True)
    upgrade = commands.add_parser("upgrade", help="bring the database to the newest schema")
    save = commands.add_parser("backup", help="write everything into a new file (gzipped JSON lines)")
    fill = commands.add_parser("restore", help="fill a new, empty database from a backup")
    for command in (save, fill):
        command.add_argument("file", type=Path)
    for command in (token, revoke, listing, upgrade, save, fill):
        command.add_argument("--db", default=_DB)
    commands.add_parser("routes", help="print who may do what, as a Markdown table")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """0 fine, 1 something failed (said in one sentence), 2 wrong usage."""
    asked = _parser().parse_args(arguments)
    if asked.command == "routes":
        print(markdown())
        return 0
    try:
        return _serve(asked) if asked.command in (None, "serve") else _manage(asked)
    except OSError as error:
        print(f"ors: {error}", file=sys.stderr)
        return 1


def _manage(asked: argparse.Namespace) -> int:
    from ors import auth, backup, settings
    from ors.db import Store

    store = Store(asked.db)
    if asked.command == "restore":
        return _restore(store, asked.file)
    store.upgrade()
    now = datetime.now(UTC)
    if asked.command == "token":
        settings.describe(store, asked.cluster, now, settings.of_folder(settings.folder_of(), asked.cluster))
        expires = now + timedelta(days=asked.days) if asked.days else None
        print(auth.issue(store, asked.cluster, asked.role, asked.label, now, expires)[1])
    if asked.command == "backup":
        print(f"{backup.dump(store, asked.file)} rows in {asked.file}")
    if asked.command == "tokens":
        for line in auth.listed(store, asked.cluster):
            print("\t".join(line))
    if asked.command == "revoke":
        with store.write() as connection:
            if not auth.revoke(connection, asked.cluster, asked.id, now):
                print(f"ors: cluster {asked.cluster} has no token {asked.id}", file=sys.stderr)
                return 1
    return 0


def _restore(store: Store, path: Path) -> int:
    from ors.backup import NotEmptyError, restore

    try:
        print(f"{restore(store, path)} rows restored.")
    except NotEmptyError as error:
        print(f"ors: {error}", file=sys.stderr)
        return 1
    return 0


def _serve(asked: argparse.Namespace) -> int:
    from ors.serve import serve

    return serve(asked.db, asked.host, asked.port)


if __name__ == "__main__":
    sys.exit(main())
