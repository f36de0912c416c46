"""Pull edits: what people wrote into the internal sheet since the last publication, into the ledger."""

from __future__ import annotations

from suivi.ledger import desk, nights, publications
from suivi.publish.sheets import connect
from suivi.publish.sheets import pull_edits as pull
from suivi.registers.inputs import Held
from suivi.steps import targets
from suivi.steps.context import Done, Run


def pull_edits(run: Run) -> Done:
    """One read of the internal sheet; `TargetError` where it cannot be read: then the sheets are left alone tonight."""
    target = targets.sheets(run)
    with run.ledger.write() as session:
        stamp = nights.stamp(session)
    with run.ledger.read() as session:
        published = publications.published(session, run.cluster.cluster, "internal")
        last = nights.find_night(session, run.cluster.cluster)
        queue = [Held(**entry) for entry in nights.snapshot(session, last, "queue")] if last else []
    sheets = connect(target.endpoint, target.secret, ledger=stamp, adopt=run.adopt)
    pulled = pull(sheets, run.cluster, published, run.night.number, run.night.day, queue)
    with run.ledger.write() as session:
        desk.add_edits(session, run.cluster.cluster, pulled.edits)
        desk.add_decisions(session, run.cluster.cluster, pulled.decisions)
        for name in ("settings", "contacts", "choices"):
            rows = getattr(pulled, name)
            if rows is not None:
                desk.put_desk(session, run.night, name, [dict(row) for row in rows])
    counts = {"edits": len(pulled.edits), "decisions": len(pulled.decisions), "reads": pulled.reads}
    return Done(
        run.say(
            f"Feuille interne : {counts['edits']} corrections et {counts['decisions']} décisions reprises.",
            f"Internal sheet: {counts['edits']} edits and {counts['decisions']} decisions taken.",
        ),
        counts,
        pulled.issues,
    )
