"""Check: try everything a cluster needs and say in one sentence each what works and what to fix.

Nothing is changed but an invisible mark in the spreadsheets (written to prove the right to write).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import requests

from suivi import clusters, drives
from suivi.errors import ConfigurationError, SuiviError, TargetError
from suivi.ledger import Ledger, nights
from suivi.publish.sheets import connect, prove
from suivi.publish.sheets.model import Target
from suivi.reference import HOUSE, load_csv
from suivi.settings import Cluster, Drive, Settings
from suivi.steps import targets
from suivi.steps.context import Secrets
from suivi.store import Store

Mail = Callable[[str], bool]  # logs in at the mail server of a connection; False where there is no such connection


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing tried: `sentence` proves it or says what to fix."""

    what: str
    fine: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a check works with."""

    cluster: Cluster
    settings: Settings
    now: datetime
    secret: Secrets
    mail: Mail | None

    def say(self, fr: str, en: str) -> str:
        """The sentence in the cluster's language."""
        return fr if self.cluster.language == "fr" else en


def check_cluster(
    name: str, settings: Settings, now: datetime, secret: Secrets = lambda _: None, mail: Mail | None = None
) -> list[Outcome]:
    """Every check of a cluster. A broken cluster file is the only outcome: nothing else can be tried then.

    `mail` is only there under Airflow, whose connection holds the mail server.
    """
    try:
        cluster = clusters.load(name, settings.clusters)
        clusters.refuse_doubles(settings.clusters / f"{name}.yaml")
    except SuiviError as error:
        return [Outcome("configuration", False, str(error))]
    trial = Trial(cluster, settings, now, secret, mail)
    fine = Outcome("configuration", True, trial.say(f"{name}.yaml est valide.", f"{name}.yaml is valid."))
    return [fine, *(_tried(what, work) for what, work in _checks(trial))]


def _tried(what: str, work: Callable[[], str]) -> Outcome:
    try:
        return Outcome(what, True, work())
    except SuiviError as error:
        return Outcome(what, False, str(error))
    except Exception as error:  # a check must say what it met, whatever it is
        return Outcome(what, False, f"{type(error).__name__}: {error}")


def _checks(trial: Trial) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "time zone", lambda: _time_zone(trial)
    yield "catalogue", lambda: _catalogue(trial)
    yield "ledger", lambda: _ledger(trial)
    yield "store", lambda: _store(trial)
    for drive in trial.cluster.drives:
        yield f"drive {drive.name}", partial(_drive, trial, drive)
    kinds: tuple[Target, Target] = ("internal", "shared")
    for kind in kinds:
        yield f"{kind} sheet", partial(_sheet, trial, kind)
    yield "ORS", lambda: _ors(trial)
    yield "mail", lambda: _mail(trial)


def _time_zone(trial: Trial) -> str:
    from croniter import croniter

    cluster = trial.cluster
    local = trial.now.astimezone(ZoneInfo(cluster.timezone))
    if not cluster.schedule:
        return trial.say(
            f"Il est {local:%H:%M} à {cluster.timezone} ; sans `schedule`, la nuit ne part que si on la déclenche.",
            f"It is {local:%H:%M} in {cluster.timezone}; without `schedule` the night runs only when triggered.",
        )
    night = croniter(cluster.schedule, local).get_next(datetime)
    return trial.say(
        f"Il est {local:%H:%M} à {cluster.timezone} ; prochaine nuit le {night:%d/%m à %H:%M}.",
        f"It is {local:%H:%M} in {cluster.timezone}; the next night is on {night:%d/%m at %H:%M}.",
    )


def _catalogue(trial: Trial) -> str:
    """Every code once; every place and organisation that the file names is one that the reference tables know."""
    cluster = trial.cluster
    codes = [str(indicator["code"]) for indicator in cluster.indicators]
    doubles = sorted({code for code in codes if codes.count(code) > 1})
    if doubles:
        raise ConfigurationError(
            trial.say(
                f"Code en double dans `indicators` : {', '.join(doubles)}. Gardez-en un seul de chaque.",
                f"A code stands twice in `indicators`: {', '.join(doubles)}. Keep one of each.",
            )
        )
    if strangers := sorted(_places(cluster) - {row["pcode"] for row in load_csv("places.csv")}):
        raise ConfigurationError(
            trial.say(
                f"P-codes inconnus : {', '.join(strangers)}. Prenez ceux de reference/places.csv.",
                f"Unknown P-codes: {', '.join(strangers)}. Take those of reference/places.csv.",
            )
        )
    if unknown := sorted(_organisations(cluster) - {row["acronym"] for row in load_csv("organisations.csv")}):
        raise ConfigurationError(
            trial.say(
                f"Organisations inconnues : {', '.join(unknown)}. Prenez les sigles de reference/organisations.csv.",
                f"Unknown organisations: {', '.join(unknown)}. Take acronyms of reference/organisations.csv.",
            )
        )
    return trial.say(
        f"{len(codes)} indicateurs ; lieux et organisations du fichier sont connus.",
        f"{len(codes)} indicators; the file's places and organisations are known.",
    )


