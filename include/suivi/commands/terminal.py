"""Tables and progress on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

progress_console = Console(stderr=True)


def table(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A Rich table where a person looks, tab-separated lines where a program does."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(str(cell) for cell in row))
        return
    drawn = Table(*headers, title=title, title_justify="left")
    for row in rows:
        drawn.add_row(*(str(cell) for cell in row))
    Console().print(drawn)
