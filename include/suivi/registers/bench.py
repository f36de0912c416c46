"""How long a night's registers take: ``python -m suivi.registers.bench [MEETINGS …]`` (default 100 300 1000).

Made-up minutes over four bodies: a meeting has 11 new actions, looks back at 3 earlier ones in other words and states
20 figures, so that 1,000 meetings make more than 10,000 actions (14,000 mentions) and 20,000 figures. Prints seconds
for the first build and for the night after it, which remembers all ids, and milliseconds of processor a meeting.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from suivi.clusters import load
from suivi.models import Action, Attendee, Figure, Found, Locator, Meeting, Minutes, Presence, Source
from suivi.reference import HOUSE
from suivi.registers.build import build
from suivi.registers.inputs import Inputs, StoredMinutes

_VERBS = (
    "Rédiger",
    "Partager",
    "Finaliser",
    "Organiser",
    "Mettre à jour",
    "Valider",
    "Transmettre",
    "Compléter",
    "Réviser",
    "Présenter",
)
_THINGS = (
    "la note d'analyse",
    "la matrice des acteurs",
    "le plan de contingence",
    "le calendrier des formations",
    "la cartographie des services",
    "les outils de suivi",
    "le rapport trimestriel",
    "les termes de référence",
    "la stratégie de plaidoyer",
    "le circuit de référencement",
    "la liste des points focaux",
    "le tableau des besoins",
)
_ABOUT = (
    "sur les personnes handicapées",
    "sur l'accès à la justice",
    "pour les autorités locales",
    "avec le groupe logement",
    "sur la documentation civile",
    "pour les relais communautaires",
    "sur la cohésion sociale",
    "pour la saison des pluies",
    "sur les retours spontanés",
    "avec les services techniques",
    "sur le suivi de la protection",
    "pour le comité de pilotage",
)
_PLACES = (
    "Niono",
    "Macina",
    "Ténenkou",
    "Koro",
    "Bandiagara",
    "Douentza",
    "Ansongo",
    "Bourem",
    "Goundam",
    "Diré",
    "Tessalit",
    "Andéramboukane",
)
_OWNERS = ("OCHA", "CCP", "NRC", "OIM", "UNICEF", "IRC", "DRC", "Membres du cluster", "INTERSOS", "UNFPA")
_UNITS = (
    "déplacés internes",
    "personnes sensibilisées",
    "personnes formées",
    "ménages assistés",
    "kits remis",
    "abris construits",
)


def made_up(meetings: int, seed: int = 1) -> Iterator[StoredMinutes]:
    """Minutes of so many meetings, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    bodies = ("Cluster Protection", "Cluster Protection Mopti", "Cluster Protection Gao", "Sous-cluster VBG")
    open_: dict[str, list[Action]] = {body: [] for body in bodies}
    for number in range(meetings):
        body = bodies[number % len(bodies)]
        day = date(2016, 1, 4) + timedelta(days=14 * (number // len(bodies)))
        yield _minutes(number, body, day, open_[body], chance)


def _minutes(number: int, body: str, day: date, before: list[Action], chance: random.Random) -> StoredMinutes:
    document = f"bench-{number:05}"
    back = [_again(action, chance) for action in before[-9:][:3]]
    new = [_action(document, row, chance) for row in range(11)]
    before += new
    minutes = Minutes(
        document=document,
        language="fr",
        is_minutes=True,
        meeting=Meeting(
            body=body,
            date=day.isoformat(),
            organisations=tuple(chance.sample(_OWNERS, 8)),
            attendees=tuple(Attendee(f"Prénom{i} Nom{number}", "NRC") for i in range(8)),
        ),
        actions=(*back, *new),
        figures=tuple(_figure(document, row, chance) for row in range(20)),
        presence=tuple(_presence(document, row, chance) for row in range(2)),
    )
    return StoredMinutes(document, minutes, f"bench/{document}.docx", "", day, day, 1)


def _found(quote: str, document: str, row: int) -> Found:
    return Found(Source(f"{quote} ({document})", 0, len(quote), Locator(page=1, table=1, row=row + 1)), "bench", 0.9)


def _action(document: str, row: int, chance: random.Random) -> Action:
    place = chance.choice(_PLACES)
    text = " ".join((chance.choice(_VERBS), chance.choice(_THINGS), chance.choice(_ABOUT), "à", place))
    text += f" lot {chance.randrange(999)}"
    owner = chance.choice(_OWNERS)
    return Action(text, "action", _found(text, document, row), responsible=(owner,), places=(place,))


def _again(action: Action, chance: random.Random) -> Action:
    words = action.text.split()
    words.pop(chance.randrange(len(words) - 2))
    text = " ".join(words)
    status: Any = chance.choice(("open", "in_progress", "done"))
    found = _found(text, "bench", 0)
    return Action(
        text, "action", found, responsible=action.responsible, status=status, review=True, places=action.places
    )


def _figure(document: str, row: int, chance: random.Random) -> Figure:
    value, unit, place = chance.randrange(50, 20000), chance.choice(_UNITS), chance.choice(_PLACES)
    return Figure(float(value), unit, (place,), _found(f"{value} {unit} dans le cercle de {place}", document, row))


def _presence(document: str, row: int, chance: random.Random) -> Presence:
    owner, place = chance.choice(_OWNERS), chance.choice(_PLACES)
    return Presence(owner, "Suivi de protection", (place,), _found(f"{owner} à {place}", document, row))


def measure(meetings: int) -> tuple[float, float, float, dict[str, int]]:
    """Seconds of the first build, of it on the processor, of the second build; the rows of each register."""
    cluster = load("mali_protection", HOUSE / "clusters")
    stored = tuple(made_up(meetings))
    start, began = time.perf_counter(), time.process_time()
    first = build(Inputs(cluster, stored, today=date(2026, 1, 1), night=1))
    middle, busy = time.perf_counter(), time.process_time() - began
    again = build(Inputs(cluster, stored, identities=first.identities, today=date(2026, 1, 1), night=2))
    end = time.perf_counter()
    if again.identities or any(not first.frames[name].equals(again.frames[name]) for name in first.frames):
        raise SystemExit("the second build differs from the first")
    return middle - start, busy, end - middle, {name: len(frame) for name, frame in first.frames.items()}


def main(arguments: list[str]) -> None:
    """Print one line a size; the first, small one pays for reading the reference lists and is not shown."""
    measure(10)
    for size in [int(each) for each in arguments] or [100, 300, 1000]:
        first, busy, second, rows = measure(size)
        print(
            f"{size:6} meetings: {first:6.2f} s first ({busy:.2f} s processor, {1000 * busy / size:.1f} ms a meeting), "
            f"{second:6.2f} s next night; rows {rows}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
