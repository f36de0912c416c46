"""Noise must degrade gently: lost accents, typing errors, columns in another order, other separators."""

import random
import unicodedata
from pathlib import Path

import pytest

from suivi.documents import read
from suivi.extract import extract, scoring
from suivi.models import to_json

FOLDER = Path(__file__).parent / "minutes"
TEXTS = sorted(path for path in FOLDER.glob("*.txt") if not path.name.startswith("not_"))
ROWS = [
    ("Actions à mener", "Responsable", "Échéance", "Statut"),
    ("Mettre à jour la cartographie", "HCR", "12 mai 2024", "En cours"),
    ("Relancer les autorités de Kora", "OCHA / NRC", "fin mai 2024", "Fait"),
    ("Former les points focaux", "tous les partenaires", "", "Non fait"),
]


def score(clean: bytes, noisy: bytes, name: str) -> dict[str, float]:
    gold = to_json(extract(read(clean, name), name))
    return scoring.rates(scoring.count(gold, to_json(extract(read(noisy, name), name))))


def without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def mistyped(text: str, seed: int, share: float) -> str:
    """Swaps of two letters inside words, as hurried typing makes them."""
    chosen = random.Random(seed)
    letters = list(text)
    for place in range(1, len(letters) - 2):
        if letters[place].isalpha() and letters[place + 1].isalpha() and chosen.random() < share:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


@pytest.mark.parametrize("document", TEXTS, ids=lambda path: path.name)
def test_lost_accents_change_nothing_that_counts(document: Path) -> None:
    noisy = without_accents(document.read_text(encoding="utf-8")).encode()
    rates = score(document.read_bytes(), noisy, document.name)
    assert rates["action_f1"] == 1
    assert rates["deadline"] == 1
    assert rates["date"] == 1


def test_one_wrong_letter_in_a_hundred_costs_little() -> None:
    f1 = [
        score(path.read_bytes(), mistyped(path.read_text(encoding="utf-8"), seed, 0.01).encode(), path.name)[
            "action_f1"
        ]
        for path in TEXTS
        for seed in (1, 2, 3)
    ]
    assert sum(f1) / len(f1) > 0.9


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (1, 0, 3, 2), (2, 3, 0, 1)])
def test_the_order_of_columns_does_not_matter(order: tuple[int, ...]) -> None:
    def page(columns: tuple[int, ...]) -> bytes:
        rows = "".join("<tr>" + "".join(f"<td>{row[c]}</td>" for c in columns) + "</tr>" for row in ROWS)
        return f"<p>Compte rendu de la réunion du 6 mai 2024</p><table>{rows}</table>".encode()

    def records(data: bytes) -> list[tuple[object, ...]]:
        found = extract(read(data, "cr.html"), "cr.html").actions
        return [(a.text, a.responsible, a.deadline_date, a.status) for a in found]

    assert records(page(order)) == records(page((0, 1, 2, 3)))
    assert len(records(page(order))) == 3


@pytest.mark.parametrize("between", ["\t", ";", " | "])
def test_a_table_reads_alike_with_other_separators(between: str) -> None:
    if between == "\t":
        name, body = "cr.txt", "\n".join(between.join(row) for row in ROWS)
    elif between == ";":
        name, body = "suivi.csv", "\n".join(between.join(row) for row in ROWS)
    else:
        lines = ["| " + between.join(row) + " |" for row in ROWS]
        name, body = "cr.md", "\n".join([lines[0], "|---|---|---|---|", *lines[1:]])
    head = "" if name.endswith("csv") else "Compte rendu de la réunion du 6 mai 2024\n\n"
    found = extract(read((head + body).encode(), name), name).actions
    assert [(a.text, a.responsible, a.status) for a in found] == [
        ("Mettre à jour la cartographie", ("HCR",), "in_progress"),
        ("Relancer les autorités de Kora", ("OCHA", "NRC"), "done"),
        ("Former les points focaux", ("tous les partenaires",), "open"),
    ]
