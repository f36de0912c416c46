"""Entries of the held queue: one question each, the same id every night."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suivi.issues import place
from suivi.models import Found, Locator
from suivi.registers.inputs import Held
from suivi.registers.meetings import Meeting

_WORDS: dict[str, dict[str, str]] = {
    "row": {"fr": "passage à confirmer : {why}", "en": "passage to confirm: {why}"},
    "row_do": {"fr": "accepter publie la ligne telle quelle", "en": "accepting publishes the row as it is"},
    "link": {
        "fr": "peut-être la même action que {other} ({score} %)",
        "en": "perhaps the same action as {other} ({score} %)",
    },
    "link_do": {
        "fr": "accepter réunit les deux lignes sous {other}",
        "en": "accepting joins the two rows under {other}",
    },
    "edit": {
        "fr": "la réunion du {day} dit « {said} », votre correction « {edit} »",
        "en": "the meeting of {day} says “{said}”, your correction “{edit}”",
    },
    "edit_do": {"fr": "accepter prend ce que dit la réunion", "en": "accepting takes what the meeting says"},
    "organisation": {"fr": "organisation inconnue, {count} fois", "en": "unknown organisation, {count} times"},
    "organisation_do": {
        "fr": "accepter : c'est {suggestion} ; sinon corriger en donnant le sigle",
        "en": "accepting: it is {suggestion}; else correct with the acronym",
    },
    "organisation_ask": {"fr": "corriger en donnant le sigle", "en": "correct with the acronym"},
    "indicator": {
        "fr": "chiffre qui ressemble à l'indicateur {code}",
        "en": "figure that looks like indicator {code}",
    },
    "indicator_do": {
        "fr": "accepter en fait la valeur réalisée de {code} pour {month}",
        "en": "accepting makes it the achieved value of {code} for {month}",
    },
    "meeting": {
        "fr": "PV sans date : rien n'en est repris",
        "en": "minutes without a date: nothing is taken from them",
    },
    "meeting_do": {"fr": "corriger en donnant la date (AAAA-MM-JJ)", "en": "correct with the date (YYYY-MM-DD)"},
}


def say(key: str, language: str, **values: object) -> str:
    """A sentence of the queue in the cluster's language."""
    return _WORDS[key]["en" if language == "en" else "fr"].format(**values)


def source(file: str, locator: Locator, language: str) -> str:
    """Where a value comes from, as people read it: file, page, table, row, paragraph."""
    where = place(locator, "en" if language == "en" else "fr")
    return f"{file}, {where}" if where else file


def held_row(
    register: str, record_id: str, meeting: Meeting, found: Found, about: str, language: str, values: Mapping[str, Any]
) -> Held:
    """A row that the extractor is not sure of (``row:<register>:<record>``)."""
    return Held(
        held_id=f"row:{register}:{record_id}",
        kind="row",
        register=register,
        record_id=record_id,
        about=about,
        reason=say("row", language, why=found.held_reason or found.rule),
        proposal=say("row_do", language),
        quote=found.source.quote,
        source=source(meeting.main.file, found.source.locator, language),
        document=meeting.main.document,
        values=values,
    )
