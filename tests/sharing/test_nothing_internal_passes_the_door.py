"""The only door: 1,000 random policies over 8,000 random rows, whatever the registers say of themselves.

Behind the door stand the outputs: of every twenty-second case CSV and JSON exports and the rows for the ORS, of every
eighty-eighth the XLSX and Word files too. The sheets, mails, Data Docs, notes and logs of a whole night are looked at
in tests/commands/test_levels_and_actors.py.
"""

from __future__ import annotations

import io
import json
import random
import zipfile
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from minutes_by_hand import cluster

from suivi import schema
from suivi.errors import ConfigurationError
from suivi.publish import ors_rows
from suivi.publish.exports import export, followup_docx
from suivi.registers.inputs import ActionEvent
from suivi.sharing import Knowledge, apply, known_names, view
from suivi.sharing.rules import raised, rules

PEOPLE = known_names(["Zéphirine Okolo", "Tiécoura Fané"])
# What no output below `interne` may hold, each with the words around it.
SECRETS = (
    "Zéphirine Okolo", "Mme Kalidou", "76 12 34 56", "+223 66 00 12 34", "secret@exemple.org", "commune de Mopti",
    "village de Sokourani", "600 militaires", "12 cas de viol", "37 enfants non accompagnés", "éleveurs peuls",
    "convoi prévu le 3 juin", "CICR", "MSF France",
)  # fmt: skip
HARMLESS = ("partager la matrice", "relire le circuit", "note sur la région de Ségou", "finaliser le plan", "")
HIDDEN = {name: {f.name for f in schema.register(name).fields if f.level == "interne"} for name in schema.REGISTERS}
# Ids, codes and names of the reference lists: they hold no wording of the minutes.
OURS = {
    "number": "PROT-2026-05-01/1", "meeting_id": "m", "state": "active", "code": "PROT-01", "name": "Indicateur",
    "cluster": "PRO", "country": "MLI", "organisation_name": "", "organisation_type": "", "month": "2026-05",
    "organisations": ("UNHCR", "CICR", "MSF-F"), "admin1_pcode": None, "admin1_name": None, "admin2_pcode": None,
    "admin2_name": None,
}  # fmt: skip


def _wording(chance: random.Random) -> str:
    secret = chance.choice(SECRETS) if chance.random() < 0.25 else ""
    return f"{chance.choice(HARMLESS)} {secret} {chance.choice(HARMLESS)}".strip()


def _value(field: schema.Field, chance: random.Random) -> object:
    if field.name in OURS:
        return OURS[field.name]
    if field.codes and field.type == "text":
        return chance.choice(field.allowed())
    if field.type == "list":
        return tuple(_wording(chance) for _ in range(chance.randrange(3)))
    values = {"date": date(2026, 5, 1), "integer": 600, "number": 600.0, "flag": None}
    return values[field.type] if field.type in values else _wording(chance)


def _frame(name: str, chance: random.Random) -> pd.DataFrame:
    rows = [
        {field.name: _value(field, chance) for field in schema.register(name).fields} | {"record_id": f"r{number}"}
        for number in range(8)
    ]
    return schema.register(name).frame(rows)


def _policy(chance: random.Random) -> dict[str, str]:
    return {name: chance.choice(schema.LEVELS) for name in schema.REGISTERS}


def _text(frame: pd.DataFrame) -> str:
    return " ".join(str(value) for value in frame.to_numpy().ravel()).casefold()


LIVES = [
    ActionEvent(f"r{number}", "mentioned", date(2026, 5, 1), "m", "doc", f"Appeler {SECRETS[number]}")
    for number in range(8)
]


