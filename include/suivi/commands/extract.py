"""Read documents and print what they say, as JSON.

With --out, one STEM.json each in a folder. No cluster, ledger or network is needed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write DIR/STEM.json for every file")


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where a file could not be read at all; a document that is no minutes is an answer, not a failure."""
    from rich.progress import track

    from suivi.commands.terminal import progress_console

    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    files = arguments.files
    if arguments.out and progress_console.is_terminal:
        files = track(files, description="extract", console=progress_console)
    for path in files:
        plain = _extract(path)
        failed += plain is None
        if plain is None:
            continue
        text = json.dumps(plain, ensure_ascii=False, indent=1)
        if arguments.out:
            (arguments.out / f"{path.stem}.json").write_text(text, encoding="utf-8")
        else:
            print(text)
    return 1 if failed else 0


def _extract(path: Path) -> dict[str, Any] | None:
    from suivi.documents import read_isolated
    from suivi.extract import extract
    from suivi.models import to_json

    try:
        data = path.read_bytes()
    except OSError as error:
        print(f"suivi: {path} could not be opened ({error.strerror}). Check the name.", file=sys.stderr)
        return None
    reading = read_isolated(data, path.name, seconds=120, megabytes=1500)
    plain: dict[str, Any] = to_json(extract(reading, path.name))
    return plain
