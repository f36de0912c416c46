"""Which quantities of a sentence are figures, over tables of invented sentences in both languages."""

from datetime import date
from pathlib import Path

import pytest

from suivi.extract.values import figures
from suivi.extract.values.text import fold
from suivi.models import Block, Figure, Locator, Reading

HERE = Path(__file__).parent


def reading(text: str) -> Reading:
    return Reading(text, (Block("paragraph", text, 0, Locator(paragraph=1)),), "txt")


def rows() -> list[tuple[str, str, str]]:
    found = []
    for path in sorted(HERE.glob("figures_*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                sentence, _, expected = line.partition(" =>")
                found.append((path.stem.split("_")[1], sentence, expected.strip()))
    return found


def agrees(figure: Figure, expected: str) -> bool:
    value, unit = expected.strip().split(" ", 1)
    return figure.value == float(value) and bool(set(fold(unit).split()) & set(fold(figure.unit).split()))


@pytest.mark.parametrize(("language", "sentence", "expected"), rows())
def test_the_figures_of_a_sentence_and_no_others(language: str, sentence: str, expected: str) -> None:
    found = list(figures.find(reading(sentence), date(2020, 7, 1), language))
    wanted = [part for part in expected.split(";") if part.strip()]
    for part in wanted:
        fitting = [figure for figure in found if agrees(figure, part)]
        assert fitting, f"{part} is missing"
        found.remove(fitting[0])
    assert not found, "no figures of this sentence"
