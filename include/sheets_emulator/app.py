"""The server: Google's paths, the emulator's own, the viewer; around the API's the call log and the faults."""

import asyncio
import json
import logging
import socket
import struct
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import edits, faults
from .auth import Accounts
from .calls import Calls
from .control import Control
from .drive import shared, sharing
from .drive.calls import Download, DriveCall
from .drive.methods import dispatch as drive_dispatch
from .drive.shared import linked_export
from .drive.uploads import Uploads
from .errors import ApiError
from .faults import Faults
from .sheets.calls import Call
from .sheets.methods import dispatch as sheets_dispatch
from .viewer import add_viewer
from .workspace import Workspace

Json = dict[str, Any]
API_PREFIXES = ("/v4/", "/drive/", "/upload/", "/feeds/")
TABLES = (shared, sharing)  # importing them fills Drive's table of methods
MAX_BODY = 50 * 1024 * 1024  # bytes; Google answers larger payloads with 413


class Emulator:
    """One emulator: its state folder and everything served from it."""

    def __init__(self, folder: Path, *, require_token: bool = False) -> None:
        self.accounts = Accounts(folder)
        self.workspace = Workspace(folder, self.accounts.record["client_email"])
        self.calls = Calls()
        self.faults = Faults()
        self.uploads = Uploads()
        self.control = Control(self.workspace, self.calls, self.faults)
        self.require_token = require_token

    def build(self) -> ASGIApp:
        """The ASGI application."""
        app = FastAPI(title="Sheets emulator", docs_url=None, redoc_url=None, openapi_url=None)
        every = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        app.add_api_route("/v4/{rest:path}", self.sheets, methods=every)
        app.add_api_route("/drive/v3/{rest:path}", self.drive, methods=every)
        app.add_api_route("/upload/drive/{rest:path}", self.upload, methods=every)
        app.add_api_route("/feeds/download/documents/export/Export", self.export, methods=["GET"])
        app.add_api_route("/token", self.token, methods=["POST"])
        app.add_api_route("/_emulator/{rest:path}", self.own, methods=every)
        app.add_api_route("/healthz", lambda: {"ok": True}, methods=["GET"])
        add_viewer(app, self.workspace)
        return Frontier(app, self)

    async def sheets(self, request: Request) -> Response:
        """Any call to the Sheets API."""
        raw = await request.body()
        return await run_in_threadpool(self._answer, lambda: self._sheets(request, raw), "sheets")

    def _sheets(self, request: Request, raw: bytes) -> Json:
        raw_path = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        if not raw_path.startswith("/v4/spreadsheets"):
            raise ApiError(404, "Requested entity was not found.")
        body = None
        if raw:
            try:
                body = json.loads(raw)
            except ValueError as error:
                text = f"Invalid JSON payload received. {error}"
                raise ApiError(400, text, violations=[("", text)]) from None
        call = Call(self.workspace, request.method, (), _query(request), body, self._person(request))
        return sheets_dispatch(call, raw_path.removeprefix("/v4/spreadsheets"), unquote)

    def _person(self, request: Request) -> str:
        given = request.headers.get("authorization", "") or "Bearer " + request.query_params.get("access_token", "")
        return self.accounts.person(given, required=self.require_token)

    def _drive_call(self, request: Request, raw: bytes) -> DriveCall:
        headers = {name.lower(): value for name, value in request.headers.items()}
        base = str(request.base_url).rstrip("/")
        person = self._person(request)
        return DriveCall(self.workspace, request.method, (), _query(request), headers, raw, person, base)

    async def drive(self, request: Request) -> Response:
        """Any call to the Drive API."""
        raw = await request.body()
        path = request.url.path.removeprefix("/drive/v3")
        return await run_in_threadpool(
            self._answer, lambda: drive_dispatch(self._drive_call(request, raw), path), "drive"
        )

    async def upload(self, request: Request) -> Response:
        """Bytes for Drive."""
        raw = await request.body()
        path = request.url.path.removeprefix("/upload/drive")
        return await run_in_threadpool(
            self._answer, lambda: self.uploads.dispatch(self._drive_call(request, raw), path), "drive"
        )

    async def export(self, request: Request) -> Response:
        """An export link."""
        return await run_in_threadpool(self._answer, lambda: linked_export(self._drive_call(request, b"")), "drive")

    async def token(self, request: Request) -> Response:
        """OAuth: a signed assertion for a token."""
        form = parse_qs((await request.body()).decode(errors="replace"))
        try:
            answer = self.accounts.exchange(form.get("grant_type", [""])[-1], form.get("assertion", [""])[-1])
        except ApiError as error:
            return _json({"error": error.message, "error_description": "Invalid JWT."}, 400)
        return _json(answer, 200)

    async def own(self, request: Request) -> Response:
        """The emulator's own controls."""
        raw = await request.body()
        path = request.url.path.removeprefix("/_emulator/")

        def work() -> Json:
            if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
                raise ApiError(403, "Other web pages have no business here.")
            try:
                body = json.loads(raw) if raw else {}
            except ValueError:
                raise ApiError(400, "The body is no JSON.") from None
            return self.control.handle(request.method, path, body)

        return await run_in_threadpool(self._answer, work, "sheets")

    def _answer(self, work: Any, api: str) -> Response:
        try:
            answer = work()
        except ApiError as error:
            body = error.sheets_body() if api == "sheets" else error.drive_body()
            return _json(body, error.code, error.headers)
        except Exception:  # a bug of ours is an answer too, and its traceback stands in the server's log
            logging.getLogger("uvicorn.error").exception("a call broke the emulator")
            return _json(ApiError(500, "Internal error encountered.").sheets_body(), 500)
        if answer is None:
            return Response(status_code=204)
        if isinstance(answer, Download):
            return Response(answer.content, answer.code, answer.headers, media_type=answer.mime_type)
        return _json(answer, 200)


