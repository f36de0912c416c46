"""Two drives a cluster: the one that does not answer is named, the other one's minutes go all the way."""

from __future__ import annotations

import shutil

import pytest

from suivi.errors import SuiviError


def test_a_drive_that_is_down_is_named_and_the_other_goes_on(house):
    other = house.folder / "terrain"
    shutil.rmtree(house.drive)
    house.drive.mkdir()
    lines = ["Compte rendu de la réunion du Cluster Protection", "", "Date : 3 février 2026", "", "Actions", ""]
    lines += ["| Action | Responsable |", "|---|---|", "| Diffuser la note sur les sites à Gao | NRC |"]
    (house.drive / "2026-02-03_CR.md").write_text("\n".join(lines), encoding="utf-8")
    drives = [{"name": "echantillons", "url": str(house.drive)}, {"name": "terrain", "url": str(other)}]
    house.configure(drives=drives)
    with pytest.raises(SuiviError, match="collect terrain") as caught:
        house.night()
    assert "echantillons" not in str(caught.value)
    assert [row["Action"] for row in house.tab("internal", "Suivi des actions")] == [
        "Diffuser la note sur les sites à Gao"
    ]
