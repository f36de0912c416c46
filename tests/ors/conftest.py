"""A real service on a real socket, on a database of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn

from ors import auth
from ors.app import create_app
from ors.limits import Limits

NOW = datetime(2026, 4, 8, 3, 0, tzinfo=UTC)


class Clock:
    """The service's time; tests set it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class Service:
    """A running service and a shorthand for asking it."""

    def __init__(self, address: str, app: Any, clock: Clock) -> None:
        self.address, self.app, self.clock = address, app, clock
        self._tokens: dict[tuple[str, str], str] = {}

    def token(self, role: str, cluster: str = "PROT") -> str:
        if (role, cluster) not in self._tokens:
            made = auth.issue(self.app.state.store, cluster, role, f"{role} of tests", self.clock())
            self._tokens[role, cluster] = made[1]
        return self._tokens[role, cluster]

    def ask(self, method: str, path: str, role: str | None = "reporter", cluster: str = "PROT", **more: Any) -> Any:
        headers = {"Accept-Language": "en"} | more.pop("headers", {})
        if role:
            headers["Authorization"] = f"Bearer {self.token(role, cluster)}"
        more.setdefault("allow_redirects", False)
        return requests.request(method, self.address + path, headers=headers, timeout=30, **more)

    def update(self, *changes: dict[str, Any], key: str | None = None, **more: Any) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.ask("POST", "/api/v1/update", json={"changes": list(changes)} | more, headers=headers)


def start(url: str, limits: Limits | None = None) -> tuple[Service, uvicorn.Server, threading.Thread]:
    clock = Clock()
    limits = limits or Limits(read=None, write=None, failures=None)
    app = create_app(url, clock=clock, limits=limits)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    return Service(f"http://127.0.0.1:{listener.getsockname()[1]}", app, clock), server, thread


@pytest.fixture
def make_service(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Start a service: `make_service(limits=…)`; all are stopped at the end."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def make(url: str = "", **more: Any) -> Service:
        service, server, thread = start(url or f"sqlite:///{tmp_path / f'ors{len(running)}.db'}", **more)
        running.append((server, thread))
        return service

    yield make
    for server, thread in running:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def service(make_service: Callable[..., Service], database_url: str) -> Service:
    """On SQLite, and on PostgreSQL too where a server is named (tests/conftest.py)."""
    return make_service(database_url)


class Rows:
    """Changes as the sync would send them; keywords replace fields."""

    @staticmethod
    def action(record_id: str = "act-1", **fields: Any) -> dict[str, Any]:
        base = {
            "number": "PROT-2026-03-05/1",
            "meeting_id": "meet-1",
            "meeting": "Cluster Protection",
            "meeting_date": "2026-03-05",
            "kind": "action",
            "text": "Partager la matrice des acteurs",
            "responsible": ["UNHCR"],
            "status": "open",
        }
        return {"recordId": record_id, "form": "actions", "fields": base | fields}

    @staticmethod
    def indicator(record_id: str = "ind-1", **fields: Any) -> dict[str, Any]:
        base = {
            "code": "PROT-02",
            "name": "Personnes sensibilisées",
            "unit": "personnes",
            "cluster": "PRO",
            "organisation": "DRC",
            "country": "MLI",
            "admin1_pcode": "ML05",
            "admin1_name": "Mopti",
            "month": "2026-03",
            "target": 20000,
            "achieved": 120,
            "dashboard": True,
        }
        return {"recordId": record_id, "form": "indicators", "fields": base | fields}

    @staticmethod
    def meeting(record_id: str = "meet-1", **fields: Any) -> dict[str, Any]:
        base = {
            "date": "2026-03-05",
            "body": "Cluster Protection",
            "body_level": "national",
            "organisations": ["UNHCR", "DRC", "NRC"],
            "next_meeting": "2026-04-09",
            "validation": "validated",
            "actions": 3,
            "decisions": 1,
        }
        return {"recordId": record_id, "form": "meetings", "fields": base | fields}

    @staticmethod
    def presence(record_id: str = "pres-1", **fields: Any) -> dict[str, Any]:
        base = {
            "organisation": "DRC",
            "cluster": "PRO",
            "activity": "Sensibilisation",
            "status": "ongoing",
            "country": "MLI",
            "admin1_pcode": "ML05",
            "reported": "2026-03-05",
        }
        return {"recordId": record_id, "form": "presence", "fields": base | fields}

    @staticmethod
    def gone(record_id: str, form: str = "actions") -> dict[str, Any]:
        return {"recordId": record_id, "form": form, "deleted": True}


@pytest.fixture
def rows() -> type[Rows]:
    return Rows
