"""Trainings, workshops, missions with their days, in invented sentences; the meeting is of 5 April 2017."""

from datetime import date

import pytest

from suivi.extract.values import events
from suivi.models import Block, Locator, Reading

CASES = [
    (
        "- La formation du sous-cluster VBG sur la prise en charge clinique du 3 au 6 avril 2017",
        "formation du sous-cluster VBG sur la prise en charge clinique",
        "2017-04-03",
        "2017-04-06",
        None,
    ),
    (
        "Un atelier sur la coordination se tiendra le 12 mai à Gao.",
        "atelier sur la coordination",
        "2017-05-12",
        None,
        "Gao",
    ),
    ("Le 12 mai, un atelier de validation aura lieu à Mopti.", "atelier de validation", "2017-05-12", None, "Mopti"),
    ("Mission conjointe à Koro prévue du 3 au 5 juin.", "Mission conjointe à Koro", "2017-06-03", "2017-06-05", "Koro"),
    (
        "Formation des points focaux (12-14 juin 2017, Ségou)",
        "Formation des points focaux",
        "2017-06-12",
        "2017-06-14",
        "Ségou",
    ),
    (
        "Du 16 au 18 mai : formation des acteurs sur le monitoring",
        "formation des acteurs sur le monitoring",
        "2017-05-16",
        "2017-05-18",
        None,
    ),
    (
        "A training on PSEA will take place on 9-11 May 2017 in Kordam.",
        "training on PSEA",
        "2017-05-09",
        "2017-05-11",
        "Kordam",
    ),
    (
        "On 20 June, a webinar on data responsibility will be held.",
        "webinar on data responsibility",
        "2017-06-20",
        None,
        None,
    ),
]


def reading(text: str) -> Reading:
    return Reading(text, (Block("paragraph", text, 0, Locator(paragraph=1)),), "txt")


@pytest.mark.parametrize(("text", "title", "start", "end", "place"), CASES)
def test_an_event_has_title_days_and_place(
    text: str, title: str, start: str, end: str | None, place: str | None
) -> None:
    (event,) = events.find(reading(text), date(2017, 4, 5))
    assert (event.title, event.start, event.end, event.place) == (title, start, end, place)
    assert event.found.source.quote in text


@pytest.mark.parametrize(
    "text",
    [
        "Transmettre le rapport de la formation avant le 5 mai.",
        "Send the training report by 5 May.",
        "La réunion du 5 mai est annulée.",
        "La formation aura lieu bientôt.",
    ],
)
def test_a_deadline_a_meeting_and_a_dateless_event_are_none(text: str) -> None:
    assert events.find(reading(text), date(2017, 4, 5)) == ()
