"""Minutes → meetings: one meeting a body and date; corrected or duplicate minutes replace, never double."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import PurePosixPath

from suivi.models import Issue, Minutes
from suivi.registers.identities import Memory, Mention, claim
from suivi.registers.inputs import Identity, StoredMinutes
from suivi.settings import Body, Cluster
from suivi.sharing.gazetteer import gazetteer
from suivi.sharing.wording import fold, words

_DRAFT_FILE = re.compile(
    r"\b(?:draft|brouillon|provisoire|projet de (?:pv|compte rendu|cr|minutes)|unvalidated|non valide)\b"
)
_MONTHS = {name: position // 2 + 1 for position, name in enumerate(words("months"))}
_FILE_DATES = (
    re.compile(r"\b(?P<y>20\d\d) ?(?P<m>0[1-9]|1[0-2]) ?(?P<d>0[1-9]|[12]\d|3[01])\b"),
    re.compile(r"\b(?P<d>0?[1-9]|[12]\d|3[01]) (?P<m>0?[1-9]|1[0-2]) (?P<y>20\d\d)\b"),
    re.compile(r"\b(?P<d>0[1-9]|[12]\d|3[01])(?P<m>0[1-9]|1[0-2])(?P<y>20\d\d)\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:er)? (?P<m>{'|'.join(_MONTHS)}) (?P<y>20\d\d)\b"),
    re.compile(rf"\b(?P<m>{'|'.join(_MONTHS)}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?P<y>20\d\d)\b"),
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting with the minutes that speak for it. `others`: documents that the main one replaces."""

    record_id: str
    body: Body
    day: date
    main: StoredMinutes
    draft: bool
    others: tuple[StoredMinutes, ...] = ()

    @property
    def minutes(self) -> Minutes:
        return self.main.minutes


def single(stored: Iterable[StoredMinutes]) -> Iterator[StoredMinutes]:
    """One entry a meeting: a file with several meetings is taken apart; what is no minutes is left out.

    The file's name carries the place of the meeting in it ("…#2"), so that each is a memory of its own. Minutes that
    the caller took apart already count once.
    """
    taken: dict[str, list[Minutes]] = defaultdict(list)
    for each in stored:
        parts = (replace(each.minutes, more=()), *each.minutes.more)
        for number, minutes in enumerate(parts, 1):
            if minutes.is_minutes and minutes not in taken[each.file]:
                taken[each.file].append(minutes)
                yield replace(each, minutes=minutes, file=each.file if number == 1 else f"{each.file}#{number}")


def body_of(stored: StoredMinutes, cluster: Cluster) -> tuple[Body, bool]:
    """The body that met, and whether the cluster's YAML knows it.

    Header and title decide, then the file's path; minutes that name none belong to the first body.
    """
    meeting = stored.minutes.meeting
    for text in (meeting.body, meeting.title):
        if text and (body := _named(text, cluster)):
            return body, True
    if meeting.level in ("regional", "sub-cluster"):
        return _of_level(stored, cluster)
    return _by_path(stored.file, cluster) or cluster.bodies[0], True


def _named(text: str, cluster: Cluster) -> Body | None:
    folded = f" {fold(text)} "
    best: tuple[int, Body] | None = None
    for body in cluster.bodies:
        for name in (body.fr, body.en, *body.aliases):
            found = f" {fold(name)} " in folded
            if found and (best is None or len(name) > best[0]):
                best = (len(name), body)
    if best is None or best[1].level != "national":
        return best[1] if best else None
    return _regional(folded, cluster) or best[1]


def _regional(folded: str, cluster: Cluster) -> Body | None:
    """The regional body whose region stands right after the national name or the word régional."""
    for body in cluster.bodies:
        if body.level != "national" and body.place:
            for name in _place_names(body.place):
                if re.search(rf" (?:cluster protection|cluster|regional|regionale|region)(?: de| of)? {name} ", folded):
                    return body
    return None


@cache
def _place_names(pcode: str) -> tuple[str, ...]:
    place = gazetteer().by_code.get(pcode)
    return tuple(fold(name) for name in (place.name, *place.aliases)) if place else ()


def _of_level(stored: StoredMinutes, cluster: Cluster) -> tuple[Body, bool]:
    meeting = stored.minutes.meeting
    written = " ".join(filter(None, (meeting.body, meeting.title)))
    folded = f" {fold(' '.join(filter(None, (written, meeting.place, stored.file))))} "
    same_level = [body for body in cluster.bodies if body.level == meeting.level]
    for body in same_level:
        names = (*_place_names(body.place or ""), fold(body.code))
        if any(f" {name} " in folded for name in names):
            return body, True
    name = (meeting.body or meeting.title or str(meeting.level)).strip()
    return Body(f"?{fold(name)}", str(meeting.level), name, name), False


def _by_path(file: str, cluster: Cluster) -> Body | None:
    path = PurePosixPath(file.replace("\\", "/"))
    folders = {fold(part) for part in path.parts[:-1]}
    name = f" {fold(path.stem)} "
    for body in cluster.bodies[1:]:
        aliases = [fold(alias) for alias in (body.fr, body.en, *body.aliases)]
        short = [fold(body.code), *_place_names(body.place or "")]
        if folders & {*aliases, *short} or any(f" {alias} " in name for alias in aliases):
            return body
        if any(re.search(rf" (?:cp|cluster|prot|protection|regional|sc|sous cluster) {word} ", name) for word in short):
            return body
    return None


