"""Replay: rows that the ORS refused for good, sent once more after the cause was mended."""

from __future__ import annotations

from suivi.ledger import publications
from suivi.ledger.publications import Outbox
from suivi.ledger.tables import DeadLetterRow
from suivi.publish.ors import replay as send_again
from suivi.steps import targets
from suivi.steps.context import Done, Run


def replay(run: Run) -> Done:
    """Send the open dead letters; those refused again stay, with the new answer."""
    with run.ledger.read() as session:
        letters = {letter.id: letter.change for letter in publications.dead_letters(session, run.cluster.cluster)}
        before = publications.published(session, run.cluster.cluster, "ors")
    if not letters:
        return Done(run.say("Aucune lettre morte n'attend.", "No dead letter waits."), {"sent": 0, "rejected": 0})
    target = targets.ors(run)
    outcome = send_again(
        target.endpoint,
        target.secret or "",
        run.cluster.ors.get("cluster"),
        list(letters.values()),
        before,
        Outbox(run.ledger, run.night),
        run.night.number,
    )
    refused = {(d["change"]["form"], d["change"]["recordId"]) for d in outcome.dead_letters}
    with run.ledger.write() as session:
        publications.put_published(session, run.night, "ors", before, outcome.published)
        for number, change in letters.items():
            if (change["form"], change["recordId"]) not in refused:
                session.get_one(DeadLetterRow, number).replayed = True
    counts = {"sent": len(letters), "rejected": len(refused)}
    return Done(
        run.say(
            f"{counts['sent']} lettres mortes renvoyées, {counts['rejected']} refusées à nouveau.",
            f"{counts['sent']} dead letters sent again, {counts['rejected']} refused again.",
        ),
        counts,
    )