def _query(request: Request) -> dict[str, list[str]]:
    return parse_qs(request.url.query, keep_blank_values=True)


def _json(value: Any, code: int, headers: dict[str, str] | None = None) -> Response:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "surrogatepass"), code, headers, media_type="application/json; charset=UTF-8")


class Frontier:
    """Around the application: bodies read whole, faults met, calls logged."""

    def __init__(self, app: ASGIApp, emulator: Emulator) -> None:
        self.app = app
        self.emulator = emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or not scope["path"].startswith(API_PREFIXES):
            await self.app(scope, receive, send)
            return
        body = await _whole_body(receive)
        query = scope["query_string"].decode("latin-1")
        path = scope["path"] + (f"?{query}" if query else "")
        exchange = Exchange(scope["method"], path, body)
        fault = self.emulator.faults.meet(exchange.method, exchange.path)
        if len(body) > MAX_BODY:
            error = ApiError(413, "Request payload size exceeds the limit.")
            await _json(error.sheets_body(), 413)(scope, receive, exchange.recording(send))
        elif fault is None:
            await self.app(scope, exchange.replay(), exchange.recording(send))
        else:
            await self._with_fault(fault, exchange, scope, receive, send)
        self.emulator.calls.add(exchange.method, exchange.path, exchange.status, len(body))

    async def _with_fault(self, fault: Json, exchange: "Exchange", scope: Scope, receive: Receive, send: Send) -> None:
        kind = fault["kind"]
        if kind == "status":
            error = faults.error_of(fault)
            body = error.sheets_body() if exchange.path.startswith("/v4/") else error.drive_body()
            await _json(body, error.code, error.headers)(scope, receive, exchange.recording(send))
            return
        if kind == "edit":
            wanted = fault["edit"] if isinstance(fault["edit"], list) else [fault["edit"]]
            try:
                for edit in wanted:
                    await run_in_threadpool(edits.perform, self.emulator.workspace, edit)
            except ApiError as error:
                failed = ApiError(500, f"The edit of a fault failed: {error.message}")
                await _json(failed.sheets_body(), 500)(scope, receive, exchange.recording(send))
                return
        if kind == "delay":
            await asyncio.sleep(float(fault.get("seconds", 1)))
        if kind in ("edit", "delay"):
            await self.app(scope, exchange.replay(), exchange.recording(send))
            return
        await self.app(scope, exchange.replay(), exchange.keep)
        if kind == "reset":
            await exchange.send_half(send)
        exchange.status = 0
        _cut(receive, reset=kind == "reset")


class Exchange:
    """One call on its way: its body for the application, its answer's status for the log."""

    def __init__(self, method: str, path: str, body: bytes) -> None:
        self.method = method
        self.path = path
        self.body = body
        self.status = 0
        self.kept: list[Message] = []

    def replay(self) -> Receive:
        """The body as the application receives it."""
        messages = [{"type": "http.request", "body": self.body, "more_body": False}]

        async def receive() -> Message:
            if messages:
                return messages.pop()
            await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        return receive

    def recording(self, send: Send) -> Send:
        """`send`, with the status noted."""

        async def record(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
            await send(message)

        return record

    async def keep(self, message: Message) -> None:
        """The answer kept instead of sent."""
        self.kept.append(message)

    async def send_half(self, send: Send) -> None:
        """The kept answer's head and half of its body."""
        content = b"".join(message.get("body", b"") for message in self.kept)
        start = next(message for message in self.kept if message["type"] == "http.response.start")
        await send(start)
        await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})


async def _whole_body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _cut(receive: Receive, *, reset: bool) -> None:
    """The connection closed under the answer; `reset`: with a TCP RST."""
    transport = receive.__self__.transport  # type: ignore[attr-defined]  # uvicorn's request cycle
    raw = transport.get_extra_info("socket")
    if reset and raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
