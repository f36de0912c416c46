"""Days from the meeting to its minutes: a night that saw them come, or a file date that no copy has set."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from minutes_by_hand import minutes, night, rows, stored


def _days(*files: tuple[str, str | None, str | None]) -> list[int | None]:
    """(day of the meeting, date of the file, first night that saw it) → the column, in order of the meetings."""
    documents = [
        stored(
            minutes(day, day),
            modified=date.fromisoformat(modified) if modified else None,
            first_seen=date.fromisoformat(seen) if seen else None,
        )
        for day, modified, seen in files
    ]
    found = sorted(rows(night(*documents), "meetings"), key=lambda row: row["date"])
    return [None if pd.isna(row["days_to_minutes"]) else row["days_to_minutes"] for row in found]


@pytest.mark.parametrize(
    ("modified", "seen", "days"),
    [
        ("2026-01-20", None, 6),
        ("2026-01-20", "2026-06-01", 6),
        ("2026-11-17", "2026-11-24", None),  # 307 days: a checkout, no delay
        ("2026-01-10", "2026-06-01", None),  # older than the meeting
        ("2026-01-20", "2026-01-15", None),  # changed after the night that read it, before nights were kept
        (None, "2026-06-01", None),
    ],
)
def test_a_file_date_counts_only_where_it_can_be_true(modified, seen, days):
    assert _days(("2026-01-14", modified, seen)) == [days]


def test_the_night_that_saw_them_come_counts_once_nights_are_kept():
    archive = ("2026-01-14", None, "2026-02-01")
    assert _days(archive, ("2026-02-11", None, "2026-02-15"), ("2026-03-11", "2026-04-20", "2026-03-14")) == [
        None,
        4,
        3,
    ]


def test_the_date_of_many_files_is_the_date_of_a_copy():
    copied = [(f"2026-01-{day:02}", "2026-01-29", "2026-06-01") for day in (6, 13, 20, 27, 28)]
    assert _days(*copied) == [None] * 5
    assert _days(*copied[:4]) == [23, 16, 9, 2]
