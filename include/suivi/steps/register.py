"""Register: the pure function from minutes, reference data, YAML, edits and identities to registers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from suivi import frames, registers
from suivi.ledger import archive, desk, nights
from suivi.models import minutes_from_json, to_json
from suivi.registers.inputs import Inputs, Registers, StoredMinutes, identity_from_json, workbook_from_json
from suivi.sharing import known_names
from suivi.steps.approvals import overlay, rejections
from suivi.steps.context import Done, Run
from suivi.steps.desk import choices, dashboard, effective_cluster


def register(run: Run) -> Done:
    """Rebuild every register; identities and snapshots are kept in one transaction."""
    with run.ledger.read() as session:
        approvals = desk.desk(session, run.cluster.cluster, "approvals")
        contacts = desk.desk(session, run.cluster.cluster, "contacts")
    built = build_now(run)
    rows = {name: frames.to_rows(name, frame) for name, frame in built.frames.items()}
    overlay(rows, approvals)
    held = [*built.held, *rejections(run, rows, approvals)]
    with run.ledger.write() as session:
        desk.add_identities(session, run.night, [to_json(line) for line in built.identities])
        _keep(session, run, built, rows)
        nights.put_snapshot(session, run.night, "held", [to_json(entry) for entry in held])
        nights.put_snapshot(session, run.night, "people", _people(built, contacts))
    counts = {name: len(found) for name, found in rows.items()} | {"held": len(held)}
    return Done(
        run.say(
            f"Registres : {counts['meetings']} réunions, {counts['actions']} actions, {counts['indicators']} valeurs "
            f"d'indicateurs, {counts['key_figures']} chiffres clés, {counts['presence']} présences ; "
            f"{counts['held']} entrées à vérifier.",
            f"Registers: {counts['meetings']} meetings, {counts['actions']} actions, {counts['indicators']} indicator "
            f"values, {counts['key_figures']} key figures, {counts['presence']} presences; {counts['held']} held.",
        ),
        counts,
        built.issues,
    )


def build_now(run: Run) -> Registers:
    """The registers that the ledger gives at this moment; nothing is kept of them."""
    with run.ledger.read() as session:
        inputs = _inputs(run, session)
    return registers.build(inputs)


def _keep(session: Session, run: Run, built: Registers, rows: dict[str, list[dict[str, Any]]]) -> None:
    for name, found in rows.items():
        nights.put_snapshot(session, run.night, name, found)
    nights.put_snapshot(session, run.night, "events", [{**to_json(e), "date": e.day.isoformat()} for e in built.events])
    nights.put_snapshot(session, run.night, "to_close", list(built.to_close))
    nights.put_snapshot(session, run.night, "links", [list(pair) for pair in built.links.items()])
    nights.put_snapshot(session, run.night, "coordination", _plain(built))


def _people(built: Registers, contacts: list[dict[str, Any]]) -> list[str]:
    """Folded names of everybody that the minutes or the contacts name: the second net of sharing knows them."""
    return sorted(built.names | known_names(str(contact["name"]) for contact in contacts if contact.get("name")))


def _plain(built: Registers) -> list[dict[str, Any]]:
    text = built.coordination.astype(object).where(built.coordination.notna(), None)
    return [{str(k): v.item() if hasattr(v, "item") else v for k, v in row.items()} for row in text.to_dict("records")]


def _inputs(run: Run, session: Session) -> Inputs:
    cluster = run.cluster.cluster
    return Inputs(
        cluster=effective_cluster(run, session),
        minutes=_stored(archive.minutes(session, cluster)),
        edits=desk.edits_of(session, cluster),
        decisions=desk.decisions_of(session, cluster),
        identities=tuple(identity_from_json(line) for line in desk.identities_of(session, cluster)),
        today=run.night.day,
        night=run.night.number,
        choices=choices(session, cluster),
        dashboard=dashboard(session, cluster),
        workbooks=tuple(workbook_from_json(plain) for plain in archive.workbooks(session, cluster)),
    )


def _stored(found: Sequence[Row[Any]]) -> tuple[StoredMinutes, ...]:
    """Each meeting of each document; a file with several meetings counts once a meeting."""
    stored = []
    for payload, document, file, night, first_seen in found:
        whole = minutes_from_json(payload)
        for minutes in (whole, *whole.more):
            stored.append(
                StoredMinutes(
                    document=document,
                    minutes=minutes,
                    file=f"{file.drive}/{file.path}",
                    url=file.url or "",
                    modified=datetime.fromisoformat(file.modified).date() if file.modified else None,
                    first_seen=date.fromisoformat(first_seen),
                    night=night,
                )
            )
    return tuple(stored)
