"""`suivi replay`: what the ORS refused, sent again once the cause is mended; letters that are overtaken are closed."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from suivi.ledger import Ledger, nights, publications, upgrade


def _letters(house: Any) -> list[dict[str, Any]]:
    with house.ledger.read() as session:
        return [letter.change for letter in publications.dead_letters(session, "mali_protection")]


def test_letters_that_a_later_night_has_overtaken_are_closed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'suivi.db'}"
    upgrade(Ledger(url, check=False).engine)
    ledger = Ledger(url)
    with ledger.write() as session:
        night = nights.open_night(session, "mali", "a", datetime(2026, 11, 24, 2, 0, tzinfo=UTC))
    outbox = publications.Outbox(ledger, night)
    for record in ("taken", "gone", "waits"):
        outbox.bury({"recordId": record, "form": "actions", "fields": {}}, {"status": 422})
    outbox.bury({"recordId": "deleted", "form": "actions", "deleted": True}, {"status": 409})
    waits = {"_kept_back": {"reason": "refused", "digest": "d"}}
    with ledger.write() as session:
        publications.close_letters(session, "mali", {"actions": {"taken": {"_version": 2}, "waits": waits}})
    with ledger.read() as session:
        left = [letter.change["recordId"] for letter in publications.dead_letters(session, "mali")]
    assert left == ["waits"]


def test_refused_rows_wait_with_their_answer_until_a_replay_takes_them_there(house: Any) -> None:
    database = f"sqlite:///{house.folder / 'ors.db'}"
    command = [sys.executable, "-m", "ors", "token", "--db", database, "--cluster", "PROT", "--role", "admin"]
    admin = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1]
    bearer = {"Authorization": f"Bearer {admin}"}

    def only(*codes: str) -> None:
        catalogue = {"indicators": [{"code": code, "fr": code, "en": code} for code in codes]}
        house.http.put(f"{house.ors}/api/v1/settings", headers=bearer, json=catalogue, timeout=20).raise_for_status()

    def there() -> int:
        answer = house.http.get(f"{house.ors}/api/v1/indicators", headers=bearer, timeout=20)
        return int(answer.json()["total"])

    only("PROT-03")  # somebody cut the catalogue on the ORS
    summary = house.night()
    refused = summary["ors"]["rejected"]
    letters = _letters(house)
    assert refused == len(letters) > 0
    assert {change["fields"]["code"] for change in letters} == {"PROT-02"}
    before = there()

    only("PROT-03")  # the night's report had mended it
    again = house.command("replay", "mali_protection")
    assert again.returncode == 1
    assert f"refusées à nouveau : {refused}" in again.stdout
    assert len(_letters(house)) == refused  # not twice

    only("PROT-02", "PROT-03")
    mended = house.command("replay", "mali_protection")
    assert (mended.returncode, mended.stderr) == (0, "")
    assert f"lignes renvoyées : {refused}, refusées à nouveau : 0" in mended.stdout
    assert (_letters(house), there()) == ([], before + refused)
    none = house.command("replay", "mali_protection")
    assert "Aucune lettre morte" in none.stdout
