"""What one client may ask of the service: size of a body, requests a second, attempts at a token."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ors.problems import Problem, answer, language_of

if TYPE_CHECKING:
    from ors.auth import Principal

_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"),
)


@dataclass
class Limits:
    """Rates are buckets (size, refill a second), one a token and kind; `None` switches them off."""

    body_bytes: int = 4_000_000
    changes: int = 1000
    read: tuple[float, float] | None = (5000.0, 200.0)
    write: tuple[float, float] | None = (600.0, 20.0)
    failures: tuple[float, float] | None = (100.0, 0.5)
    _buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, principal: Principal, method: str) -> None:
        """One request of a token; 429 with Retry-After when its bucket is empty."""
        kind = "read" if method in ("GET", "HEAD") else "write"
        self._take(kind, principal.token, self.read if kind == "read" else self.write)

    def count_failure(self, request: Request) -> None:
        """One request without a valid token, per address: guessing is slow."""
        self._take("failure", request.client.host if request.client else "", self.failures)

    def count_public(self, request: Request) -> None:
        """One request to what needs no token, per address."""
        self._take("public", request.client.host if request.client else "", self.read)

    def _take(self, kind: str, who: str, rate: tuple[float, float] | None) -> None:
        if rate is None:
            return
        size, refill = rate
        now = time.monotonic()
        with self._lock:
            level, seen = self._buckets.get((kind, who), (size, now))
            level = min(size, level + (now - seen) * refill)
            if len(self._buckets) > 10_000:
                self._buckets.clear()
            self._buckets[kind, who] = (max(level - 1, 0.0) if level >= 1 else level, now)
        if level < 1:
            seconds = max(1, math.ceil((1 - level) / refill))
            raise Problem(429, "too-many-requests", headers={"Retry-After": str(seconds)}, seconds=seconds)


class Guard:
    """Middleware: refuses bodies that are too large before they are read whole, adds the security headers."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limits.body_bytes
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            await self._refuse(scope, receive, send)
            return
        seen, refused, answered = 0, False, False

        async def counted() -> Message:
            nonlocal seen, refused
            message = await receive()
            seen += len(message.get("body", b""))
            refused = refused or seen > limit
            return {"type": "http.disconnect"} if refused else message

        async def secured(message: Message) -> None:
            nonlocal answered
            if refused:  # whatever the application makes of the cut body, the answer is that it was too large
                if not answered:
                    answered = True
                    await self._refuse(scope, receive, send)
                return
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in _SECURITY if h[0] not in present)]
            await send(message)

        await self._app(scope, counted, secured)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        more: dict[str, Any] = {"limit": self._limits.body_bytes}
        problem = Problem(413, "body-too-large", limit=self._limits.body_bytes, more=more)
        await answer(problem, language_of(Request(scope)))(scope, receive, send)
