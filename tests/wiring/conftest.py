"""A post office of our own: an SMTP server on a free port that keeps what it is given; and a chat's webhook."""

from __future__ import annotations

import email
import json
import socketserver
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest


class _Counter(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as smtplib speaks."""

    def handle(self) -> None:
        self._say("220 post office")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "DATA":
                self._say("354 go on")
                self.server.keep(b"".join(iter(self.rfile.readline, b".\r\n")))  # type: ignore[attr-defined]
            self._say("221 bye" if word == "QUIT" else "250 ok")
            if word == "QUIT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class PostOffice(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.mails: list[EmailMessage] = []

    def keep(self, data: bytes) -> None:
        self.mails.append(email.message_from_bytes(data, policy=default))  # type: ignore[arg-type]

    @property
    def texts(self) -> list[str]:
        return [mail.get_body(("html", "plain")).get_content() for mail in self.mails]  # type: ignore[union-attr]

    @property
    def connection(self) -> str:
        extra = {"from_email": "suivi@example.org", "disable_ssl": True, "disable_tls": True}
        return json.dumps(
            {"conn_type": "smtp", "host": "127.0.0.1", "port": self.server_address[1], "extra": json.dumps(extra)}
        )


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """The post office that the connection `suivi_smtp` names."""
    with PostOffice() as office:
        threading.Thread(target=office.serve_forever, daemon=True).start()
        monkeypatch.setenv("AIRFLOW_CONN_SUIVI_SMTP", office.connection)
        yield office
        office.shutdown()


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What the chat's webhook was told; the connection `suivi_chat` names it."""
    told: list[dict[str, Any]] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Webhook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/hook"
    monkeypatch.setenv("AIRFLOW_CONN_SUIVI_CHAT", json.dumps({"conn_type": "http", "password": address}))
    yield told
    server.shutdown()
