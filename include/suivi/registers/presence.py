"""Who is where (3W): from sentences and tables of the minutes, from attendance, and from 5W workbooks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from suivi.models import Issue
from suivi.reference import load_csv
from suivi.registers.context import Context
from suivi.registers.held import held_row, source
from suivi.registers.identities import Mention, claim
from suivi.registers.inputs import Activity, Held, Workbook
from suivi.registers.meetings import Meeting
from suivi.registers.mentions import place_issues
from suivi.registers.new_regions import holds, is_new_code
from suivi.registers.places import Resolved, agree, resolve
from suivi.sharing.gazetteer import Place, gazetteer
from suivi.sharing.wording import fold

ATTENDANCE = {"fr": "Participation aux réunions du cluster", "en": "Attendance at cluster meetings"}
_RANK = {"planned": 0, "ongoing": 1, "completed": 2}


@dataclass(frozen=True, slots=True)
class Statement:
    """That an organisation does something at one place, as one meeting or workbook says it."""

    organisation: str
    activity: str
    place: Place | None
    status: str
    day: date
    written: str
    meeting: Meeting | None = None
    source: str = ""
    quote: str = ""
    confidence: float | None = None
    start: date | None = None
    end: date | None = None
    cluster: str = ""

    @property
    def key(self) -> str:
        code = self.place.pcode if self.place else "-"
        return f"{fold(self.organisation)}|{fold(self.activity)}|{code}"


@dataclass(slots=True)
class PresenceRows:
    """What the build of the register gives."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    drafts: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)


def build(
    meetings: Sequence[Meeting], workbooks: Sequence[Workbook], context: Context, human: Mapping[str, dict[str, str]]
) -> PresenceRows:
    """One row an organisation, activity and place; later statements carry its period and status on."""
    result = PresenceRows()
    groups: dict[str, list[Statement]] = {}
    waiting: dict[str, list[Statement]] = {}
    for statement, held in _statements(meetings, workbooks, context, result):
        (waiting if held and not _accepted(statement, context) else groups).setdefault(statement.key, []).append(
            statement
        )
    groups = {key: _validated(found) for key, found in groups.items()}
    waiting = {key: found for key, found in waiting.items() if key not in groups}
    ordered = sorted({**groups, **waiting}.items())
    mentions = [Mention(key, "", found[0].activity, found[0].day, key in waiting) for key, found in ordered]
    ids = claim(context.memory, [[mention] for mention in mentions], {})
    for (key, found), record_id in zip(ordered, ids, strict=True):
        row = _row(record_id, found, context) | {"comment": human.get(record_id, {}).get("comment")}
        if key in waiting:
            _hold(result, found[0], record_id, row, context)
            continue
        result.rows.append(row)
        if found[-1].meeting:
            result.links[record_id] = found[-1].meeting.main.url
        if all(each.meeting and each.meeting.draft for each in found):
            result.drafts.add(record_id)
    result.rows += _withdrawn(set(ids), context)
    return result


def _statements(
    meetings: Sequence[Meeting], workbooks: Sequence[Workbook], context: Context, result: PresenceRows
) -> Iterator[tuple[Statement, bool]]:
    for meeting in meetings:
        yield from _attendance(meeting, context)
        yield from _interventions(meeting, context, result)
    for workbook in workbooks:
        result.issues += workbook.issues
        for activity in workbook.activities:
            if statement := _imported(activity, workbook, context, result):
                yield statement, False


def _attendance(meeting: Meeting, context: Context) -> Iterator[tuple[Statement, bool]]:
    place = gazetteer().by_code.get(meeting.body.place or "")
    activity = ATTENDANCE["en" if context.cluster.language == "en" else "fr"]
    for acronym in attending(meeting, context):
        yield (
            Statement(acronym, activity, place, "ongoing", meeting.day, "", meeting, meeting.main.file, "", 1.0),
            False,
        )


def attending(meeting: Meeting, context: Context) -> list[str]:
    """Acronyms of the organisations present, each once."""
    said = meeting.minutes.meeting
    written = [
        *said.organisations,
        *(a.organisation for a in said.attendees if a.organisation and a.status == "present"),
    ]
    names = [party.name for name in written for party in context.names.parties(name) if party.kind == "organisation"]
    return list(dict.fromkeys(names))


def _interventions(meeting: Meeting, context: Context, result: PresenceRows) -> Iterator[tuple[Statement, bool]]:
    for presence in meeting.minutes.presence:
        found, document = presence.found, meeting.main.document
        places = resolve(presence.places, found.source.quote, meeting.body.place)
        result.issues += place_issues(places, document, found)
        where = source(meeting.main.file, found.source.locator, context.cluster.language)
        parties = context.names.parties(presence.organisation, meeting.minutes.meeting.attendees)
        for party in parties:
            if party.kind != "organisation":
                if party.kind == "unknown":
                    result.issues.append(
                        Issue("organisation_unknown", document, found.source.locator, "organisation", party.written)
                    )
                continue
            for place in _spots(places):
                yield (
                    Statement(
                        party.name, presence.activity, place, presence.status, meeting.day,
                        " ; ".join(presence.places), meeting, where, found.source.quote, found.confidence,
                    ),
                    found.held,
                )  # fmt: skip


def _validated(found: list[Statement]) -> list[Statement]:
    """What validated minutes and workbooks say; drafts speak only where nothing else does."""
    return [each for each in found if not (each.meeting and each.meeting.draft)] or found


