"""Publish sheets: the difference to the internal and the shared spreadsheet."""

from __future__ import annotations

from typing import Any

from suivi.errors import TargetError
from suivi.ledger import desk, nights, publications
from suivi.ledger.publications import Published
from suivi.publish.sheets import Extras, Outcome, connect, publish
from suivi.registers.inputs import Held
from suivi.steps import targets
from suivi.steps.context import Done, Run
from suivi.steps.desk import effective_cluster
from suivi.steps.good import good_frames, refuse_to_publish

NAMES = ("internal", "shared")


def publish_sheets(run: Run) -> Done:
    """Publish both spreadsheets; `TargetError` where one could not be written (the other was)."""
    if done := refuse_to_publish(run, *NAMES):
        return done
    target = targets.sheets(run)
    with run.ledger.read() as session:
        before = {name: publications.published(session, run.cluster.cluster, name) for name in NAMES}
        held = [Held(**entry) for entry in nights.snapshot(session, run.night, "queue")]
        cluster = effective_cluster(run, session)
        extras = Extras(
            edits=desk.edits_of(session, cluster.cluster),
            choices=tuple(desk.desk(session, cluster.cluster, "choices")),
            settings=tuple(desk.desk(session, cluster.cluster, "settings")),
            links=dict(nights.snapshot(session, run.night, "links")),
            to_close=tuple(nights.snapshot(session, run.night, "to_close")),
            names=tuple(nights.snapshot(session, run.night, "people")),
            dashboard_url=run.settings.ors_url,
        )
        frames = good_frames(session, run.night)
    with run.ledger.write() as session:
        stamp = nights.stamp(session)
    sheets = connect(target.endpoint, target.secret, ledger=stamp, adopt=run.adopt)
    keeper = _Keeper(run, before)
    outcome = publish(
        sheets,
        cluster,
        frames,
        held,
        extras,
        before["internal"],
        before["shared"],
        run.night.number,
        run.night.day,
        record=keeper.keep,
        dry_run=run.dry_run,
    )
    if not run.dry_run:
        keeper.keep("internal", outcome.published_internal)
        keeper.keep("shared", outcome.published_shared)
        with run.ledger.write() as session:
            for name in NAMES:
                nights.has_published(session, run.night, name)
    if outcome.errors:
        raise TargetError(" ".join(outcome.errors))
    return _done(run, outcome)


class _Keeper:
    """Keeps in the ledger what a target holds, or is about to hold: only the difference is written."""

    def __init__(self, run: Run, before: dict[str, Published]) -> None:
        self._run, self._kept = run, dict(before)

    def keep(self, target: str, after: Published) -> None:
        with self._run.ledger.write() as session:
            publications.put_published(session, self._run.night, target, self._kept[target], after)
        self._kept[target] = after


def _done(run: Run, outcome: Outcome) -> Done:
    counts: dict[str, Any] = {
        "reads": outcome.reads,
        "writes": outcome.writes,
        "rows_added": outcome.rows_added,
        "rows_changed": outcome.rows_changed,
        "conflicts": len(outcome.conflicts),
    }
    sentence = run.say(
        f"Feuilles : {counts['rows_added']} lignes ajoutées, {counts['rows_changed']} modifiées, "
        f"{counts['conflicts']} conflits ; {counts['reads']} lectures, {counts['writes']} écritures.",
        f"Sheets: {counts['rows_added']} rows added, {counts['rows_changed']} changed, "
        f"{counts['conflicts']} conflicts; {counts['reads']} reads, {counts['writes']} writes.",
    )
    if run.dry_run:
        counts["plan"] = list(outcome.changes)
    return Done(sentence, counts, outcome.issues)
