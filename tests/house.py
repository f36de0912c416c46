"""A small house of its own for a test: real emulator, real ORS, a ledger, a drive folder, cluster files."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import yaml

from suivi import pipeline
from suivi.ledger import Ledger, upgrade
from suivi.reference import HOUSE
from suivi.settings import Settings

SAMPLES = HOUSE / "samples" / "mali_protection"
FIRST = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def start(module: str, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    """`python -m module`, ready; the process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("listening on "), line
    return process, line.removeprefix("listening on ").strip()


def stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()


@dataclass
class House:
    """One installation."""

    folder: Path
    sheets: str
    ors: str
    token: str
    nights: int = 0
    http: requests.Session = field(default_factory=requests.Session)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SUIVI_VAR": str(self.folder / "var"),
            "SUIVI_DB": f"sqlite:///{self.folder / 'var' / 'suivi.db'}",
            "SUIVI_STORE": str(self.folder / "store"),
            "SUIVI_CLUSTERS": str(self.folder / "clusters"),
            "SUIVI_SHEETS_ENDPOINT": self.sheets,
            "SUIVI_ORS_URL": self.ors,
            "SUIVI_ORS_TOKEN": self.token,
        }

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(self.environment)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.settings.db)

    @property
    def drive(self) -> Path:
        return self.folder / "drive"

    def night(self, **options: Any) -> dict[str, Any]:
        """The next night, in this process."""
        self.nights += 1
        now = FIRST + timedelta(days=self.nights - 1)
        return pipeline.run_night("mali_protection", f"night-{self.nights}", now, self.settings, **options)

    def command(self, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """`suivi …` in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "suivi.cli", *arguments],
            env={**os.environ, **self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def started(self, *arguments: str) -> subprocess.Popen[bytes]:
        """`suivi …` as a process that a test may kill, holding its lease like the local stack does."""
        environment = {**os.environ, **self.environment}
        code = (
            "import os, sys; os.environ['SUIVI_LEASE_PID'] = str(os.getpid());"
            "from suivi.cli import main; sys.exit(main(sys.argv[1:]))"
        )
        return subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def configure(self, **changes: Any) -> None:
        """Write the cluster's file, changed."""
        path = self.folder / "clusters" / "mali_protection.yaml"
        plain = yaml.safe_load((HOUSE / "clusters" / "mali_protection.yaml").read_text())
        plain["drives"] = [{"name": "echantillons", "url": str(self.drive)}]
        plain["sheets"] = {"internal": f"internal-{self.folder.name}", "shared": f"shared-{self.folder.name}"}
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump({**plain, **changes}, allow_unicode=True))
        for kind in ("internal", "shared"):
            body = {"id": plain["sheets"][kind], "title": kind}
            self.http.post(f"{self.sheets}/_emulator/spreadsheets", json=body, timeout=20).raise_for_status()

    def spreadsheet(self, kind: str) -> str:
        """Everything a reader of the spreadsheet could see, as text."""
        url = f"{self.sheets}/v4/spreadsheets/{kind}-{self.folder.name}"
        return self.http.get(url, params={"includeGridData": "true"}, timeout=60).text

    def tab(self, kind: str, tab: str) -> list[dict[str, str]]:
        """The rows of a tab by header, as formatted for people."""
        url = f"{self.sheets}/v4/spreadsheets/{kind}-{self.folder.name}/values/{tab}"
        values = self.http.get(url, timeout=60).json()["values"]
        rows = [dict(zip(values[0], row, strict=False)) for row in values[1:]]
        return [row for row in rows if not str(next(iter(row.values()), "")).startswith("#")]

    def edit(self, tab: str, **action: Any) -> None:
        body = {"spreadsheet": f"internal-{self.folder.name}", "tab": tab, **action}
        self.http.post(f"{self.sheets}/_emulator/edit", json=body, timeout=20).raise_for_status()

    def fault(self, **fault: Any) -> None:
        self.http.post(f"{self.sheets}/_emulator/faults", json=fault, timeout=20).raise_for_status()

    def calls(self) -> dict[str, Any]:
        return self.http.get(f"{self.sheets}/_emulator/calls", timeout=20).json()

    def forget_calls(self) -> None:
        self.http.delete(f"{self.sheets}/_emulator/calls", timeout=20)


def house_in(tmp_path: Path, emulator: str) -> Iterator[House]:
    """An installation with the sample drive, before its first night; its ORS stops at the end."""
    database = f"sqlite:///{tmp_path / 'ors.db'}"
    made = subprocess.run(
        [sys.executable, "-m", "ors", "token", "--db", database, "--cluster", "PROT", "--role", "reporter"],
        capture_output=True,
        text=True,
        check=True,
    )
    process, ors = start("ors", "--port", "0", "--db", database)
    found = House(tmp_path, emulator, ors, made.stdout.split()[-1])
    found.http.trust_env = False
    shutil.copytree(SAMPLES, found.drive)
    found.configure()
    upgrade(Ledger(found.settings.db, check=False).engine)
    yield found
    stop(process)
