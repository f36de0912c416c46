"""What the service promises, tried whole: every cell of the table of routes and roles, and the published schema.

The cells are also a test (`tests/ors/test_access.py`); the schema is tried by schemathesis with all its phases,
longer than the tests can wait.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
import uvicorn

from ors import auth, bench_rows
from ors.access import ACCESS, PAGES, ROLES
from ors.app import create_app
from ors.limits import Limits

_CSV = b"Year,Month,Organization,Indicator,Achieved\n"
_BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/update": {"json": {"changes": [{"recordId": "a", "form": "actions", "deleted": True}]}},
    "POST /api/v1/nights": {"json": {"night": 1, "status": "success"}},
    "PUT /api/v1/periods/{month}": {"json": {"state": "open"}},
    "POST /api/v1/decisions": {
        "json": {"decisions": [{"form": "presence", "recordId": "a", "version": 1, "decision": "approved"}]}
    },
    "POST /api/v1/redactions": {"json": {"form": "actions", "recordId": "zz"}},
    "PUT /api/v1/settings": {"json": {"hxl": True}},
    "POST /api/v1/tokens": {"json": {"role": "member"}},
    "POST /api/v1/imports": {"files": {"file": ("x.csv", _CSV)}},
    "POST /login": {"data": {"token": "no"}},
    "POST /lead/decide": {"data": {"decision": "approved"}},
    "POST /lead/period": {"data": {"month": "2026-03", "state": "open"}},
    "POST /lead/import": {"files": {"file": ("x.csv", _CSV)}},
}
_VALUES = {
    "{month}": "2026-03",
    "{token_id}": "0123456789ab",
    "{record_id:path}": "act-1",
    "{feed}": "Country.ashx",
    "/public/aggregates": "/public/aggregates?cluster=NONE",
}
# what somebody who may gets, where it is not 200: nothing is there to revoke or to decide, forms lead on
_GOOD = {
    "POST /api/v1/tokens": 201,
    "DELETE /api/v1/tokens/{token_id}": 404,
    "POST /api/v1/decisions": 207,
    "GET /api/v1/public/aggregates": 404,
    "POST /login": 401,
    "POST /logout": 303,
    "POST /lead/decide": 303,
    "POST /lead/period": 303,
}


def expected(route: str, role: str | None) -> int:
    """The status that the table promises; `role` is `None` for somebody without a token."""
    allowed = ACCESS[route]
    if allowed is None or (role in allowed):
        return _GOOD.get(route, 200)
    if role is None:
        return 303 if route in PAGES else 401
    return 403


def try_cell(address: str, route: str, token: str | None) -> requests.Response:
    """One request of a route, with or without a token. The action `act-1` must be there."""
    method, path = route.split(" ", 1)
    for name, value in _VALUES.items():
        path = path.replace(name, value)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    more = _BODIES.get(route, {})
    return requests.request(method, address + path, headers=headers, timeout=30, allow_redirects=False, **more)


def cells(address: str, token: Callable[[str], str]) -> dict[str, Any]:
    """All cells: how many, and those that answered otherwise than the table says."""
    wrong = []
    for route in ACCESS:
        for role in (None, *ROLES):
            status = try_cell(address, route, token(role) if role else None).status_code
            if status != expected(route, role):
                wrong.append(f"{route} as {role}: {status}")
    return {"cells": len(ACCESS) * (len(ROLES) + 1), "wrong": wrong}


@contextmanager
def unlimited(url: str) -> Iterator[tuple[str, Any]]:
    """A service in this process that never answers 429: a trial asks more than any client may."""
    app = create_app(url, limits=Limits(read=None, write=None, failures=None))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", app.state.store
    finally:
        server.should_exit = True
        thread.join(20)


def schema(folder: Path, examples: int, phases: str = "examples,coverage,fuzzing,stateful") -> dict[str, Any]:
    """Schemathesis with the tokens of the three roles that write; cases made and failures found, by role."""
    found: dict[str, Any] = {}
    for role in ("reporter", "lead", "admin"):
        with unlimited(f"sqlite:///{folder / f'{role}.db'}") as (address, store):
            now = datetime.now(UTC)
            fill(address, auth.issue(store, "PROT", "reporter", "", now)[1])
            header = f"Authorization: Bearer {auth.issue(store, 'PROT', role, '', now)[1]}"
            found[role] = run_schemathesis(address, header, folder, examples, phases)
    return found


def fill(address: str, token: str) -> None:
    """Some rows of every form."""
    body = {"changes": bench_rows.rows(60, datetime.now(UTC).date())}
    headers = {"Authorization": f"Bearer {token}"}
    requests.post(f"{address}/api/v1/update", json=body, headers=headers, timeout=60).raise_for_status()


def tool() -> str | None:
    """Where schemathesis is, beside this Python first."""
    return shutil.which("schemathesis", path=str(Path(sys.executable).parent)) or shutil.which("schemathesis")


def run_schemathesis(address: str, header: str, folder: Path, examples: int, phases: str) -> dict[str, Any]:
    """One run; `output` says what it found, when it found something."""
    command = [str(tool()), "run", f"{address}/openapi.json", "--phases", phases, "-n", str(examples), "--seed", "5"]
    run = subprocess.run([*command, "-H", header], capture_output=True, text=True, cwd=folder, check=False)
    made, failed = (re.search(pattern, run.stdout) for pattern in (r"(\d+) generated", r"(\d+) unique failures"))
    failures = int(failed[1]) if failed else 0 if run.returncode == 0 else -1
    counted = {"cases": int(made[1]) if made else 0, "failures": failures}
    return counted if failures == 0 else counted | {"output": run.stdout[-6000:]}
