"""The register of actions: one row an action for its whole life."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from suivi.models import Edit, Issue
from suivi.registers import edits as desk_of
from suivi.registers.edits import Desk
from suivi.registers.held import held_row, say, source
from suivi.registers.identities import Memory, Mention, claim, reattach
from suivi.registers.inputs import ActionEvent, Held, Identity
from suivi.registers.linking import Life, Proposal, Series, Verdicts, link
from suivi.registers.lives import CLOSED, SILENT_MEETINGS, Outcome, Step, events_of, outcome, steps
from suivi.registers.meetings import Meeting
from suivi.registers.mentions import ActionMention, issues_of, of_meeting
from suivi.registers.names import Names
from suivi.registers.places import Resolved
from suivi.settings import Cluster

_OPEN = frozenset(("open", "in_progress"))


@dataclass(slots=True)
class Actions:
    """What the build of the register gives. `drafts`: records that stand on draft minutes."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    events: list[ActionEvent] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    drafts: set[str] = field(default_factory=set)
    to_close: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """What every row needs."""

    cluster: Cluster
    names: Names
    desk: Desk
    memory: Memory
    today: date
    absorbed: Mapping[str, list[str]] = field(default_factory=dict)  # record → records merged into it
    human: Mapping[str, dict[str, str]] = field(default_factory=dict)  # record → column → people's own words


def build(meetings: Sequence[Meeting], context: Context) -> Actions:
    """All actions of all meetings."""
    result = Actions()
    bodies = _by_body(meetings)
    mentions, waiting = _mentions(bodies, context)
    everything = [mention for series in mentions.values() for part in series for mention in part]
    known_as = reattach(context.memory, [each.memory() for each in (*everything, *waiting)])
    verdicts = _verdicts(context, [*everything, *waiting], known_as)
    walks = {code: link(series, verdicts) for code, series in mentions.items()}
    lives = sorted(((life, code) for code, walk in walks.items() for life in walk.lives), key=_in_order)
    groups = [[mention.memory() for mention in life.mentions] for life, _ in lives]
    groups += [[mention.memory(held=True)] for mention in waiting]
    ids = claim(context.memory, groups, known_as)
    number_of = _numbers(lives, waiting, ids, context)
    context = replace(context, absorbed=context.memory.absorbed(), human=desk_of.by_record(context.desk, "actions"))
    days = {code: [meeting.day for meeting in series] for code, series in bodies.items()}
    id_of = {id(life): record_id for (life, _), record_id in zip(lives, ids, strict=False)}
    for (life, code), record_id in zip(lives, ids, strict=False):
        _add_row(result, life, record_id, number_of[record_id], days[code], context)
    for mention, record_id in zip(waiting, ids[len(lives) :], strict=True):
        _hold(result, mention, record_id, number_of[record_id], context)
    for walk in walks.values():
        _propose(result, walk, id_of, number_of, context)
    _withdraw(result, set(ids), context)
    for mention in everything:
        result.issues += issues_of(mention)
    return result


def _by_body(meetings: Sequence[Meeting]) -> dict[str, list[Meeting]]:
    bodies: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        bodies[meeting.body.code].append(meeting)
    return bodies


def _mentions(
    bodies: Mapping[str, list[Meeting]], context: Context
) -> tuple[dict[str, list[list[ActionMention]]], list[ActionMention]]:
    """Mentions by body and meeting, and apart those that wait for somebody to confirm them."""
    clear: dict[str, list[list[ActionMention]]] = {}
    waiting: list[ActionMention] = []
    answers = _row_answers(context)
    for code, series in bodies.items():
        clear[code] = []
        following = [*(meeting.day for meeting in series[1:]), None]
        for meeting, next_day in zip(series, following, strict=True):
            corrections = {key: fields for key, (_, fields) in answers.items() if fields}
            found = of_meeting(meeting, context.names, next_day, corrections)
            kept = []
            for mention in found:
                choice = answers.get(mention.key, (None, {}))[0]
                if choice == "reject":
                    continue
                if mention.action.found.held and choice is None:
                    waiting.append(mention)
                else:
                    kept.append(mention)
            clear[code].append(kept)
    return clear, waiting


