"""What people decided: edits, decisions, and what they maintain in the internal sheet. Append-only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from suivi.ledger.nights import Night
from suivi.ledger.tables import DecisionRow, DeskRow, EditRow, IdentityRow
from suivi.models import Decision, Edit, decision_from_json, edit_from_json, to_json


def add_edits(session: Session, cluster: str, edits: tuple[Edit, ...]) -> None:
    """Keep new edits; one that repeats the newest of its cell is dropped (a cleared task, a retry)."""
    newest = {(e.register, e.record_id, e.column): e.new for e in edits_of(session, cluster)}
    for edit in edits:
        key = (edit.register, edit.record_id, edit.column)
        if key in newest and newest[key] == edit.new:
            continue
        newest[key] = edit.new
        session.add(EditRow(cluster=cluster, payload=to_json(edit)))


def edits_of(session: Session, cluster: str) -> tuple[Edit, ...]:
    """Every edit ever made, oldest first."""
    query = select(EditRow.payload).where(EditRow.cluster == cluster).order_by(EditRow.id)
    return tuple(edit_from_json(payload) for payload in session.scalars(query))


def add_decisions(session: Session, cluster: str, decisions: tuple[Decision, ...]) -> None:
    """Keep new decisions; one that repeats the newest on its entry is dropped."""
    newest = {d.held_id: (d.choice, d.correction) for d in decisions_of(session, cluster)}
    for decision in decisions:
        if newest.get(decision.held_id) == (decision.choice, decision.correction):
            continue
        newest[decision.held_id] = (decision.choice, decision.correction)
        session.add(DecisionRow(cluster=cluster, payload=to_json(decision)))


def decisions_of(session: Session, cluster: str) -> tuple[Decision, ...]:
    query = select(DecisionRow.payload).where(DecisionRow.cluster == cluster).order_by(DecisionRow.id)
    return tuple(decision_from_json(payload) for payload in session.scalars(query))


def identities_of(session: Session, cluster: str) -> list[dict[str, Any]]:
    query = select(IdentityRow.payload).where(IdentityRow.cluster == cluster).order_by(IdentityRow.id)
    return list(session.scalars(query))


def add_identities(session: Session, night: Night, entries: list[dict[str, Any]]) -> None:
    session.add_all(IdentityRow(cluster=night.cluster, night=night.number, payload=entry) for entry in entries)


def put_desk(session: Session, night: Night, name: str, payload: list[Any]) -> None:
    """What people maintain in a tab (settings, contacts, choices, follow-up remarks): the newest reading counts."""
    row = session.get(DeskRow, (night.cluster, name)) or DeskRow(cluster=night.cluster, name=name)
    row.night, row.payload = night.number, payload
    session.add(row)


def desk(session: Session, cluster: str, name: str) -> list[Any]:
    row = session.get(DeskRow, (cluster, name))
    return row.payload if row else []
