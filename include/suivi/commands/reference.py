"""Compare a newer official list with ours, and take it over: `suivi reference update FILE`."""

from __future__ import annotations

import argparse
import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from suivi.registers import Difference


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["update"])
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="a CSV named like ours: places.csv, organisations.csv …"
    )
    parser.add_argument("--apply", action="store_true", help="take it over (without it, only the difference is shown)")


def run(arguments: argparse.Namespace) -> int:
    from suivi.errors import ConfigurationError
    from suivi.reference import REFERENCE
    from suivi.registers import reference_update

    ours = REFERENCE / arguments.file.name
    if not ours.is_file():
        names = ", ".join(sorted(path.name for path in REFERENCE.glob("*.csv")))
        raise ConfigurationError(f"There is no reference list '{arguments.file.name}'. Ours are: {names}.")
    try:
        newer = arguments.file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{arguments.file} cannot be read as UTF-8 text ({error}).") from None
    older = ours.read_text(encoding="utf-8").splitlines()
    difference = reference_update(_rows(older), _rows(newer))
    _show(difference)
    if arguments.apply and difference:
        origin = [line for line in newer if line.startswith("#")] or [line for line in older if line.startswith("#")]
        _write(ours, origin, difference.rows)
        print(f"{ours.name} was replaced. The next night uses it.")
    elif difference:
        print("Nothing was changed. Say --apply to take it over.")
    return 0


def _rows(lines: list[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _show(difference: Difference) -> None:
    for name, row in difference.added.items():
        print(f"+ {name}: {', '.join(value for value in row.values() if value)}")
    for name, row in difference.removed.items():
        print(f"- {name}: {', '.join(value for value in row.values() if value)}")
    for name, columns in difference.changed.items():
        for column, (before, after) in columns.items():
            print(f"~ {name}: {column}: {before or '(empty)'} → {after or '(empty)'}")
    counts = f"{len(difference.added)} added, {len(difference.removed)} removed, {len(difference.changed)} changed"
    print(counts if difference else "No difference.")


def _write(path: Path, origin: list[str], rows: Sequence[Mapping[str, str]]) -> None:
    """Source, date and licence lines first, then the table; replaced whole."""
    text = io.StringIO()
    table = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    temporary = path.with_suffix(".part")
    temporary.write_text("\n".join([*origin, text.getvalue()]), encoding="utf-8")
    os.replace(temporary, path)
