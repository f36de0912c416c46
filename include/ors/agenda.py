"""What is ahead: meetings, trainings, deadlines; as a list and as an iCalendar feed. No venue, no person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from ors.follow import is_open
from ors.snapshot import Snapshot

_BACK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Entry:
    """One day (or span of days). `kind`: meeting, training, event or deadline."""

    uid: str
    kind: str
    start: date
    end: date | None
    title: str
    action: str = ""  # record id, for deadlines


def entries(snapshot: Snapshot, today: date) -> list[Entry]:
    """From a month ago on, by date."""
    return snapshot.derive(("agenda", today), lambda: _entries(snapshot, today))


def _entries(snapshot: Snapshot, today: date) -> list[Entry]:
    found: dict[tuple[str, date, str], Entry] = {}

    def add(entry: Entry) -> None:
        found.setdefault((entry.kind, entry.start, entry.title), entry)

    for meeting in snapshot.shown("meetings"):
        body = meeting.fields["body"]
        for day in (meeting.fields["date"], meeting.fields.get("next_meeting")):
            if day:
                add(Entry(f"meeting-{body}-{day}", "meeting", date.fromisoformat(day), None, body))
    for row in snapshot.shown("actions"):
        due = row.fields.get("deadline_date")
        if due and is_open(row):
            title = f"{row.fields.get('number', '')} {row.fields['text']}".strip()
            add(Entry(f"deadline-{row.id}", "deadline", date.fromisoformat(due), None, title, row.id))
    for told in snapshot.nights[0].body.get("calendar", ()) if snapshot.nights else ():
        end = date.fromisoformat(told["end"]) if told.get("end") else None
        add(Entry(f"event-{told['id']}", told["kind"], date.fromisoformat(told["start"]), end, told["title"]))
    ahead = [entry for entry in found.values() if (entry.end or entry.start) >= today - _BACK]
    return sorted(ahead, key=lambda entry: (entry.start, entry.kind, entry.title))


def ics(snapshot: Snapshot, today: date, words: dict[str, str]) -> bytes:
    """The feed; `words` are the kinds as people read them."""
    calendar = Calendar()
    calendar.add("prodid", "-//Suivi//ORS//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", snapshot.settings.get("name", {}).get(snapshot.language, snapshot.cluster))
    stamped = datetime.combine(today, datetime.min.time(), UTC)
    for entry in entries(snapshot, today):
        event = Event()
        event.add("uid", f"{entry.uid.replace(' ', '-')}@{snapshot.cluster}")
        event.add("dtstamp", stamped)
        event.add("dtstart", entry.start)
        event.add("dtend", (entry.end or entry.start) + timedelta(days=1))
        event.add("summary", f"{words[entry.kind]} : {entry.title}"[:300])
        event.add("categories", [entry.kind])
        calendar.add_component(event)
    return bytes(calendar.to_ical())