def _row_answers(context: Context) -> dict[str, tuple[str, dict[str, str]]]:
    """Mention key → (choice, corrected fields), for the mentions of records that somebody answered on."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for record_id, lines in context.memory.lines.items():
        answer = context.desk.answers.get(f"row:actions:{record_id}")
        if answer:
            for line in lines:
                found[line.mention] = (answer.choice, context.desk.correction(answer.held_id))
    return found


def _verdicts(context: Context, mentions: Sequence[ActionMention], known_as: Mapping[str, str]) -> Verdicts:
    memory = context.memory
    records = {}
    for mention in mentions:
        record = memory.first.get(mention.key) or memory.first.get(known_as.get(mention.key, ""))
        if record:
            records[mention.key] = record
    by_number = {number: record for record, number in memory.numbers.items()}
    same, different = desk_of.pairs(context.desk)
    named = frozenset(frozenset(by_number.get(name, name) for name in pair) for pair in same)
    return Verdicts(named, different, records)


def _in_order(each: tuple[Life, str]) -> tuple[date, str, int]:
    life, code = each
    return (life.first.meeting.day, code, life.first.order)


def _numbers(
    lives: Sequence[tuple[Life, str]], waiting: Sequence[ActionMention], ids: Sequence[str], context: Context
) -> dict[str, str]:
    """Short numbers: kept for good once given, else the next rank of the first meeting."""
    memory = context.memory
    ranks: dict[str, int] = defaultdict(int)
    for number in memory.numbers.values():
        prefix, _, rank = number.rpartition("/")
        ranks[prefix] = max(ranks[prefix], int(rank))
    firsts = [*(life.first for life, _ in lives), *waiting]
    for first, record_id in zip(firsts, ids, strict=True):
        if record_id not in memory.numbers:
            prefix = _prefix(first.meeting, context.cluster)
            ranks[prefix] += 1
            memory.numbers[record_id] = number = f"{prefix}/{ranks[prefix]}"
            memory.new.append(Identity("actions", f"number|{number}", record_id, memory.night, number, held=True))
    return {record_id: memory.numbers[record_id] for record_id in ids}


def _prefix(meeting: Meeting, cluster: Cluster) -> str:
    """PROT-2017-04-05 for the first body; others carry their code, so that no two bodies share a number."""
    code = meeting.body.code
    own = "" if code == cluster.bodies[0].code else f"-{code.removeprefix('?').replace(' ', '-').upper()}"
    return f"{cluster.short}{own}-{meeting.day.isoformat()}"


def _add_row(result: Actions, life: Life, record_id: str, number: str, days: Sequence[date], context: Context) -> None:
    walk = list(steps(life.mentions))
    state = outcome(life, walk)
    result.events += events_of(record_id, walk)
    row = _row(life, record_id, number, state, days, context)
    _apply_edits(result, row, life, context)
    row["late"] = _late(row, context.today)
    if row["status"] in CLOSED and row["closed_on"] is None:
        row["closed_on"] = state.closed_on
    row |= {c: text for c, text in context.human.get(record_id, {}).items() if c in ("comment", "focal_point")}
    result.rows.append(row)
    result.links[record_id] = life.first.meeting.main.url
    if _on_draft(life, walk):
        result.drafts.add(record_id)
    if row["status"] in _OPEN and _after(days, row["last_mentioned"]) >= SILENT_MEETINGS:
        result.to_close.append(record_id)


def _row(
    life: Life, record_id: str, number: str, state: Outcome, days: Sequence[date], context: Context
) -> dict[str, Any]:
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
        "age_meetings": _after(days, first.meeting.day),
        "last_mentioned": state.last.meeting.day,
        "postponed": state.postponed,
        "closed_on": state.closed_on,
        "confidence": found.confidence,
        "source": source(first.meeting.main.file, found.source.locator, language),
        "quote": found.source.quote,
        "state": "active",
    }


def _after(days: Sequence[date], day: date) -> int:
    """Meetings of the body after a day; `days` in order."""
    return len(days) - bisect_right(days, day)


def place_cells(places: Resolved) -> dict[str, tuple[str, ...]]:
    """The five place columns of a register whose places are lists."""
    return {
        "admin1_pcode": places.admin1_codes,
        "admin1_name": tuple(place.name for place in places.admin1),
        "admin2_pcode": places.admin2_codes,
        "admin2_name": places.shown,
    }


def _followed(state: Outcome, context: Context) -> str | None:
    """The status; none for decisions, nor for what the minutes left open before follow-up began (history)."""
    start = context.cluster.follow_from
    if start and state.last.meeting.day < start and state.status not in CLOSED:
        return None
    return state.status


def _late(row: Mapping[str, Any], today: date) -> bool:
    return row["deadline_date"] is not None and row["deadline_date"] < today and row["status"] in _OPEN


def _on_draft(life: Life, walk: Sequence[Step]) -> bool:
    """Whether the row says something that only draft minutes say: its wording, or a change."""
    if life.first.meeting.draft:
        return True
    return any(step.mention.meeting.draft and step.kind != "mentioned" for step in walk)


_COLUMNS = {
    "status": "status",
    "responsible": "responsible",
    "deadline_date": "deadline_date",
    "admin2_name": "admin2_name",
}


def _apply_edits(result: Actions, row: dict[str, Any], life: Life, context: Context) -> None:
    """A person's correction wins over what meetings before it said; a later contradiction is a question."""
    record_id = row["record_id"]
    ids = [record_id, *context.absorbed.get(record_id, ())]
    for column in _COLUMNS:
        edit = context.desk.edit("actions", ids, column)
        if edit is None or (column == "status" and row["kind"] == "decision"):
            continue
        value, issue = desk_of.value_of(edit, context.names, life.first.meeting.body.place)
        if issue:
            result.issues.append(issue)
            continue
        later = _contradiction(column, value, edit, life)
        if later is not None:
            held_id = f"edit:{record_id}:{column}:{later.meeting.record_id}"
            choice = context.desk.choice(held_id)
            if choice == "accept" and (answer := context.desk.answers[held_id]) and answer.night >= edit.night:
                continue
            if choice is None or context.desk.answers[held_id].night < edit.night:
                result.held.append(_contradicted(held_id, row, column, edit, later, context))
        _set(row, column, value, edit)


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


