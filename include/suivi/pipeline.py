"""The road on one page: the steps of a night, in order, as Airflow's tasks and `suivi run` call them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from suivi.settings import Settings
from suivi.steps.context import Done, Run, Secrets, open_run, perform


def pull_edits(run: Run) -> Done:
    """What people wrote into the internal sheet since last night."""
    from suivi.steps.edits import pull_edits as step

    return perform(run, "pull_edits", lambda: step(run))


def collect(run: Run, drive: str) -> Done:
    """Files and documents of one drive."""
    from suivi.steps.collect import collect as step

    found = next(d for d in run.cluster.drives if d.name == drive)
    return perform(run, "collect", lambda: step(run, found), drive)


def batches(run: Run) -> list[str]:
    """Keys of the batches of documents that lack minutes."""
    from suivi.steps.read import batches as step

    return step(run)


def read(run: Run, batch: str) -> Done:
    """Documents of one batch to minutes."""
    from suivi.steps.read import read as step

    return perform(run, "read", lambda: step(run, batch), batch)


def register(run: Run) -> Done:
    """Minutes, edits and decisions to registers."""
    from suivi.steps.register import register as step

    return perform(run, "register", lambda: step(run))


def validate(run: Run) -> Done:
    """Registers to good rows and held rows."""
    from suivi.steps.validate import validate as step

    return perform(run, "validate", lambda: step(run))


def publish_sheets(run: Run) -> Done:
    """The difference to the internal and the shared spreadsheet."""
    from suivi.steps.sheets import publish_sheets as step

    return perform(run, "publish_sheets", lambda: step(run))


def publish_ors(run: Run) -> Done:
    """The difference to the ORS."""
    from suivi.steps.ors import publish_ors as step

    return perform(run, "publish_ors", lambda: step(run))


def report(run: Run) -> Done:
    """What the night did, told to the ORS and to people; raises when any step before it failed."""
    from suivi.steps.report import report as step

    return perform(run, "report", lambda: step(run))


def run_night(
    cluster: str,
    run_id: str,
    now: datetime,
    settings: Settings,
    secret: Secrets = lambda _: None,
    *,
    dry_run: bool = False,
    accept_changes: bool = False,
    adopt: bool = False,
    watch: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """A whole night without Airflow; returns its summary (README, `last_run.json`).

    As in the DAG, one drive or target that fails does not stop the others; the last step raises `SuiviError`.
    `watch` is told each step's name as it starts.
    """
    run = open_run(cluster, run_id, now, settings, secret, dry_run=dry_run, accept_changes=accept_changes, adopt=adopt)
    pulled = _attempt(watch, "pull_edits", lambda: pull_edits(run))
    for drive in run.cluster.drives:
        _attempt(watch, f"collect {drive.name}", partial(collect, run, drive.name))
    for batch in batches(run):
        _attempt(watch, f"read {batch}", partial(read, run, batch))
    if _attempt(watch, "register", lambda: register(run)) and _attempt(watch, "validate", lambda: validate(run)):
        if pulled:
            _attempt(watch, "publish_sheets", lambda: publish_sheets(run))
        _attempt(watch, "publish_ors", lambda: publish_ors(run))
    watch("report")
    return report(run).counts


def _attempt(watch: Callable[[str], None], name: str, work: Callable[[], Done]) -> bool:
    """True where the step went well; its failure is recorded already, `report` tells it."""
    watch(name)
    try:
        work()
    except Exception:  # a failed step must not stop the others; report raises
        return False
    return True
