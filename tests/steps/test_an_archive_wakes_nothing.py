"""The backfill of an archive: under the cluster's lease, resumable, and old actions stay history."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from suivi.ledger import LeaseHeldError, lease
from suivi.steps.register import build_now

MINUTES = """# Cluster Protection Mali – compte rendu de la réunion du {day}

| Résumé des discussions | Actions à prendre | Responsables | Délai |
| --- | --- | --- | --- |
| Point {number}. | {text} | UNHCR | |
"""
OLD = "Reprendre la cartographie des partenaires"
NEW = "Publier le calendrier des formations"


@pytest.fixture
def archive(opened, settings, tmp_path: Path, monkeypatch):
    """The two tasks of the DAG, called as Airflow calls them."""
    from wiring import desk

    opened(follow_from="2026-01-01")  # writes the cluster's file
    lease.drop(opened(follow_from="2026-01-01").ledger.engine, "mali_protection", "night-1")
    folder = tmp_path / "archive"
    folder.mkdir()
    for number, (day, text) in enumerate((("5 avril 2023", OLD), ("11 février 2026", NEW))):
        (folder / f"{number}.md").write_text(MINUTES.format(day=day, text=text, number=number))
    for name, value in (("DB", settings.db), ("STORE", settings.store), ("CLUSTERS", settings.clusters)):
        monkeypatch.setenv(f"SUIVI_{name}", str(value))
    context = {"params": {"cluster": "mali_protection", "folder": str(folder)}}
    monkeypatch.setattr(desk, "get_current_context", lambda: context)

    def start(run_id: str):
        context["dag_run"] = SimpleNamespace(
            dag_id="backfill", run_id=run_id, run_after=datetime(2026, 11, 24, 2, tzinfo=UTC)
        )
        return desk

    return start


def test_an_archive_is_read_once_however_often_it_is_started_and_old_actions_are_no_open_ones(archive, opened):
    desk = archive("one")
    keys = desk.list_archive()
    assert keys == ["1/1"]
    desk.read_archive(keys[0])
    assert archive("one").list_archive() == []
    run = opened("backfill-one", follow_from="2026-01-01")
    actions = build_now(run).frames["actions"].set_index("text")
    assert actions.loc[NEW, "status"] == "open"
    assert OLD not in actions[actions["status"].isin(["open", "in_progress"])].index


def test_a_backfill_waits_while_a_night_works_on_the_cluster(archive, opened):
    opened("night-2", follow_from="2026-01-01")
    with pytest.raises(LeaseHeldError, match="night-2"):
        archive("two").list_archive()
