"""Idempotency-Key: the same key and body get the same answer, whatever happened to the first one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from ors.db import Store, stamp
from ors.models import idempotency
from ors.problems import Problem

Work = Callable[[Connection], tuple[int, dict[str, Any]]]
_STALE = timedelta(seconds=60)  # a claim older than this is of a process that died
_KEPT = timedelta(days=7)


def fingerprint(path: str, body: bytes) -> str:
    """What a key stands for."""
    return hashlib.sha256(path.encode() + b"\n" + body).hexdigest()


def once(
    store: Store, cluster: str, key: str | None, body: str, now: datetime, work: Work
) -> tuple[int, dict[str, Any], bool]:
    """Run `work` in one transaction that also keeps its answer; returns status, answer, and whether it is a replay.

    422 for a key that was used with another body, 409 while its first request still runs.
    """
    if key is None:
        with store.write() as connection:
            return *work(connection), False
    known = _claim(store, cluster, key, body, now)
    if known is not None:
        return *known, True
    mine = (idempotency.c.cluster == cluster) & (idempotency.c.key == key)
    try:
        with store.write() as connection:
            status, answer = work(connection)
            kept = {"status": status, "answer": json.dumps(answer, ensure_ascii=False)}
            connection.execute(update(idempotency).where(mine).values(kept))
    except BaseException:
        with store.write() as connection:
            connection.execute(delete(idempotency).where(mine, idempotency.c.status.is_(None)))
        raise
    return status, answer, False


def _claim(store: Store, cluster: str, key: str, body: str, now: datetime) -> tuple[int, dict[str, Any]] | None:
    """The kept answer, or `None` when the key is now ours."""
    with store.read() as connection:  # most repeats end here, and a running one must not wait for the writer
        known = _judge(connection, cluster, key, body, now)
    if known is not None:
        return known
    mine = (idempotency.c.cluster == cluster) & (idempotency.c.key == key)
    line = {"cluster": cluster, "key": key, "body": body, "at": stamp(now)}
    try:
        with store.write() as connection:
            known = _judge(connection, cluster, key, body, now)
            if known is None:
                connection.execute(delete(idempotency).where(mine))  # what a process that died left
                connection.execute(insert(idempotency).values(line))
            return known
    except IntegrityError:
        raise Problem(409, "key-running", headers={"Retry-After": "1"}) from None


def _judge(
    connection: Connection, cluster: str, key: str, body: str, now: datetime
) -> tuple[int, dict[str, Any]] | None:
    mine = (idempotency.c.cluster == cluster) & (idempotency.c.key == key)
    found = connection.execute(select(idempotency).where(mine)).mappings().first()
    if found is None:
        return None
    if found["body"] != body:
        raise Problem(422, "key-reused")
    if found["status"] is not None:
        return found["status"], json.loads(found["answer"])
    if found["at"] > stamp(now - _STALE):
        raise Problem(409, "key-running", headers={"Retry-After": "1"})
    return None


def forget_old(connection: Connection, cluster: str, now: datetime) -> None:
    """Drop answers that nobody will ask for again."""
    old = idempotency.c.at < stamp(now - _KEPT)
    connection.execute(delete(idempotency).where(idempotency.c.cluster == cluster, old))
