"""Reference tables: each says source, date and licence; codes have parents; a name means one organisation."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from suivi.reference import REFERENCE, load_csv
from suivi.sharing.wording import fold

OURS = (
    "places.csv",
    "regions_2023.csv",
    "organisations.csv",
    "organisation_types.csv",
    "clusters.csv",
    "owner_groups.csv",
    "person_names.csv",
)
RULES = ("sharing_rules.yaml", "word_lists.yaml")


@pytest.mark.parametrize("name", [*OURS, *RULES])
def test_a_table_begins_with_source_date_and_licence(name):
    head = [line for line in (REFERENCE / name).read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    for key in ("# source:", "# date:", "# licence:"):
        assert any(line.startswith(key) and len(line) > len(key) + 3 for line in head), key


def test_regions_of_2023_are_made_of_cercles_of_the_places_and_of_no_two_regions():
    places = {row["pcode"]: row for row in load_csv("places.csv")}
    cercles = [code for row in load_csv("regions_2023.csv") for code in row["cercles"].split("|")]
    assert all(places[code]["level"] == "2" for code in cercles)
    assert max(Counter(cercles).values()) == 1
    assert [row["code"] for row in load_csv("regions_2023.csv")] == [str(number) for number in range(11, 20)]


def test_the_codes_that_the_ground_rules_name_are_right():
    places = {row["pcode"]: row for row in load_csv("places.csv")}
    known = {
        "ML04": "Ségou",
        "ML05": "Mopti",
        "ML10": "Ménaka",
        "ML0403": "Macina",
        "ML0404": "Niono",
        "ML0507": "Ténenkou",
    }
    assert {code: places[code]["name"] for code in known} == known
    # The 5W's own list has Ménaka's cercles in another order; COD-AB is right.
    assert places["ML1001"]["name"] == "Ménaka"
    assert places["ML100101"]["parent"] == "ML1001"


def test_every_place_lies_in_the_place_its_code_says():
    places = {row["pcode"]: row for row in load_csv("places.csv")}
    assert len(places) == len(load_csv("places.csv"))
    for code, row in places.items():
        level = int(row["level"])
        if level:
            parent = places[row["parent"]]
            assert int(parent["level"]) == level - 1, code
            assert level == 1 or code.startswith(row["parent"]), code
    assert Counter(row["level"] for row in places.values()) >= Counter({"1": 10, "2": 53, "3": 650})


def test_a_name_or_alias_means_one_organisation():
    owners: dict[str, set[str]] = {}
    for row in load_csv("organisations.csv"):
        for name in filter(None, (row["acronym"], row["name"], *row["aliases"].split("|"))):
            owners.setdefault(fold(name), set()).add(row["acronym"])
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}


def test_types_of_organisations_are_of_the_list():
    types = {row["type"] for row in load_csv("organisation_types.csv")}
    assert {row["type"] for row in load_csv("organisations.csv")} <= types | {""}


def test_common_names_are_no_organisation_and_no_place():
    words = {fold(name) for row in load_csv("person_names.csv") for name in row["names"].split("|")}
    acronyms = {fold(row["acronym"]) for row in load_csv("organisations.csv")}
    regions = {fold(row["name"]) for row in load_csv("places.csv") if row["level"] in ("1", "2")}
    assert words & (acronyms | regions) == set()


def test_no_table_holds_a_path_of_a_machine():
    for path in Path(REFERENCE).glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert [folder for folder in ("home", "work") if f"/{folder}/" in text] == []
