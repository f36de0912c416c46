"""Organisations to acronyms and places to P-codes; what is not known is an issue, never a guess."""

from __future__ import annotations

import pytest
from minutes_by_hand import action, cluster, night, of, row

from suivi.models import Attendee
from suivi.registers.names import Names
from suivi.registers.places import agree, resolve

NAMES = Names(cluster())


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("HCR", ["UNHCR"]),
        ("le HCR", ["UNHCR"]),
        ("ICRC", ["CICR"]),
        ("IOM", ["OIM"]),
        ("World Food Programme", ["PAM"]),
        ("PAM/WFP", ["PAM", "PAM"]),
        ("MSF France", ["MSF-F"]),
        ("MINUSMA (CAD, POC)", ["MINUSMA"]),
        ("la POC", ["MINUSMA"]),
        ("Développement Social", ["DNDS"]),
        ("Protection civile", ["Protection civile"]),
        ("ABA-ROLI", ["ABA-ROLI"]),
        ("OCHA- CCP", ["OCHA", "CCP"]),
        ("OCHA-CCP", ["OCHA", "CCP"]),
        ("UNHCR / NRC", ["UNHCR", "NRC"]),
        ("NRC et DRC", ["NRC", "DRC"]),
        ("UNHCR Mopti", ["UNHCR"]),
        ("Norwegian Refugee Council (NRC)", ["NRC"]),
        ("Conseil norvégien pour les réfugies", ["NRC"]),
        ("chef de file", ["lead"]),
        ("co-facilitator", ["co-facilitateur"]),
        ("Acteurs Humanitaires", ["Acteurs humanitaires"]),
        ("membres du CP", ["Membres du cluster"]),
        ("all members", ["Membres du cluster"]),
        ("sous-cluster VBG", ["Sous-cluster VBG"]),
        ("Cluster Santé", ["Cluster Santé"]),
        ("EHP", ["EHP"]),
        ("équipe du bureau OIM", ["OIM"]),
    ],
)
def test_who_is_meant(written, names):
    assert [party.name for party in NAMES.parties(written)] == names


@pytest.mark.parametrize("written", ["XYZ", "ONG Sourire", "NRD", "UNHCRR", "plan", ""])
def test_what_is_not_known_is_nobody(written):
    assert {party.kind for party in NAMES.parties(written)} == {"unknown"}


def test_a_short_name_that_is_nearly_known_is_only_suggested():
    assert NAMES.party("TASSAGTH").kind == "unknown"
    assert NAMES.party("TASSAGHTT").suggestion == "TASSAGHT"


def test_people_stand_for_the_organisation_of_the_attendance_list():
    present = [Attendee("Zéphirine Okolo", "NRC"), Attendee("Tiécoura Fané", "Association inconnue")]
    for written in ("Zéphirine Okolo", "OKOLO Zéphirine", "Mme Okolo", "ZO", "Z.O."):
        assert [(p.kind, p.name) for p in NAMES.parties(written, present)] == [("person", "NRC")], written
    assert [(p.kind, p.name) for p in NAMES.parties("T. Fané", present)] == [("person", "")]


def test_initials_that_several_could_be_say_no_organisation():
    present = [
        Attendee("Moussanou Kalibé", "NRC"),
        Attendee("Mariamou Kéitala", "DRC"),
        Attendee("Awanou Diassa", "IRC"),
    ]
    assert [(p.kind, p.name) for p in NAMES.parties("A. D.", present)] == [("person", "IRC")]
    assert [(p.kind, p.name) for p in NAMES.parties("M. K.", present)] == [("person", "")]


def test_an_unknown_owner_is_an_issue_and_the_row_keeps_what_was_written():
    registers = night(of("2026-01-14", action("Partager la liste", "XYZ", "OCHA")))
    found = row(registers, "actions")
    assert (found["responsible"], found["responsible_as_written"]) == (("OCHA",), "XYZ / OCHA")
    assert [(i.type, i.value) for i in registers.issues] == [("organisation_unknown", "XYZ")]
    assert [held.held_id for held in registers.held] == ["organisation:xyz"]


