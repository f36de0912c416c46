"""Extracted minutes against gold: pairs actions by their wording and counts what is right on them.

The definitions are those of the corpus' score: actions are paired one to one by best total likeness, a pair counts
from 75 of 100; precision, recall and F1 are over all documents together; entries that are not `required` are neither
rewarded nor punished.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

Record = dict[str, Any]
PAIR_FROM = 75
AGENDA_FROM = 85
VALUE_FROM = 90
HEADER = ("date", "place", "participants_count", "chair", "facilitator", "rapporteur")
FIGURES = ("action", "responsible", "organisation", "figure")
RATES = {
    "deadline": "pairs",
    "dated": "dated",
    "status": "pairs",
    "review": "pairs",
    "agenda": "agenda_asked",
    "header": "header_asked",
    "date": "date_asked",
}


def fold(value: object) -> str:
    """A value as words are compared: no accents, no case, no signs."""
    plain = unicodedata.normalize("NFKD", "" if value is None else str(value)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9%]+", " ", plain.lower()).strip()


def likeness(one: str | None, other: str | None) -> float:
    """0…100: the same wording, a tail on either side allowed; a fragment of a long action does not pass."""
    first, second = fold(one), fold(other)
    if not first or not second:
        return 0.0
    short, long = sorted((first, second), key=len)
    straight = fuzz.token_sort_ratio(first, second)
    return straight if len(short) < 0.5 * len(long) else max(straight, fuzz.partial_ratio(short, long))


def pairs(
    gold: Sequence[Record], found: Sequence[Record], rate: Callable[[Record, Record], float], least: float
) -> list[tuple[int, int]]:
    """The one-to-one pairing with the best total, of pairs that reach `least`."""
    if not gold or not found:
        return []
    matrix = [[rate(wanted, got) for got in found] for wanted in gold]
    rows, columns = linear_sum_assignment([[-value for value in row] for row in matrix])
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if matrix[r][c] >= least]


def action_pairs(gold: Record, found: Record) -> list[tuple[int, int]]:
    """Paired actions as (index in gold, index in found)."""
    return pairs(
        gold.get("actions") or [],
        found.get("actions") or [],
        lambda wanted, got: likeness(wanted.get("text"), got.get("text")),
        PAIR_FROM,
    )


def figure_likeness(wanted: Record, got: Record) -> float:
    """100 for the same value with a unit word in common."""
    try:
        same = float(wanted["value"]) == float(got["value"])
    except (TypeError, ValueError, KeyError):
        return 0.0
    return 100.0 if same and set(fold(wanted.get("unit")).split()) & set(fold(got.get("unit")).split()) else 0.0


def count(gold: Record, found: Record) -> Counter[str]:
    """All counts of one document."""
    counts: Counter[str] = Counter(documents=1)
    counts["is_minutes_right"] = int(bool(found.get("is_minutes")) == gold["is_minutes"])
    _count_actions(gold, found, counts)
    if gold["is_minutes"]:
        _count_header(gold.get("meeting") or {}, found.get("meeting") or {}, counts)
    figures = gold.get("figures") or []
    matched = pairs(figures, found.get("figures") or [], figure_likeness, 100)
    _count_required("figure", figures, found.get("figures") or [], matched, counts)
    return counts


def _count_required(
    name: str, gold: list[Record], found: list[Record], matched: list[tuple[int, int]], counts: Counter[str]
) -> None:
    asked = [bool(wanted.get("required", True)) for wanted in gold]
    counts[f"{name}_hit"] += sum(asked[place] for place, _ in matched)
    counts[f"{name}_gold"] += sum(asked)
    counts[f"{name}_predicted"] += len(found) - sum(not asked[place] for place, _ in matched)


def _count_actions(gold: Record, found: Record, counts: Counter[str]) -> None:
    wanted, got = gold.get("actions") or [], found.get("actions") or []
    matched = action_pairs(gold, found)
    _count_required("action", wanted, got, matched, counts)
    titles, other_titles = _titles(gold), _titles(found)
    for one, other in ((wanted[left], got[right]) for left, right in matched):
        _count_overlap("responsible", one.get("responsible"), other.get("responsible"), counts)
        counts["pairs"] += 1
        same_day = one.get("deadline_date") == other.get("deadline_date")
        counts["deadline_right"] += same_day
        if one.get("deadline_date"):
            counts["dated"] += 1
            counts["dated_right"] += same_day
        counts["status_right"] += (one.get("status") or "open") == (other.get("status") or "open")
        counts["review_right"] += bool(one.get("review")) == bool(other.get("review"))
        if one.get("agenda") is not None:
            counts["agenda_asked"] += 1
            counts["agenda_right"] += _same_item(one["agenda"], other.get("agenda"), titles, other_titles)


def _titles(record: Record) -> dict[str, str]:
    return {str(item.get("number")): fold(item.get("title")) for item in record.get("agenda") or []}


def _same_item(one: object, other: object, titles: dict[str, str], other_titles: dict[str, str]) -> bool:
    if str(one) == str(other):
        return True
    title, got = titles.get(str(one)), other_titles.get(str(other))
    return bool(title and got and fuzz.partial_ratio(title, got) >= AGENDA_FROM)


def _count_overlap(name: str, gold: list[str] | None, found: list[str] | None, counts: Counter[str]) -> None:
    wanted, got = Counter(map(fold, gold or [])), Counter(map(fold, found or []))
    counts[f"{name}_hit"] += (wanted & got).total()
    counts[f"{name}_gold"] += wanted.total()
    counts[f"{name}_predicted"] += got.total()


def _count_header(wanted: Record, got: Record, counts: Counter[str]) -> None:
    for field in HEADER:
        if wanted.get(field) is None:
            continue
        right = _same_value(field, wanted[field], got.get(field))
        counts["header_asked"] += 1
        counts["header_right"] += right
        if field == "date":
            counts["date_asked"] += 1
            counts["date_right"] += right
    _count_overlap("organisation", wanted.get("organisations"), got.get("organisations"), counts)


def _same_value(field: str, wanted: object, got: object) -> bool:
    if fold(wanted) == fold(got):
        return True
    return field not in ("date", "participants_count") and fuzz.token_set_ratio(fold(wanted), fold(got)) >= VALUE_FROM


def rates(counts: Counter[str]) -> dict[str, float]:
    """Counts as the figures that people read."""
    result = {"is_minutes": counts["is_minutes_right"] / max(counts["documents"], 1)}
    for name in FIGURES:
        hit, predicted, gold = (counts[f"{name}_{part}"] for part in ("hit", "predicted", "gold"))
        precision = hit / predicted if predicted else float(gold == 0)
        recall = hit / gold if gold else 1.0
        both = precision + recall
        result |= {
            f"{name}_precision": precision,
            f"{name}_recall": recall,
            f"{name}_f1": 2 * precision * recall / both if both else 0.0,
        }
    for name, asked in RATES.items():
        result[name] = counts[f"{name}_right"] / counts[asked] if counts[asked] else 1.0
    return result
