"""Who, by when and how far: wherever a template writes them."""

from datetime import date

import pytest

from suivi.extract.grammar import load
from suivi.extract.owners import People
from suivi.extract.tails import read_tail
from suivi.extract.wording import wording

MEETING = date(2024, 5, 6)


@pytest.mark.parametrize(
    ("text", "words", "owners", "deadline"),
    [
        ("Rédiger la note Responsable : HCR", "Rédiger la note", ["HCR"], None),
        ("Rédiger la note\nResponsables/ OCHA-HCR", "Rédiger la note", ["OCHA", "HCR"], None),
        ("Rédiger la note. Responsables ;HCR", "Rédiger la note.", ["HCR"], None),
        ("Rédiger la note/ OCHA", "Rédiger la note", ["OCHA"], None),
        ("Informer les réfugiés à Tiraba/ Goudel/ HCR", "Informer les réfugiés à Tiraba/ Goudel", ["HCR"], None),
        ("Partager la note (OCHA, fin mai)", "Partager la note", ["OCHA"], "fin mai"),
        ("Share the note [JK, MS, asap]", "Share the note", ["JK", "MS"], "asap"),
        ("Partager la note – HCR – 12/05", "Partager la note", ["HCR"], "12/05"),
        ("HCR : partager la note – 12/05", "partager la note", ["HCR"], "12/05"),
        ("NRC to share the note by 31/May/2024", "NRC to share the note", ["NRC"], "by 31/May/2024"),
        ("@Léa: relancer la mairie", "relancer la mairie", ["Léa"], None),
        ("Collect data. Owner: IRC. Due: 5 June 2024", "Collect data.", ["IRC"], "5 June 2024"),
        ("Rédiger la note pour le plan 2025", "Rédiger la note pour le plan 2025", [], None),
        ("Revoir l'analyse du premier trimestre", "Revoir l'analyse du premier trimestre", [], None),
        ("Appuyer la campagne prévue en mai", "Appuyer la campagne prévue en mai", [], None),
        ("Tenir l'atelier en juin", "Tenir l'atelier en juin", [], "juin"),
        ("Réparer la pompe dans les 72 heures", "Réparer la pompe", [], "dans les 72 heures"),
        ("Send the data for May by end of 2025", "Send the data for May", [], "by end of 2025"),
        ("NRC to send the list in 3 days", "NRC to send the list", ["NRC"], "in 3 days"),
        ("Envoyer la liste Resp. : OIM Délai : 20 juin", "Envoyer la liste", ["OIM"], "20 juin"),
        ("Partager la note / HCR / 12 juin", "Partager la note", ["HCR"], "12 juin"),
        ("Partager la note, HCR, 12 juin", "Partager la note", ["HCR"], "12 juin"),
        ("HCR/ Partager la note/ 12 juin", "Partager la note", ["HCR"], "12 juin"),
        ("HCR – mettre à jour la note (12 juin)", "mettre à jour la note", ["HCR"], "12 juin"),
        ("Réunir le HCR et l'OIM, NRC, 12 juin", "Réunir le HCR et l'OIM, NRC, 12 juin", [], "12 juin"),
        ("Le HCR s'engage à partager la note", "Le HCR s'engage à partager la note", ["HCR"], None),
        ("Il est demandé au HCR de partager la note", "Il est demandé au HCR de partager la note", ["HCR"], None),
        ("Note to be shared by IRC by 5 June 2024", "Note to be shared by IRC", ["IRC"], "by 5 June 2024"),
        ("Envoi de la note par le HCR", "Envoi de la note par le HCR", ["HCR"], None),
        ("Faire valider la note par le HCR", "Faire valider la note par le HCR", [], None),
        (
            "Send the list by the 5th of each month",
            "Send the list by the 5th of each month",
            [],
            "by the 5th of each month",
        ),
        ("Former les agents de manière responsable", "Former les agents de manière responsable", [], None),
        ("Revoir la stratégie (version longue)", "Revoir la stratégie (version longue)", [], None),
        ("Identifier un responsable du pôle juridique", "Identifier un responsable du pôle juridique", [], None),
    ],
)
def test_a_tail_is_cut_and_read(text: str, words: str, owners: list[str], deadline: str | None) -> None:
    tail = read_tail(text, load("fr"), People(), MEETING)
    assert (wording(text, tail).strip(), list(tail.owners), tail.deadline) == (words, owners, deadline)


def test_columns_of_their_own_silence_the_sentence() -> None:
    tail = read_tail("DRC to brief (OCHA)", load("en"), People(), MEETING, columns=frozenset({"owner", "deadline"}))
    assert tail.owners == ()
