"""Who does what where, in invented sentences."""

import pytest

from suivi.extract.values import presence
from suivi.models import Block, Locator, Presence, Reading


def found(text: str, language: str = "fr") -> tuple[Presence, ...]:
    reading = Reading(text, (Block("paragraph", text, 0, Locator(paragraph=1)),), "txt")
    return presence.find(reading, language)


CASES = [
    (
        "fr",
        "Dans le cercle de Koro, NRC a procédé à des distributions de NFI.",
        "NRC",
        "distributions de NFI",
        "Koro",
        "completed",
    ),
    ("fr", "DRC a distribué 200 kits NFI aux ménages à Gao.", "DRC", "distribué 200 kits NFI", "Gao", "completed"),
    ("fr", "L'OIM est en train de construire 50 abris à Ménaka.", "OIM", "construire 50 abris", "Ménaka", "ongoing"),
    ("fr", "UNICEF va organiser une formation à Kidal.", "UNICEF", "formation", "Kidal", "planned"),
    ("fr", "UNHCR a l'intention de construire 50 abris à Ménaka.", "UNHCR", "construire 50 abris", "Ménaka", "planned"),
    ("fr", "Le PAM distribuera des vivres à Bankass.", "PAM", "distribuera des vivres", "Bankass", "planned"),
    (
        "fr",
        "Distribution de vivres par le PAM dans le cercle de Koro.",
        "PAM",
        "Distribution de vivres",
        "Koro",
        "ongoing",
    ),
    ("fr", "- NRC : assistance juridique aux déplacés à Gao", "NRC", "assistance juridique", "Gao", "ongoing"),
    (
        "fr",
        "L'ONG ENDA Mali met en œuvre un projet de protection à Sévaré.",
        "ENDA Mali",
        "projet de protection",
        "Sévaré",
        "ongoing",
    ),
    ("en", "NRC is providing legal assistance in Kordam district.", "NRC", "legal assistance", "Kordam", "ongoing"),
    ("en", "IRC distributed 500 dignity kits in Lanta.", "IRC", "distributed 500 dignity kits", "Lanta", "completed"),
    ("en", "UNHCR plans to build shelters in Mera.", "UNHCR", "build shelters", "Mera", "planned"),
    ("en", "WFP will distribute food in Lanta next week.", "WFP", "distribute food", "Lanta", "planned"),
    ("en", "Distribution of NFIs by IOM in Lanta is ongoing.", "IOM", "Distribution of NFIs", "Lanta", "ongoing"),
    (
        "en",
        "DRC has been implementing a protection project in Kordam since May.",
        "DRC",
        "protection project",
        "Kordam",
        "ongoing",
    ),
]


@pytest.mark.parametrize(("language", "text", "who", "what", "where", "status"), CASES)
def test_a_sentence_states_a_presence(language: str, text: str, who: str, what: str, where: str, status: str) -> None:
    (one,) = found(text, language)
    assert (one.organisation, one.activity, one.places, one.status) == (who, what, (where,), status)
    source = one.found.source
    assert text[source.start : source.end] == source.quote


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Il faut que NRC distribue des kits à Gao."),
        ("fr", "OCHA a demandé à NRC d'intervenir à Gao."),
        ("fr", "NRC n'a pas pu distribuer les kits à Gao."),
        ("fr", "Mme Diop (NRC) a présenté les résultats à Bamako."),
        ("fr", "NRC a distribué des kits."),
        ("fr", "Le personnel de NRC a été formé à Gao."),
        ("fr", "Selon OCHA, la situation est calme à Gao."),
        ("en", "UNICEF should provide support in Lanta."),
        ("en", "NRC was requested to assist people in Lanta."),
        ("en", "The people of Lanta need assistance."),
    ],
)
def test_hopes_requests_and_half_statements_are_none(language: str, text: str) -> None:
    assert found(text, language) == ()


def test_a_list_of_actors_is_one_presence_each() -> None:
    text = "Acteurs qui interviennent dans la commune de Sobane : AJDM, NRC (kits UNICEF), Médecins du Monde et MSF F."
    everybody = found(text)
    assert [one.organisation for one in everybody] == ["AJDM", "NRC", "Médecins du Monde", "MSF F"]
    assert {one.activity for one in everybody} == {"interviennent"}
    assert {one.places for one in everybody} == {("Sobane",)}


def test_a_list_takes_the_place_of_the_sentence_before() -> None:
    text = "L'assistance dans le cercle de Bankass continue. Opérateurs qui interviennent à ce stade : NRC et IRC."
    assert [(one.organisation, one.places, one.status) for one in found(text)] == [
        ("NRC", ("Bankass",), "ongoing"),
        ("IRC", ("Bankass",), "ongoing"),
    ]


def test_who_came_or_will_come_is_not_told_apart_and_stays_unsure() -> None:
    text = "Dans le cercle de Koro, autres acteurs qui sont intervenus ou qui vont intervenir : PAM, CRS."
    assert [(one.organisation, one.status) for one in found(text)] == [("PAM", "planned"), ("CRS", "planned")]
    assert all(one.found.confidence < 0.6 for one in found(text))


def test_two_subjects_are_two_presences() -> None:
    text = "IRC et DRC interviennent dans la région de Mopti."
    assert [(one.organisation, one.places) for one in found(text)] == [("IRC", ("Mopti",)), ("DRC", ("Mopti",))]


@pytest.mark.parametrize(
    ("language", "text", "who"),
    [
        ("fr", "Avec l'appui de l'UNHCR, INTERSOS assure le monitoring de protection à Gao.", "INTERSOS"),
        (
            "fr",
            "Plan International, en partenariat avec AMSS, met en œuvre un projet d'éducation à Gao.",
            "Plan International",
        ),
        ("en", "Together with local authorities, NRC has opened a legal aid centre in Kordam district.", "NRC"),
    ],
)
def test_who_helps_is_not_who_acts(language: str, text: str, who: str) -> None:
    assert [one.organisation for one in found(text, language)] == [who]


@pytest.mark.parametrize(
    "text",
    [
        "Actualiser la cartographie des acteurs de protection de la région de Mopti\nResponsable : OCHA",
        "Partager avec NRC la liste des acteurs présents à Gao : NRC, DRC.",
    ],
)
def test_an_order_is_no_presence(text: str) -> None:
    assert found(text) == ()
