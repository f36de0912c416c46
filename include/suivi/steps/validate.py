"""Validate: good rows go on, wrong rows wait in the held queue, a night that cannot be true publishes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from suivi import frames
from suivi.ledger import desk, nights, publications
from suivi.models import Decision, to_json
from suivi.registers.inputs import Held
from suivi.schema import REGISTERS
from suivi.steps.context import Done, Run
from suivi.validate.breakers import too_large
from suivi.validate.failure import Failure, fingerprint, without


def validate(run: Run) -> Done:
    """Check the registers of this night; keep the good rows, the held queue and the reasons to publish nothing."""
    with run.ledger.read() as session:
        rows = {name: nights.snapshot(session, run.night, name) for name in REGISTERS}
        held = nights.snapshot(session, run.night, "held")
        published = publications.published(session, run.cluster.cluster, "internal")
        decisions = desk.decisions_of(session, run.cluster.cluster)
    built = {name: frames.from_rows(name, rows[name]) for name in REGISTERS}
    page = run.settings.var / "data_docs" / run.cluster.cluster / "index.html"
    failures, broken = _outcome(run, rows, built, _accepted(decisions), page)
    good = without(built, failures)
    large = [] if run.accept_changes else too_large(good, published, run.cluster)
    stopped = [*broken, *large]
    queue = held + [to_json(_held(run, failure, built)) for failure in failures]
    _keep(run, _with_last_good(run, good, failures), queue, stopped)
    sentence = run.say(
        f"Validation : {len(failures)} lignes retenues ; Data Docs : {page}.",
        f"Validation: {len(failures)} rows held; Data Docs: {page}.",
    )
    counts = {"failures": len(failures), "held": len(queue), "data_docs": str(page), "stopped": stopped}
    return Done(" ".join([sentence, *stopped]), counts)


def _outcome(
    run: Run,
    rows: dict[str, list[Any]],
    built: dict[str, pd.DataFrame],
    accepted: frozenset[str],
    page: Path,
) -> tuple[tuple[Failure, ...], tuple[str, ...]]:
    """What the check finds; last night's findings where nothing it depends on has changed since."""
    key = fingerprint(rows, run.cluster, accepted)
    with run.ledger.read() as session:
        last = nights.find_night(session, run.cluster.cluster)
        known = nights.snapshot(session, last, "checked") if last else []
    if known and known[0]["key"] == key and page.is_file():
        found, broken = tuple(Failure(**failure) for failure in known[0]["failures"]), tuple(known[0]["broken"])
    else:
        from suivi.validate.check import check  # Great Expectations: seconds of import
        from suivi.validate.docs import write

        checked = check(built, run.cluster, accepted)
        write(checked.results, page.parent, run.night.now)
        found, broken = checked.failures, checked.broken
    plain = {"key": key, "failures": [to_json(failure) for failure in found], "broken": list(broken)}
    with run.ledger.write() as session:
        nights.put_snapshot(session, run.night, "checked", [plain])
    return found, broken


def _with_last_good(run: Run, good: dict[str, pd.DataFrame], failures: tuple[Failure, ...]) -> dict[str, pd.DataFrame]:
    """The good rows, and for a row that fails tonight its last good version: what was published is not withdrawn."""
    failed = {(failure.register, failure.record_id) for failure in failures}
    with run.ledger.read() as session:
        last = nights.find_night(session, run.cluster.cluster)
        kept = {name: nights.snapshot(session, last, f"good {name}") for name in REGISTERS} if last and failed else {}
    found = dict(good)
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
