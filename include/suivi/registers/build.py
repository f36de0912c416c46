"""f(minutes, edits, decisions, identities, today) → the registers of one night. Pure, deterministic, linear."""

from __future__ import annotations

import gc
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import chain
from typing import Any

from suivi import schema, sharing
from suivi.models import Issue
from suivi.registers import actions, indicators, key_figures, presence
from suivi.registers.actions import Actions
from suivi.registers.arrival import days_to_minutes
from suivi.registers.choosing import dashboard
from suivi.registers.context import Context
from suivi.registers.coordination import coordination
from suivi.registers.edits import (
    Desk,
    asked_levels,
    by_record,
    day,
    learnt_aliases,
    taught_by_owner_cells,
    unread_edits,
)
from suivi.registers.held import say
from suivi.registers.identities import Memory, Mint, new_id
from suivi.registers.inputs import Held, Inputs, Registers, StoredMinutes
from suivi.registers.meetings import Found, Meeting, meetings
from suivi.registers.names import Names
from suivi.registers.presence import attending
from suivi.settings import Cluster
from suivi.sharing.wording import fold


def build(inputs: Inputs, mint: Mint = new_id) -> Registers:
    """The registers of one night.

    `mint` gives a fresh id at every call; with the same ids the result is the same to the last cell. Lines to remember
    are in `identities`: the caller appends them, or loses nothing but the ids of rows nobody has seen.
    """
    with _collector_paused():
        return _build(inputs, mint)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A build makes a million small values and no cycles: looking for garbage meanwhile costs a quarter of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _build(inputs: Inputs, mint: Mint) -> Registers:
    cluster = inputs.cluster
    desk = Desk.of(inputs.edits, inputs.decisions)
    plain = Names(cluster)
    aliases = taught_by_owner_cells(desk, inputs.identities, inputs.minutes, plain) | learnt_aliases(desk, plain)
    names = Names(cluster, aliases) if aliases else plain
    memory = {name: Memory.of(name, inputs.identities, inputs.night, mint) for name in schema.REGISTERS}
    found = meetings(inputs.minutes, cluster, memory["meetings"], desk.ticked(), _given_dates(desk))

    def context(register: str) -> Context:
        return Context(cluster, names, desk, memory[register], inputs.today)

    done = actions.build(found.meetings, context("actions"))
    figures = key_figures.build(found.meetings, context("key_figures"), by_record(desk, "key_figures"))
    marked = dashboard(inputs.choices, cluster.indicators, inputs.dashboard)
    values = indicators.build(figures.figures, marked, context("indicators"), by_record(desk, "indicators"))
    where = presence.build(found.meetings, inputs.workbooks, context("presence"), by_record(desk, "presence"))
    rows = {
        "meetings": list(_meeting_rows(found, done, context("meetings"))),
        "actions": done.rows,
        "indicators": values.rows,
        "key_figures": figures.rows,
        "presence": where.rows,
    }
    drafts = {
        "meetings": {meeting.record_id for meeting in found.meetings if meeting.draft},
        "actions": done.drafts,
        "indicators": values.drafts,
        "key_figures": figures.drafts,
        "presence": where.drafts,
    }
    people = names_of_people(inputs.minutes)
    frames = {
        name: sharing.apply(
            schema.register(name).frame(rows[name]),
            name,
            cluster,
            sharing.Knowledge(people, frozenset(drafts[name]), asked_levels(desk, name)),
        )
        for name in schema.REGISTERS
    }
    links = {meeting.record_id: meeting.main.url for meeting in found.meetings}
    known = {name: [row["record_id"] for row in rows[name]] for name in rows}
    parts = (done, figures, values, where)
    active = [row for row in done.rows if row["state"] == "active"]
    puzzles = (found.issues, *(p.issues for p in parts), _attendance_issues(found, names), unread_edits(desk, known))
    issues = tuple(dict.fromkeys(chain.from_iterable(puzzles)))
    files = {each.document: each.file for each in inputs.minutes}
    questions = (_undated(found, desk, cluster), _unknown(issues, names, files, cluster), *(p.held for p in parts))
    return Registers(
        frames=frames,
        held=tuple(chain.from_iterable(questions)),
        events=tuple(done.events),
        identities=tuple(line for name in schema.REGISTERS for line in memory[name].new),
        issues=issues,
        aliases=aliases,
        to_close=tuple(done.to_close),
        coordination=coordination(found.meetings, active, context("meetings")),
        links=links | done.links | figures.links | values.links | where.links,
        names=people,
    )


def _given_dates(desk: Desk) -> dict[str, date]:
    """Document → the date that somebody gave for its minutes in the held queue."""
    given = {}
    for held_id, answer in desk.answers.items():
        kind, _, document = held_id.partition(":")
        if kind == "meeting" and answer.choice == "correct":
            text = next((answer.correction[k] for k in ("date", "meeting_date", "value") if k in answer.correction), "")
            if found := day(text):
                given[document] = found
    return given


