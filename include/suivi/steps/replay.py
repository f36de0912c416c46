"""Replay: rows that the ORS refused for good, sent once more after the cause was mended."""

from __future__ import annotations

from suivi.ledger import nights, publications
from suivi.ledger.publications import Outbox
from suivi.ledger.tables import DeadLetterRow
from suivi.publish.ors import replay as send_again
from suivi.steps import targets
from suivi.steps.context import Done, Run
from suivi.steps.good import good_frames


def replay(run: Run) -> Done:
    """Send the rows of the open dead letters as the last night left them; those refused again stay, with the new
    answer. A letter whose row is no longer to be shared, or is there by now, is closed.
    """
    with run.ledger.read() as session:
        letters = {letter.id: letter.change for letter in publications.dead_letters(session, run.cluster.cluster)}
        before = publications.published(session, run.cluster.cluster, "ors")
        last = nights.find_night(session, run.cluster.cluster)
        if not letters or last is None:
            return Done(run.say("Aucune lettre morte n'attend.", "No dead letter waits."), {"sent": 0, "rejected": 0})
        frames = good_frames(session, last)
        events, people = (nights.snapshot(session, last, name) for name in ("events", "people"))
    target = targets.ors(run)
    outcome = send_again(
        target.endpoint,
        target.secret or "",
        run.cluster.ors.get("cluster"),
        list(letters.values()),
        frames,
        before,
        Outbox(run.ledger, run.night),
        run.night.number,
        events=events,
        consent=run.cluster.sharing.get("consent", ()),
        names=people,
    )
    refused = [dead["change"] for dead in outcome.dead_letters]
    with run.ledger.write() as session:
        publications.put_published(session, run.night, "ors", before, outcome.published)
        for number, change in letters.items():
            if change not in refused:  # one that was refused again in other words has a letter of its own
                session.get_one(DeadLetterRow, number).replayed = True
    arrived = outcome.created + outcome.updated + outcome.deleted + outcome.unchanged
    counts = {"letters": len(letters), "sent": arrived + len(refused), "rejected": len(refused)}
    return Done(
        run.say(
            f"Lettres mortes : {counts['letters']} ; lignes renvoyées : {counts['sent']}, refusées à nouveau : "
            f"{counts['rejected']}.",
            f"Dead letters: {counts['letters']}; rows sent again: {counts['sent']}, refused again: "
            f"{counts['rejected']}.",
        ),
        counts,
    )
