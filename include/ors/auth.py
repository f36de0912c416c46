"""Tokens and sessions. A token is shown once; the database keeps its hash, cluster, role and end."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import Connection, insert, select, update

from ors.access import ACCESS, PAGES, TOKEN_IN_ADDRESS
from ors.db import Store, stamp
from ors.models import clusters, tokens
from ors.problems import Problem

COOKIE = "ors_session"
SESSION_SECONDS = 12 * 3600
_BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="A token of `python -m ors token`")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a token's id, its one cluster and role, and the cluster's revision at this moment."""

    token: str
    cluster: str
    role: str
    label: str
    revision: int
    by_cookie: bool = False

    @property
    def actor(self) -> str:
        """The name under which history keeps what was done: role and label, never a person's name of ours."""
        return f"{self.role}:{self.label or self.token}"


def digest(token: str) -> str:
    """A token has 256 random bits, so a plain hash is enough and lookups stay one index read."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(
    store: Store, cluster: str, role: str, label: str, now: datetime, expires: datetime | None = None
) -> tuple[str, str]:
    """Make a token; returns its id and the token, which cannot be shown again."""
    store.ensure_cluster(cluster, now)
    token = f"ors_{secrets.token_urlsafe(32)}"
    line = {
        "id": secrets.token_hex(6),
        "cluster": cluster,
        "role": role,
        "label": label,
        "digest": digest(token),
        "created": stamp(now),
        "expires": stamp(expires) if expires else None,
    }
    with store.write() as connection:
        connection.execute(insert(tokens).values(line))
    return str(line["id"]), token


def revoke(connection: Connection, cluster: str, token_id: str, now: datetime) -> bool:
    """End a token and every session opened with it; false when the cluster has no such token."""
    mine = (tokens.c.cluster == cluster) & (tokens.c.id == token_id)
    known = connection.scalar(select(tokens.c.id).where(mine)) is not None
    connection.execute(update(tokens).where(mine, tokens.c.revoked.is_(None)).values(revoked=stamp(now)))
    return known


def listed(store: Store, cluster: str) -> list[tuple[str, ...]]:
    """Id, role, label, end and state of a cluster's tokens."""
    columns = (tokens.c.id, tokens.c.role, tokens.c.label, tokens.c.expires, tokens.c.revoked)
    query = select(*columns).where(tokens.c.cluster == cluster).order_by(tokens.c.created)
    with store.read() as connection:
        return [tuple(str(value or "-") for value in line) for line in connection.execute(query)]


def _lookup(store: Store, condition: Any, now: datetime, by_cookie: bool) -> Principal | None:
    alive = tokens.c.revoked.is_(None) & (tokens.c.expires.is_(None) | (tokens.c.expires > stamp(now)))
    columns = (tokens.c.id, tokens.c.cluster, tokens.c.role, tokens.c.label, clusters.c.revision)
    joined = tokens.join(clusters, clusters.c.code == tokens.c.cluster)
    with store.read() as connection:
        found = connection.execute(select(*columns).select_from(joined).where(condition, alive)).first()
    return Principal(*found, by_cookie=by_cookie) if found else None


def by_token(store: Store, token: str, now: datetime) -> Principal | None:
    """Whose token this is, unless it is unknown, revoked or at its end."""
    return _lookup(store, tokens.c.digest == digest(token), now, by_cookie=False)


class Sessions:
    """Cookies of the login page: a signed token id, so that revoking the token ends the session."""

    def __init__(self, store: Store) -> None:
        self._key = store.secret("session")
        self._signer = URLSafeTimedSerializer(self._key, salt="ors-session")

    def cookie(self, principal: Principal) -> str:
        return self._signer.dumps([principal.token, secrets.token_hex(8)])

    def principal(self, store: Store, cookie: str, now: datetime) -> Principal | None:
        try:
            token_id, _ = self._signer.loads(cookie, max_age=SESSION_SECONDS)
        except (BadSignature, ValueError, TypeError):
            return None
        return _lookup(store, tokens.c.id == token_id, now, by_cookie=True)

    def csrf(self, cookie: str) -> str:
        """The value that a form of this session must carry."""
        return hmac.new(self._key.encode(), f"csrf:{cookie}".encode(), hashlib.sha256).hexdigest()

    def check(self, cookie: str, value: str) -> bool:
        return bool(cookie) and hmac.compare_digest(self.csrf(cookie), value)


class LoginNeeded(Exception):
    """A page was asked for without a session."""


def authorise(
    request: Request, credentials: HTTPAuthorizationCredentials | None = Security(_BEARER)
) -> Principal | None:
    """The dependency of every guarded route: who asks, and may they?"""
    route = f"{request.method.replace('HEAD', 'GET')} {request.scope['route'].path}"
    allowed = ACCESS[route]
    principal = _who(request, credentials, route)
    if allowed is None:
        return principal
    if principal is None:
        if credentials is not None or request.query_params.get("token"):
            request.app.state.limits.count_failure(request)  # a token was tried
        if route in PAGES:
            raise LoginNeeded
        raise Problem(401, "no-token", headers={"WWW-Authenticate": "Bearer"})
    request.app.state.limits.count(principal, request.method)
    if principal.role not in allowed:
        roles = ", ".join(sorted(allowed))
        raise Problem(403, "wrong-role", role=principal.role, allowed=roles)
    request.state.principal = principal
    return principal


def _who(request: Request, credentials: HTTPAuthorizationCredentials | None, route: str) -> Principal | None:
    state = request.app.state
    now = state.clock()
    if credentials is not None:
        return by_token(state.store, credentials.credentials, now)
    if "authorization" in request.headers:
        return None  # some other scheme: a refused header never falls back to the cookie
    if route in TOKEN_IN_ADDRESS and request.query_params.get("token"):
        return by_token(state.store, request.query_params["token"], now)
    cookie = request.cookies.get(COOKIE)
    safe = request.method in ("GET", "HEAD") or route in PAGES  # forms of pages check their CSRF value themselves
    return state.sessions.principal(state.store, cookie, now) if cookie and safe else None
