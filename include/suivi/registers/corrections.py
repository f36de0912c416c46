"""Edits on actions: they win over what meetings before them said; a later contradiction is a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suivi.models import Edit, Issue
from suivi.registers import edits as desk_of
from suivi.registers.context import Context
from suivi.registers.held import say, source
from suivi.registers.inputs import Held
from suivi.registers.linking import Life
from suivi.registers.lives import CLOSED
from suivi.registers.mentions import ActionMention
from suivi.registers.places import Resolved, place_cells

CORRECTABLE = ("status", "responsible", "deadline_date", "admin2_name")


def correct(row: dict[str, Any], life: Life, context: Context) -> tuple[list[Issue], list[Held]]:
    """Change the row as people corrected it; what was not understood, and what a later meeting contradicts."""
    issues: list[Issue] = []
    held: list[Held] = []
    record_id = row["record_id"]
    ids = [record_id, *context.absorbed.get(record_id, ())]
    for column in CORRECTABLE:
        edit = context.desk.edit("actions", ids, column)
        if edit is None or (column == "status" and row["kind"] == "decision"):
            continue
        value, issue = desk_of.value_of(edit, context.names, life.first.meeting.body.place)
        if issue:
            issues.append(issue)
            continue
        later = _contradiction(column, value, edit, life)
        if later is not None:
            held_id = f"edit:{record_id}:{column}:{later.meeting.record_id}"
            answer = context.desk.answers.get(held_id)
            answered = answer is not None and answer.night >= edit.night
            if answer and answered and answer.choice == "accept":
                continue
            if not answered:
                held.append(_contradicted(held_id, row, column, edit, later, context))
        _set(row, column, value, edit)
    return issues, held


def _contradiction(column: str, value: Any, edit: Edit, life: Life) -> ActionMention | None:
    """The last mention after the edit that says something else, if any."""
    for mention in reversed(life.mentions):
        if mention.meeting.day <= edit.day:
            return None
        said = _said(column, mention)
        if said is not None:
            return mention if said != _comparable(column, value) else None
    return None


def _said(column: str, mention: ActionMention) -> Any:
    """What a mention says on a column in a form that can be compared; None = nothing."""
    if column == "status":
        if mention.action.permanent:
            return "permanent"
        # Only a review or a status other than "open" speaks of how far an action got.
        return mention.action.status if mention.action.review or mention.action.status != "open" else None
    if column == "responsible":
        return frozenset(mention.owners) or None
    if column == "deadline_date":
        return mention.deadline
    return mention.places.codes or None


def _comparable(column: str, value: Any) -> Any:
    if column == "responsible":
        return frozenset(value)
    return value.codes if isinstance(value, Resolved) else value


def _set(row: dict[str, Any], column: str, value: Any, edit: Edit) -> None:
    if isinstance(value, Resolved):
        row |= place_cells(value)
    else:
        row[column] = value
    if column == "status":
        row["closed_on"] = edit.day if value in CLOSED else None


def _contradicted(
    held_id: str, row: Mapping[str, Any], column: str, edit: Edit, mention: ActionMention, context: Context
) -> Held:
    language = context.cluster.language
    found = mention.action.found
    shown = _said(column, mention)
    said = " ; ".join(sorted(shown)) if isinstance(shown, frozenset) else str(shown)
    day = mention.meeting.day.isoformat()
    return Held(
        held_id=held_id,
        kind="edit",
        register="actions",
        record_id=row["record_id"],
        about=f"{row['number']} · {row['text']}",
        reason=say("edit", language, day=day, said=said, edit=edit.new),
        proposal=say("edit_do", language),
        quote=found.source.quote,
        source=source(mention.meeting.main.file, found.source.locator, language),
        document=mention.meeting.main.document,
        values={column: said},
    )
