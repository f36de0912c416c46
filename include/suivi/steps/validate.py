"""Validate: good rows go on, wrong rows wait in the held queue, a night that cannot be true publishes nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from suivi import frames
from suivi.ledger import desk, nights, publications
from suivi.models import Decision, to_json
from suivi.registers.inputs import Held
from suivi.schema import REGISTERS
from suivi.steps.context import Done, Run
from suivi.validate.breakers import too_large
from suivi.validate.check import Checked, Failure, check
from suivi.validate.docs import write


def validate(run: Run) -> Done:
    """Check the registers of this night; keep the good rows, the held queue and the reasons to publish nothing."""
    with run.ledger.read() as session:
        built = {name: frames.from_rows(name, nights.snapshot(session, run.night, name)) for name in REGISTERS}
        held = nights.snapshot(session, run.night, "held")
        published = publications.published(session, run.cluster.cluster, "internal")
        decisions = desk.decisions_of(session, run.cluster.cluster)
    checked = check(built, run.cluster, _accepted(decisions))
    large = [] if run.accept_changes else too_large(checked.frames, published, run.cluster)
    stopped = [*checked.broken, *large]
    queue = held + [to_json(_held(run, failure, built)) for failure in checked.failures]
    page = write(checked.results, run.settings.var / "data_docs" / run.cluster.cluster, run.night.now)
    _keep(run, _with_last_good(run, checked), queue, stopped)
    sentence = run.say(
        f"Validation : {len(checked.failures)} lignes retenues ; Data Docs : {page}.",
        f"Validation: {len(checked.failures)} rows held; Data Docs: {page}.",
    )
    counts = {"failures": len(checked.failures), "held": len(queue), "data_docs": str(page), "stopped": stopped}
    return Done(" ".join([sentence, *stopped]), counts)


def _with_last_good(run: Run, checked: Checked) -> dict[str, pd.DataFrame]:
    """The good rows, and for a row that fails tonight its last good version: what was published is not withdrawn."""
    failed = {(failure.register, failure.record_id) for failure in checked.failures}
    with run.ledger.read() as session:
        last = nights.find_night(session, run.cluster.cluster)
        kept = {name: nights.snapshot(session, last, f"good {name}") for name in REGISTERS} if last and failed else {}
    found = dict(checked.frames)
    for name, rows in kept.items():
        again = [row for row in rows if (name, row["record_id"]) in failed]
        if again:
            found[name] = pd.concat([found[name], frames.from_rows(name, again)], ignore_index=True)
    return found


def _accepted(decisions: tuple[Decision, ...]) -> frozenset[str]:
    newest = {decision.held_id: decision.choice for decision in decisions}
    return frozenset(held_id for held_id, choice in newest.items() if choice == "accept")


def _held(run: Run, failure: Failure, built: dict[str, Any]) -> Held:
    frame = built[failure.register]
    row = frame[frame["record_id"] == failure.record_id].iloc[0]
    about = next((str(row[c]) for c in ("text", "name", "unit", "activity", "body") if row.get(c)), "")
    return Held(
        held_id=failure.held_id,
        kind="row",
        register=failure.register,
        record_id=failure.record_id,
        about=about,
        reason=failure.reason,
        proposal=run.say("Accepter : publier la ligne telle quelle.", "Accept: publish the row as it is."),
        quote=str(row["quote"]) if row.get("quote") else "",
        source=str(row["source"]) if row.get("source") else "",
    )


def _keep(run: Run, good: dict[str, pd.DataFrame], queue: list[Any], stopped: list[str]) -> None:
    with run.ledger.write() as session:
        for name, frame in good.items():
            nights.put_snapshot(session, run.night, f"good {name}", frames.to_rows(name, frame))
        nights.put_snapshot(session, run.night, "queue", queue)
        nights.put_snapshot(session, run.night, "stopped", list(stopped))
