"""What tonight's run did, for the person at the terminal."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from stack.environment import ROOT, var


def show(cluster: str, started: float, code: int) -> int:
    """Print the table of the night; returns the exit code of the whole command."""
    console = Console()
    path = var() / "last_run.json"
    if not path.is_file() or path.stat().st_mtime < started - 1:
        console.print(f"The night of {cluster} told nothing. Why stands in {var() / 'log' / f'minutes__{cluster}.log'}")
        return 1
    night: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    console.print(_table(night))
    for sentence in night.get("failures", []):
        console.print(f"[red]✗[/red] {sentence}", highlight=False)
    if code and not night.get("failures"):
        log = var() / "log" / f"minutes__{cluster}.log"
        console.print(f"[red]✗[/red] Airflow ended with exit {code}. Why stands in {log}", highlight=False)
    if docs := night.get("data_docs"):
        console.print(f"Data Docs: {docs}", highlight=False)
    console.print(
        f"How to look: `make up` (Airflow, sheet viewer, dashboard), `{ROOT.name}/.venv/bin/suivi status {cluster}`.",
        highlight=False,
    )
    return 1 if code or night.get("failures") else 0


def _table(night: dict[str, Any]) -> Table:
    table = Table(title=f"Night {night['night']} · {night['cluster']}", title_justify="left")
    table.add_column("step")
    table.add_column("what", overflow="fold")
    documents, actions = night["documents"], night["actions"]
    sheets, ors = night["sheets"], night["ors"]
    table.add_row("collected", _counts(documents, "seen", "new", "changed", "unchanged", "missing"))
    table.add_row("not understood", _counts(documents, "failed", "not_minutes"))
    table.add_row("understood", _understood(night))
    table.add_row("held", f"{actions['held']} actions, {night['indicators']['held']} indicators")
    table.add_row("issues", ", ".join(f"{name} {n}" for name, n in night["issues"].items()) or "none")
    table.add_row("shared", _counts(night["shared"], *night["shared"]) if night.get("shared") else "nothing")
    table.add_row("sheets", _counts(sheets, *sheets))
    table.add_row("ORS", _counts(ors, *ors))
    table.add_row("seconds", ", ".join(f"{step} {seconds:.1f}" for step, seconds in night["seconds"].items()))
    return table


def _understood(night: dict[str, Any]) -> str:
    actions = night["actions"]
    return (
        f"actions: {actions['open']} open, {actions['done']} done, {actions['overdue']} overdue; "
        f"{night['indicators']['rows']} indicator values, {night['presence']['rows']} presences"
    )


def _counts(counts: dict[str, Any], *names: str) -> str:
    return ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in names if name in counts)
