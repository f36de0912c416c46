"""Report: what the night did, for people (`last_run.json`), for the ORS (exactly one a night), for the ledger.

It runs even when everything before it failed, and is red then: a night with a failed publication is never green.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from suivi import frames
from suivi.errors import SuiviError
from suivi.extract import EXTRACTOR_VERSION
from suivi.ledger import archive, lease, nights
from suivi.ledger.tables import StepRow
from suivi.schema import REGISTERS
from suivi.sharing import view
from suivi.steps.context import Done, Run
from suivi.steps.night_report import tell_ors

SINGLE = ("pull_edits", "register", "validate", "publish_sheets", "publish_ors")
SHEETS = ("reads", "writes", "rows_added", "rows_changed", "conflicts")
ORS = ("created", "updated", "unchanged", "rejected", "requests")


class NightFailedError(SuiviError):
    """Something before the report failed; the sentences say what."""


def report(run: Run) -> Done:
    """Sum up, tell, close the night. `NightFailedError` with the sentences of what failed."""
    with run.ledger.read() as session:
        steps = list(nights.steps(session, run.night))
        summary = _summary(run, session, steps)
    failures = _failures(run, steps)
    summary["failures"] = failures
    if not run.dry_run:
        try:
            summary["ors"]["requests"] += tell_ors(run, summary, failures)
        except SuiviError as error:
            failures.append(f"report: {error}")
    summary["note"] = " ".join([note(run, summary), *_red(run, failures)])
    _write(run, summary)
    with run.ledger.write() as session:
        nights.finish(session, run.night, "failed" if failures else "done", summary)
        nights.prune_snapshots(session, run.night)
    lease.drop(run.ledger.engine, run.cluster.cluster, run.night.run_id)
    if failures:
        raise NightFailedError(" ".join(failures))
    return Done(summary["note"], summary)


def _red(run: Run, failures: list[str]) -> list[str]:
    """The names of what failed: sentences may name files, and a note is read by many."""
    names = sorted({failure.partition(":")[0].strip() for failure in failures})
    return [run.say(f"✗ En échec : {', '.join(names)}.", f"✗ Failed: {', '.join(names)}.")] if names else []


def note(run: Run, summary: dict[str, Any]) -> str:
    """The night in one sentence."""
    documents, actions = summary["documents"], summary["actions"]
    sheets, ors = summary["sheets"], summary["ors"]
    held = actions["held"] + summary["indicators"]["held"]
    return run.say(
        f"Nuit {summary['night']} : {documents['seen']} documents vus ({documents['new']} nouveaux, "
        f"{documents['changed']} modifiés), {actions['open']} actions ouvertes dont {actions['overdue']} en retard, "
        f"{held} à vérifier ; feuilles : {sheets['rows_added']} lignes ajoutées, {sheets['rows_changed']} "
        f"modifiées ; ORS : {ors['created']} créées, {ors['updated']} modifiées.",
        f"Night {summary['night']}: {documents['seen']} documents seen ({documents['new']} new, {documents['changed']} "
        f"changed), {actions['open']} open actions, {actions['overdue']} overdue, {held} held; sheets: "
        f"{sheets['rows_added']} rows added, {sheets['rows_changed']} changed; ORS: {ors['created']} created, "
        f"{ors['updated']} updated.",
    )


def _summary(run: Run, session: Session, steps: Sequence[StepRow]) -> dict[str, Any]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    seconds: dict[str, float] = defaultdict(float)
    for step in steps:
        if step.step == "report":
            continue
        seconds[step.step] += step.seconds
        counts[step.step].update({k: v for k, v in step.counts.items() if isinstance(v, int)})
    states = archive.states(session, run.cluster.cluster, EXTRACTOR_VERSION)
    good = {name: nights.snapshot(session, run.night, f"good {name}") for name in REGISTERS}
    queue = Counter(entry["register"] for entry in nights.snapshot(session, run.night, "queue"))
    collected = counts["collect"]
    return {
        "night": run.night.number,
        "cluster": run.cluster.cluster,
        "day": run.night.day.isoformat(),
        "documents": {key: collected[key] for key in ("seen", "new", "changed", "unchanged", "missing")}
        | {"failed": collected["failed"] + states.get("failed", 0), "not_minutes": states.get("not_minutes", 0)},
        "actions": _actions(good["actions"]) | {"held": queue["actions"]},
        "indicators": {"rows": len(good["indicators"]), "held": queue["indicators"]},
        "presence": {"rows": len(good["presence"])},
        "issues": dict(Counter(issue["type"] for issue in all_issues(run, session))),
        "sheets": {k: counts["pull_edits"][k] + counts["publish_sheets"][k] for k in SHEETS},
        "ors": {key: counts["publish_ors"][key] for key in ORS},
        "shared": _shared(run, session, good),
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "data_docs": next((s.counts.get("data_docs") for s in steps if s.step == "validate"), None),
    }


def _shared(run: Run, session: Session, good: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    """How many rows of each register members may see."""
    consent, people = run.cluster.sharing.get("consent", ()), nights.snapshot(session, run.night, "people")
    return {
        name: len(view(frames.from_rows(name, rows), name, "membres", consent=consent, names=people))
        for name, rows in good.items()
    }


def all_issues(run: Run, session: Session) -> list[dict[str, Any]]:
    """Issues of tonight's steps, and those that stand in the minutes of documents on the drives now."""
    return nights.issues(session, run.night) + archive.standing_issues(session, run.cluster.cluster, EXTRACTOR_VERSION)


def _actions(rows: list[dict[str, Any]]) -> dict[str, int]:
    live = [row for row in rows if row["state"] == "active" and row["kind"] == "action"]
    return {
        "open": sum(row["status"] in ("open", "in_progress", "permanent") for row in live),
        "done": sum(row["status"] == "done" for row in live),
        "overdue": sum(bool(row["late"]) for row in live),
        "withdrawn": sum(row["state"] != "active" for row in rows),
    }


def _failures(run: Run, steps: Sequence[StepRow]) -> list[str]:
    """A sentence for every step that failed or never ended."""
    ended = {(step.step, step.part): step for step in steps}
    wanted = [(name, "") for name in SINGLE] + [("collect", drive.name) for drive in run.cluster.drives]
    wanted += [key for key in ended if key[0] == "read"]
    found = []
    for name, part in sorted(wanted):
        step = ended.get((name, part))
        if step is None:
            found.append(run.say(f"{name} {part}".strip() + " : non exécuté.", f"{name} {part}".strip() + ": not run."))
        elif step.state != "done":
            found.append(f"{name} {part}".strip() + f": {step.sentence}")
    return found


def _write(run: Run, summary: dict[str, Any]) -> None:
    """`last_run.json`, replaced whole."""
    path = run.settings.var / "last_run.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    temporary.write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(temporary, path)
