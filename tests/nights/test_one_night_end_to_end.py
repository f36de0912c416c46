"""A night on the sample drive through every step, with real clients over sockets."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from suivi import pipeline
from suivi.errors import SuiviError
from suivi.ledger import nights
from suivi.steps.context import open_run

PLANTED = ("Kassambara", "66 00 12 34", "Diallassagou")


def state_of(house) -> dict[str, list[tuple]]:
    """What the targets hold, without ids, which are minted anew in another house."""
    actions = sorted(
        (r["N°"], r["Action"], r.get("Statut", ""), r.get("Responsables", ""))
        for r in house.tab("internal", "Suivi des actions")
    )
    shared = sorted((r["N°"], r["Action"]) for r in house.tab("shared", "Suivi des actions"))
    meetings = sorted((r["Date"], r["Instance"]) for r in house.tab("internal", "Réunions"))
    presence = sorted((r["Organisation"], r["Activité"]) for r in house.tab("internal", "Présence (3W)"))
    ors = house.http.get(
        f"{house.ors}/api/v1/actions",
        headers={"Authorization": f"Bearer {house.token}"},
        params={"limit": 1000},
        timeout=20,
    ).json()
    there = sorted((row["number"], row["text"]) for row in ors["data"])
    return {"actions": actions, "shared": shared, "meetings": meetings, "presence": presence, "ors": there}


def test_the_second_night_publishes_nothing(house):
    first = house.night()
    assert first["documents"]["seen"] >= 14
    assert first["documents"]["failed"] == 0
    assert first["actions"]["open"] > 20
    assert first["sheets"]["rows_added"] > 100
    assert first["ors"]["created"] > 100
    assert first["ors"]["rejected"] == 0
    house.forget_calls()
    second = house.night()
    calls = house.calls()
    assert calls["writes"] == 0
    assert calls["reads"] <= 3
    assert second["sheets"]["writes"] == 0
    assert second["sheets"]["reads"] == calls["reads"]
    assert (second["ors"]["created"], second["ors"]["updated"], second["ors"]["requests"]) == (0, 0, 1)
    assert second["documents"]["unchanged"] == first["documents"]["seen"]


def test_what_is_planted_appears_in_the_internal_sheet_only(house):
    house.night()
    internal = house.spreadsheet("internal")
    shared = house.spreadsheet("shared")
    elsewhere = {
        "shared sheet": shared,
        "data docs": "".join(p.read_text() for p in (house.folder / "var" / "data_docs").rglob("*.html")),
        "last run": (house.folder / "var" / "last_run.json").read_text(),
        "ORS": "\n".join(sqlite3.connect(house.folder / "ors.db").iterdump()),
    }
    for planted in PLANTED:
        assert planted in internal, planted
        for place, text in elsewhere.items():
            assert planted not in text, f"{planted} in the {place}"


def test_an_edit_in_the_internal_sheet_wins_and_comes_back_the_next_night(house):
    house.night()
    rows = house.tab("internal", "Suivi des actions")
    number = next(r["N°"] for r in rows if r["Statut"] == "ouvert")
    house.edit("Suivi des actions", find={"column": "N°", "value": number, "set": {"Statut": "fait"}})
    summary = house.night()
    row = next(r for r in house.tab("internal", "Suivi des actions") if r["N°"] == number)
    assert row["Statut"] == "fait"
    assert summary["sheets"]["conflicts"] == 0
    assert {r["N°"]: r["Statut"] for r in house.tab("shared", "Suivi des actions")}.get(number, "fait") == "fait"


@pytest.mark.parametrize("step", ["pull_edits", "register", "validate", "publish_sheets", "publish_ors", "report"])
def test_clearing_a_task_of_a_finished_run_changes_nothing_published(house, step):
    house.night()
    house.night()
    before = state_of(house)
    house.forget_calls()
    run = open_run("mali_protection", "night-2", _now(house), house.settings)
    getattr(pipeline, step)(run)
    assert state_of(house) == before
    assert house.calls()["writes"] == 0


def test_clearing_the_mapped_tasks_of_an_older_run_changes_nothing_published(house):
    house.night()
    house.night()
    before = state_of(house)
    house.forget_calls()
    run = open_run("mali_protection", "night-1", _now(house), house.settings)
    pipeline.collect(run, "echantillons")
    assert pipeline.batches(run) == []
    pipeline.register(run)
    pipeline.validate(run)
    assert "plus récente" in pipeline.publish_sheets(run).sentence
    assert "plus récente" in pipeline.publish_ors(run).sentence
    assert state_of(house) == before
    assert house.calls()["writes"] == 0


def _now(house):
    with house.ledger.read() as session:
        night = nights.find_night(session, "mali_protection")
    assert night
    return night.now


def test_killed_while_reading_then_run_again_ends_like_an_undisturbed_run(house, other_house):
    other_house.night()
    running = house.started("run", "mali_protection", "--now", "2026-11-24T02:00:00+00:00")
    until(lambda: _read(house) >= 2 or running.poll() is not None)
    assert running.poll() is None, "the night was over before it could be killed"
    running.send_signal(signal.SIGKILL)
    running.wait()
    again = house.command("run", "mali_protection", "--json", "--now", "2026-11-24T02:00:00+00:00")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["documents"]["failed"] == 0
    assert state_of(house) == state_of(other_house)


def test_killed_while_publishing_sheets_then_run_again_ends_like_an_undisturbed_run(house, other_house):
    other_house.night()
    house.fault(kind="delay", seconds=3, method="POST", path="batchUpdate", times=1)
    house.forget_calls()
    running = house.started("run", "mali_protection", "--now", "2026-11-24T02:00:00+00:00")
    until(lambda: _step(house, "validate") == "done" or running.poll() is not None)
    until(lambda: house.calls()["reads"] >= 2 or running.poll() is not None)
    running.send_signal(signal.SIGKILL)
    running.wait()
    again = house.command("run", "mali_protection", "--json", "--now", "2026-11-24T02:00:00+00:00")
    assert again.returncode == 0, again.stderr
    assert state_of(house) == state_of(other_house)


def until(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def _read(house) -> int:
    path = house.folder / "var" / "suivi.db"
    try:
        return int(sqlite3.connect(path).execute("select count(*) from minutes where state = 'minutes'").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def _step(house, step: str) -> str:
    path = house.folder / "var" / "suivi.db"
    row = sqlite3.connect(path).execute("select state from steps where step = ?", (step,)).fetchone()
    return row[0] if row else ""


def test_a_target_that_is_down_fails_with_its_sentence_and_is_not_published_twice_after_repair(house):
    good = house.environment["SUIVI_ORS_URL"]
    house.ors = "http://127.0.0.1:9"
    with pytest.raises(SuiviError, match="publish_ors"):
        house.night()
    assert house.tab("internal", "Suivi des actions")
    house.ors = good
    repaired = house.night()
    assert repaired["ors"]["created"] > 100
    assert repaired["sheets"]["rows_added"] == 0
    assert house.night()["ors"]["created"] == 0


def test_a_missing_drive_an_empty_listing_and_a_shrunk_one_withdraw_nothing(house, tmp_path: Path):
    house.night()
    before = state_of(house)
    away = house.drive.rename(tmp_path / "away")
    with pytest.raises(SuiviError, match="collect echantillons"):
        house.night()
    assert state_of(house) == before
    house.drive.mkdir()
    assert house.night()["issues"]["listing_refused"] == 1
    assert state_of(house) == before
    house.drive.rmdir()
    away.rename(house.drive)
    assert house.night()["sheets"]["rows_changed"] == 0
    assert state_of(house) == before


def test_a_file_that_is_gone_stays_in_the_registers_with_an_issue(house):
    house.night()
    before = state_of(house)
    gone = next(p for p in sorted(house.drive.rglob("*.docx")) if not p.name.startswith("~$"))
    gone.unlink()
    summary = house.night()
    assert summary["documents"]["missing"] == 1
    assert summary["issues"]["file_missing"] == 1
    assert state_of(house) == before


def test_an_unknown_cluster_is_a_usage_error_with_the_names_that_exist(house):
    done = house.command("run", "niger_sante")
    assert done.returncode == 2
    assert "niger_sante" in done.stderr
    assert "mali_protection" in done.stderr
    assert "Traceback" not in done.stderr


def test_bad_documents_are_issues_and_the_rest_of_the_night_is_unharmed(house, fixtures: Path):
    bad = house.drive / "mauvais"
    bad.mkdir()
    for path in (fixtures / "bad").iterdir():
        (bad / path.name).write_bytes(path.read_bytes())
    summary = house.night()
    assert summary["actions"]["open"] > 20
    assert summary["documents"]["failed"] >= 4
    types = summary["issues"]
    assert types["temporary_file"] >= 3
    again = house.night()
    assert again["sheets"]["writes"] == 0


def test_a_rejection_by_the_lead_comes_back_to_the_internal_sheet(house):
    house.night()
    database = f"sqlite:///{house.folder / 'ors.db'}"
    command = [sys.executable, "-m", "ors", "token", "--db", database, "--cluster", "PROT", "--role", "lead"]
    lead = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1]
    bearer = {"Authorization": f"Bearer {lead}"}
    rows = house.http.get(f"{house.ors}/api/v1/indicators?limit=5&version=latest", headers=bearer, timeout=20).json()
    row = rows["data"][0]
    decision = {
        "form": "indicators",
        "recordId": row["record_id"],
        "version": row["version"],
        "decision": "rejected",
        "comment": "double compte",
    }
    answer = house.http.post(
        f"{house.ors}/api/v1/decisions", headers=bearer, json={"decisions": [decision]}, timeout=20
    )
    assert answer.ok, answer.text
    house.night()  # hears of it
    house.night()  # shows it
    waiting = house.tab("internal", "À vérifier")
    assert any("double compte" in row["Pourquoi"] for row in waiting)
    indicators = house.tab("internal", "Indicateurs")
    assert "rejeté" in {row["Validation"] for row in indicators}


def test_a_5w_workbook_on_the_drive_becomes_presence(house):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["Organisation Accronyme", "admin1Pcod", "Region", "admin2Pcod", "Cercle", "Activités", "Date début"])
    sheet.append(["DRC", "ML05", "Mopti", "ML0507", "Tenenkou", "Sensibilisation au risque des engins", "2026-03-01"])
    book.save(house.drive / "5W mars 2026.xlsx")
    house.night()
    rows = house.tab("internal", "Présence (3W)")
    assert any(r["Organisation"] == "DRC" and "engins" in r["Activité"] and r["Cercle"] == "Ténenkou" for r in rows)


def test_after_a_lost_ledger_the_sheets_are_refused_until_they_are_adopted_and_no_comment_is_lost(house):
    house.night()
    number = house.tab("internal", "Suivi des actions")[0]["N°"]
    house.edit("Suivi des actions", find={"column": "N°", "value": number, "set": {"Commentaire": "à garder"}})
    for path in (house.folder / "var").glob("suivi.db*"):
        path.unlink()
    from suivi.ledger import Ledger, access, upgrade

    access._engine.cache_clear()
    upgrade(Ledger(house.settings.db, check=False).engine)
    with pytest.raises(SuiviError, match="stamped by another installation"):
        house.night()
    house.night(adopt=True)
    comments = [row.get("Commentaire") for row in house.tab("internal", "Suivi des actions")]
    assert "à garder" in comments