def _hold(result: Actions, mention: ActionMention, record_id: str, number: str, context: Context) -> None:
    life = Life([mention], set(), 0)
    state = outcome(life, list(steps(life.mentions)))
    row = _row(life, record_id, number, state, [mention.meeting.day], context)
    about = f"{number} · {mention.action.text}"
    found = mention.action.found
    result.held.append(held_row("actions", record_id, mention.meeting, found, about, context.cluster.language, row))


def _propose(
    result: Actions, walk: Series, id_of: Mapping[int, str], number_of: Mapping[str, str], context: Context
) -> None:
    own = {mention.key: life for life in walk.lives for mention in life.mentions}
    language = context.cluster.language
    for proposal in walk.proposals:
        new, old = id_of[id(own[proposal.mention.key])], id_of[id(proposal.life)]
        if new != old and context.desk.choice(f"link:{new}:{old}") is None:
            result.held.append(_link_question(proposal, new, old, number_of, language))


def _link_question(proposal: Proposal, new: str, old: str, number_of: Mapping[str, str], language: str) -> Held:
    mention, found = proposal.mention, proposal.mention.action.found
    other = f"{number_of[old]} « {proposal.life.first.action.text} »"
    return Held(
        held_id=f"link:{new}:{old}",
        kind="link",
        register="actions",
        record_id=new,
        about=f"{number_of[new]} · {mention.action.text}",
        reason=say("link", language, other=other, score=round(proposal.score)),
        proposal=say("link_do", language, other=number_of[old]),
        quote=found.source.quote,
        source=source(mention.meeting.main.file, found.source.locator, language),
        document=mention.meeting.main.document,
        values={"into": old},
    )


def _withdraw(result: Actions, present: Collection[str], context: Context) -> None:
    """Rows of ids that people may have seen and no minutes mention any more, or that were merged."""
    result.rows += withdrawn_actions(present, context)


def withdrawn_actions(present: Collection[str], context: Context) -> Iterator[dict[str, Any]]:
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
                "kind": "action",
                "text": lines[0].text,
                "state": f"merged:{memory.current(record_id)}" if into else "withdrawn",
            }


__all__ = ["Actions", "Context", "Mention", "build", "place_cells"]
