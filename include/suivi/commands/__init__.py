"""One module a command: `declare` its arguments, `run` it, return the exit code. Heavy imports stay inside `run`."""

from __future__ import annotations

import argparse
from typing import Protocol

from suivi.commands import (
    actors,
    check,
    db,
    evaluate,
    export,
    extract,
    levels,
    new_cluster,
    night,
    redact,
    reference,
    replay,
    status,
)


class Command(Protocol):
    """What the command line needs of a module."""

    __doc__: str | None

    def declare(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, arguments: argparse.Namespace) -> int: ...


COMMANDS: dict[str, Command] = {
    "extract": extract,
    "run": night,
    "check": check,
    "status": status,
    "export": export,
    "levels": levels,
    "actors": actors,
    "evaluate": evaluate,
    "replay": replay,
    "redact": redact,
    "reference": reference,
    "new-cluster": new_cluster,
    "db": db,
}
