"""`suivi replay`: what the ORS refused, sent again once the cause is mended; letters that are overtaken are closed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from suivi.ledger import publications


def _letters(house: Any) -> list[dict[str, Any]]:
    with house.ledger.read() as session:
        return [letter.change for letter in publications.dead_letters(session, "mali_protection")]


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
