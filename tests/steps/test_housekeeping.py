"""Housekeeping proved: what was backed up comes back, what is too old is gone, what is damaged or loose is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from suivi.errors import SuiviError, TargetError
from suivi.ledger import Ledger, backup, purge
from suivi.settings import Drive
from suivi.steps import housekeeping
from suivi.steps.collect import collect
from suivi.steps.read import batches, read

NOW = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)
MINUTES = """# Cluster Protection Mali – compte rendu de la réunion du 12 août 2026

**Facilitateur :** Nouhoum Bagayogo, DRC

| Résumé des discussions | Actions à prendre | Responsables | Délai |
| --- | --- | --- | --- |
| Le plan est prêt. | Diffuser le plan de travail | UNHCR | 31/08/2026 |
"""


@pytest.fixture
def kept(opened, tmp_path: Path):
    """A run that has read one document."""
    (tmp_path / "drive").mkdir()
    (tmp_path / "drive" / "cr.md").write_text(MINUTES)
    run = opened()
    collect(run, Drive("d", str(tmp_path / "drive")))
    for batch in batches(run):
        read(run, batch)
    return run


def original(run) -> Path:
    return next(path for path in Path(run.settings.store).rglob("*") if path.is_file())


def test_the_ledger_comes_back_from_its_backup_and_fourteen_are_kept(kept, settings, tmp_path: Path):
    for day in range(15):
        housekeeping.back_up(settings, NOW + timedelta(days=day))
    saved = sorted((settings.var / "backups").glob("ledger-*"))
    assert len(saved) == 14
    assert saved[-1].stat().st_mode & 0o077 == 0  # names stand in it
    empty = Ledger(f"sqlite:///{tmp_path / 'again.db'}", check=False)
    counts = backup.restore(empty.engine, saved[-1])
    assert counts["documents"] == counts["minutes"] == counts["files"] == 1
    assert backup.dump(empty.engine, tmp_path / "again.gz") == counts
    with pytest.raises(SuiviError, match="not empty"):
        backup.restore(empty.engine, saved[-1])


def test_the_ors_comes_back_from_its_backup(settings, tmp_path: Path, capsys):
    from ors.__main__ import main

    first, second = (f"sqlite:///{tmp_path / name}" for name in ("ors.db", "ors_again.db"))
    assert main(["token", "--db", first, "--cluster", "PROT", "--role", "lead"]) == 0
    said = housekeeping.back_up_ors(settings, first, NOW)
    (saved,) = (settings.var / "backups").glob("ors-*")
    assert "rows in" in said
    assert saved.stat().st_mode & 0o077 == 0
    assert main(["restore", "--db", second, str(saved)]) == 0
    assert rows(second) == rows(first)
    assert main(["restore", "--db", second, str(saved)]) == 1  # never over what is there
    assert "not empty" in capsys.readouterr().err


def rows(url: str) -> list[list[tuple]]:
    with create_engine(url).connect() as connection:
        return [
            sorted(map(tuple, connection.execute(text(f"select * from {table}"))))
            for table in ("clusters", "tokens", "rows", "history", "tombstones", "nights", "secrets")
        ]


def test_an_ors_that_cannot_be_backed_up_is_said_without_its_password(settings):
    with pytest.raises(TargetError) as failed:
        housekeeping.back_up_ors(settings, "postgresql://ors:geheim@127.0.0.1:9/ors", NOW)
    assert "geheim" not in str(failed.value)
    assert "sauvegardé" in str(failed.value)


def test_originals_and_names_go_after_their_days_and_counts_stay(kept):
    store = original(kept)
    assert housekeeping.retain(kept, {"originals_days": 3650, "personal_days": 3650}).counts == {
        "originals": 0,
        "personal": 0,
    }
    later = type(kept)(kept.settings, kept.cluster, kept.ledger, kept.store, _on(kept, 400), kept.secret)
    assert housekeeping.retain(later, {"originals_days": 365, "personal_days": 365}).counts == {
        "originals": 1,
        "personal": 1,
    }
    assert not store.exists()
    dumped = str(_payloads(kept))
    assert "Bagayogo" not in dumped
    assert "Diffuser le plan" in dumped
    assert housekeeping.verify(later).counts["originals"] == 0


def _on(run, days: int):
    from dataclasses import replace

    return replace(run.night, now=run.night.now + timedelta(days=days))


def _payloads(run) -> list[dict]:
    from suivi.ledger.tables import MinutesRow

    with run.ledger.read() as session:
        return [row.payload for row in session.query(MinutesRow)]


def test_a_damaged_original_makes_the_check_red(kept):
    assert housekeeping.verify(kept).counts["originals"] == 1
    original(kept).write_bytes(b"something else")
    with pytest.raises(SuiviError, match="runbook"):
        housekeeping.verify(kept)


def test_what_belongs_to_nothing_is_said_and_redacted_originals_are_removed(kept, settings):
    path = original(kept)
    kept.store.put(b"nobody knows me")
    assert "1 originaux connus, 1 sans document" in housekeeping.find_orphans(settings)
    with kept.ledger.write() as session:
        purge.document(session, "mali_protection", path.name, NOW.date())
    assert "1 originaux retirés effacés" in housekeeping.find_orphans(settings)
    assert not path.exists()
