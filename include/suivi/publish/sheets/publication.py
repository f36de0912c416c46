"""Both spreadsheets brought to what the registers say: read, difference, one write, and a look at what came out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from suivi.errors import TargetError
from suivi.models import Edit, Issue
from suivi.publish.sheets import charts, tags
from suivi.publish.sheets.client import Refused, Sheets
from suivi.publish.sheets.compare import Context, Diff, compare
from suivi.publish.sheets.grid import FIELDS, Book, book
from suivi.publish.sheets.guards import respect
from suivi.publish.sheets.layout import Tab, plain_tab
from suivi.publish.sheets.model import Conflict, Extras, Outcome, Published, Record, Row, Target
from suivi.publish.sheets.pages import (
    HeldRow,
    conflict_tab,
    internal_tabs,
    readme,
    shared_frames,
    shared_tabs,
)
from suivi.publish.sheets.plan import Plan, bodies, plan
from suivi.publish.sheets.stamp import check_stamp, receipt_requests, stamp_requests
from suivi.publish.sheets.state import DELETED, PENDING, base, begun
from suivi.publish.sheets.strays import strays, written_cells
from suivi.publish.sheets.values import is_cut
from suivi.reference import load_yaml
from suivi.settings import Cluster

ROUNDS = 4  # a write, and re-differences when people moved rows meanwhile
STALE_READS = 3  # how often a write may be refused because the spreadsheet changed after our read
MOST_CELLS = 10_000_000  # of a spreadsheet, by Google's limit


@dataclass
class _Job:
    """One spreadsheet of one night. `conflicts`: of the other spreadsheet, to be kept in this one's `_conflits`."""

    sheets: Sheets
    cluster: Cluster
    target: Target
    tabs: list[Tab]
    frames: Mapping[str, pd.DataFrame]
    held: int
    extras: Extras
    published: Published
    night: int
    day: date
    record: Record | None = None
    conflicts: list[Conflict] = field(default_factory=list)
    added: set[tuple[str, str]] = field(default_factory=set)  # (tab title, record id) written by this publication
    tagged: dict[str, Row] = field(default_factory=dict)  # what became of tag rows in this publication

    @property
    def spreadsheet(self) -> str:
        return str(self.cluster.sheets[self.target])

    @property
    def level(self) -> str:
        return "interne" if self.target == "internal" else "membres"


@dataclass
class _Step:
    """What is to be written into a spreadsheet as it is now."""

    now: Book
    diffs: list[Diff]
    plan: Plan
    intended: Published
    conflicts: list[Conflict]


@dataclass
class _Done:
    """What one spreadsheet came to."""

    published: Published
    conflicts: list[Conflict] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    added: set[tuple[str, str]] = field(default_factory=set)
    changed: set[tuple[str, str]] = field(default_factory=set)
    error: str = ""


def publish(
    sheets: Sheets,
    cluster: Cluster,
    frames: Mapping[str, pd.DataFrame],
    held: Sequence[HeldRow],
    extras: Extras,
    published_internal: Published,
    published_shared: Published,
    night: int,
    day: date,
    dry_run: bool = False,
    record: Record | None = None,
) -> Outcome:
    """Publish tonight's registers to the internal and the shared spreadsheet, as a difference.

    `frames` as `suivi.registers` made them (all rows, all levels): the shared sheet takes what `suivi.sharing.view`
    lets through. `record(target, state)` is called before each write with the state to keep for the case that the
    process dies in between; keep it like the final one. A spreadsheet that fails is a sentence in `Outcome.errors`.
    """
    reads, writes = sheets.reads, sheets.writes
    internal = internal_tabs(cluster, frames, held, extras)
    seen = shared_frames(cluster, frames, extras)
    shared = shared_tabs(cluster, seen)
    jobs = [
        _Job(sheets, cluster, "shared", shared, seen, len(held), extras, published_shared, night, day, record),
        _Job(sheets, cluster, "internal", internal, frames, len(held), extras, published_internal, night, day, record),
    ]
    first, second = (job if cluster.sheets.get(job.target) else None for job in jobs)
    done_shared, done_internal = _Done(published_shared), _Done(published_internal)
    step = None
    if first:
        step = _first_look(first, done_shared)
        if second and step:
            second.conflicts = list(step.conflicts)
    if second:
        done_internal = _bring(second, dry_run)
    if first and not done_shared.error:
        done_shared = _bring(first, dry_run, step)
    both = (done_internal, done_shared)
    titles = {tab.title for job in jobs for tab in job.tabs if tab.register}
    return Outcome(
        published_internal=done_internal.published,
        published_shared=done_shared.published,
        reads=sheets.reads - reads,
        writes=sheets.writes - writes,
        rows_added=sum(title in titles for done in both for title, _ in done.added),
        rows_changed=sum(title in titles for done in both for title, _ in done.changed),
        conflicts=tuple(c for done in both for c in done.conflicts),
        issues=tuple(i for done in both for i in done.issues),
        errors=tuple(done.error for done in both if done.error),
        changes=tuple(line for done in both for line in done.changes),
    )


