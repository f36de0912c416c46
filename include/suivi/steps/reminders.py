"""Reminders: what is late or long open, by organisation, as letters. Sending is the caller's; so is the post office.

By default every letter goes to the IM officer as a draft. To partners only with `send_to_partners: true`, to the
addresses of the *Contacts* tab; groups and roles go to the coordinator, observers never, nothing twice the same.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from suivi.ledger import desk, nights
from suivi.settings import Cluster
from suivi.sharing import view
from suivi.steps.context import Run
from suivi.steps.good import good_frames

LONG_OPEN = 3  # meetings
SENT = "reminders_sent"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. `key` is the same for the same content to the same party: it is sent once."""

    to: tuple[str, ...]
    party: str
    subject: str
    body: str
    key: str


def due(run: Run) -> bool:
    """Whether today is the day: `days_before` the next meeting where its date is known, else Mondays."""
    with run.ledger.read() as session:
        last = nights.find_night(session, run.cluster.cluster)
        meetings = good_frames(session, last)["meetings"] if last else None
    ahead = [d for d in (meetings["next_meeting"] if meetings is not None else ()) if d and d >= run.night.day]
    if ahead:
        return bool(min(ahead) - timedelta(days=int(run.cluster.reminders.get("days_before", 3))) == run.night.day)
    return run.night.day.weekday() == 0


def letters(run: Run) -> list[Letter]:
    """Tonight's letters that were not sent before. Only what members may see of an action stands in them."""
    with run.ledger.read() as session:
        last = nights.find_night(session, run.cluster.cluster)
        if last is None:
            return []
        people = nights.snapshot(session, last, "people")
        frame = good_frames(session, last)["actions"]
        contacts = desk.desk(session, run.cluster.cluster, "contacts")
        sent = set(desk.desk(session, run.cluster.cluster, SENT))
    seen = view(frame, "actions", "membres", consent=run.cluster.sharing.get("consent", ()), names=people)
    found = [_letter(run, party, rows, contacts) for party, rows in sorted(_by_party(seen, run.cluster).items())]
    return [letter for letter in found if letter.key not in sent]


def remember(run: Run, letter: Letter) -> None:
    """This letter went out."""
    with run.ledger.write() as session:
        sent = desk.desk(session, run.cluster.cluster, SENT)
        desk.put_desk(session, run.night, SENT, sorted({*sent, letter.key}))


def _by_party(actions: pd.DataFrame, cluster: Cluster) -> dict[str, list[dict[str, Any]]]:
    observers = {*cluster.reporting.get("observers", ())}
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in actions.to_dict("records"):
        live = row["state"] == "active" and row["kind"] == "action" and row["status"] in ("open", "in_progress")
        old = _truth(row["late"]) or (not pd.isna(row["age_meetings"]) and row["age_meetings"] >= LONG_OPEN)
        if live and old:
            for party in row["responsible"] or ():
                if party not in observers:
                    found[party].append({str(k): v for k, v in row.items()})
    return found


def _truth(value: Any) -> bool:
    return value is not None and value is not pd.NA and bool(value)


def _letter(run: Run, party: str, rows: list[dict[str, Any]], contacts: list[dict[str, Any]]) -> Letter:
    settings = run.cluster.reminders
    lines = [_line(run, row) for row in sorted(rows, key=lambda row: str(row["number"]))]
    meant = _addresses(party, rows, contacts)
    officer, coordinator = str(settings.get("officer") or ""), str(settings.get("coordinator") or "")
    to: tuple[str, ...] = (officer,)
    intended = ""
    if settings.get("send_to_partners") and meant:
        to = meant
    elif settings.get("send_to_partners"):
        to = (coordinator or officer,)  # groups, roles, organisations without a contact
    else:
        intended = run.say(
            f"Brouillon pour {', '.join(meant) or 'aucun contact connu'}.\n\n",
            f"Draft for {', '.join(meant) or 'no known contact'}.\n\n",
        )
    name = run.cluster.name[run.cluster.language]
    body = intended + run.say(
        f"{name} : actions ouvertes de {party}\n\n" + "\n".join(lines) + "\n\nMerci d'indiquer leur état avant la "
        "prochaine réunion.\n",
        f"{name}: open actions of {party}\n\n" + "\n".join(lines) + "\n\nPlease tell their state before the next "
        "meeting.\n",
    )
    subject = run.say(f"{name} : {len(lines)} actions à suivre ({party})", f"{name}: {len(lines)} actions ({party})")
    key = hashlib.sha256("\n".join([party, *to, *lines]).encode()).hexdigest()
    return Letter(tuple(address for address in to if address), party, subject, body, key)


def _line(run: Run, row: dict[str, Any]) -> str:
    deadline: date | None = row["deadline_date"]
    when = run.say(f", échéance {deadline:%d/%m/%Y}", f", due {deadline:%d/%m/%Y}") if deadline else ""
    late = run.say(" (en retard)", " (late)") if _truth(row["late"]) else ""
    return f"- {row['number']} {row['text']}{when}{late}"


def _addresses(party: str, rows: list[dict[str, Any]], contacts: list[dict[str, Any]]) -> tuple[str, ...]:
    """Addresses of the organisation for the areas of its actions; a contact without area serves everywhere."""
    areas = {str(name).casefold() for row in rows for c in ("admin1_name", "admin2_name") for name in row[c] or ()}
    found = {
        str(contact["email"]).strip()
        for contact in contacts
        if str(contact.get("organisation") or "").casefold() == party.casefold()
        and contact.get("email")
        and not contact.get("message")
        and (not contact.get("zone") or str(contact["zone"]).casefold() in areas or not areas)
    }
    return tuple(sorted(found))
