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


@pytest.mark.parametrize(
    "text",
    [
        "Évaluation rapide multisectorielle dans le cercle de Niono",
        "Rapid needs assessment in Macina",
        "Joint mission to Ménaka",
        "Acheminer des vivres à Ménaka",
        "Déployer une équipe mobile à Ansongo",
        "Deploy a mobile team to Ansongo",
        "Remise de kits à Bourem",
        "Hand over kits in Gao",
        "Sortie terrain à Djenné",
        "Évaluer les besoins à Koro",
    ],
)
def test_an_action_that_says_where_a_team_will_be_is_to_come(text):
    assert raised(text, to_do=True) == ["movement"]


@pytest.mark.parametrize(
    "text",
    [
        "Partager les résultats de l'évaluation rapide de Koro",
        "Share the findings of the rapid assessment in Niono",
        "Transmettre le rapport de mission de Ménaka",
        "Finaliser l'outil d'évaluation rapide",
        "Assess the quality of referral pathways in Gao",
        "Remettre le rapport trimestriel au bureau de Gao",
        "Envoyer la liste des membres de Mopti",
    ],
)
def test_papers_about_a_movement_and_other_work_at_a_place_are_none(text):
    assert raised(text, to_do=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "M. K. fera le point",
        "M.K. fera le point",
        "MK to share the list",
        "Le point sera fait par AS",
        "A.S. partagera la matrice",
        "J.L.O. s'en charge",
        "Z. Q. fera la note",
        "À faire : TF",
    ],
)
def test_initials_in_running_text_are_a_person(text):
    people = known_names(["Mariam Konta", "Awa Sall", "Jean-Luc Obé", "Tiécoura Fané"])
    assert raised(text, people) == ["personal"]


@pytest.mark.parametrize(
    "text",
    [
        "CP to share the list",
        "Le PV sera partagé",
        "O.N.G. nationales et R.D.C.",
        "S.O.P. to be shared",
        "A. Situation générale",
        "Annexe A. B. et C.",
        "DS fera la note",
        "PE et VBG : à suivre",
    ],
)
def test_acronyms_and_numbering_are_no_initials(text):
    people = known_names(["Cheick Pâté", "Paul Vidal", "Salif Obo Pérou", "Didier Soro", "Paule Essou"])
    assert raised(text, people) == []


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
