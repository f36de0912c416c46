"""Read: documents that lack minutes at the current extractor's version, in batches that any worker can take."""

from __future__ import annotations

from typing import Any

from suivi.documents import read_isolated
from suivi.errors import TargetError
from suivi.extract import EXTRACTOR_VERSION, extract
from suivi.issues import severity
from suivi.ledger import archive, purge
from suivi.ledger.archive import MAX_ATTEMPTS, Pending
from suivi.models import Issue, Minutes, to_json
from suivi.redaction import without
from suivi.registers import read_5w
from suivi.registers.inputs import Workbook
from suivi.steps.context import Done, Run

BATCH = 40  # documents
MAX_BATCHES = 64  # far below Airflow's max_map_length
AGAIN = 500  # documents re-read a night after the extractor changed
SECONDS, MEGABYTES = 60, 1500  # of the child process that opens a document


def batches(run: Run) -> list[str]:
    """Keys of tonight's batches, "1/3" to "3/3": a document always falls into the same one, whatever a retry finds."""
    with run.ledger.read() as session:
        waiting = len(archive.pending(session, run.cluster.cluster, EXTRACTOR_VERSION, AGAIN))
    count = min(MAX_BATCHES, -(-waiting // BATCH))
    return [f"{number}/{count}" for number in range(1, count + 1)]


def read(run: Run, batch: str) -> Done:
    """Read one batch. A bad document is an issue; the batch goes on."""
    number, _, count = batch.partition("/")
    with run.ledger.read() as session:
        waiting = archive.pending(session, run.cluster.cluster, EXTRACTOR_VERSION, AGAIN)
    mine = [p for p in waiting if _share(p.document, int(count)) == int(number) - 1]
    issues: list[Issue] = []
    states = {"minutes": 0, "workbook": 0, "not_minutes": 0, "failed": 0}
    for document in mine:
        state, found = _one(run, document)
        states[state] += 1
        issues += found
    return Done(
        run.say(
            f"Lot {batch} : {len(mine)} documents lus, dont {states['minutes']} comptes rendus, "
            f"{states['workbook']} classeurs 5W, "
            f"{states['not_minutes']} autres, {states['failed']} illisibles.",
            f"Batch {batch}: {len(mine)} documents read: {states['minutes']} minutes, "
            f"{states['workbook']} 5W workbooks, "
            f"{states['not_minutes']} others, {states['failed']} unreadable.",
        ),
        states | {"issues": len(issues)},
    )


def _share(document: str, count: int) -> int:
    return sum(document.encode()) % count


def _one(run: Run, document: Pending) -> tuple[str, list[Issue]]:
    """Attempt, open, extract, keep. The attempt is counted first: what kills its reader is remembered."""
    with run.ledger.write() as session:
        archive.count_attempt(session, document.document, EXTRACTOR_VERSION, run.night)
    if document.attempts >= MAX_ATTEMPTS:
        issue = Issue("reader_died", document=document.document, value=document.name, detail=str(document.attempts))
        return _keep(run, document, "failed", {"issues": [to_json(issue)]}, [issue])
    if workbook := _workbook(run, document):
        return _keep(run, document, "workbook", to_json(workbook), list(workbook.issues))
    minutes = _minutes(run, document)
    issues = list(minutes.issues)
    if minutes.is_minutes:
        return _keep(run, document, "minutes", to_json(minutes), issues)
    unreadable = any(severity(issue) == "error" for issue in issues)
    return _keep(run, document, "failed" if unreadable else "not_minutes", to_json(minutes), issues)


def _workbook(run: Run, document: Pending) -> Workbook | None:
    """The document as a 5W workbook: it names organisations, activities and places. A tracker of actions is none."""
    if not document.name.lower().endswith((".xlsx", ".xlsm")):
        return None
    try:
        data = run.store.get(document.store_key)
        found = read_5w(data, document.name, run.night.day)
    except Exception:  # not readable as a workbook: the readers say what is wrong with it
        return None
    return found if any(a.region or a.region_code or a.cercle or a.cercle_code for a in found.activities) else None


def _minutes(run: Run, document: Pending) -> Minutes:
    try:
        data = run.store.get(document.store_key)
    except TargetError as error:
        issue = Issue("unreadable_store", document=document.document, value=document.name, detail=str(error))
        return Minutes(document.document, "fr", is_minutes=False, reason=str(error), issues=(issue,))
    reading = read_isolated(data, document.name, seconds=SECONDS, megabytes=MEGABYTES)
    with run.ledger.read() as session:
        forgotten = purge.buried(session, run.cluster.cluster, "passage")
    return without(extract(reading, document.document), forgotten)


def _keep(
    run: Run, document: Pending, state: str, payload: dict[str, Any], issues: list[Issue]
) -> tuple[str, list[Issue]]:
    with run.ledger.write() as session:
        archive.save_minutes(session, document.document, EXTRACTOR_VERSION, state, payload)
    return state, issues