def names_of_people(stored: Iterable[StoredMinutes]) -> frozenset[str]:
    """Folded names of everybody whom any minutes name in their header or attendance list."""
    names: dict[str, None] = {}
    for each in stored:
        for minutes in (each.minutes, *each.minutes.more):
            said = minutes.meeting
            names |= dict.fromkeys(attendee.name for attendee in said.attendees)
            for officer in (said.chair, said.facilitator, said.rapporteur):
                if officer:
                    names |= dict.fromkeys(re.split(r"[,;/]| et | and ", officer))
    return sharing.known_names(names)


def _meeting_rows(found: Found, done: Actions, context: Context) -> Iterator[dict[str, Any]]:
    born: dict[tuple[str, str], int] = defaultdict(int)
    for row in done.rows:
        if row["state"] == "active":
            born[row["meeting_id"], row["kind"]] += 1
    human = by_record(context.desk, "meetings")
    delays = days_to_minutes(found.meetings)
    for meeting in found.meetings:
        own = human.get(meeting.record_id, {})
        yield _meeting_row(meeting, born, own, context) | {"days_to_minutes": delays.get(meeting.record_id)}
    present = {meeting.record_id for meeting in found.meetings}
    yield from _withdrawn(present, context)


def _meeting_row(
    meeting: Meeting, born: Mapping[tuple[str, str], int], human: Mapping[str, str], context: Context
) -> dict[str, Any]:
    said = meeting.minutes.meeting
    unknown = [p.written for name in said.organisations for p in context.names.parties(name) if p.kind == "unknown"]
    ticked = meeting.record_id in context.desk.ticked()
    return {
        "record_id": meeting.record_id,
        "date": meeting.day,
        "date_end": date.fromisoformat(said.date_end) if said.date_end else None,
        "body": meeting.body.en if context.cluster.language == "en" else meeting.body.fr,
        "body_level": meeting.body.level,
        "title": said.title,
        "place": said.place,
        "participants": said.participants_count,
        "women": said.women_count,
        "organisations": tuple(attending(meeting, context)),
        "organisations_unknown": tuple(dict.fromkeys(unknown)),
        "chair": said.chair,
        "facilitator": said.facilitator,
        "rapporteur": said.rapporteur,
        "next_meeting": date.fromisoformat(said.next_meeting) if said.next_meeting else None,
        "minutes_on": meeting.main.first_seen,
        "actions": born[meeting.record_id, "action"],
        "decisions": born[meeting.record_id, "decision"],
        "validation": "draft" if meeting.draft else "validated",
        "validated": True if ticked else None,
        "source": meeting.main.file,
        "state": "active",
        "comment": human.get("comment"),
    }


def _withdrawn(present: set[str], context: Context) -> Iterator[dict[str, Any]]:
    memory = context.memory
    bodies = {body.code: body for body in context.cluster.bodies}
    for record_id in memory.order:
        line = next((line for line in reversed(memory.lines[record_id]) if line.day), None)
        if record_id in present or line is None:
            continue
        code = line.mention.partition("|")[0]
        body = bodies.get(code)
        yield {
            "record_id": record_id,
            "date": line.day,
            "body": (body.en if context.cluster.language == "en" else body.fr) if body else code.removeprefix("?"),
            "body_level": body.level if body else "regional",
            "validation": "draft",
            "state": f"merged:{memory.current(record_id)}" if record_id in memory.merged else "withdrawn",
        }


def _undated(found: Found, desk: Desk, cluster: Cluster) -> Iterator[Held]:
    for stored in found.undated:
        held_id = f"meeting:{stored.document}"
        if desk.choice(held_id) == "reject":
            continue
        yield Held(
            held_id=held_id,
            kind="meeting",
            register="meetings",
            record_id=stored.document,
            about=stored.minutes.meeting.title or stored.file,
            reason=say("meeting", cluster.language),
            proposal=say("meeting_do", cluster.language),
            source=stored.file,
            document=stored.document,
        )


def _unknown(issues: Iterable[Issue], names: Names, files: Mapping[str, str], cluster: Cluster) -> Iterator[Held]:
    """One question for each unknown name, however often it stands."""
    written: dict[str, list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.type == "organisation_unknown":
            written[fold(issue.value)].append(issue)
    for folded, found in sorted(written.items()):
        first, language = found[0], cluster.language
        suggestion = names.party(first.value).suggestion
        ask = say("organisation_ask", language)
        yield Held(
            held_id=f"organisation:{folded}",
            kind="organisation",
            register="meetings" if first.field == "organisations" else "actions",
            record_id="",
            about=first.value,
            reason=say("organisation", language, count=len(found)),
            proposal=say("organisation_do", language, suggestion=suggestion) if suggestion else ask,
            source=files.get(first.document, first.document),
            document=first.document,
            values={"suggestion": suggestion},
        )


def _attendance_issues(found: Found, names: Names) -> Iterator[Issue]:
    for meeting in found.meetings:
        for written in meeting.minutes.meeting.organisations:
            for party in names.parties(written):
                if party.kind == "unknown":
                    yield Issue(
                        "organisation_unknown",
                        meeting.main.document,
                        None,
                        "organisations",
                        party.written,
                        party.suggestion,
                    )
