"""The same action in later minutes: eleven hand-made series, pairwise F1, and the confusions printed."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

from minutes_by_hand import action, minutes, night, stored
from ruamel.yaml import YAML

SERIES = YAML(typ="safe").load((Path(__file__).parent / "linking_series.yaml").read_text(encoding="utf-8"))["series"]
TARGET = 0.92
Pair = frozenset[str]


def _documents(series: dict[str, Any]) -> tuple[list[Any], dict[str, str]]:
    """Stored minutes and mention label → life; a label names day, wording and places."""
    documents, lives = [], {}
    for meeting in series["meetings"]:
        actions = []
        for life, text, owners, options in meeting["actions"]:
            label = " ".join([str(meeting["day"]), text, *(f"({place})" for place in options.get("p", ()))])
            lives[label] = f"{series['name']} {life}"
            actions.append(
                action(
                    text,
                    *owners,
                    quote=label,
                    review=bool(options.get("r")),
                    status=options.get("s", "open"),
                    places=tuple(options.get("p", ())),
                )
            )
        document = f"{series['body']} {meeting['day']}"
        documents.append(stored(minutes(document, str(meeting["day"]), actions, body=series["body"])))
    return documents, lives


def _pairs(groups: dict[str, str]) -> set[Pair]:
    """Pairs of mentions that share a life."""
    return {frozenset(pair) for pair in combinations(sorted(groups), 2) if groups[pair[0]] == groups[pair[1]]}


def _linked() -> tuple[set[Pair], set[Pair], set[Pair]]:
    """Pairs of the careful reader, pairs that the registers link, pairs that they ask about."""
    documents, lives = [], {}
    for series in SERIES:
        found, truth = _documents(series)
        documents += found
        lives |= truth
    registers = night(*documents, today="2025-05-01")
    got = {event.quote: event.record_id for event in registers.events}
    assert set(got) == set(lives)
    record_of = {record: quote for quote, record in got.items()}
    asked = {frozenset((held.quote, record_of[held.values["into"]])) for held in registers.held if held.kind == "link"}
    return _pairs(lives), _pairs(got), asked


def test_linking_reaches_the_target_and_says_what_it_confuses(capsys):
    wanted, got, asked = _linked()
    right = len(wanted & got)
    precision, recall = right / len(got), right / len(wanted)
    f1 = 2 * precision * recall / (precision + recall)
    with capsys.disabled():
        print(
            f"\nlinking: {len(SERIES)} series, {len(wanted)} true pairs, P {precision:.2f} R {recall:.2f} F1 {f1:.3f}"
        )
        for name, pairs in (("wrongly linked", got - wanted), ("missed", wanted - got), ("asked about", asked)):
            for pair in sorted(map(sorted, pairs)):
                print(f"  {name}: {pair[0]}  ~  {pair[-1]}")
    assert f1 >= TARGET


def test_series_have_the_size_that_the_issue_asks_for():
    assert len(SERIES) >= 3
    assert all(len(series["meetings"]) >= 4 for series in SERIES)
