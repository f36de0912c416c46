"""A ledger, a store and a cluster file, without services: for steps that publish nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from suivi.ledger import Ledger, nights, upgrade
from suivi.reference import HOUSE
from suivi.settings import Settings
from suivi.steps.context import Run, open_run

NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
Opener = Callable[..., Run]


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    upgrade(Ledger(database_url, check=False).engine)
    return Settings(database_url, str(tmp_path / "store"), tmp_path / "clusters", tmp_path / "var")


@pytest.fixture
def opened(settings: Settings) -> Opener:
    """Opens a run of the sample cluster, its file changed as told."""

    def run(run_id: str = "night-1", now: datetime = NIGHT, *, work: bool = False, **changes: Any) -> Run:
        plain = yaml.safe_load((HOUSE / "clusters" / "mali_protection.yaml").read_text())
        settings.clusters.mkdir(exist_ok=True)
        (settings.clusters / "mali_protection.yaml").write_text(yaml.safe_dump({**plain, **changes}))
        return open_run("mali_protection", run_id, now, settings, work=work)

    return run


@pytest.fixture
def finished(opened: Opener) -> Callable[..., Run]:
    """A run whose night has ended with these rows, as far as reminders look at them."""

    def run(actions: list[dict[str, Any]], meetings: list[dict[str, Any]], contacts: Any = (), **changes: Any) -> Run:
        from suivi.ledger import desk
        from suivi.schema import register

        found = opened(**changes)
        with found.ledger.write() as session:
            for name, rows in (("actions", actions), ("meetings", meetings)):
                empty = {field.name: None for field in register(name).fields}
                nights.put_snapshot(session, found.night, f"good {name}", [{**empty, **row} for row in rows])
            desk.put_desk(session, found.night, "contacts", list(contacts))
            nights.finish(session, found.night, "done", {"night": 1})
        return found

    return run
