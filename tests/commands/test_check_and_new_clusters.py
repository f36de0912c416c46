"""`suivi check` names what to fix, and a wrong cluster file names its line and the remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from house import House, house_in
from suivi import clusters
from suivi.errors import ConfigurationError
from suivi.reference import HOUSE
from suivi.steps.check import check_cluster

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SAMPLE = (HOUSE / "clusters" / "mali_protection.yaml").read_text()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, sheets_server: str) -> Iterator[House]:
    yield from house_in(tmp_path_factory.mktemp("told"), sheets_server)


@pytest.fixture
def house(told: House) -> House:
    told.configure()
    return told


def outcomes(house, **more) -> dict[str, tuple[bool, str]]:
    found = check_cluster("mali_protection", house.settings, NOON, **more)
    return {outcome.what: (outcome.fine, outcome.sentence) for outcome in found}


def test_everything_a_cluster_needs_is_tried_and_said_in_its_language(house):
    found = outcomes(house)
    assert [what for what, (fine, _) in found.items() if not fine] == []
    assert set(found) == {
        "configuration",
        "time zone",
        "catalogue",
        "ledger",
        "store",
        "drive echantillons",
        "internal sheet",
        "shared sheet",
        "ORS",
        "mail",
    }
    assert "prochaine nuit le 25/11 à 02:00" in found["time zone"][1]
    house.configure(language="en", schedule=None)
    found = outcomes(house)
    assert "only when triggered" in found["time zone"][1]
    assert "accepts the token" in found["ORS"][1]


def test_the_catalogue_and_places_must_be_known(house):
    plain = yaml.safe_load(SAMPLE)
    house.configure(indicators=[*plain["indicators"], plain["indicators"][0]])
    assert outcomes(house)["catalogue"] == (
        False,
        "Code en double dans `indicators` : PROT-01. Gardez-en un seul de chaque.",
    )
    house.configure(bodies=[{**plain["bodies"][0], "place": "ML99"}])
    assert "P-codes inconnus : ML99" in outcomes(house)["catalogue"][1]
    house.configure(aliases={"la maison": "NADA"})
    assert "Organisations inconnues : NADA" in outcomes(house)["catalogue"][1]


def test_mail_is_tried_where_somebody_is_to_be_written_to(house):
    house.configure(reminders={"officer": "im@example.org"})
    assert "le DAG `check` l'essaie" in outcomes(house)["mail"][1]
    fine, sentence = outcomes(house, mail=lambda _: False)["mail"]
    assert not fine
    assert "Créez la connexion 'suivi_smtp'" in sentence
    assert outcomes(house, mail=lambda _: True)["mail"][0]


def test_an_ors_that_is_not_there_is_a_sentence(house):
    gone = replace(house.settings, ors_url="http://127.0.0.1:9")
    found = check_cluster("mali_protection", gone, NOON)
    assert "Vérifiez l'adresse et le service" in next(o.sentence for o in found if o.what == "ORS")


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


@pytest.mark.parametrize(
    ("right", "wrong", "remedy"),
    [
        ('schedule: "0 2 * * *"', 'schedule: "à deux heures"', 'such as "0 2 * * *"'),
        ("timezone: Africa/Bamako", "timezone: Africa/Bamakoo", "Write one like Africa/Bamako"),
        ("language: fr", "language: français", "Expected: fr or en"),
        ("short: PROT ", "short: prot ", "two to ten capital letters"),
        ("level: regional, fr: Cluster Protection Mopti", "level: région, fr: Cluster Protection Mopti", "sub-cluster"),
        ("due_day: 5", "due_day: 55", "See the README"),
        ("meetings: membres", "meetings: tous", "interne, membres or public"),
        ("hxl: true", "hxI: true", "Expected: hxl"),
        ("owner: im-protection", "owner: [", "no valid YAML"),
    ],
)
def test_a_wrong_line_is_named_with_its_number_and_the_remedy(tmp_path: Path, right: str, wrong: str, remedy: str):
    assert SAMPLE.count(right) == 1
    text = SAMPLE.replace(right, wrong)
    path = tmp_path / "mali_protection.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        clusters.parse(path)
    sentence = str(caught.value)
    assert remedy in sentence
    assert f"line {line_of(text, wrong)}:" in sentence


def test_a_key_that_stands_twice_is_refused_with_both_lines(tmp_path: Path):
    path = tmp_path / "mali_protection.yaml"
    path.write_text(SAMPLE + "timezone: Africa/Dakar\n")
    with pytest.raises(ConfigurationError) as caught:
        clusters.refuse_doubles(path)
    assert f"stands already on line {line_of(SAMPLE, 'timezone:')}" in str(caught.value)
