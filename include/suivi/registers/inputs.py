"""What registers are made from and what they are: frozen values, so that the build stays a pure function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import pandas as pd

from suivi.models import Decision, Edit, Issue, Minutes
from suivi.settings import Cluster

EventKind = Literal["created", "mentioned", "reassigned", "postponed", "done", "reopened", "cancelled"]


@dataclass(frozen=True, slots=True)
class StoredMinutes:
    """Minutes of one document with what the drive knows of its file.

    `file` is what people read (drive and path); `modified` the file's day on its drive; `first_seen` the first night's
    day that saw the document, `night` its number.
    """

    document: str
    minutes: Minutes
    file: str
    url: str = ""
    modified: date | None = None
    first_seen: date | None = None
    night: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """One line of the append-only memory: this mention belongs to this record.

    `mention` says where the mention stands (a meeting and a wording, or the values that make a record one); `text`
    is its wording, for re-attaching it after a correction. `merged_into` alone says that the record was withdrawn in
    favour of an older one. `held`: nobody has seen the record yet, its only mentions wait in the queue.
    """

    register: str
    mention: str
    record_id: str
    night: int = 0
    number: str = ""
    text: str = ""
    day: date | None = None
    merged_into: str = ""
    held: bool = False
    kind: str = ""  # action or decision, for a row that is withdrawn later


@dataclass(frozen=True, slots=True)
class Held:
    """One entry of the held queue. `held_id` is the same every night for the same question.

    `kind`: row (a passage that the extractor is not sure of), link (is this the same action?), edit (a later meeting
    contradicts an edit), organisation (unknown name), indicator (is this the indicator's value?), meeting (minutes
    without a date). `reason` and `proposal` are sentences in the cluster's language; `values` are the row's fields.
    """

    held_id: str
    kind: str
    register: str
    record_id: str
    about: str
    reason: str
    proposal: str
    quote: str = ""
    source: str = ""
    document: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionEvent:
    """One step in the life of an action: what happened, at which meeting, and the passage that says so.

    A step that a person's edit made has no meeting and no document. Owners and deadline are what the step itself says,
    empty where it says nothing of them.
    """

    record_id: str
    kind: EventKind
    day: date
    meeting_id: str = ""
    document: str = ""
    quote: str = ""
    detail: str = ""
    responsible: tuple[str, ...] = ()
    deadline_date: date | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An organisation's choice of an indicator for the dashboard (tab *Choix des indicateurs*)."""

    organisation: str
    code: str


@dataclass(frozen=True, slots=True)
class Activity:
    """A row of a 5W workbook: who does what where."""

    organisation: str
    activity: str
    status: Literal["planned", "ongoing", "completed"]
    row: int
    cluster: str = ""
    region: str = ""
    region_code: str = ""
    cercle: str = ""
    cercle_code: str = ""
    place: str = ""
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Workbook:
    """A 5W workbook as read: `file` is what people read, `day` the day to report its rows under."""

    file: str
    day: date
    activities: tuple[Activity, ...]
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that the registers of one night depend on; `night` is the night's number."""

    cluster: Cluster
    minutes: tuple[StoredMinutes, ...]
    edits: tuple[Edit, ...] = ()
    decisions: tuple[Decision, ...] = ()
    identities: tuple[Identity, ...] = ()
    today: date = date.min
    night: int = 0
    choices: tuple[Choice, ...] = ()
    dashboard: tuple[str, ...] = ()
    workbooks: tuple[Workbook, ...] = ()


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers of one night.

    `frames`: one a register, with exactly the columns of registers.yaml. `identities`: the new lines to append.
    `aliases`: names as written → acronym, learnt from corrections. `to_close`: record ids of open actions that three
    meetings did not mention. `coordination`: the health of coordination by month (`coordination.COLUMNS`). `links`:
    record id → URL of its document. `names`: folded names of people, for the second net of `sharing.view`.
    """

    frames: dict[str, pd.DataFrame]
    held: tuple[Held, ...]
    events: tuple[ActionEvent, ...]
    identities: tuple[Identity, ...]
    issues: tuple[Issue, ...]
    aliases: dict[str, str]
    to_close: tuple[str, ...]
    coordination: pd.DataFrame
    links: dict[str, str]
    names: frozenset[str]


def workbook_from_json(plain: Mapping[str, Any]) -> Workbook:
    """The inverse of `suivi.models.to_json` for a workbook; its issues stand in the night that read it."""

    def activity(row: Mapping[str, Any]) -> Activity:
        days = {key: date.fromisoformat(row[key]) if row.get(key) else None for key in ("start", "end")}
        return Activity(**{**row, **days})

    return Workbook(plain["file"], date.fromisoformat(plain["day"]), tuple(map(activity, plain["activities"])))


def event_from_json(plain: Mapping[str, Any]) -> ActionEvent:
    """The inverse of `suivi.models.to_json` for an event; other keys are ignored."""
    kept = {key: value for key, value in plain.items() if key in ActionEvent.__dataclass_fields__}
    due = kept.get("deadline_date")
    told = {
        "responsible": tuple(kept.get("responsible", ())),
        "deadline_date": date.fromisoformat(due) if due else None,
    }
    return ActionEvent(**{**kept, **told, "day": date.fromisoformat(plain["day"])})


def identity_from_json(plain: Mapping[str, Any]) -> Identity:
    """The inverse of `suivi.models.to_json` for an identity."""
    day = plain.get("day")
    return Identity(**{**plain, "day": date.fromisoformat(day) if day else None})
