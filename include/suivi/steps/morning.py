"""The mail of the morning after: new minutes arrived; what was understood of them, what is held, where to look.

To the IM officer only, once a night, never on a night without new minutes. A mail leaves the house: it holds bodies,
dates, counts and links, never a title, file name, quote or person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from suivi.ledger import desk, nights
from suivi.ledger.tables import FileRow, MinutesRow, VersionRow
from suivi.steps.context import Run
from suivi.steps.reminders import Letter

TOLD = "morning_told"  # in the desk: number of the last night that was told
SHOWN = 25  # minutes listed one by one


@dataclass(frozen=True, slots=True)
class _Arrival:
    """New minutes, in numbers. `bodies`: label and date of each meeting in the file."""

    document: str
    bodies: tuple[str, ...]
    actions: int
    decisions: int
    figures: int
    held: int


def morning_letter(run: Run, page: str) -> Letter | None:
    """The letter about minutes that arrived since the last one; None where there are none, or nobody to write to.

    `page`: address of the cluster's pages.
    """
    officer = str(run.cluster.reminders.get("officer") or "")
    with run.ledger.read() as session:
        told = desk.desk(session, run.cluster.cluster, TOLD)
        arrived = _arrived(run, session, int(told[0]) if told else 0)
        held, fresh = _held(run, session)
    if not officer or not arrived:
        return None
    count = len(arrived)
    lines = [_line(run, one, page) for one in arrived[:SHOWN]]
    if count > SHOWN:
        lines.append(run.say(f"- et {count - SHOWN} autres : {page}", f"- and {count - SHOWN} more: {page}"))
    name = run.cluster.name[run.cluster.language]
    many = "1 nouveau compte rendu" if count == 1 else f"{count} nouveaux comptes rendus"
    subject = run.say(f"{name} : {many}", f"{name}: {count} new minutes")
    body = run.say(
        f"{name}, nuit {run.night.number} du {run.night.day:%d/%m/%Y}\n\nCe qui a été compris des nouveaux comptes "
        "rendus :\n" + "\n".join(lines) + f"\n\nÀ vérifier : {held} entrées, dont {fresh} nouvelles : {page}/held\n"
        f"Problèmes et conseils : {page}/issues\n",
        f"{name}, night {run.night.number} of {run.night.day:%d/%m/%Y}\n\nWhat was understood of the new minutes:\n"
        + "\n".join(lines)
        + f"\n\nHeld: {held} entries, {fresh} of them new: {page}/held\nIssues with advice: {page}/issues\n",
    )
    return Letter((officer,), officer, subject, body, f"morning-{run.night.number}")


def remember(run: Run) -> None:
    """This night was told, or needed no telling."""
    with run.ledger.write() as session:
        told = desk.desk(session, run.cluster.cluster, TOLD)  # an older run may have been cleared
        desk.put_desk(session, run.night, TOLD, [max([run.night.number, *told])])


def _arrived(run: Run, session: Session, told: int) -> list[_Arrival]:
    """Minutes of versions that a file of the cluster has held since a night after `told`, and not after this one."""
    query = (
        select(FileRow, MinutesRow.document, MinutesRow.payload)
        .join(VersionRow, (VersionRow.file == FileRow.id) & (VersionRow.document == FileRow.document))
        .join(MinutesRow, MinutesRow.document == FileRow.document)
        .where(FileRow.cluster == run.cluster.cluster, MinutesRow.state == "minutes")
        .where(VersionRow.night > told, VersionRow.night <= run.night.number)
        .order_by(FileRow.path, MinutesRow.version)
    )
    newest = {row.document: row for row in session.execute(query)}  # the last version of the extractor wins
    meetings = nights.snapshot(session, run.night, "good meetings")
    queue = nights.snapshot(session, run.night, "queue")
    return [_arrival(run, row, meetings, queue) for row in newest.values()]


def _arrival(run: Run, row: Row[Any], meetings: Sequence[dict[str, Any]], queue: Sequence[dict[str, Any]]) -> _Arrival:
    file, payload = row[0], row.payload
    source = f"{file.drive}/{file.path}"
    said = [payload, *(payload.get("more") or [])]
    marked = [action for one in said for action in one.get("actions") or []]
    bodies = [_meeting(run, meeting) for meeting in meetings if str(meeting.get("source") or "").startswith(source)]
    return _Arrival(
        row.document,
        tuple(bodies) or (run.say("réunion sans date", "meeting without date"),),
        sum(action["kind"] == "action" for action in marked),
        sum(action["kind"] == "decision" for action in marked),
        sum(len(one.get("figures") or []) for one in said),
        sum(
            entry.get("document") == row.document or str(entry.get("source") or "").startswith(source)
            for entry in queue
        ),
    )


def _meeting(run: Run, row: dict[str, Any]) -> str:
    known = (body for body in run.cluster.bodies if row["body"] in (body.code, body.fr, body.en))
    label = next((body.fr if run.french else body.en for body in known), "")
    day = date.fromisoformat(str(row["date"])[:10])
    draft = run.say(" (projet)", " (draft)") if row.get("validation") == "draft" else ""
    return f"{label} {day:%d/%m/%Y}{draft}".strip()


def _line(run: Run, one: _Arrival, page: str) -> str:
    counts = run.say(
        f"{one.actions} actions, {one.decisions} décisions, {one.figures} chiffres, {one.held} à vérifier",
        f"{one.actions} actions, {one.decisions} decisions, {one.figures} figures, {one.held} held",
    )
    return f"- {', '.join(one.bodies)}{run.say(' :', ':')} {counts}\n  {page}/documents/{one.document}"


def _held(run: Run, session: Session) -> tuple[int, int]:
    """Entries of tonight's queue, and how many of them the finished night before did not have."""
    before = nights.find_night(session, run.cluster.cluster, run.night.number - 1)
    known = {entry["held_id"] for entry in nights.snapshot(session, before, "queue")} if before else set()
    now = [entry["held_id"] for entry in nights.snapshot(session, run.night, "queue")]
    return len(now), sum(held_id not in known for held_id in now)
