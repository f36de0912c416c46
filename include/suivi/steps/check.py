"""Check: try everything a cluster needs and say in one sentence each what to fix. Nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import requests

from suivi import clusters, drives
from suivi.errors import SuiviError
from suivi.ledger import Ledger, nights
from suivi.publish.sheets import connect, prove
from suivi.publish.sheets.model import Target
from suivi.reference import HOUSE
from suivi.settings import Cluster, Drive, Settings
from suivi.steps import targets
from suivi.steps.context import Secrets
from suivi.store import Store


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing tried: `sentence` proves it or says what to fix."""

    what: str
    fine: bool
    sentence: str


def check_cluster(name: str, settings: Settings, secret: Secrets = lambda _: None) -> list[Outcome]:
    """Every check of a cluster. A broken cluster file is the only outcome: nothing else can be tried then."""
    try:
        cluster = clusters.load(name, settings.clusters)
    except SuiviError as error:
        return [Outcome("configuration", False, str(error))]
    fine = Outcome("configuration", True, f"{name}.yaml is valid.")
    return [fine, *(_tried(what, work) for what, work in _checks(cluster, settings, secret))]


def _tried(what: str, work: Callable[[], str]) -> Outcome:
    try:
        return Outcome(what, True, work())
    except SuiviError as error:
        return Outcome(what, False, str(error))
    except Exception as error:  # a check must say what it met, whatever it is
        return Outcome(what, False, f"{type(error).__name__}: {error}")


def _checks(cluster: Cluster, settings: Settings, secret: Secrets) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "ledger", lambda: _ledger(settings)
    yield "store", lambda: _store(settings)
    for drive in cluster.drives:
        yield f"drive {drive.name}", partial(_drive, drive, cluster, secret)
    kinds: tuple[Target, Target] = ("internal", "shared")
    for kind in kinds:
        yield f"{kind} sheet", partial(_sheet, cluster, settings, secret, kind)
    yield "ORS", lambda: _ors(cluster, settings, secret)


def _ledger(settings: Settings) -> str:
    Ledger(settings.db)
    return "The ledger answers and has the schema of this version."


def _store(settings: Settings) -> str:
    store = Store(settings.store)
    key = store.put(b"suivi check")
    store.get(key)
    store.delete(key)
    return "The store can be written, read and cleaned."


def _drive(drive: Drive, cluster: Cluster, secret: Secrets) -> str:
    held = secret(drive.connection) if drive.connection else None
    return drives.open_drive(drive, held, HOUSE).check(cluster.language)


def _sheet(cluster: Cluster, settings: Settings, secret: Secrets, kind: Target) -> str:
    target = targets.sheets_of(cluster, settings, secret)
    with Ledger(settings.db).write() as session:
        stamp = nights.stamp(session)
    title = prove(connect(target.endpoint, target.secret, ledger=stamp), cluster, kind)
    return f"The spreadsheet '{title}' can be read and written and is not another ledger's."


def _ors(cluster: Cluster, settings: Settings, secret: Secrets) -> str:
    target = targets.ors_of(cluster, settings, secret)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {target.secret}"
    answer = session.get(f"{target.endpoint.rstrip('/')}/api/v1/meetings", params={"limit": 1}, timeout=20)
    if answer.status_code in (401, 403):
        raise SuiviError("The ORS refuses the token. Make a new one: python -m ors token … --role reporter.")
    answer.raise_for_status()
    return f"The ORS at {target.endpoint} accepts the token."
