"""The sample drive read for real: people, phones, communes, movements and figures planted in it stay internal."""

from __future__ import annotations

import pytest
from minutes_by_hand import HOUSE, cluster, night

from suivi.documents import read
from suivi.extract import extract
from suivi.registers import StoredMinutes
from suivi.sharing import Knowledge, apply, view

DRIVE = HOUSE / "samples" / "mali_protection"
# include/samples/README.md, "What is planted"
PLANTED = (
    "Kassambara", "66 00 12 34", "Diallassagou", "350 militaires", "gendarmes", "27 cas", "143 cas", "non accompagnés",
    "mission conjointe", "CICR", "MSF",
)  # fmt: skip


@pytest.fixture(scope="module")
def registers():
    stored = []
    for path in sorted(path for path in DRIVE.rglob("*") if path.is_file() and not path.name.startswith("~$")):
        name = path.relative_to(DRIVE).as_posix()
        stored.append(StoredMinutes(name, extract(read(path.read_bytes(), name), name), name))
    return night(*stored, today="2026-11-24")


@pytest.mark.parametrize("planted", PLANTED[:3])
def test_it_stands_in_the_internal_registers(registers, planted):
    assert any(planted in view(frame, name, "interne").to_csv() for name, frame in registers.frames.items())


@pytest.mark.parametrize("generous", [False, True])
def test_it_stands_in_no_shared_one_whatever_the_policy(registers, generous):
    text = ""
    for name, frame in registers.frames.items():
        if generous:
            body = cluster(sharing={"policy": dict.fromkeys(registers.frames, "public")})
            frame = apply(frame, name, body, Knowledge(registers.names))
        text += view(frame, name, "membres").to_csv()
    assert [planted for planted in PLANTED if planted.casefold() in text.casefold()] == []
    assert text.count("\n") > 50
