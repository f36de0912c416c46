"""What the targets hold, as far as we know, and what waits on its way to the ORS."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.orm import Session

from suivi.ledger.access import Ledger
from suivi.ledger.nights import Night
from suivi.ledger.tables import DeadLetterRow, OutboxRow, PublicationRow

Published = dict[str, dict[str, dict[str, Any]]]  # register → record id → column → value


def published(session: Session, cluster: str, target: str) -> Published:
    query = select(PublicationRow.register, PublicationRow.record_id, PublicationRow.payload).where(
        PublicationRow.cluster == cluster, PublicationRow.target == target
    )
    found: Published = defaultdict(dict)
    for register, record_id, payload in session.execute(query):
        found[register][record_id] = payload
    return dict(found)


def put_published(session: Session, night: Night, target: str, before: Published, after: Published) -> None:
    """Keep what a target holds now: only the difference is written."""
    changed = [
        (register, record_id, payload)
        for register, rows in after.items()
        for record_id, payload in rows.items()
        if before.get(register, {}).get(record_id) != payload
    ]
    gone = [(r, i) for r, rows in before.items() for i in rows if i not in after.get(r, {})]
    stale = gone + [(register, record_id) for register, record_id, _ in changed]
    for start in range(0, len(stale), 400):  # below SQLite's limit of bound variables
        session.execute(
            delete(PublicationRow).where(
                PublicationRow.cluster == night.cluster,
                PublicationRow.target == target,
                tuple_(PublicationRow.register, PublicationRow.record_id).in_(stale[start : start + 400]),
            )
        )
    if changed:
        common = {"cluster": night.cluster, "target": target, "night": night.number}
        session.execute(
            insert(PublicationRow),
            [common | {"register": r, "record_id": i, "payload": payload} for r, i, payload in changed],
        )


class Outbox:
    """Requests to the ORS, kept from before their first try until their answer; one short transaction a call."""

    def __init__(self, ledger: Ledger, night: Night) -> None:
        self._ledger, self._night = ledger, night

    def store(self, key: str, body: dict[str, Any]) -> None:
        with self._ledger.write() as session:
            if session.get(OutboxRow, key) is None:
                session.add(OutboxRow(key=key, cluster=self._night.cluster, night=self._night.number, body=body))

    def pending(self) -> list[tuple[str, dict[str, Any]]]:
        """Requests without an answer, oldest first."""
        with self._ledger.read() as session:
            query = (
                select(OutboxRow)
                .where(OutboxRow.cluster == self._night.cluster, OutboxRow.answer.is_(None))
                .order_by(OutboxRow.night, OutboxRow.key)
            )
            return [(row.key, row.body) for row in session.scalars(query)]

    def settle(self, key: str, answer: dict[str, Any]) -> None:  # noqa: ARG002 (the protocol of publish.ors)
        """The request was answered; only open requests are kept."""
        with self._ledger.write() as session:
            session.execute(delete(OutboxRow).where(OutboxRow.key == key))

    def bury(self, change: dict[str, Any], answer: dict[str, Any]) -> None:
        """A row that the ORS refused for good goes to the dead letters with the answer, once."""
        with self._ledger.write() as session:
            for row in session.scalars(_open_letters(self._night.cluster)):
                if row.change == change:
                    row.answer, row.night = answer, self._night.number
                    return
            session.add(
                DeadLetterRow(cluster=self._night.cluster, night=self._night.number, change=change, answer=answer)
            )


def _open_letters(cluster: str) -> Any:
    return select(DeadLetterRow).where(DeadLetterRow.cluster == cluster, DeadLetterRow.replayed.is_(False))


def dead_letters(session: Session, cluster: str) -> list[DeadLetterRow]:
    return list(session.scalars(_open_letters(cluster)))


def close_letters(session: Session, cluster: str, after: Published) -> None:
    """Close the dead letters that a night has overtaken: the row was taken since, or is no longer to be there."""
    for letter in dead_letters(session, cluster):
        change = letter.change
        row = after.get(change["form"], {}).get(change["recordId"])
        waits = (
            row is not None if change.get("deleted") else (row or {}).get("_kept_back", {}).get("reason") == "refused"
        )
        letter.replayed = not waits
