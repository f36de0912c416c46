"""What became of an action: its events, and what its row says after them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from suivi.registers.inputs import ActionEvent, EventKind
from suivi.registers.linking import Life
from suivi.registers.mentions import ActionMention
from suivi.registers.places import Resolved

CLOSED = frozenset(("done", "cancelled"))
SILENT_MEETINGS = 3  # not mentioned for so many: the list *à clore ?*


@dataclass(frozen=True, slots=True)
class Step:
    """An event and the mention that says it."""

    kind: EventKind
    mention: ActionMention
    detail: str = ""


def steps(mentions: Sequence[ActionMention]) -> Iterator[Step]:
    """The life of an action in order: created at the first mention, then at every later one what changed."""
    closed, owner, deadline = False, mentions[0], mentions[0].deadline
    yield Step("created", mentions[0])
    for position, mention in enumerate(mentions):
        status = mention.action.status
        changed = list(_changes(mention, owner, deadline)) if position else []
        if status in CLOSED and not closed:
            changed.append(Step("done" if status == "done" else "cancelled", mention))
        elif status not in CLOSED and closed and mention.meeting is not mentions[position - 1].meeting:
            changed.append(Step("reopened", mention))
        yield from changed or ([Step("mentioned", mention)] if position else [])
        closed = status in CLOSED
        owner = mention if mention.owners else owner
        if not closed or deadline is None:
            deadline = mention.deadline or deadline


def _changes(mention: ActionMention, owner: ActionMention, deadline: date | None) -> Iterator[Step]:
    """`owner`: the last mention that named owners."""
    if mention.owners and owner.owners and mention.answerable.isdisjoint(owner.answerable):
        yield Step("reassigned", mention, f"{' ; '.join(owner.owners)} → {' ; '.join(mention.owners)}")
    open_still = mention.action.status not in CLOSED
    if open_still and mention.deadline and deadline and mention.deadline > deadline:
        yield Step("postponed", mention, f"{deadline.isoformat()} → {mention.deadline.isoformat()}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the minutes say of an action by now. `said`: column → the mention that last said it."""

    status: str | None
    owners: tuple[str, ...]
    deadline: date | None
    deadline_written: str | None
    places: Resolved
    postponed: int
    closed_on: date | None
    last: ActionMention
    said: dict[str, ActionMention]


def outcome(life: Life, walk: Sequence[Step]) -> Outcome:
    """The state of an action after its last mention; what a mention does not say stays as it was."""
    first = life.first
    owners, deadline, written, places = first.owners, first.deadline, first.action.deadline, first.places
    said = {"responsible": first, "deadline_date": first, "admin2_name": first, "status": first}
    status = _status(first, None)
    for mention in life.mentions[1:]:
        if mention.owners:
            owners, said["responsible"] = mention.owners, mention
        # What is done is not due again: a day beside "fait" says when it was done.
        restated = mention.action.status not in CLOSED or deadline is None
        if restated and (mention.deadline or (mention.action.deadline and not deadline)):
            deadline, written, said["deadline_date"] = mention.deadline, mention.action.deadline, mention
        if mention.places.codes and not places.codes:
            places, said["admin2_name"] = mention.places, mention
        after = _status(mention, status)
        if after != status or mention.action.review:
            said["status"] = mention
        status = after
    closing = [step.mention.meeting.day for step in walk if step.kind in CLOSED]
    return Outcome(
        status=None if first.action.kind == "decision" else status,
        owners=owners,
        deadline=deadline,
        deadline_written=written,
        places=places,
        postponed=sum(step.kind == "postponed" for step in walk),
        closed_on=closing[-1] if closing and status in CLOSED else None,
        last=life.latest,
        said=said,
    )


def _status(mention: ActionMention, before: str | None) -> str:
    if mention.action.permanent:
        return "permanent"
    status = mention.action.status
    # An action listed again among the new ones says nothing of how far it got.
    if status == "open" and not mention.action.review and before in ("in_progress", "permanent"):
        return before
    return status


def events_of(record_id: str, walk: Sequence[Step]) -> Iterator[ActionEvent]:
    """The steps as they leave the registers."""
    for step in walk:
        meeting = step.mention.meeting
        yield ActionEvent(
            record_id,
            step.kind,
            meeting.day,
            meeting.record_id,
            meeting.main.document,
            step.mention.action.found.source.quote,
            step.detail,
            step.mention.owners,
            step.mention.deadline,
        )