def _first_look(job: _Job, done: _Done) -> _Step | None:
    """The shared sheet is read before the internal one is written: what people wrote there is kept first."""
    try:
        return job.sheets.patiently(lambda: _look(job))
    except TargetError as error:
        done.error = str(error)
        return None


def _bring(job: _Job, dry_run: bool, step: _Step | None = None) -> _Done:
    """Bring one spreadsheet to what it should be; every try starts with a fresh read."""
    steps = [step]
    kept = _Kept()

    def work(chances: int = STALE_READS) -> _Done:
        first = steps.pop() if steps else None
        try:
            return _converge(job, first or _look(job), dry_run, kept)
        except Refused:  # rows, columns or tabs that we counted on are gone: people were faster
            if chances == 1:
                raise
            return work(chances - 1)

    try:
        return job.sheets.patiently(work)
    except TargetError as error:
        published = begun(job.published, kept.intended) if kept.intended else job.published
        return _Done(published, error=str(error), conflicts=kept.conflicts)


@dataclass
class _Kept:
    """What must outlive a failed try: conflicts already written, and what a lost answer may have put there."""

    conflicts: list[Conflict] = field(default_factory=list)
    intended: Published = field(default_factory=dict)
    added: set[tuple[str, str]] = field(default_factory=set)
    changed: set[tuple[str, str]] = field(default_factory=set)


def _look(job: _Job) -> _Step:
    now = book(job.sheets.read(job.spreadsheet, FIELDS))
    check_stamp(job.sheets, now, job.cluster, job.target, job.spreadsheet)
    return _step(job, now)


def _step(job: _Job, now: Book) -> _Step:
    """The plan for a spreadsheet as it is. Pure but for the job's own values."""
    tabs = {tab.key: tab for tab in job.tabs}
    diffs = [_compare(job, now, tab) for tab in job.tabs]
    conflicts = [c for diff in diffs for c in diff.conflicts]
    if job.target == "internal":
        keyed = [(_conflict_key(job.night, c), c) for c in (*conflicts, *job.conflicts)]
        diffs.append(_compare(job, now, conflict_tab(job.cluster, keyed, job.night, job.day)))
    changed = any(not diff.empty for diff in diffs)
    page = readme(job.cluster, job.frames, job.level, job.held, _changed_on(job, now, changed), job.extras)
    diffs.append(_compare(job, now, page))
    for diff in diffs:
        respect(diff)
    order = load_yaml("sheet_tabs.yaml")["order"]
    diffs.sort(key=lambda diff: order.index(diff.tab.key))
    present = [key for key in order if key in {diff.tab.key for diff in diffs}]
    links = job.extras.links if job.target == "internal" else {}
    made = plan(now, diffs, present, job.cluster.language, links)
    intended: Published = {diff.tab.key: diff.rows for diff in diffs}
    drawn = job.published.get("_charts", {})
    requests, intended["_charts"] = charts.missing(now, page, tabs["summary"], job.cluster, drawn)
    made.closing += requests
    made.structure += stamp_requests(job.sheets, now, job.cluster, job.target)
    if made.inserted:
        made.structure[:0] = receipt_requests(now, made.inserted)
    known = job.tagged or job.published.get(tags.KEPT, {})
    requests, intended[tags.KEPT] = tags.toggles(diffs, known, act=made.empty)
    if requests:  # a write of their own, which must not come twice either
        made.closing += receipt_requests(now, [tags.KEPT]) + requests
    return _Step(now, diffs, made, intended, conflicts)


def _changed_on(job: _Job, now: Book, changed: bool) -> str:
    """The day of the last change: tonight's where something changes or tonight's write has already arrived."""
    today = job.day.isoformat()
    before = job.published.get("readme", {}).get("changed", {}).get("content")
    grid = now.grids.get(plain_tab("readme", job.cluster).sheet_id)
    arrived = grid is not None and any(today in row for row in grid.cells)
    return today if changed or arrived or not before else str(before)


