"""`python -m ors.bench`: the figures that the service promises, measured on this machine, loopback only.

The service and the client run as processes of their own; the client is the ETL's real one, started by its module
name (this package imports nothing of it). Takes about three minutes; `--rows`, `--readers` and `--examples` make it
smaller.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ors import auth, bench_rows, codes
from ors.access import ROLES
from ors.db import Store
from ors.faults import FaultyProxy

PAGES = (
    "/",
    "/actions",
    "/indicators",
    "/presence",
    "/coordination",
    "/reporting",
    "/calendar",
    "/actions?status=late",
)
INCLUDE = Path(__file__).resolve().parents[1]


@contextmanager
def service(folder: Path) -> Iterator[tuple[str, Store]]:
    """A running service on an empty SQLite file: its address and its database."""
    db = f"sqlite:///{folder / 'ors.db'}"
    command = [sys.executable, "-m", "ors", "--port", "0", "--db", db]
    process = subprocess.Popen(command, cwd=INCLUDE, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        yield line.split()[-1], Store(db)
    finally:
        process.terminate()
        process.wait(20)


def client(address: str, token: str, rows: int, batch: int) -> dict[str, Any]:
    """The ETL's client against this address."""
    command = [sys.executable, "-m", "suivi.publish.ors_bench", "--endpoint", address]
    command += ["--rows", str(rows), "--batch", str(batch)]
    environment = os.environ | {"ORS_BENCH_TOKEN": token}
    run = subprocess.run(command, cwd=INCLUDE, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


class Reader:
    """One reader with one connection."""

    def __init__(self, address: str, token: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> tuple[float, int]:
        """Seconds and bytes of one answer."""
        started = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: HTTP {answer.status}")
        return time.perf_counter() - started, len(content)


def fill(address: str, token: str, count: int) -> float:
    """Rows through the write API, a thousand a request; seconds."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    rows, started = bench_rows.rows(count, datetime.now(UTC).date()), time.perf_counter()
    for at in range(0, len(rows), 1000):
        connection.request("POST", "/api/v1/update", json.dumps({"changes": rows[at : at + 1000]}), headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"HTTP {answer.status}: {body[:300]!r}")
    return time.perf_counter() - started


def report(address: str, token: str) -> None:
    """The night's report, as every night ends."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/nights", json.dumps({"night": 1, "status": "success"}), headers)
    if connection.getresponse().status != 200:
        raise RuntimeError("the night was refused")


def read_together(address: str, token: str, readers: int, each: int) -> dict[str, float]:
    """Readers at once, every one going round the pages without a pause; milliseconds."""

    def one(number: int) -> list[float]:
        reader = Reader(address, token)
        pages = itertools.islice(itertools.cycle(PAGES), number, number + each)
        return [reader.get(path)[0] for path in pages]

    started = time.perf_counter()
    with ThreadPoolExecutor(readers) as pool:
        times = sorted(second * 1000 for part in pool.map(one, range(readers)) for second in part)
    seconds = time.perf_counter() - started
    return {
        "requests": len(times),
        "requests_a_second": round(len(times) / seconds),
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "max_ms": round(times[-1], 1),
    }


def _push(rows: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as (address, store):
        return client(address, auth.issue(store, "BENCH", "reporter", "", datetime.now(UTC))[1], rows, 1000)


def _faults(rows: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as (address, store):
        token = auth.issue(store, "BENCH", "reporter", "", datetime.now(UTC))[1]
        with FaultyProxy(address, 0.2) as proxy:
            found = client(proxy.address, token, rows, 200)
            found["faults"] = {kind: n for kind, n in proxy.done.items() if n}
        reader = Reader(address, token)
        pages = [_page(reader, form) for form in ("actions", "indicators")]
        found["rows_there"] = sum(page["total"] for page in pages)
        found["versions_there"] = sorted({row["version"] for page in pages for row in page["data"]})
        return found


def _page(reader: Reader, form: str) -> dict[str, Any]:
    reader._connection.request("GET", f"/api/v1/{form}?version=latest&limit=10000", headers=reader._headers)
    found: dict[str, Any] = json.loads(reader._connection.getresponse().read())
    return found


def _read(rows: int, readers: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as (address, store):
        now = datetime.now(UTC)
        reporter = auth.issue(store, "BENCH", "reporter", "", now)[1]
        member = auth.issue(store, "BENCH", "member", "", now)[1]
        found: dict[str, Any] = {"rows": rows, "fill_seconds": round(fill(address, reporter, rows), 1)}
        reader = Reader(address, member)
        report(address, reporter)
        time.sleep(5)  # a night is reported hours before the first reader
        found["first_page_seconds"] = round(reader.get("/")[0], 2)
        found["pages"] = read_together(address, member, readers, 40)
        place = f"country={codes.country_id('MLI')}&cluster={codes.cluster_id('PRO')}"
        day = now.replace(day=1) - timedelta(days=1)
        feed = f"/DataFeeds/ReportedData.ashx?{place}&year={day.year}&month={day.month}"
        for name, path in (("xml", feed), ("json", f"{feed}&format=json")):
            first, size = reader.get(path)
            found[f"feed_{name}"] = {
                "first_ms": round(first * 1000),
                "again_ms": round(reader.get(path)[0] * 1000),
                "bytes": size,
            }
        return found


def _contract(examples: int) -> dict[str, Any]:
    from ors import bench_contract  # needs schemathesis and requests, which the other parts do not

    with tempfile.TemporaryDirectory() as folder:
        with bench_contract.unlimited(f"sqlite:///{folder}/cells.db") as (address, store):
            now = datetime.now(UTC)
            roles = {role: auth.issue(store, "PROT", role, "", now)[1] for role in ROLES}
            bench_contract.fill(address, roles["reporter"])
            found = bench_contract.cells(address, roles.__getitem__)
        if examples:
            found["schemathesis"] = bench_contract.schema(Path(folder), examples)
        return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as JSON, each part as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m ors.bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the reading part")
    parser.add_argument("--pushed", type=int, default=10_000, help="rows of the pushing parts")
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--examples", type=int, default=25, help="of schemathesis for each operation; 0: leave it out")
    asked = parser.parse_args(arguments)
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "push": lambda: _push(asked.pushed),
        "push with 20 % faults": lambda: _faults(asked.pushed),
        "read": lambda: _read(asked.rows, asked.readers),
        "routes, roles and schema": lambda: _contract(asked.examples),
    }
    for name, measure in parts.items():
        print(json.dumps({name: measure()}, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
