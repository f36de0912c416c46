"""Publish to the ORS: the difference, batch by batch, each request kept before its first try."""

from __future__ import annotations

from suivi.ledger import nights, publications
from suivi.ledger.publications import Outbox
from suivi.publish.ors import Outcome, push
from suivi.steps import targets
from suivi.steps.context import Done, Run
from suivi.steps.desk import effective_cluster
from suivi.steps.good import good_frames, refuse_to_publish


def publish_ors(run: Run) -> Done:
    """Push what changed; rows refused for good go to the dead letters (`suivi replay`)."""
    if done := refuse_to_publish(run, "ors"):
        return done
    target = targets.ors(run)
    with run.ledger.read() as session:
        before = publications.published(session, run.cluster.cluster, "ors")
        frames = good_frames(session, run.night)
        cluster = effective_cluster(run, session)
        people = tuple(nights.snapshot(session, run.night, "people"))
    outbox = Outbox(run.ledger, run.night)
    outcome = push(
        target.endpoint,
        target.secret,
        cluster,
        frames,
        before,
        outbox,
        run.night.number,
        names=people,
        dry_run=run.dry_run,
    )
    if not run.dry_run:
        with run.ledger.write() as session:
            publications.put_published(session, run.night, "ors", before, outcome.published)
            nights.has_published(session, run.night, "ors")
    return _done(run, outcome)


def _done(run: Run, outcome: Outcome) -> Done:
    counts = {
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "rejected": outcome.rejected,
        "requests": outcome.requests,
    }
    return Done(
        run.say(
            f"ORS : {counts['created']} lignes créées, {counts['updated']} modifiées, "
            f"{counts['unchanged']} inchangées, {counts['rejected']} refusées ; {counts['requests']} requêtes.",
            f"ORS: {counts['created']} rows created, {counts['updated']} updated, {counts['unchanged']} unchanged, "
            f"{counts['rejected']} rejected; {counts['requests']} requests.",
        ),
        counts,
    )
