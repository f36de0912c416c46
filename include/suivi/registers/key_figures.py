"""Key figures: every figure that minutes state, with its source, day and places."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from suivi.models import Figure, Issue
from suivi.registers.context import Context
from suivi.registers.held import held_row, source
from suivi.registers.identities import Mention, claim, reattach
from suivi.registers.inputs import Held
from suivi.registers.meetings import Meeting
from suivi.registers.mentions import place_issues
from suivi.registers.places import Resolved, place_cells, resolve
from suivi.sharing.wording import fold, tokens


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure of one meeting. `stated_day`: the sentence itself gives the day."""

    meeting: Meeting
    figure: Figure
    key: str
    places: Resolved
    as_of: date
    stated_day: bool
    said_by: str | None
    indicator: str | None
    record_id: str = ""

    def memory(self, held: bool) -> Mention:
        text = f"{self.figure.unit} {' '.join(self.figure.places)} {self.figure.value:g}"
        return Mention(self.key, self.meeting.record_id, text, self.meeting.day, held)


@dataclass(slots=True)
class KeyFigures:
    """What the build of the register gives; `figures` are those that count, with their record ids."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    figures: list[KeyFigure] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    drafts: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)


def build(meetings: Sequence[Meeting], context: Context, human: Mapping[str, dict[str, str]]) -> KeyFigures:
    """The figures of all meetings, in order."""
    result = KeyFigures()
    codes: dict[str, str | None] = {}
    found = [figure for meeting in meetings for figure in _of_meeting(meeting, context, codes)]
    mentions = [each.memory(_waits(each, context)) for each in found]
    ids = claim(context.memory, [[mention] for mention in mentions], reattach(context.memory, mentions))
    for each, record_id, mention in zip(found, ids, mentions, strict=True):
        _add(result, each, record_id, mention.held, context, human)
    result.rows += _withdrawn(set(ids), context)
    return result


def _of_meeting(meeting: Meeting, context: Context, codes: dict[str, str | None]) -> Iterator[KeyFigure]:
    """A figure printed twice in the same minutes is one. `codes`: unit → what `proposed` said of it."""
    seen = set()
    for figure in meeting.minutes.figures:
        places = resolve(figure.places, figure.found.source.quote, meeting.body.place)
        where = " ".join(sorted(fold(place) for place in figure.places))
        key = f"{meeting.record_id}|{figure.value:g} {fold(figure.unit)} {where}|0"
        if key in seen:
            continue
        seen.add(key)
        if figure.unit not in codes:
            codes[figure.unit] = proposed(figure.unit, context.cluster.indicators)
        yield KeyFigure(
            meeting=meeting,
            figure=figure,
            key=key,
            places=places,
            as_of=date.fromisoformat(figure.as_of) if figure.as_of else meeting.day,
            stated_day=figure.as_of is not None,
            said_by=context.names.organisation(figure.said_by) if figure.said_by else None,
            indicator=codes[figure.unit],
        )


def proposed(unit_as_written: str, catalogue: Sequence[Mapping[str, Any]]) -> str | None:
    """The code of the catalogue whose unit words the figure's unit bears; the longest words win."""
    unit = set(tokens(unit_as_written))
    best: tuple[int, str] | None = None
    for indicator in catalogue:
        for words in indicator.get("unit_words", ()):
            wanted = set(tokens(words))
            if wanted and wanted <= unit and (best is None or len(wanted) > best[0]):
                best = (len(wanted), indicator["code"])
    return best[1] if best else None


def _answer(each: KeyFigure, context: Context) -> str | None:
    record = context.memory.known.get(each.key)
    return context.desk.choice(f"row:key_figures:{record}") if record else None


def _waits(each: KeyFigure, context: Context) -> bool:
    return each.figure.found.held and _answer(each, context) not in ("accept", "correct")


def _add(
    result: KeyFigures,
    each: KeyFigure,
    record_id: str,
    waits: bool,
    context: Context,
    human: Mapping[str, dict[str, str]],
) -> None:
    figure, meeting, language = each.figure, each.meeting, context.cluster.language
    held_id = f"row:key_figures:{record_id}"
    fields = context.desk.correction(held_id)
    row = {
        "record_id": record_id,
        "meeting_id": meeting.record_id,
        "as_of": each.as_of,
        "value": _number(fields.get("value"), figure.value),
        "unit": fields.get("unit", figure.unit),
        **place_cells(each.places),
        "place_as_written": figure.places,
        "said_by": each.said_by,
        "indicator": each.indicator,
        "confidence": figure.found.confidence,
        "source": source(meeting.main.file, figure.found.source.locator, language),
        "quote": figure.found.source.quote,
        "state": "active",
        "comment": human.get(record_id, {}).get("comment"),
    }
    if context.desk.choice(held_id) == "reject":
        return
    if waits:
        about = f"{row['value']:g} {row['unit']}"
        result.held.append(held_row("key_figures", record_id, meeting, figure.found, about, language, row))
        return
    result.rows.append(row)
    result.links[record_id] = meeting.main.url
    result.figures.append(_with_id(each, record_id, row))
    result.issues += place_issues(each.places, meeting.main.document, figure.found)
    if figure.said_by and each.said_by is None:
        result.issues.append(
            Issue("organisation_unknown", meeting.main.document, figure.found.source.locator, "said_by", figure.said_by)
        )
    if meeting.draft:
        result.drafts.add(record_id)


def _with_id(each: KeyFigure, record_id: str, row: Mapping[str, Any]) -> KeyFigure:
    figure = each.figure
    if (row["value"], row["unit"]) != (figure.value, figure.unit):
        figure = replace(figure, value=row["value"], unit=row["unit"])
    return replace(each, figure=figure, record_id=record_id)


def _number(text: str | None, default: float) -> float:
    try:
        return float(text.replace(" ", "").replace("\u202f", "").replace(",", ".")) if text else default
    except ValueError:
        return default


def _withdrawn(present: Collection[str], context: Context) -> Iterator[dict[str, Any]]:
    memory = context.memory
    for record_id in memory.order:
        if record_id in present or not memory.seen_by_people(record_id):
            continue
        line = memory.lines[record_id][-1]
        scope, values, _ = line.mention.split("|", 2)
        value, _, unit = values.partition(" ")
        yield {
            "record_id": record_id,
            "meeting_id": scope,
            "as_of": line.day,
            "value": float(value),
            "unit": unit,
            "state": "withdrawn",
        }
