"""Mails and alarms over a real SMTP server and a real webhook: once, with counts and a link, nothing personal."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from house import House, house_in
from suivi.errors import SuiviError, TargetError
from suivi.ledger import lease, nights
from suivi.reference import HOUSE
from suivi.steps.context import Run, open_run
from suivi.steps.good import StoppedError
from suivi.steps.morning import morning_letter
from wiring import alarms
from wiring.last_word import say_what_to_do

pytestmark = pytest.mark.airflow
OFFICER = "im@example.org"
PLANTED = ("Kassambara", "66 00 12 34", "Diallassagou")
PAGE = "https://airflow.example.org/suivi/clusters/mali_protection"


@pytest.fixture(scope="module")
def three_nights(tmp_path_factory: pytest.TempPathFactory, sheets_server: str) -> Iterator[House]:
    """A good night, one whose drive was away, and a good one with a new document; the officer is known."""
    makers = house_in(tmp_path_factory.mktemp("told"), sheets_server)
    house = next(makers)
    house.configure(reminders={"officer": OFFICER})
    house.night()
    away = house.drive.rename(house.folder / "away")
    with pytest.raises(SuiviError, match="collect echantillons"):
        house.night()
    away.rename(house.drive)
    (house.drive / "encore.md").write_text(next(house.drive.rglob("*reunion*.md")).read_text() + "\n\n")
    house.night()
    yield house
    next(makers, None)


@pytest.fixture
def house(three_nights: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The house as Airflow's tasks see it, as if nothing had been told yet."""
    for name, value in three_nights.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example.org")
    from suivi.ledger.tables import DeskRow

    with three_nights.ledger.write() as session:
        for row in session.query(DeskRow).filter(DeskRow.name.like("%told")):
            session.delete(row)
    return three_nights


def run_of(house: House, number: int) -> Run:
    """The night's run as a cleared task would open it."""
    with house.ledger.read() as session:
        night = nights.find_night(session, "mali_protection", number)
    assert night
    run = open_run("mali_protection", f"night-{number}", night.now, house.settings)
    lease.drop(run.ledger.engine, "mali_protection", run.night.run_id)
    return run


def ended(number: int) -> dict[str, object]:
    """What Airflow hands the callbacks of a run."""
    return {"dag_run": SimpleNamespace(dag_id="minutes__mali_protection", run_id=f"night-{number}")}


def test_new_minutes_are_told_once_and_a_night_without_is_silent(house, post):
    for number in (1, 1, 2, 2, 3, 3):  # every `report` is cleared once
        alarms.tell_morning(run_of(house, number))
    assert [mail["To"] for mail in post.mails] == [OFFICER, OFFICER]
    assert "14 nouveaux comptes rendus" in post.mails[0]["Subject"]
    assert "1 nouveau compte rendu" in post.mails[1]["Subject"]
    first = post.texts[0]
    assert "Cluster Protection Mopti 06/05/2026 : " in first
    assert f"{PAGE}/held" in first
    assert f"{PAGE}/documents/" in first
    for planted in (*PLANTED, ".docx", ".md"):
        assert planted not in "".join(post.texts)


def test_an_english_cluster_is_written_to_in_english(house):
    run = run_of(house, 1)
    letter = morning_letter(replace(run, cluster=replace(run.cluster, language="en")), PAGE)
    assert letter
    assert letter.subject.endswith("14 new minutes")
    assert "What was understood of the new minutes" in letter.body
    assert "Protection Cluster Mopti 06/05/2026: " in letter.body


def test_without_officer_or_post_office_nothing_is_sent_and_nothing_fails(house, post, monkeypatch, caplog):
    run = run_of(house, 1)
    alarms.tell_morning(replace(run, cluster=replace(run.cluster, reminders={})))
    assert post.mails == []
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = json.loads(post.connection) | {"port": closed.getsockname()[1]}
        monkeypatch.setenv("AIRFLOW_CONN_SUIVI_SMTP", json.dumps(gone))
    with caplog.at_level(logging.ERROR):
        alarms.tell_morning(run_of(house, 3))
    assert "Runbook : mail" in caplog.text
    monkeypatch.setenv("AIRFLOW_CONN_SUIVI_SMTP", post.connection)
    alarms.tell_morning(run_of(house, 3))
    assert len(post.mails) == 1  # what could not be sent is told later


def test_a_failed_night_is_told_with_counts_and_link_and_its_recovery_once(house, post, chat):
    alarms.night_recovered(ended(1))
    assert (post.mails, chat) == ([], [])
    alarms.night_failed(ended(2))
    assert len(post.mails) == len(chat) == 1
    for text in (post.texts[0], chat[0]["text"]):
        assert "✗ En échec : collect echantillons" in text
        assert "56 actions ouvertes" in text
        assert "https://airflow.example.org/dags/minutes__mali_protection/runs/night-2" in text
        assert "Runbook : report" in text
    alarms.night_recovered(ended(3))
    alarms.night_recovered(ended(3))
    assert len(post.mails) == len(chat) == 2
    assert chat[1]["text"].startswith("✓")


def test_a_late_night_is_told_and_called_off_when_it_ends(house, chat):
    alarms.night_late("mali_protection", "2026-11-24T02:00+00:00")
    assert "n'a pas fini" in chat[0]["text"]
    assert "Runbook : night_late" in chat[0]["text"]
    alarms.night_recovered(ended(3))
    assert chat[1]["text"].startswith("✓")


def test_teams_is_told_by_a_card(house, chat, monkeypatch):
    held = json.loads(os.environ["AIRFLOW_CONN_SUIVI_CHAT"]) | {"extra": json.dumps({"kind": "teams"})}
    monkeypatch.setenv("AIRFLOW_CONN_SUIVI_CHAT", json.dumps(held))
    alarms.night_late("mali_protection", "2026-11-24T02:00+00:00")
    (attachment,) = chat[0]["attachments"]
    assert "n'a pas fini" in attachment["content"]["body"][0]["text"]


def test_a_failed_task_says_what_to_do_in_its_last_line(caplog):
    context = {
        "dag": SimpleNamespace(dag_id="minutes__mali_protection"),
        "task_instance": SimpleNamespace(task_id="publish_sheets"),
    }
    for error, entry in ((TargetError("no"), "publish_sheets"), (StoppedError("much"), "change")):
        with caplog.at_level(logging.ERROR):
            say_what_to_do(context | {"exception": error})
        assert caplog.messages[-1].startswith("Que faire : ")
        assert f"Runbook : {entry}" in caplog.messages[-1]


def test_every_alarm_has_a_runbook_entry():
    from airflow.dag_processing.dagbag import DagBag

    from suivi import issues, runbook

    known = runbook.entries()
    covered = [issue for row in known.values() for issue in row["issues"].split()]
    errors = {name for name, row in issues.types().items() if row["severity"] == "error"}
    assert sorted(covered) == sorted(errors)
    for dag in DagBag(str(Path(HOUSE).parent / "dags")).dags.values():
        for task in dag.tasks:
            for callbacks in (task.on_failure_callback, task.on_retry_callback):
                assert say_what_to_do in (callbacks if isinstance(callbacks, list) else [callbacks]), task.task_id
            assert runbook.entry_of(None, task.task_id) != "report" or task.task_id == "report", task.task_id
