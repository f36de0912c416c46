"""A real emulator process, and a small house around it: registers, ledger state, people who edit."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pandas as pd
import pytest
import requests

from suivi import schema
from suivi.clusters import load
from suivi.models import Decision, Edit
from suivi.publish import sheets as package
from suivi.publish.sheets.dress import letter
from suivi.publish.sheets.grid import FIELDS, Book, book, find
from suivi.publish.sheets.layout import plain_tab, register_tab
from suivi.reference import HOUSE
from suivi.settings import Cluster

DAY = date(2026, 3, 2)


class Emulator:
    """The emulator over HTTP: its own endpoints, and what is in a spreadsheet."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.session = requests.Session()
        self.session.trust_env = False
        self.seen: dict[str, Book] = {}  # spreadsheets as read since anybody last wrote

    def control(self, method: str, path: str, body: Any = None) -> Any:
        self.seen.clear()
        answer = self.session.request(method, f"{self.url}/_emulator/{path}", json=body, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def seed(self, title: str, **more: Any) -> str:
        key = f"book-{uuid4().hex[:12]}"
        self.control("POST", "spreadsheets", {"id": key, "title": title, **more})
        return key

    def edit(self, spreadsheet: str, tab: str, **action: Any) -> None:
        self.control("POST", "edit", {"spreadsheet": spreadsheet, "tab": tab, **action})

    def fault(self, **fault: Any) -> None:
        self.control("POST", "faults", fault)

    def calls(self) -> dict[str, Any]:
        report: dict[str, Any] = self.control("GET", "calls")
        return report

    def book(self, spreadsheet: str) -> Book:
        if spreadsheet not in self.seen:
            answer = self.session.get(
                f"{self.url}/v4/spreadsheets/{spreadsheet}", params={"fields": FIELDS}, timeout=60
            )
            assert answer.ok, answer.text
            self.seen[spreadsheet] = book(answer.json())
        return self.seen[spreadsheet]

    def raw(self, spreadsheet: str, fields: str) -> Any:
        answer = self.session.get(f"{self.url}/v4/spreadsheets/{spreadsheet}", params={"fields": fields}, timeout=60)
        assert answer.ok, answer.text
        return answer.json()


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("emulator")
    command = [sys.executable, "-m", "sheets_emulator", "--port", "0", "--state", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        for line in process.stdout:
            if found := re.search(r"listening on (http://\S+)", line):
                yield Emulator(found[1], folder)
                break
        else:
            raise RuntimeError("the emulator did not start")
    finally:
        process.terminate()
        process.wait(10)


def action(n: int, **more: Any) -> dict[str, Any]:
    """An invented action."""
    return {
        "record_id": f"act-{n:04}",
        "number": f"PROT-2026-02-03/{n}",
        "meeting_id": "m-1",
        "meeting": "Cluster Protection",
        "meeting_date": date(2026, 2, 3),
        "kind": "action",
        "text": f"Partager la fiche numéro {n} avec les membres",
        "responsible": ("UNHCR", "NRC") if n % 2 else ("DRC",),
        "admin2_name": ("Tombouctou",),
        "admin2_pcode": ("ML0604",),
        "deadline_date": date(2026, 2, 28) if n % 3 == 0 else None,
        "status": "open",
        "late": n % 3 == 0,
        "age_meetings": n % 5,
        "last_mentioned": date(2026, 2, 3),
        "postponed": 0,
        "sharing_level": "membres",
        "confidence": 0.97,
        "source": f"echantillons/pv_{n}.docx, p. 1",
        "quote": f"Partager la fiche numéro {n}",
        "state": "active",
    } | more


def meeting(n: int, **more: Any) -> dict[str, Any]:
    return {
        "record_id": f"m-{n}",
        "date": date(2026, 2, 3) + timedelta(days=14 * (n - 1)),
        "body": "Cluster Protection",
        "body_level": "national",
        "participants": 12 + n,
        "organisations": ("DRC", "NRC", "UNHCR"),
        "chair": "Awa Exemple",
        "validation": "draft",
        "sharing_level": "membres",
        "state": "active",
    } | more


def indicator(month: str, running: float, **more: Any) -> dict[str, Any]:
    return {
        "record_id": f"PROT-02|MLI|{month}",
        "code": "PROT-02",
        "name": "Personnes sensibilisées",
        "unit": "personnes",
        "cluster": "PRO",
        "country": "MLI",
        "month": month,
        "achieved": running / 2,
        "running": running,
        "sharing_level": "membres",
        "state": "active",
    } | more


def waiting(n: int, **more: Any) -> SimpleNamespace:
    entry = {
        "held_id": f"held-{n}",
        "register": "actions",
        "record_id": f"act-h{n}",
        "about": f"Action peu sûre {n}",
        "reason": "confiance 0,61",
        "proposal": "la publier telle quelle",
        "quote": f"Peut-être faire la chose {n}",
        "source": "echantillons/pv_9.docx",
    }
    return SimpleNamespace(**(entry | more))


@dataclass
class House:
    """One cluster with two spreadsheets; `night()` is pull, a toy register step, publish. Keeps what a ledger keeps."""

    emulator: Emulator
    cluster: Cluster
    rows: dict[str, list[dict[str, Any]]]
    held: list[Any] = field(default_factory=list)
    published: dict[str, Any] = field(default_factory=lambda: {"internal": {}, "shared": {}})
    edits: list[Edit] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    number: int = 0
    day: date = DAY
    links: dict[str, str] = field(default_factory=dict)
    ledger: str = "ledger-1"
    last: Any = None
    pulled: Any = None
    on_record: Callable[[str, Any], None] | None = None

    action = staticmethod(action)
    meeting = staticmethod(meeting)
    indicator = staticmethod(indicator)
    entry = staticmethod(waiting)

    def connect(self, **more: Any) -> package.Sheets:
        return package.connect(self.emulator.url, None, ledger=self.ledger, pace=0.01, **more)

    def frames(self) -> dict[str, pd.DataFrame]:
        """The registers with edits applied, as the register step would."""
        newest = {(e.register, e.record_id, e.column): e.new for e in self.edits}
        frames = {}
        for name in schema.REGISTERS:
            rows = []
            for row in self.rows.get(name, ()):
                row = dict(row)
                for (register, record, column), new in newest.items():
                    if (register, record) == (name, row["record_id"]) and new is not None:
                        row[column] = _typed(schema.register(name).field(column).type, new)
                rows.append(row)
            frames[name] = schema.register(name).frame(rows)
        return frames

    def pull(self, sheets: package.Sheets | None = None) -> Any:
        self.pulled = package.pull_edits(
            sheets or self.connect(), self.cluster, self.published["internal"], self.number, self.day, self.held
        )
        newest = {(e.register, e.record_id, e.column): e.new for e in self.edits}
        for edit in self.pulled.edits:
            key = (edit.register, edit.record_id, edit.column)
            if key not in newest or newest[key] != edit.new:
                self.edits.append(edit)
        self.decisions += self.pulled.decisions
        return self.pulled

    def publish(self, sheets: package.Sheets | None = None, **more: Any) -> Any:
        def record(target: str, state: Any) -> None:
            self.published[target] = state
            if self.on_record:
                self.on_record(target, state)

        extras = package.Extras(
            edits=tuple(self.edits),
            links=self.links,
            choices=self.pulled.choices if self.pulled else None,
            settings=self.pulled.settings if self.pulled else None,
        )
        before = self.published
        self.emulator.seen.clear()
        outcome = package.publish(
            sheets or self.connect(),
            self.cluster,
            self.frames(),
            self.held,
            extras,
            before["internal"],
            before["shared"],
            self.number,
            self.day,
            record=record,
            **more,
        )
        self.emulator.seen.clear()
        if not more.get("dry_run"):
            self.published = {"internal": outcome.published_internal, "shared": outcome.published_shared}
        self.last = outcome
        return outcome

    def night(self) -> Any:
        self.number += 1
        self.day += timedelta(days=1)
        sheets = self.connect()
        self.pull(sheets)
        return self.publish(sheets)

    def internal(self) -> str:
        return str(self.cluster.sheets["internal"])

    def shared(self) -> str:
        return str(self.cluster.sheets["shared"])

    def edit(self, tab: str, target: str = "internal", **change: Any) -> None:
        """A person's hand, by tab key."""
        key = str(self.cluster.sheets[target])
        self.emulator.edit(key, self.title(tab, target), **change)

    def title(self, tab: str, target: str = "internal") -> str:
        grids = self.emulator.book(str(self.cluster.sheets[target])).grids
        return grids[self._tab(tab, target).sheet_id].title

    def set(self, tab: str, record: str, **cells: Any) -> None:
        """A person types into cells of a row, by field names."""
        described = self._tab(tab, "internal")
        grid = self.emulator.book(self.internal()).grids[described.sheet_id]
        found = find(grid, described)
        row = found.rows[record] + 1
        self.edit(tab, cells={f"{letter(found.columns[name])}{row}": value for name, value in cells.items()})

    def _tab(self, tab: str, target: str) -> Any:
        if tab in schema.REGISTERS:
            return register_tab(tab, self.cluster, "interne" if target == "internal" else "membres")
        return plain_tab(tab, self.cluster)

    def table(self, tab: str, target: str = "internal") -> dict[str, dict[str, Any]]:
        """What stands in our table: record id → field → raw content."""
        described = self._tab(tab, target)
        grid = self.emulator.book(str(self.cluster.sheets[target])).grids[described.sheet_id]
        found = find(grid, described)
        assert not found.twice, found.twice
        return {
            record: {name: grid.at(row, c) for name, c in found.columns.items()} for record, row in found.rows.items()
        }

    def words(self, target: str = "internal") -> list[str]:
        """Every text in the spreadsheet."""
        book_ = self.emulator.book(str(self.cluster.sheets[target]))
        return [str(v) for g in book_.grids.values() for row in g.cells for v in row if v is not None]


def _typed(kind: str, text: str) -> Any:
    if kind == "list":
        return tuple(part.strip() for part in text.split(";"))
    if kind == "date":
        return date.fromisoformat(text)
    return text == "true" if kind == "flag" else text


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    return load("mali_protection", HOUSE / "clusters")


@pytest.fixture
def house(emulator: Emulator, cluster: Cluster) -> Iterator[House]:
    """A cluster with twelve actions, before its first night."""
    ids = {"internal": emulator.seed("Interne"), "shared": emulator.seed("Partage")}
    rows = {
        "actions": [action(n) for n in range(1, 13)],
        "meetings": [meeting(1), meeting(2)],
        "indicators": [indicator("2026-01", 120.0), indicator("2026-02", 300.0)],
    }
    made = House(emulator, replace(cluster, sheets={**cluster.sheets, **ids}), rows)
    yield made
    emulator.control("DELETE", "faults")
