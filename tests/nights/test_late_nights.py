"""A night that is late is told once; one that ended, or that nothing scheduled, is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from suivi.clusters import load
from suivi.ledger import Ledger, nights, upgrade
from suivi.reference import HOUSE
from suivi.steps.lateness import late_since, remember

CLUSTER = load("mali_protection", HOUSE / "clusters")
TWO = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Bamako keeps UTC


@pytest.fixture
def ledger(database_url: str) -> Ledger:
    upgrade(Ledger(database_url, check=False).engine)
    found = Ledger(database_url)
    _night(found, "a", TWO - timedelta(days=1))
    return found


def _night(ledger: Ledger, run: str, now: datetime) -> None:
    with ledger.write() as session:
        nights.finish(session, nights.open_night(session, CLUSTER.cluster, run, now), "done", {})


def test_within_its_hours_a_night_is_not_late(ledger):
    assert late_since(CLUSTER, ledger, TWO + timedelta(hours=2)) is None


def test_after_its_hours_it_is_late_and_told_once(ledger):
    due = late_since(CLUSTER, ledger, TWO + timedelta(hours=4))
    assert due
    assert due.startswith("2026-11-24T02:00")
    assert remember(ledger, CLUSTER.cluster, due)
    assert not remember(ledger, CLUSTER.cluster, due)


def test_a_night_that_ended_or_that_nothing_scheduled_is_not_late(ledger):
    assert late_since(replace(CLUSTER, schedule=None), ledger, TWO + timedelta(hours=9)) is None
    _night(ledger, "b", TWO)
    assert late_since(CLUSTER, ledger, TWO + timedelta(hours=9)) is None
