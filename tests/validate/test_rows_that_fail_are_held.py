"""Great Expectations holds wrong rows with a reason, lets the rest through, and shows no value in its docs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from suivi.clusters import load
from suivi.schema import REGISTERS, register
from suivi.settings import HOUSE
from suivi.validate import docs
from suivi.validate.breakers import too_large
from suivi.validate.check import check

DAY = date(2026, 1, 5)
GOOD = {
    "number": "PROT-2026-01-05/1",
    "meeting_id": "m1",
    "meeting_date": DAY,
    "kind": "action",
    "text": "Partager la note",
    "status": "open",
    "sharing_level": "membres",
    "state": "active",
    "admin1_pcode": ("ML04",),
    "admin2_pcode": ("ML0403",),
}
MEETING = {
    "record_id": "m1",
    "date": DAY,
    "body": "Cluster Protection",
    "body_level": "national",
    "validation": "validated",
    "sharing_level": "membres",
    "state": "active",
}


@pytest.fixture(scope="module")
def cluster():
    return load("mali_protection", HOUSE / "clusters")


def registers(*actions: dict) -> dict:
    frames = {name: register(name).empty() for name in REGISTERS}
    frames["meetings"] = register("meetings").frame([MEETING])
    frames["actions"] = register("actions").frame([GOOD | {"record_id": f"a{i}"} | a for i, a in enumerate(actions)])
    return frames


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"text": None}, "« Action » est vide"),
        ({"status": "bientôt"}, "« Statut » hors liste"),
        ({"deadline_date": date(2025, 12, 31)}, "l'échéance précède la réunion"),
        ({"meeting_id": "unknown"}, "réunion inconnue"),
        ({"admin2_pcode": ("ML9999",)}, "P-code inconnu"),
        ({"admin1_pcode": ("ML05",)}, "le cercle n'est pas dans la région"),
    ],
)
def test_a_wrong_row_is_held_with_its_reason_and_the_good_one_goes_on(cluster, wrong, reason):
    checked = check(registers(wrong, {}), cluster)
    assert [f.record_id for f in checked.failures] == ["a0"]
    assert reason in checked.failures[0].reason
    assert list(checked.frames["actions"]["record_id"]) == ["a1"]
    assert not checked.broken


def test_two_rows_with_one_id_are_both_held(cluster):
    checked = check(registers({"record_id": "same"}, {"record_id": "same"}, {}), cluster)
    assert list(checked.frames["actions"]["record_id"]) == ["a2"]


def test_what_a_person_accepted_is_not_held_again(cluster):
    frames = registers({"deadline_date": date(2025, 12, 31)})
    held = check(frames, cluster).failures
    assert not check(frames, cluster, frozenset(f.held_id for f in held)).failures


def test_a_register_outside_its_bounds_breaks_the_night(cluster):
    from dataclasses import replace

    checked = check(registers({}), replace(cluster, limits={"actions_min": 5}))
    assert "1 lignes" in checked.broken[0]


def test_data_docs_name_expectations_and_counts_but_no_value(cluster, tmp_path: Path):
    checked = check(registers({"status": "Awa Konaté 76 00 00 00"}, {"meeting_id": "Awa Konaté"}), cluster)
    index = docs.write(checked.results, tmp_path, datetime(2026, 11, 24, 2, tzinfo=UTC))
    pages = list(tmp_path.rglob("*.html"))
    assert index in pages
    assert len(pages) > len(REGISTERS)
    assert not [p for p in pages if "Konaté" in p.read_text() or "76 00 00 00" in p.read_text()]
    assert any("status" in p.read_text() for p in pages)


def test_a_change_of_more_than_a_fifth_stops_publication_unless_the_register_is_small(cluster):
    published = {"actions": {f"a{i}": {"state": "active", "text": "Partager la note"} for i in range(100)}}
    quiet = registers(*[{"record_id": f"a{i}"} for i in range(100)])
    assert not too_large(quiet, published, cluster)
    loud = registers(*[{"record_id": f"a{i}", "text": "autre" if i < 21 else "Partager la note"} for i in range(100)])
    assert "21 des 100" in too_large(loud, published, cluster)[0]
    small = {"actions": dict(list(published["actions"].items())[:10])}
    assert not too_large(registers(), small, cluster)
