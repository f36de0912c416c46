"""The same service on PostgreSQL: a cluster of the test's own, as user postgres, where Debian's binaries are."""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

BIN = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/nonexistent"))
CAN = (BIN / "initdb").exists() and (getpass.getuser() != "root" or shutil.which("runuser") is not None)
pytestmark = pytest.mark.skipif(not CAN, reason="PostgreSQL is not installed")


def as_postgres(*command: str) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if getpass.getuser() == "root" else []
    subprocess.run([*prefix, *command], check=True, capture_output=True, cwd="/tmp")


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="ors-pg-"))
    if getpass.getuser() == "root":
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = str(folder / "data")
    as_postgres(str(BIN / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    as_postgres(str(BIN / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    as_postgres(str(BIN / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def test_the_road_of_a_row_on_postgresql(make_service: Callable[..., Any], rows: Any, postgresql: str) -> None:
    service = make_service(postgresql)
    first = service.update(rows.action(), rows.indicator(), rows.meeting(), key="k")
    assert service.update(rows.action(), rows.indicator(), rows.meeting(), key="k").json() == first.json()
    stale = service.update(rows.action(status="done") | {"previousVersion": 7})
    assert (stale.status_code, stale.json()["current"]["version"]) == (409, 1)
    decision = {"form": "indicators", "recordId": "ind-1", "version": 1, "decision": "approved"}
    assert service.ask("POST", "/api/v1/decisions", "lead", json={"decisions": [decision]}).status_code == 200
    night = service.ask("POST", "/api/v1/nights", json={"night": 1, "status": "success"}).json()
    assert [d["approval"] for d in night["decisions"]] == ["approved"]
    asked = {"form": "actions", "recordId": "act-1"}
    assert service.ask("POST", "/api/v1/redactions", "lead", json=asked).status_code == 200
    assert service.ask("GET", "/", "member").status_code == 200
    assert len(service.ask("GET", "/datafeeds/reporteddata.ashx?format=json", "member").json()) == 1


def test_writers_at_once_leave_every_row_once(make_service: Callable[..., Any], rows: Any, postgresql: str) -> None:
    service = make_service(postgresql)
    service.token("reporter", "WASH")

    def push(number: int) -> int:
        batch = [rows.action(f"act-{number % 4}-{n}") for n in range(50)]
        answer = service.ask("POST", "/api/v1/update", "reporter", "WASH", json={"changes": batch})
        return int(answer.status_code)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(push, range(16))) == {200}
    found = service.ask("GET", "/api/v1/actions", "member", "WASH").json()
    assert (found["total"], {row["version"] for row in found["data"]}) == (200, {1})
