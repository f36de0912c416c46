"""The ledger on SQLite and, where PostgreSQL is here, on PostgreSQL: the same tests."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import create_engine

from suivi.errors import ConfigurationError
from suivi.ledger import LeaseHeldError, Ledger, desk, lease, nights, publications, upgrade
from suivi.models import Edit

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def ledger(database_url: str) -> Ledger:
    upgrade(Ledger(database_url, check=False).engine)
    return Ledger(database_url)


def test_a_schema_that_is_not_ours_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="suivi db upgrade"):
        Ledger(f"sqlite:///{tmp_path / 'empty.db'}")


def test_a_night_is_the_same_however_often_it_is_opened(ledger):
    with ledger.write() as session:
        first = nights.open_night(session, "mali", "run-1", NOW)
    with ledger.write() as session:
        again = nights.open_night(session, "mali", "run-1", NOW)
        other = nights.open_night(session, "mali", "run-2", NOW)
        elsewhere = nights.open_night(session, "niger", "run-1", NOW)
    assert first == again
    assert (first.number, other.number, elsewhere.number) == (1, 2, 1)
    assert first.day == date(2026, 11, 24)


def test_an_older_night_may_not_publish_over_a_newer_one(ledger):
    with ledger.write() as session:
        older, newer = (nights.open_night(session, "mali", run, NOW) for run in ("a", "b"))
        assert nights.may_publish(session, older, "shared")
        nights.has_published(session, newer, "shared")
        session.flush()
        assert not nights.may_publish(session, older, "shared")
        assert nights.may_publish(session, newer, "shared")
        assert nights.may_publish(session, older, "ors")


def test_only_the_difference_of_a_publication_is_written_and_read_back_whole(ledger):
    with ledger.write() as session:
        night = nights.open_night(session, "mali", "a", NOW)
        first = {"actions": {str(n): {"text": "x"} for n in range(900)}}
        publications.put_published(session, night, "internal", {}, first)
    with ledger.write() as session:
        second = {"actions": {"0": {"text": "changed"}, "1": {"text": "x"}}, "meetings": {"m": {"body": "b"}}}
        publications.put_published(session, night, "internal", first, second)
    with ledger.read() as session:
        assert publications.published(session, "mali", "internal") == second
        assert publications.published(session, "mali", "shared") == {}


def test_an_edit_told_twice_is_kept_once(ledger):
    edit = Edit("actions", "id", "status", "open", "done", 1, date(2026, 11, 24))
    cleared = Edit("actions", "id", "status", "done", None, 2, date(2026, 11, 25))
    with ledger.write() as session:
        desk.add_edits(session, "mali", (edit,))
    with ledger.write() as session:
        desk.add_edits(session, "mali", (edit, cleared))
    with ledger.read() as session:
        assert desk.edits_of(session, "mali") == (edit, cleared)


def test_a_second_run_waits_for_the_lease_until_it_runs_out(ledger):
    lease.take(ledger.engine, "mali", "run-1", 1000.0)
    lease.take(ledger.engine, "mali", "run-1", 1010.0)
    with pytest.raises(LeaseHeldError, match="run-1"):
        lease.take(ledger.engine, "mali", "run-2", 1011.0)
    lease.take(ledger.engine, "niger", "run-2", 1011.0)
    lease.take(ledger.engine, "mali", "run-2", 1011.0 + lease.SECONDS)


def test_clusters_take_their_leases_at_the_same_time(ledger):
    def hold(cluster: str) -> None:
        for clock in range(40):
            lease.take(ledger.engine, cluster, "night", 1000.0 + clock)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(hold, f"cluster_{number}") for number in range(4)]:
            done.result()


def test_the_lease_of_a_killed_process_is_free_at_once(ledger, monkeypatch):
    gone = os.fork()
    if gone == 0:
        os._exit(0)
    os.waitpid(gone, 0)
    monkeypatch.setenv("SUIVI_LEASE_PID", str(gone))
    lease.take(ledger.engine, "mali", "killed", 1000.0)
    monkeypatch.setenv("SUIVI_LEASE_PID", str(os.getpid()))
    lease.take(ledger.engine, "mali", "next", 1001.0)
    with pytest.raises(LeaseHeldError):
        lease.take(ledger.engine, "mali", "third", 1002.0)


def test_the_migrations_make_exactly_the_tables_of_the_code(ledger):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from suivi.ledger.tables import Table

    with create_engine(ledger.engine.url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
