"""Cells of the register of actions, out of a life and its outcome."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from suivi.registers.context import Context
from suivi.registers.held import source
from suivi.registers.linking import Life
from suivi.registers.lives import CLOSED, Outcome, Step
from suivi.registers.places import place_cells

OPEN = frozenset(("open", "in_progress"))


def action_row(
    life: Life, record_id: str, number: str, state: Outcome, days: Sequence[date], context: Context
) -> dict[str, Any]:
    """The row before edits; `days` are those of the body's meetings, in order."""
    first, language = life.first, context.cluster.language
    found = first.action.found
    body = first.meeting.body
    return {
        "record_id": record_id,
        "number": number,
        "meeting_id": first.meeting.record_id,
        "meeting": body.en if language == "en" else body.fr,
        "meeting_date": first.meeting.day,
        "agenda_item": first.action.agenda,
        "kind": first.action.kind,
        "text": first.action.text,
        "responsible": state.owners,
        "responsible_as_written": state.said["responsible"].action.responsible_as_written
        or " ; ".join(state.said["responsible"].action.responsible)
        or None,
        **place_cells(state.places),
        "place_as_written": state.said["admin2_name"].action.places,
        "deadline_date": state.deadline,
        "deadline": state.deadline_written,
        "status": _followed(state, context),
        "age_meetings": meetings_after(days, first.meeting.day),
        "last_mentioned": state.last.meeting.day,
        "postponed": state.postponed,
        "closed_on": state.closed_on,
        "confidence": found.confidence,
        "source": source(first.meeting.main.file, found.source.locator, language),
        "quote": found.source.quote,
        "state": "active",
    }


def meetings_after(days: Sequence[date], day: date) -> int:
    """Meetings of the body after a day; `days` in order."""
    return len(days) - bisect_right(days, day)


def _followed(state: Outcome, context: Context) -> str | None:
    """The status; none for decisions, nor for what the minutes left open before follow-up began (history)."""
    start = context.cluster.follow_from
    if start and state.last.meeting.day < start and state.status not in CLOSED:
        return None
    return state.status


def is_late(row: Mapping[str, Any], today: date) -> bool:
    """A stated deadline is past and the action is open; no deadline is never overdue."""
    return row["deadline_date"] is not None and row["deadline_date"] < today and row["status"] in OPEN


def on_draft(life: Life, walk: Sequence[Step]) -> bool:
    """Whether the row says something that only draft minutes say: its wording, or a change."""
    if life.first.meeting.draft:
        return True
    return any(step.mention.meeting.draft and step.kind != "mentioned" for step in walk)


def withdrawn_rows(present: Collection[str], context: Context) -> Iterator[dict[str, Any]]:
    """Rows of ids that people may have seen and that no minutes mention any more, or that were merged."""
    memory = context.memory
    for record_id in memory.order:
        if record_id in present or not memory.seen_by_people(record_id):
            continue
        into = memory.merged.get(record_id)
        lines = [line for line in memory.lines[record_id] if line.day]
        if lines:
            yield {
                "record_id": record_id,
                "number": memory.numbers.get(record_id),
                "meeting_id": lines[0].mention.split("|", 1)[0],
                "meeting_date": lines[0].day,
                "kind": next((line.kind for line in lines if line.kind), "action"),
                "text": lines[0].text,
                "state": f"merged:{memory.current(record_id)}" if into else "withdrawn",
            }
