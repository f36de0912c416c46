"""Invented minutes of five full pages for the bench: as a table, as lists and as prose, never twice the same.

Places, parties, numbers and days change from one document to the next, so that nothing a reader remembers helps it.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from random import Random

PAGE = 2_600  # characters of a full page of minutes
PAGES = 5

_TOWNS = ("Baro", "Kessou", "Tanwa", "Moudira", "Sefalo", "Garbey", "Nioulé", "Dabsa", "Worofla", "Timbré", "Ansolo")
_PARTIES = ("ACTEM", "Sahelis", "DRASS", "SOLIVIE", "COPRO", "Nafama", "ODEPA", "HELVIRA", "APRODE", "FASO-AIDE")
_PEOPLE = ["A. Doumbé", "Mme Sira Kolo", "M. Yaro Bamé", "F. Tolbi", "Mme Awa Sinta", "I. Gandéma", "M. Oury Délo"]
_VERBS = ["Partager", "Finaliser", "Transmettre", "Organiser", "Consolider", "Vérifier", "Relancer", "Actualiser"]
_THINGS = (
    "la matrice 5W du mois avec les points focaux",
    "la liste des sites de déplacés de {town}",
    "le rapport de l'évaluation rapide conduite à {town}",
    "une séance de formation sur le référencement des cas pour {n} agents",
    "la cartographie des acteurs présents dans le cercle de {town}",
    "le plan de contingence avec les chiffres de {month}",
)
_SAID = (
    "{party} a informé les participants que {n} ménages déplacés sont arrivés à {town} depuis le mois de {month}.",
    "Dans le cercle de {town}, {party} a distribué {n} kits de dignité et réhabilité {k} points d'eau.",
    "L'accès reste difficile sur l'axe {town} – {town2} en raison de l'état de la route et des incidents signalés.",
    "Les partenaires ont relevé un besoin de prise en charge pour {k} enfants non accompagnés à {town}.",
    "{party} et {party2} ont sensibilisé {n} personnes, dont {k} femmes, sur les risques de protection.",
    "Le suivi des cas montre une hausse de {k} à {n} incidents entre {month} et le début du mois.",
    "Une mission conjointe a visité les écoles de {town}, où {k} salles de classe restent fermées.",
    "Le lead a rappelé que les données de {month} doivent servir de base aux discussions avec les autorités.",
    "Les participants ont salué l'ouverture d'un espace sûr à {town} et le travail des relais communautaires.",
    "La question de l'accès à l'état civil demeure posée, surtout pour les familles venues de {town}.",
    "{party} a présenté les premiers constats de sa visite et les difficultés que rencontrent les équipes.",
    "Il a été relevé que les comités locaux manquent de moyens pour orienter les personnes qui les sollicitent.",
    "Plusieurs membres ont demandé que les messages soient traduits dans les langues parlées à {town}.",
    "Le groupe de travail se penchera sur la question avec les services techniques et les partenaires.",
    "Les discussions ont porté sur la qualité des données, les doublons et le calendrier de collecte.",
)
_MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "septembre", "octobre"]
_TOPICS = (
    "Contexte sécuritaire",
    "Situation de protection",
    "Réponse des partenaires",
    "Gestion de l'information",
    "Financement",
    "Divers",
)


class Invented:
    """Sentences, parties and actions that differ with the seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - invented text, no secret

    def fill(self, pattern: str) -> str:
        """A pattern with its places, parties, numbers and months filled in."""
        pick, number = self.random.choice, self.random.randint
        towns, parties = self.random.sample(_TOWNS, 2), self.random.sample(_PARTIES, 2)
        return pattern.format(
            town=towns[0],
            town2=towns[1],
            party=parties[0],
            party2=parties[1],
            n=number(110, 4200),
            k=number(6, 95),
            month=pick(_MONTHS),
        )

    def talk(self, sentences: int) -> str:
        """A paragraph of so many sentences."""
        return " ".join(self.fill(pattern) for pattern in self.random.choices(_SAID, k=sentences))

    def action(self) -> tuple[str, str, str, str]:
        """What, who, by when, how far."""
        verb = self.random.choice(_VERBS)
        who = ", ".join(self.random.sample(_PARTIES, self.random.randint(1, 2)))
        day = f"{self.random.randint(1, 28):02}/{self.random.randint(1, 12):02}/2026"
        return (
            f"{verb} {self.fill(self.random.choice(_THINGS))}",
            who,
            day,
            self.random.choice(["En cours", "Fait", ""]),
        )

    def head(self) -> str:
        """Title, labelled header and attendance."""
        day = f"{self.random.randint(1, 28)} {self.random.choice(_MONTHS)} 2026"
        present = ", ".join(self.random.sample(_PARTIES, 8))
        chair, writer = self.random.sample(_PEOPLE, 2)
        return (
            f"<h1>Compte rendu de la réunion du cluster Protection du {day}</h1>"
            f"<p>Lieu : {self.random.choice(_TOWNS)}</p><p>Présidence : {chair}</p><p>Rapporteur : {writer}</p>"
            f"<p>Organisations présentes : {present}</p>"
        )


def _table(invented: Invented) -> str:
    """A topic with its discussion, then its actions in a table."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in invented.action()) + "</tr>" for _ in range(3))
    return (
        f"<p>{invented.talk(7)}</p><p>{invented.talk(8)}</p><table><tr><th>Action</th><th>Responsable</th><th>Échéance</th><th>Statut</th></tr>"
        f"{rows}</table>"
    )


def _lists(invented: Invented) -> str:
    """Points as bullets, then actions as bullets that close with who and by when."""
    said = "".join(f"<li>{invented.talk(1)}</li>" for _ in range(13))
    actions = (invented.action() for _ in range(3))
    agreed = "".join(f"<li>{what} ({who}, {when})</li>" for what, who, when, _ in actions)
    return f"<ul>{said}</ul><p>Points d'action :</p><ul>{agreed}</ul>"


def _prose(invented: Invented) -> str:
    """Paragraphs in which some sentences commit somebody."""
    promised = invented.fill(
        "{party} partagera la liste des bénéficiaires de {town} avec le cluster avant fin {month}."
    )
    return f"<p>{invented.talk(8)} {promised}</p><p>{invented.talk(9)}</p>"


FAMILIES: dict[str, Callable[[Invented], str]] = {"table": _table, "lists": _lists, "prose": _prose}


def minutes(family: str, seed: int) -> bytes:
    """An HTML document of five pages of one family; other seeds give other documents."""
    invented = Invented(seed)
    parts, size = [invented.head()], 0
    while size < PAGES * PAGE:
        topic = _TOPICS[(len(parts) - 1) % len(_TOPICS)]
        parts.append(f"<h2>{len(parts)}. {escape(topic)}</h2>{FAMILIES[family](invented)}")
        size = sum(map(_length, parts))
    return f"<html><body>{''.join(parts)}</body></html>".encode()


def _length(part: str) -> int:
    """The characters of a part without its tags, about."""
    return sum(len(piece.partition(">")[2]) for piece in part.split("<"))
