"""How long the minutes of a meeting took to arrive, where there is evidence of it.

First evidence: the first night that saw them, for meetings held since nights are kept. Else the file's date on its
drive, unless a later correction, an upload of an archive or a checkout may have set it: it must lie within two months
of the meeting, not after the night that saw the file, and not be the date of the files of many meetings. Else unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from suivi.registers.inputs import StoredMinutes
from suivi.registers.meetings import Meeting

LONGEST = timedelta(days=60)  # a later date on the drive tells of a correction or a copy
_COPIED = 5  # meetings whose files bear one date: the date of a copy


def days_to_minutes(meetings: Sequence[Meeting]) -> dict[str, int]:
    """Record id → days from the meeting to its minutes; meetings of which nothing tells are left out."""
    seen = [each.first_seen for meeting in meetings for each in _versions(meeting) if each.first_seen]
    watched_from = min(seen, default=date.max)
    days = Counter(day for meeting in meetings for day in {each.modified for each in _versions(meeting)})
    copies = {day for day, count in days.items() if count >= _COPIED}
    found = {}
    for meeting in meetings:
        arrived = min(_evidence(meeting, watched_from, copies), default=None)
        if arrived:
            found[meeting.record_id] = (arrived - meeting.day).days
    return found


def _versions(meeting: Meeting) -> tuple[StoredMinutes, ...]:
    return (meeting.main, *meeting.others)


def _evidence(meeting: Meeting, watched_from: date, copies: set[date | None]) -> Iterator[date]:
    for each in _versions(meeting):
        if each.first_seen and meeting.day >= watched_from:
            yield max(each.first_seen, meeting.day)
        day = each.modified
        if day and day not in copies and meeting.day <= day <= min(meeting.day + LONGEST, each.first_seen or date.max):
            yield day