@pytest.mark.parametrize(
    ("written", "sentence", "admin1", "admin2"),
    [
        (("Macina", "Niono", "Tenenkou"), "", ("ML04", "ML05"), ("ML0403", "ML0404", "ML0507")),
        (("cercles de Macina, Niono et Tenenkou",), "", ("ML04", "ML05"), ("ML0403", "ML0404", "ML0507")),
        (("Mopti",), "dans le cercle de Mopti", ("ML05",), ("ML0506",)),
        (("Mopti",), "dans la région de Mopti", ("ML05",), ()),
        (("Mopti",), "", ("ML05",), ()),
        (("Gao",), "in Ansongo and Gao districts", ("ML07",), ("ML0703",)),
        (("Ségo",), "", ("ML04",), ()),
        (("SEGOU",), "", ("ML04",), ()),
        (("Timbuktu",), "", ("ML06",), ()),
        (("Ménaka", "Andéramboukane"), "", ("ML10",), ("ML1002",)),
        (("région de Mopti", "Douantza"), "", ("ML05",), ("ML0504",)),
        (("ML0404",), "", ("ML04",), ("ML0404",)),
        (("MLI0404",), "", ("ML04",), ("ML0404",)),
        (("Konna",), "", ("ML05",), ("ML0506",)),
        (("Mali",), "", (), ()),
    ],
)
def test_where_it_is(written, sentence, admin1, admin2):
    found = resolve(written, sentence)
    assert (found.admin1_codes, found.admin2_codes, found.unknown) == (admin1, admin2, ())


def test_a_misspelling_without_its_region_is_unknown():
    assert resolve(("Douantza",)).unknown == ("Douantza",)
    assert resolve(("Douantza",), region="ML05").admin2_codes == ("ML0504",)


def test_a_name_of_a_region_and_a_cercle_is_said_unless_something_decides():
    assert resolve(("Mopti",)).ambiguous == ("Mopti",)
    assert resolve(("Mopti",), "cercle de Mopti").ambiguous == ()
    assert resolve(("Bamako",)).ambiguous == ()


def test_codes_of_other_lists_are_tolerated_and_said():
    assert resolve(("MLI0404",)).old_codes == ("MLI0404",)
    assert resolve(("ML0799",)).admin1_codes == ("ML07",)
    assert resolve(("ML0799",)).old_codes == ("ML0799",)
    assert resolve(("ML9901",)).unknown == ("ML9901",)


def test_a_village_is_below_the_commune_that_bears_its_name():
    found = resolve(("village de Niono",))
    assert (found.admin2_codes, found.below) == (("ML0404",), True)
    assert resolve(("village de Sokourani",)).unknown == ("village de Sokourani",)


@pytest.mark.parametrize(
    ("code", "name", "right"),
    [
        ("ML0404", "Niono", True),
        ("ML0404", "NIONO", True),
        ("ML0404", "Macina", False),
        ("ML0504", "Douantza", True),
        ("ML9999", "Niono", False),
        ("ML1001", "Anderamboukane", False),
    ],
)
def test_code_and_name_are_checked_together(code, name, right):
    assert agree(code, name) is right


def test_a_region_of_2023_is_read_as_its_cercles_and_said():
    found = resolve(("région de Koutiala",))
    assert (found.admin1_codes, found.admin2_codes) == (("ML03",), ("ML0304", "ML0307"))
    assert found.new_regions == ("région de Koutiala",)
    assert resolve(("Bandiagara",), "dans la région de Bandiagara").admin2_codes == ("ML0501", "ML0502", "ML0505")
    cercle = resolve(("Koutiala",), "dans le cercle de Koutiala")
    assert (cercle.admin2_codes, cercle.new_regions) == (("ML0304",), ())


def test_a_region_that_exists_in_both_lists_stays_a_region():
    found = resolve(("région de Mopti",))
    assert (found.admin1_codes, found.admin2_codes, found.new_regions) == (("ML05",), (), ())


def test_a_code_of_2023_without_a_name_says_nothing():
    assert resolve(("ML1602",)).unknown == ("ML1602",)
