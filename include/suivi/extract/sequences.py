"""Numbers of headings and list items: what they count, and the run of them that belongs together."""

from __future__ import annotations

ROMAN = {
    roman: value
    for value, roman in enumerate(
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"], start=1
    )
}


def plain(number: str) -> str:
    """A top number without the nought that some agendas write ("2.0")."""
    return number.removesuffix(".0")


def value(number: str) -> int:
    """The count that a number starts with, roman ones too; below nought where it is none."""
    first = number.split(".")[0]
    return int(first) if first.isdigit() else ROMAN.get(first.upper(), -9)


def rising(numbers: list[int], weights: list[int]) -> list[int]:
    """Places of the sequence n, n + 1, n + 2 … with the greatest total weight."""
    best: list[tuple[int, int | None]] = []  # weight of the best chain that ends here, and its member before
    ends: dict[int, int] = {}  # number → place of the best chain that ends with it
    for place, number in enumerate(numbers):
        before = ends.get(number - 1)
        best.append((weights[place] + (best[before][0] if before is not None else 0), before))
        if number not in ends or best[place][0] >= best[ends[number]][0]:
            ends[number] = place
    chain: list[int] = []
    at: int | None = max(range(len(best)), key=lambda index: (best[index][0], index), default=None)
    while at is not None:
        chain.append(at)
        at = best[at][1]
    return chain[::-1]