def _compare(job: _Job, now: Book, tab: Tab) -> Diff:
    newest: dict[tuple[str, str, str], Edit] = {}
    for edit in job.extras.edits:
        newest[edit.register, edit.record_id, edit.column] = edit
    least = int(job.cluster.limits.get("exempt_below", 30))
    fresh = frozenset(record for title, record in job.added if title == tab.title)
    context = Context(base(job.published, tab.key), job.cluster.language, newest, job.night, least, fresh)
    return compare(tab, now.grids.get(tab.sheet_id), context)


def _conflict_key(night: int, conflict: Conflict) -> str:
    parts = (str(night), conflict.tab, conflict.record_id, conflict.column, conflict.found)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]


def _converge(job: _Job, step: _Step, dry_run: bool, kept: _Kept) -> _Done:
    """Write, look at the answer, and repeat where people moved things meanwhile."""
    done = _Done(job.published)
    for _ in range(ROUNDS):
        if step.plan.empty or dry_run:
            break
        _keep(job, step, kept)
        _room(job, step)
        after = _send(job, step)
        step = _after(job, step, after)
    else:
        if not step.plan.empty:
            done.issues.append(Issue("sheet_busy", field=job.target))
    if dry_run:
        _keep(job, step, kept, begin=False)
    done.conflicts, done.added, done.changed = kept.conflicts, kept.added, kept.changed
    done.issues += [issue for diff in step.diffs for issue in diff.issues]
    done.issues += _too_long(step)
    done.changes = _said(job, kept, step)
    if not dry_run:
        done.published = _final(step)
    return done


def _keep(job: _Job, step: _Step, kept: _Kept, *, begin: bool = True) -> None:
    kept.conflicts += [c for c in step.conflicts if c not in kept.conflicts]
    for diff in step.diffs:
        if diff.stopped:
            continue
        kept.added |= {(diff.tab.title, record) for record, _ in diff.adds}
        by_row = diff.found.by_row
        kept.changed |= {(diff.tab.title, by_row.get(row, "")) for row in diff.cells} - kept.added
    job.added |= kept.added
    if begin:
        kept.intended = step.intended
        if job.record:
            job.record(job.target, begun(job.published, step.intended))


def _room(job: _Job, step: _Step) -> None:
    if step.plan.cells_added and step.now.cell_count + step.plan.cells_added > MOST_CELLS:
        raise TargetError(
            f"Spreadsheet {job.spreadsheet} would pass Google's limit of 10 million cells. Move your own large tabs to "
            "another spreadsheet; nothing was written."
        )


def _send(job: _Job, step: _Step) -> tuple[Book, list[dict[str, Any]]]:
    """All bodies; the answer to the last one shows the spreadsheet after them."""
    packed = bodies(step.plan)
    for body in packed[:-1]:
        job.sheets.write(job.spreadsheet, body)
    answer = job.sheets.write(job.spreadsheet, packed[-1], FIELDS)
    return book(answer.get("updatedSpreadsheet", {})), [request for body in packed for request in body]


def _after(job: _Job, step: _Step, after: tuple[Book, list[dict[str, Any]]]) -> _Step:
    """The next step: put back what was hit by mistake, else whatever still differs."""
    now, sent = after
    repairs: list[dict[str, Any]] = []
    for diff in step.diffs:
        grid = now.grids.get(diff.tab.sheet_id)
        if grid is not None and not diff.stopped:
            repairs += strays(diff, grid, written_cells(sent, diff.tab.sheet_id))
    if repairs:
        answer = job.sheets.write(job.spreadsheet, repairs, FIELDS)
        now = book(answer.get("updatedSpreadsheet", {}))
    job.tagged.update(step.intended[tags.KEPT])
    known = replace(job, published=begun(job.published, step.intended))
    following = _step(known, now)
    following.conflicts[:] = [c for c in following.conflicts if c not in step.conflicts]
    return following


def _final(step: _Step) -> Published:
    """What the ledger keeps: the rows as they are now, nothing pending."""
    return {key: rows for key, rows in step.intended.items() if key != PENDING and rows}


def _too_long(step: _Step) -> list[Issue]:
    return [
        Issue("sheet_text_cut", field=diff.tab.title, value=record, detail=column)
        for diff in step.diffs
        for record, row in diff.rows.items()
        for column, value in row.items()
        if column != DELETED and is_cut(value)
    ]


def _said(job: _Job, kept: _Kept, step: _Step) -> list[str]:
    lines = [f"{job.target}: {tab}: + {record}" for tab, record in sorted(kept.added)]
    lines += [f"{job.target}: {tab}: ~ {record or 'header'}" for tab, record in sorted(kept.changed)]
    return lines + [f"{job.target}: {c.tab}: {c.column} {c.record_id}: {c.reason}" for c in step.conflicts]