def date_of(stored: StoredMinutes) -> tuple[date | None, Issue | None]:
    """The meeting's day: the header's, else the file name's; a conflict of the two is an issue."""
    written = stored.minutes.meeting.date
    in_name = _date_in(stored.file)
    if written:
        day = date.fromisoformat(written)
        if in_name and in_name != day:
            detail = f"{day.isoformat()} / {in_name.isoformat()}"
            return day, Issue("meeting_date_conflict", stored.document, field="date", value=detail)
        return day, None
    if in_name:
        return in_name, Issue("meeting_date_from_file", stored.document, field="date", value=in_name.isoformat())
    return None, Issue("meeting_without_date", stored.document, field="date")


def _date_in(file: str) -> date | None:
    name = fold(PurePosixPath(file.replace("\\", "/")).stem)
    for pattern in _FILE_DATES:
        if match := pattern.search(name):
            month = match["m"]
            try:
                return date(int(match["y"]), _MONTHS.get(month) or int(month), int(match["d"]))
            except ValueError:
                continue
    return None


def is_draft(stored: StoredMinutes) -> bool:
    """Whether the document calls itself a draft, in its text or in its file name."""
    said = stored.minutes.meeting.validation
    return said == "draft" or (said is None and _DRAFT_FILE.search(fold(PurePosixPath(stored.file).stem)) is not None)


def _weight(stored: StoredMinutes) -> tuple[bool, bool, date, int, str, str]:
    """What speaks for a version of the same minutes, strongest last: validated, not empty, newest."""
    minutes = stored.minutes
    filled = bool(minutes.actions or minutes.figures or minutes.agenda)
    newest = stored.modified or stored.first_seen or date.min
    return (not is_draft(stored), filled, newest, stored.night, stored.file, stored.document)


@dataclass(frozen=True, slots=True)
class Found:
    """Meetings by body and day; `undated` wait for somebody to give their date."""

    meetings: tuple[Meeting, ...]
    undated: tuple[StoredMinutes, ...]
    issues: tuple[Issue, ...]


def meetings(
    stored: Collection[StoredMinutes],
    cluster: Cluster,
    memory: Memory,
    ticked: Collection[str] = (),
    dates: dict[str, date] | None = None,
) -> Found:
    """All meetings in order of date and body, with ids from memory.

    `ticked`: record ids with the coordinator's tick *PV validé*; `dates`: document → day that somebody gave.
    """
    issues: list[Issue] = []
    undated: list[StoredMinutes] = []
    groups: dict[tuple[date, str], list[tuple[StoredMinutes, Body]]] = defaultdict(list)
    for each in single(stored):
        body, known = body_of(each, cluster)
        day, issue = date_of(each)
        if day is None and dates:
            day, issue = dates.get(each.document), issue if each.document not in dates else None
        if issue:
            issues.append(issue)
        if not known:
            issues.append(Issue("body_unknown", each.document, field="body", value=body.fr))
        if day is None:
            undated.append(each)
        else:
            groups[day, body.code].append((each, body))
    ordered = sorted(groups.items())
    for (day, _), versions in ordered:
        issues += _duplicates(day, versions)
    found = _identified(ordered, memory, ticked)
    return Found(found, tuple(undated), tuple(issues))


def _duplicates(day: date, versions: list[tuple[StoredMinutes, Body]]) -> Iterator[Issue]:
    main = max((each for each, _ in versions), key=_weight)
    for each, _ in versions:
        if each is not main:
            yield Issue("duplicate_minutes", each.document, field="date", value=day.isoformat(), detail=main.file)


def _identified(
    ordered: list[tuple[tuple[date, str], list[tuple[StoredMinutes, Body]]]], memory: Memory, ticked: Collection[str]
) -> tuple[Meeting, ...]:
    mains = [max((each for each, _ in versions), key=_weight) for _, versions in ordered]
    mentions = [Mention(f"{code}|{day.isoformat()}", code, "", day) for (day, code), _ in ordered]
    present = {mention.key for mention in mentions}
    aliases = {}
    for mention, main in zip(mentions, mains, strict=True):
        # A corrected date: the file that spoke for a meeting which nobody speaks for any more.
        before = memory.known.get(f"file|{main.file}")
        if before and mention.key not in memory.known and not _spoken_for(memory, before, present):
            aliases[mention.key] = f"file|{main.file}"
    ids = claim(memory, [[mention] for mention in mentions], aliases)
    for record_id, (_, versions) in zip(ids, ordered, strict=True):
        for each, _ in sorted(versions, key=lambda version: version[0].file):
            memory.append(Identity(memory.register, f"file|{each.file}", record_id, memory.night))
    return tuple(
        _meeting(record_id, day, versions, main, record_id in ticked)
        for record_id, ((day, _), versions), main in zip(ids, ordered, mains, strict=True)
    )


def _spoken_for(memory: Memory, record_id: str, present: Collection[str]) -> bool:
    return any(line.mention in present for line in memory.lines[record_id])


def _meeting(
    record_id: str, day: date, versions: list[tuple[StoredMinutes, Body]], main: StoredMinutes, ticked: bool
) -> Meeting:
    body = next(body for each, body in versions if each is main)
    others = tuple(sorted((each for each, _ in versions if each is not main), key=_weight, reverse=True))
    return Meeting(record_id, body, day, main, is_draft(main) and not ticked, others)