def _places(cluster: Cluster) -> set[str]:
    targets_ = [target["place"] for indicator in cluster.indicators for target in indicator.get("targets", ())]
    return {*targets_, *(body.place for body in cluster.bodies if body.place)}


def _organisations(cluster: Cluster) -> set[str]:
    roles = {str(role["organisation"]) for role in cluster.roles.values() if role.get("organisation")}
    return {*roles, *cluster.aliases.values(), *cluster.sharing.get("consent", ())}


def _ledger(trial: Trial) -> str:
    Ledger(trial.settings.db)
    return trial.say(
        "Le registre répond et a le schéma de cette version.", "The ledger answers and has the schema of this version."
    )


def _store(trial: Trial) -> str:
    store = Store(trial.settings.store)
    key = store.put(b"suivi check")
    store.get(key)
    store.delete(key)
    return trial.say("Le dépôt des originaux se lit et s'écrit.", "The store can be written, read and cleaned.")


def _drive(trial: Trial, drive: Drive) -> str:
    held = trial.secret(drive.connection) if drive.connection else None
    return drives.open_drive(drive, held, HOUSE).check(trial.cluster.language)


def _sheet(trial: Trial, kind: Target) -> str:
    target = targets.sheets_of(trial.cluster, trial.settings, trial.secret)
    with Ledger(trial.settings.db).write() as session:
        stamp = nights.stamp(session)
    title = prove(connect(target.endpoint, target.secret, ledger=stamp), trial.cluster, kind)
    return trial.say(
        f"La feuille « {title} » se lit et s'écrit ; elle n'est pas celle d'un autre registre.",
        f"The spreadsheet '{title}' can be read and written and is not another ledger's.",
    )


def _ors(trial: Trial) -> str:
    target = targets.ors_of(trial.cluster, trial.settings, trial.secret)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {target.secret}"
    try:
        answer = session.get(f"{target.endpoint.rstrip('/')}/api/v1/meetings", params={"limit": 1}, timeout=20)
    except requests.RequestException as error:
        raise TargetError(
            trial.say(
                f"L'ORS ne répond pas à {target.endpoint} ({type(error).__name__}). Vérifiez l'adresse et le service.",
                f"The ORS does not answer at {target.endpoint} ({type(error).__name__}). Check address and service.",
            )
        ) from None
    if answer.status_code in (401, 403):
        raise TargetError(
            trial.say(
                "L'ORS refuse le jeton. Faites-en un nouveau : python -m ors token … --role reporter.",
                "The ORS refuses the token. Make a new one: python -m ors token … --role reporter.",
            )
        )
    answer.raise_for_status()
    return trial.say(f"L'ORS à {target.endpoint} accepte le jeton.", f"The ORS at {target.endpoint} accepts the token.")


def _mail(trial: Trial) -> str:
    name = str(trial.cluster.reminders.get("connection") or "suivi_smtp")
    if not trial.cluster.reminders.get("officer"):
        return trial.say(
            "Pas de `reminders.officer` dans le YAML : aucun courriel ne part.",
            "No `reminders.officer` in the YAML: no mail is sent.",
        )
    if trial.mail is None:
        return trial.say(
            f"La connexion '{name}' vit dans Airflow : le DAG `check` l'essaie.",
            f"The connection '{name}' lives in Airflow: the DAG `check` tries it.",
        )
    if not trial.mail(name):
        raise ConfigurationError(
            trial.say(
                f"Créez la connexion '{name}' (SMTP) dans Airflow, sinon aucun rappel ne part.",
                f"Make the connection '{name}' (SMTP) in Airflow, else no reminder is sent.",
            )
        )
    return trial.say("Le serveur de courriel accepte le compte.", "The mail server accepts the account.")
