"""The register of actions: one row an action for its whole life."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from suivi.models import Issue
from suivi.registers import edits as desk_of
from suivi.registers.action_rows import OPEN, action_row, is_late, meetings_after, on_draft, withdrawn_rows
from suivi.registers.context import Context
from suivi.registers.corrections import correct
from suivi.registers.held import held_row, say, source
from suivi.registers.identities import claim, reattach
from suivi.registers.inputs import ActionEvent, Held, Identity
from suivi.registers.linking import Life, Proposal, Series, Verdicts, link
from suivi.registers.lives import CLOSED, SILENT_MEETINGS, events_of, outcome, steps
from suivi.registers.meetings import Meeting
from suivi.registers.mentions import ActionMention, issues_of, of_meeting
from suivi.settings import Cluster


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
    result.rows += withdrawn_rows(set(ids), context)
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
    row = action_row(life, record_id, number, state, days, context)
    issues, held = correct(row, life, context)
    result.issues += issues
    result.held += held
    row["late"] = is_late(row, context.today)
    if row["status"] in CLOSED and row["closed_on"] is None:
        row["closed_on"] = state.closed_on
    row |= {c: text for c, text in context.human.get(record_id, {}).items() if c in ("comment", "focal_point")}
    result.rows.append(row)
    result.links[record_id] = life.first.meeting.main.url
    if on_draft(life, walk):
        result.drafts.add(record_id)
    if row["status"] in OPEN and meetings_after(days, row["last_mentioned"]) >= SILENT_MEETINGS:
        result.to_close.append(record_id)


def _hold(result: Actions, mention: ActionMention, record_id: str, number: str, context: Context) -> None:
    life = Life([mention], set(), 0)
    state = outcome(life, list(steps(life.mentions)))
    row = action_row(life, record_id, number, state, [mention.meeting.day], context)
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
