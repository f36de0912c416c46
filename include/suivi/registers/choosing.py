"""Choosing indicators: the members' choices, a stated tally, ties left to the coordinator.

Each organisation counts once for each indicator it chose. The first `keep` places are chosen; candidates that tie for
the last of them are shown as tied and none of them is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from suivi.registers.inputs import Choice

KEEP = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate with its votes. `rank` is shared by ties ("2 =" for two at the second place)."""

    code: str
    votes: int
    organisations: tuple[str, ...]
    rank: int
    tied: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """Candidates by votes. `undecided`: codes that tie for the last place, for the coordinator to choose from."""

    candidates: tuple[Candidate, ...]
    chosen: tuple[str, ...]
    undecided: tuple[str, ...]


def tally(choices: Iterable[Choice], catalogue: Sequence[Mapping[str, Any]], keep: int = KEEP) -> Tally:
    """Count the choices; codes that the catalogue lacks are left out, candidates without votes come last."""
    codes = [str(each["code"]) for each in catalogue]
    voters: dict[str, dict[str, None]] = {code: {} for code in codes}
    for choice in choices:
        if choice.code in voters and choice.organisation.strip():
            voters[choice.code][choice.organisation.strip()] = None
    votes = {code: len(found) for code, found in voters.items()}
    ordered = sorted(codes, key=lambda code: (-votes[code], codes.index(code)))
    sure = [code for code in ordered if votes[code] and _above(votes, votes[code], inclusive=True) <= keep]
    tied = [code for code in ordered if votes[code] and code not in sure and _above(votes, votes[code], False) < keep]
    candidates = tuple(
        Candidate(
            code=code,
            votes=votes[code],
            organisations=tuple(voters[code]),
            rank=1 + _above(votes, votes[code], inclusive=False),
            tied=sum(other == votes[code] for other in votes.values()) > 1,
            chosen=code in sure,
        )
        for code in ordered
    )
    return Tally(candidates, tuple(sure), tuple(tied))


def _above(votes: Mapping[str, int], count: int, inclusive: bool) -> int:
    return sum(other > count or (inclusive and other == count) for other in votes.values())


def dashboard(
    choices: Iterable[Choice], catalogue: Sequence[Mapping[str, Any]], ticked: Iterable[str]
) -> frozenset[str]:
    """Codes for the dashboard: what the coordinator ticked, else what the tally chose without a tie."""
    marked = frozenset(ticked)
    return marked or frozenset(tally(choices, catalogue).chosen)
