"""The command line: `suivi extract | run | check | status | export | …`. One readable sentence for every failure.

Exit 0 fine, 1 something failed, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Callable, Sequence

from suivi.commands import COMMANDS
from suivi.errors import ConfigurationError, SuiviError


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the `suivi` command."""
    warnings.filterwarnings("ignore", category=FutureWarning, module="google")  # end of life of a Python, in 2027
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    parser = argparse.ArgumentParser(prog="suivi", description="Follow-up of humanitarian cluster minutes.")
    kinds = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        module.declare(kinds.add_parser(name, help=(module.__doc__ or "").strip().splitlines()[0]))
    chosen = parser.parse_args(arguments)
    work: Callable[[argparse.Namespace], int] = COMMANDS[chosen.command].run
    try:
        return work(chosen)
    except ConfigurationError as error:
        print(f"suivi: {error}", file=sys.stderr)
        return 2
    except SuiviError as error:
        print(f"suivi: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except Exception as error:  # a defect of ours must not scare an IM officer with a traceback
        if os.environ.get("SUIVI_DEBUG"):
            raise
        kind = type(error).__name__
        print(f"suivi: unexpected {kind}: {error}. Report it; SUIVI_DEBUG=1 shows where.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("suivi: stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