def _outputs(frame: pd.DataFrame, name: str, level: str, all_formats: bool) -> str:
    """What the outputs of a register say below `interne`, as one text."""
    frames = {name: frame}
    told = [export(frames, LIVES, name, kind, level, "fr", names=PEOPLE).decode() for kind in ("csv", "json")]
    lives = [{"record_id": each.record_id, "date": each.day, "kind": each.kind, "quote": each.quote} for each in LIVES]
    told.append(json.dumps(ors_rows.wanted(frames, lives, names=PEOPLE), ensure_ascii=False, default=str))
    if all_formats:
        packed = [export(frames, LIVES, name, "xlsx", level, "fr", names=PEOPLE)]
        packed += [followup_docx(frames, cluster(), level, names=PEOPLE)] if name == "actions" else []
        for data in packed:
            book = zipfile.ZipFile(io.BytesIO(data))
            told += [book.read(part).decode(errors="replace") for part in book.namelist() if part.endswith(".xml")]
    return " ".join(told).casefold()


def test_no_internal_value_is_reachable_below_its_level_in_1000_policies_and_8000_rows():
    chance = random.Random(20261124)
    shown = 0
    for case in range(1000):
        name = schema.REGISTERS[case % len(schema.REGISTERS)]
        drafts = frozenset(chance.sample([f"r{n}" for n in range(8)], 2))
        body = cluster(sharing={"policy": _policy(chance), "consent": []})
        frame = apply(_frame(name, chance), name, body, Knowledge(PEOPLE, drafts))
        levels = dict(zip(frame["record_id"], frame["sharing_level"], strict=True))
        for level, passing in (("membres", {"membres", "public"}), ("public", {"public"})):
            out = view(frame, name, level, names=PEOPLE)
            assert not [secret for secret in SECRETS if secret.casefold() in _text(out)], (case, name, level)
            assert not HIDDEN[name] & set(out.columns)
            assert not drafts & set(out["record_id"])
            assert {levels[record] for record in out["record_id"]} <= passing
            shown += len(out)
            if case % 22 == 0:  # every register in turn
                told = _outputs(frame, name, level, case % 88 == 0)
                assert not [secret for secret in SECRETS if secret.casefold() in told], (case, name, level)
    assert shown > 500  # the door is no wall


def test_a_lowered_row_still_keeps_people_back():
    chance = random.Random(7)
    for case in range(100):
        name = schema.REGISTERS[case % len(schema.REGISTERS)]
        asked = chance.choice(["membres", "public"])
        lowered = {f"r{number}": (asked, 3) for number in range(8)}
        body = cluster(sharing={"policy": _policy(chance), "consent": []})
        frame = apply(_frame(name, chance), name, body, Knowledge(PEOPLE, frozenset(), lowered))
        assert set(frame["sharing_level"]) == {asked}
        out = view(frame, name, asked, names=PEOPLE)
        assert not [secret for secret in SECRETS[:5] if secret.casefold() in _text(out)]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_judged(text):
    assert set(raised(text, PEOPLE)) <= {rule.id for rule in rules()}


def test_internal_sees_every_row_and_column():
    frame = apply(
        schema.register("actions").frame([{"record_id": "r", "text": "Appeler le 76 12 34 56"}]), "actions", cluster()
    )
    assert list(view(frame, "actions", "interne").columns) == [f.name for f in schema.register("actions").fields]
    assert len(view(frame, "actions", "interne")) == 1


def test_an_unknown_level_is_an_error_that_names_the_levels():
    with pytest.raises(ConfigurationError, match="interne, membres or public"):
        view(schema.register("actions").empty(), "actions", "secret")


def test_consent_shows_the_organisation_in_the_attendance_of_a_meeting():
    frame = apply(
        schema.register("meetings").frame(
            [{"record_id": "m", "organisations": ("UNHCR", "CICR", "MSF-F"), "state": "active"}]
        ),
        "meetings",
        cluster(),
    )
    assert view(frame, "meetings", "membres")["organisations"][0] == ("UNHCR",)
    assert view(frame, "meetings", "membres", consent=["MSF"])["organisations"][0] == ("UNHCR", "MSF-F")
