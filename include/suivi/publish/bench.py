"""Side by side in one run: how often, how much and how long three ways of publishing a table talk to the spreadsheet
server, and how many of people's words they lose. ``python -m suivi.publish.bench [--rows N] [--endpoint URL]``

Without an endpoint an emulator is started for the run. The other two ways publish the one table; Suivi also its other
twelve tabs. Needs gspread-dataframe (a development dependency).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast
from uuid import uuid4

import gspread
import pandas as pd
import requests
from rich.console import Console
from rich.table import Table

from suivi import clusters, schema
from suivi.publish import sheets
from suivi.publish.sheets.client import elsewhere
from suivi.publish.sheets.model import Published
from suivi.reference import HOUSE
from suivi.settings import Cluster

DAY = date(2026, 3, 2)
NIGHTS = ("first night", "5 rows changed, 3 new", "no change")


@dataclass
class Server:
    """The emulator's own endpoints: people's hands, and the log of calls."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        self.session.trust_env = False
        answer = self.session.request(method, f"{self.url}/_emulator/{path}", json=body, timeout=120)
        answer.raise_for_status()
        return answer.json()

    def seed(self) -> str:
        key = f"bench-{uuid4().hex[:8]}"
        self.control("POST", "spreadsheets", {"id": key, "title": key})
        return key

    def words(self, key: str) -> str:
        """Everything that stands in the spreadsheet."""
        fields = "sheets(data(rowData(values(userEnteredValue))))"
        return self.session.get(f"{self.url}/v4/spreadsheets/{key}", params={"fields": fields}, timeout=120).text


@dataclass
class Suivi:
    """Keyed difference, as a night does it."""

    url: str
    cluster: Cluster
    published: Published = field(default_factory=dict)
    edits: tuple[Any, ...] = ()
    night: int = 0

    def publish(self, frame: pd.DataFrame) -> None:
        self.night += 1
        link = sheets.connect(self.url)
        pulled = sheets.pull_edits(link, self.cluster, self.published, self.night, DAY)
        self.edits += pulled.edits
        for edit in self.edits:
            frame.loc[frame["record_id"] == edit.record_id, edit.column] = edit.new
        extras = sheets.Extras(edits=self.edits)
        outcome = sheets.publish(
            link, self.cluster, {"actions": frame}, (), extras, self.published, {}, self.night, DAY
        )
        self.published = outcome.published_internal


def actions(rows: int, night: int) -> pd.DataFrame:
    """Invented actions; the second night changes five of them and brings three more."""
    later = night > 0
    made = []
    for n in range(rows + 3 * later):
        made.append(
            {
                "record_id": f"act-{n:05}",
                "number": f"DEMO-2026-02-03/{n}",
                "meeting_id": "m-1",
                "meeting_date": date(2026, 2, 3),
                "kind": "action",
                "text": f"Transmettre la note {n} aux membres avant la prochaine réunion",
                "responsible": ("UNHCR", "NRC"),
                "status": "done" if later and n < 5 else "open",
                "late": False,
                "sharing_level": "membres",
                "source": f"demo/pv_{n}.docx, p. 1",
                "quote": f"Transmettre la note {n} aux membres avant la prochaine réunion",
                "state": "active",
            }
        )
    return schema.register("actions").frame(made)


def people(server: Server, key: str, tab: str, header_rows: int) -> list[str]:
    """A team at work in the table: comments, corrections, a column and a line of their own. Returns their words."""
    names = [f.name for f in schema.register("actions").fields]
    comment = gspread.utils.rowcol_to_a1(1, names.index("comment") + 1).rstrip("1")
    status = gspread.utils.rowcol_to_a1(1, names.index("status") + 1).rstrip("1")
    first = header_rows + 10
    cells = {f"{comment}{first + n}": f"remarque-{n}" for n in range(10)}
    cells |= {f"{status}{first + n}": "annulé" for n in range(5)}
    server.control("POST", "edit", {"spreadsheet": key, "tab": tab, "cells": cells})
    own = {"insert_columns": {"at": len(names) - 1}}
    server.control("POST", "edit", {"spreadsheet": key, "tab": tab, **own})
    column = gspread.utils.rowcol_to_a1(1, len(names)).rstrip("1")
    notes = {f"{column}{first + n}": f"note-{n}" for n in range(5)}
    server.control("POST", "edit", {"spreadsheet": key, "tab": tab, "cells": notes})
    server.control("POST", "edit", {"spreadsheet": key, "tab": tab, "append": [[None, "ligne-a-nous"]]})
    return [*(f"remarque-{n}" for n in range(10)), *(f"note-{n}" for n in range(5)), "ligne-a-nous"]


