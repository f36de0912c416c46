"""A bad network between a client and the service, for the bench and the tests: loopback only.

Of the chosen share of requests the answer is lost, cut, delayed, or replaced by a 5xx, before or after the service
has done the work. The seed makes a run repeatable.
"""

from __future__ import annotations

import http.client
import random
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

FAULTS = ("lost", "cut", "delayed", "refused before", "refused after", "too many")
_HOP = frozenset({"connection", "transfer-encoding", "keep-alive", "content-length"})


class FaultyProxy:
    """`with FaultyProxy(address, share=0.2) as proxy: … proxy.address, proxy.done`."""

    def __init__(self, target: str, share: float, *, delay: float = 0.05, seed: int = 7) -> None:
        self._target = urlsplit(target).netloc
        self._share, self._delay = share, delay
        self._random = random.Random(seed)  # noqa: S311 - repeatable, no secret
        self._lock = threading.Lock()
        self.done: dict[str, int] = dict.fromkeys((*FAULTS, "passed"), 0)
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                proxy._handle(self)

            do_POST = do_PUT = do_DELETE = do_GET

            def log_message(self, *_: Any) -> None:
                """Say nothing: addresses may carry tokens."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FaultyProxy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _draw(self) -> str:
        with self._lock:
            fault = self._random.choice(FAULTS) if self._random.random() < self._share else "passed"
            self.done[fault] += 1
        return fault

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        fault = self._draw()
        if fault in ("refused before", "too many"):
            _send(handler, 503 if fault == "refused before" else 429, [("Retry-After", "0")], b"{}")
            return
        status, headers, content = self._forward(handler, body)
        if fault == "delayed":
            time.sleep(self._delay)
        if fault == "refused after":
            _send(handler, 502, [], b"{}")
        elif fault == "lost":
            _drop(handler)
        elif fault == "cut":
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(content) + 10))
            handler.end_headers()
            handler.wfile.write(content[: len(content) // 2])
            _drop(handler)
        else:
            _send(handler, status, headers, content)

    def _forward(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self._target, timeout=60)
        kept = {name: value for name, value in handler.headers.items() if name.lower() not in _HOP}
        connection.request(handler.command, handler.path, body or None, kept)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), content


def _send(handler: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
    handler.send_response_only(status)
    for name, value in headers:
        if name.lower() not in _HOP:
            handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def _drop(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.flush()
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)