def _spots(places: Resolved) -> Sequence[Place | None]:
    regions = {place.parent for place in places.admin2}
    return [*places.admin2, *(place for place in places.admin1 if place.pcode not in regions)] or [None]


def _imported(activity: Activity, workbook: Workbook, context: Context, result: PresenceRows) -> Statement | None:
    acronym = context.names.organisation(activity.organisation)
    where = f"{workbook.file}, {activity.row}"
    if acronym is None:
        result.issues.append(
            Issue("organisation_unknown", workbook.file, None, "organisation", activity.organisation, f"{activity.row}")
        )
        return None
    code, name = (
        (activity.cercle_code, activity.cercle) if activity.cercle_code else (activity.region_code, activity.region)
    )
    place: Place | None = None
    if code:
        found = resolve((code,))
        place = next(iter((*found.admin2, *found.admin1)), None)
        if place is None or not agree(place.pcode, name):
            fits = is_new_code(code) and holds(activity.region, activity.cercle)
            kind = "place_code_new" if fits else "place_code_name"
            result.issues.append(Issue(kind, workbook.file, None, "place", f"{code} / {name}", f"{activity.row}"))
            place = None
        elif found.old_codes:
            result.issues.append(Issue("place_code_old", workbook.file, None, "place", code, f"{activity.row}"))
    if place is None and (name or activity.region):
        found = resolve(
            tuple(filter(None, (f"cercle {activity.cercle}" if activity.cercle else "", f"région {activity.region}")))
        )
        # A region of 2023 alone is read as the region that it was taken from: no cercle of it was named.
        exact = () if found.new_regions and not activity.cercle else found.admin2
        place = next(iter((*exact, *found.admin1)), None)
    day = workbook.day
    return Statement(
        acronym, activity.activity, place, activity.status, day, activity.place, None, where, "", 1.0,
        activity.start, activity.end, _sector(activity.cluster) or context.cluster.sector,
    )  # fmt: skip


def _sector(written: str) -> str | None:
    wanted = fold(written)
    for row in load_csv("clusters.csv"):
        names = (row["code"], row["fr"], row["en"], *row["aliases"].split("|"))
        if wanted and wanted in {fold(name) for name in names if name}:
            return row["code"]
    return None


def _accepted(statement: Statement, context: Context) -> bool:
    record = context.memory.known.get(statement.key)
    return record is not None and context.desk.choice(f"row:presence:{record}") in ("accept", "correct")


def _row(record_id: str, found: Sequence[Statement], context: Context) -> dict[str, Any]:
    first, last = found[0], found[-1]
    details = context.names.details.get(first.organisation, {})
    place = first.place
    region = gazetteer().parent(place, 1) if place else None
    cercle = gazetteer().parent(place, 2) if place else None
    language = "en" if context.cluster.language == "en" else "fr"
    ended = last.status == "completed"
    return {
        "record_id": record_id,
        "organisation": first.organisation,
        "organisation_name": (details.get("name_en") if language == "en" else "") or details.get("name"),
        "organisation_type": _type(details.get("type", ""), language),
        "cluster": last.cluster or context.cluster.sector,
        "activity": first.activity,
        "status": last.status,
        "country": context.cluster.country["iso3"],
        "admin1_pcode": region.pcode if region else None,
        "admin1_name": region.name if region else None,
        "admin2_pcode": cercle.pcode if cercle else None,
        "admin2_name": cercle.name if cercle else None,
        "place_as_written": last.written or None,
        "start": min((each.start for each in found if each.start), default=_began(found)),
        "end": max((each.end for each in found if each.end), default=last.day if ended else None),
        "reported": last.day,
        "meeting_id": last.meeting.record_id if last.meeting else None,
        "confidence": min((each.confidence for each in found if each.confidence is not None), default=None),
        "source": last.source or None,
        "quote": last.quote or None,
        "state": "active",
    }


def _began(found: Sequence[Statement]) -> date | None:
    return next((each.day for each in found if each.status != "planned"), None)


def _type(term: str, language: str) -> str | None:
    if language == "en" or not term:
        return term or None
    return next((row["fr"] for row in load_csv("organisation_types.csv") if row["type"] == term), term)


def _hold(result: PresenceRows, each: Statement, record_id: str, row: dict[str, Any], context: Context) -> None:
    if each.meeting is None or context.desk.choice(f"row:presence:{record_id}") == "reject":
        return
    presence = next(p for p in each.meeting.minutes.presence if p.activity == each.activity)
    about = f"{each.organisation} · {each.activity}"
    result.held.append(
        held_row("presence", record_id, each.meeting, presence.found, about, context.cluster.language, row)
    )


def _withdrawn(present: Collection[str], context: Context) -> Iterator[dict[str, Any]]:
    memory = context.memory
    for record_id in memory.order:
        if record_id in present or not memory.seen_by_people(record_id):
            continue
        line = memory.lines[record_id][-1]
        organisation, _, code = line.mention.split("|", 2)
        place = gazetteer().by_code.get(code)
        region = gazetteer().parent(place, 1) if place else None
        cercle = gazetteer().parent(place, 2) if place else None
        yield {
            "record_id": record_id,
            "organisation": context.names.organisation(organisation) or organisation,
            "cluster": context.cluster.sector,
            "activity": line.text,
            "status": "completed",
            "country": context.cluster.country["iso3"],
            "admin1_pcode": region.pcode if region else None,
            "admin2_pcode": cercle.pcode if cercle else None,
            "reported": line.day,
            "state": "withdrawn",
        }