def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """The table as the other ways can take it: text."""
    return frame.map(lambda value: " ; ".join(value) if isinstance(value, tuple) else value).astype(object).fillna("")


def ways(server: Server, cluster: Cluster) -> dict[str, tuple[str, str, int, Callable[[pd.DataFrame], None]]]:
    """Name → spreadsheet, tab, header rows, what publishes a table."""
    from gspread_dataframe import set_with_dataframe  # type: ignore[import-untyped]

    ours, frame_key, clear_key = server.seed(), server.seed(), server.seed()
    session = requests.Session()
    session.trust_env = False
    client = gspread.Client(auth=cast(Any, None), session=session, http_client=elsewhere(server.url))

    def with_dataframe(frame: pd.DataFrame) -> None:
        set_with_dataframe(client.open_by_key(frame_key).sheet1, flat(frame), resize=True)

    def clear_and_write(frame: pd.DataFrame) -> None:
        tab, table = client.open_by_key(clear_key).sheet1, flat(frame)
        tab.clear()
        tab.update([list(table.columns), *table.astype(str).to_numpy().tolist()])

    cluster = replace(cluster, sheets={"internal": ours})
    title = schema.register("actions").title(cluster.language)
    return {
        "suivi": (ours, title, 2, Suivi(server.url, cluster).publish),
        "gspread-dataframe": (frame_key, "Sheet1", 1, with_dataframe),
        "clear and write": (clear_key, "Sheet1", 1, clear_and_write),
    }


def measure(server: Server, cluster: Cluster, rows: int) -> Table:
    """Three nights each way, people at work after the first."""
    table = Table("way", "night", "reads", "writes", "bytes sent", "seconds", "words lost", "corrections lost")
    for name, (key, tab, header_rows, publish) in ways(server, cluster).items():
        words: list[str] = []
        for night, label in enumerate(NIGHTS):
            server.control("DELETE", "calls")
            start = time.perf_counter()
            publish(actions(rows, night))
            seconds = time.perf_counter() - start
            calls = server.control("GET", "calls")
            sent = sum(call["bytes"] for call in calls["calls"])
            there = server.words(key)
            lost = sum(f'"{word}"' not in there for word in words)
            corrections = max(0, 5 - there.count('"annulé"')) if words else 0
            table.add_row(
                name, label, str(calls["reads"]), str(calls["writes"]), f"{sent:,}", f"{seconds:.2f}",
                f"{lost} of {len(words)}", f"{corrections} of {5 if words else 0}",
            )  # fmt: skip
            if not night:
                words = people(server, key, tab, header_rows)
        table.add_section()
    return table


@contextmanager
def emulator() -> Iterator[str]:
    """An emulator of its own, for the run."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sheets_emulator", "--port", "0", "--state", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                line = next(line for line in process.stdout or () if "listening on" in line)
                yield line.split("listening on ")[1].strip()
            finally:
                process.terminate()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m suivi.publish.bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--endpoint", default="")
    options = parser.parse_args(arguments)
    cluster = clusters.load("mali_protection", HOUSE / "clusters")
    console = Console(width=120)
    if options.endpoint:
        console.print(measure(Server(options.endpoint), cluster, options.rows))
        return
    with emulator() as url:
        console.print(measure(Server(url), cluster, options.rows))


if __name__ == "__main__":
    main()
