"""What the steps of one night share, and the frame around each: lease, first and last log line, record."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from suivi import clusters
from suivi.errors import SuiviError
from suivi.ledger import Ledger, lease, nights
from suivi.ledger.nights import Night
from suivi.models import Issue
from suivi.settings import Cluster, Settings
from suivi.store import Store

log = logging.getLogger("suivi")

Secrets = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Run:
    """One night at work. `secret` gives what a named connection holds, or None where there is no such connection."""

    settings: Settings
    cluster: Cluster
    ledger: Ledger
    store: Store
    night: Night
    secret: Secrets
    dry_run: bool = False
    accept_changes: bool = False
    adopt: bool = False  # take over the spreadsheets of a ledger that was lost

    @property
    def french(self) -> bool:
        return self.cluster.language == "fr"

    def say(self, fr: str, en: str) -> str:
        """The sentence in the cluster's language."""
        return fr if self.french else en


@dataclass(frozen=True, slots=True)
class Done:
    """What a step did: a sentence for people, counts for the report, issues for the ledger."""

    sentence: str
    counts: dict[str, Any] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


def open_run(
    cluster: str,
    run_id: str,
    now: datetime,
    settings: Settings,
    secret: Secrets = lambda _: None,
    *,
    dry_run: bool = False,
    accept_changes: bool = False,
    adopt: bool = False,
    work: bool = False,
) -> Run:
    """The run of a night: the same night for the same `run_id`. Takes the cluster's lease.

    `work`: a piece of work by hand or beside the nights (redaction, backup); it is numbered too but no night.

    `ConfigurationError` for a bad cluster file or a ledger of another schema, `LeaseHeldError` while another works.
    """
    known = clusters.load(cluster, settings.clusters)
    ledger = Ledger(settings.db)
    lease.take(ledger.engine, cluster, run_id, time.time())
    local = now.astimezone(ZoneInfo(known.timezone))
    with ledger.write() as session:
        night = nights.open_night(session, cluster, run_id, local, "work" if work else "night")
    return Run(settings, known, ledger, Store(settings.store), night, secret, dry_run, accept_changes, adopt)


def perform(run: Run, step: str, work: Callable[[], Done], part: str = "") -> Done:
    """Do one step: its first and last log line say what happens, its record stays in the ledger.

    A failure is recorded with its sentence and raised again.
    """
    name = f"{step} {part}".strip()
    log.info(
        "%s",
        run.say(
            f"Nuit {run.night.number} de {run.cluster.name['fr']} : {name} commence.",
            f"Night {run.night.number} of {run.cluster.name['en']}: {name} starts.",
        ),
    )
    lease.take(run.ledger.engine, run.cluster.cluster, run.night.run_id, time.time())
    started = time.perf_counter()
    try:
        done = work()
    except Exception as error:
        _record(run, step, part, "failed", _sentence(error), {}, (), time.perf_counter() - started)
        log.error("%s", run.say(f"{name} a échoué : {_sentence(error)}", f"{name} failed: {_sentence(error)}"))
        raise
    _record(run, step, part, "done", done.sentence, done.counts, done.issues, time.perf_counter() - started)
    log.info("%s", done.sentence)
    return done


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, SuiviError) else f"{type(error).__name__}: {error}"


def _record(
    run: Run,
    step: str,
    part: str,
    state: str,
    sentence: str,
    counts: dict[str, Any],
    issues: tuple[Issue, ...],
    seconds: float,
) -> None:
    with run.ledger.write() as session:
        nights.record_step(session, run.night, step, part, state, sentence, counts, seconds)
        nights.put_issues(session, run.night, step, part, issues)
