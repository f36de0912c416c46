"""Publish to the ORS: the difference, batch by batch, each request kept before its first try."""

from __future__ import annotations

from suivi.ledger import desk, nights, publications
from suivi.ledger.publications import Outbox
from suivi.publish.ors import PushEnded, push
from suivi.publish.ors_answers import NightAnswer, Outcome
from suivi.steps import targets
from suivi.steps.context import Done, Run
from suivi.steps.good import good_frames, refuse_to_publish

ANSWER = "ors_answer"  # what the ORS said to the last night's report, in the desk


def publish_ors(run: Run) -> Done:
    """Push what changed; rows refused for good go to the dead letters (`suivi replay`).

    `TargetError` when the ORS is down: what had arrived is kept.
    """
    if run.dry_run:
        return Done(run.say("ORS : rien n'est envoyé (essai à blanc).", "ORS: nothing is sent (dry run)."))
    if done := refuse_to_publish(run, "ors"):
        return done
    target = targets.ors(run)
    with run.ledger.read() as session:
        before = publications.published(session, run.cluster.cluster, "ors")
        frames = good_frames(session, run.night)
        events = nights.snapshot(session, run.night, "events")
        people = nights.snapshot(session, run.night, "people")
        said = desk.desk(session, run.cluster.cluster, ANSWER)
    try:
        outcome = push(
            target.endpoint,
            target.secret or "",
            run.cluster.ors.get("cluster"),
            frames,
            before,
            Outbox(run.ledger, run.night),
            run.night.number,
            events=events,
            previous=NightAnswer.from_json(said[0]) if said else None,
            consent=run.cluster.sharing.get("consent", ()),
            names=people,
        )
    except PushEnded as ended:
        _keep(run, before, ended.outcome.published)
        raise
    _keep(run, before, outcome.published)
    with run.ledger.write() as session:
        nights.has_published(session, run.night, "ors")
    return _done(run, outcome)


def _keep(run: Run, before: publications.Published, after: publications.Published) -> None:
    with run.ledger.write() as session:
        publications.put_published(session, run.night, "ors", before, after)
        publications.close_letters(session, run.cluster.cluster, after)


def _done(run: Run, outcome: Outcome) -> Done:
    counts = {
        "created": outcome.created,
        "updated": outcome.updated + outcome.deleted,
        "unchanged": outcome.unchanged,
        "waiting": outcome.waiting,
        "rejected": outcome.rejected,
        "requests": outcome.requests,
    }
    sentence = run.say(
        f"ORS : {counts['created']} lignes créées, {counts['updated']} modifiées, {counts['unchanged']} inchangées, "
        f"{counts['rejected']} refusées ; {counts['requests']} requêtes.",
        f"ORS: {counts['created']} rows created, {counts['updated']} updated, {counts['unchanged']} unchanged, "
        f"{counts['rejected']} rejected; {counts['requests']} requests.",
    )
    if outcome.rejected:
        sentence += run.say(
            f" Les lignes refusées attendent : `suivi replay {run.cluster.cluster}` (runbook : lettres mortes).",
            f" The refused rows wait: `suivi replay {run.cluster.cluster}` (runbook: dead letters).",
        )
    return Done(sentence, counts)
