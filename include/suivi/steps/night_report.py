"""The night's word to the ORS: status, counts, digests, calendar and the settings that its dashboard needs."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from suivi.ledger import archive, desk, nights, publications
from suivi.ledger.tables import NightRow
from suivi.models import minutes_from_json
from suivi.publish.ors import report_night
from suivi.publish.ors_answers import NightAnswer
from suivi.settings import Cluster
from suivi.sharing import personal
from suivi.sharing.rules import raised
from suivi.steps import targets
from suivi.steps.context import Run
from suivi.steps.desk import effective_cluster
from suivi.steps.ors import ANSWER

_INDICATOR = ("code", "fr", "en", "unit", "across_time", "across_places", "targets", "dashboard")
_REPORTING = ("due_day", "validation_day", "expected", "excluded", "observers", "donors")
_COUNTED = ("documents", "actions", "indicators", "presence", "sheets", "ors")


def tell_ors(run: Run, summary: dict[str, Any], failures: list[str]) -> int:
    """One request; returns how many tries it took. `TargetError` where the ORS is down.

    The answer is kept for the next night.
    """
    target = targets.ors(run)
    with run.ledger.read() as session:
        known_there = publications.published(session, run.cluster.cluster, "ors")
        said = desk.desk(session, run.cluster.cluster, ANSWER)
        body = _body(run, session, summary, failures)
    answer = report_night(
        target.endpoint,
        target.secret or "",
        body,
        published=known_there,
        previous=NightAnswer.from_json(said[0]) if said else None,
    )
    with run.ledger.write() as session:
        desk.put_desk(session, run.night, ANSWER, [answer.to_json()])
        _keep_decisions(run, session, answer)
    return answer.requests


def _body(run: Run, session: Session, summary: dict[str, Any], failures: list[str]) -> dict[str, Any]:
    row = session.get_one(NightRow, run.night.id)
    return {
        "night": run.night.number,
        "status": "failed" if failures else "success",
        "cluster": run.cluster.ors.get("cluster"),
        "started": row.started_at,
        "message": _message(run, failures),
        "counts": {name: summary[name] for name in _COUNTED},
        "calendar": _calendar(run, session),
        "settings": _settings(effective_cluster(run, session), dashboard_codes(session, run.cluster.cluster)),
    }


def _message(run: Run, failures: list[str]) -> str | None:
    """Only the names of the steps: sentences may name files, which stay internal."""
    if not failures:
        return None
    steps = sorted({failure.split(":")[0].split(" ")[0] for failure in failures})
    return run.say(f"Étapes en échec : {', '.join(steps)}.", f"Failed steps: {', '.join(steps)}.")


def _calendar(run: Run, session: Session) -> list[dict[str, Any]]:
    """Trainings and other dated events that may be shared: no place below the region, no person, no movement."""
    people = nights.snapshot(session, run.night, "people")
    entries: dict[tuple[str, str], dict[str, Any]] = {}
    for payload, document, *_ in archive.minutes(session, run.cluster.cluster):
        whole = minutes_from_json(payload)
        for minutes in (whole, *whole.more):
            if minutes.meeting.validation == "draft":
                continue
            for number, event in enumerate(minutes.events, start=1):
                if personal(event.title, people) or raised(event.title, people):
                    continue
                entries.setdefault(
                    (event.title.casefold(), event.start),
                    {
                        "id": f"{document[:16]}-{number}",
                        "kind": "training"
                        if "form" in event.title.casefold() or "train" in event.title.casefold()
                        else "event",
                        "title": event.title[:300],
                        "start": event.start,
                        "end": event.end,
                    },
                )
    return [entries[key] for key in sorted(entries, key=lambda key: (key[1], key[0]))][:500]


def _settings(cluster: Cluster, chosen: frozenset[str]) -> dict[str, Any]:
    catalogue = []
    for indicator in cluster.indicators:
        kept = {key: indicator[key] for key in _INDICATOR if indicator.get(key) is not None}
        catalogue.append(kept | ({"dashboard": True} if indicator["code"] in chosen else {}))
    return {
        "name": dict(cluster.name),
        "language": cluster.language,
        "timezone": cluster.timezone,
        "country": cluster.country["iso3"],
        "sector": cluster.sector,
        "hxl": cluster.hxl,
        "aggregates_public": bool(cluster.ors.get("aggregates_public")),
        "reporting": {key: value for key, value in cluster.reporting.items() if key in _REPORTING},
        "indicators": catalogue,
    }


def dashboard_codes(session: Session, cluster: str) -> frozenset[str]:
    """Codes that the coordinator ticked for the dashboard."""
    return frozenset(str(row["record_id"]) for row in desk.desk(session, cluster, "choices") if row.get("chosen"))


def _keep_decisions(run: Run, session: Session, answer: NightAnswer) -> None:
    """The lead's decisions, so that the next registers show them in the internal sheet."""
    known = {(row["register"], row["record_id"]): row for row in desk.desk(session, run.cluster.cluster, "approvals")}
    for decided in answer.decisions:
        known[decided.register, decided.record_id] = {
            "register": decided.register,
            "record_id": decided.record_id,
            "version": decided.version,
            "approval": decided.approval,
            "comment": decided.comment,
        }
    desk.put_desk(session, run.night, "approvals", [known[key] for key in sorted(known)])
