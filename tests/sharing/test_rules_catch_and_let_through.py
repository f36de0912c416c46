"""Every class of *Do no harm*: what its rule must catch and the traps that it must let through, French and English."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from suivi.sharing.persons import known_names
from suivi.sharing.rules import raised, rules

TABLE = YAML(typ="safe").load((Path(__file__).parent / "wording_by_rule.yaml").read_text(encoding="utf-8"))


def _lines(kind: str) -> list[tuple[str, str]]:
    return [(rule, text) for rule, found in TABLE.items() for text in found[kind]]


@pytest.mark.parametrize(("rule", "text"), _lines("raised"))
def test_raises(rule, text):
    assert rule in raised(text), raised(text)


@pytest.mark.parametrize(("rule", "text"), _lines("kept"))
def test_lets_through(rule, text):
    assert rule not in raised(text)


def test_a_noun_alone_is_to_come_in_an_action_and_not_in_an_activity():
    assert raised("Mission de suivi dans le cercle de Koro", to_do=True) == ["movement"]
    assert raised("Distribution de kits", to_do=False) == []


def test_every_rule_of_the_file_has_its_lines_in_this_table():
    assert {rule.id for rule in rules()} == set(TABLE)


def test_a_name_of_the_attendance_list_is_known_in_both_orders_and_any_case():
    people = known_names(["Zéphirine Okolo-Bé", "M. Tiécoura Fané"])
    assert raised("Okolo-Bé Zéphirine transmettra la liste", people) == ["personal"]
    assert raised("voir avec TIECOURA FANE", people) == ["personal"]


def test_one_name_of_the_attendance_list_alone_is_a_person_unless_it_is_something_else():
    people = known_names(["Zéphirine Okolo", "Ségou Protection", "Action Point Focal", "Kayes Niono"])
    assert raised("Okolo transmettra la liste", people) == ["personal"]
    assert raised("Remercier ZEPHIRINE pour la liste", people) == ["personal"]
    assert raised("la protection à Niono et Ségou", people) == []
    assert raised("Point focal de la région de Kayes", people) == []


def test_consent_opens_the_organisation_and_its_sections_only():
    assert raised("MSF-F et MSF Espagne interviennent", consent=("MSF",)) == []
    assert raised("Le CICR intervient", consent=("MSF",)) == ["consent_list"]
    assert raised("ICRC has agreed", consent=("CICR",)) == []


def test_reasons_are_said_in_both_languages():
    assert all(rule.reason["fr"] and rule.reason["en"] for rule in rules())
