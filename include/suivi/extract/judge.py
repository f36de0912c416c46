"""Is it minutes at all? Evidence of a meeting against evidence of something else; the reason is said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from suivi.extract.grammar import Grammar, key
from suivi.extract.layout import Entry, Page
from suivi.extract.values import dates
from suivi.models import Meeting

_TOP = 700  # characters in which a document says what it is
_BLANKS = re.compile(
    r"_{4,}|\.{6,}|…{3,}|\[(?:nom|name|date|insert|à compléter|lieu|place|org)[^\]]{0,40}\]|<[a-z ]{3,30}>|X{3,}",
    re.IGNORECASE,
)
_BLANK_SIGNS = ("____", "......", "………", "[", "<", "xxx")  # one of them is in every blank: most texts have none
_SOME_BLANKS = 3
_FEW_WORDS = 25
_TITLE_ITEMS = 15  # entries from the top that may call the document minutes
_TITLE = 150  # characters of the longest line that may name minutes behind its first words
_BULLETS = ("-", "•", "*", "–")

REASONS = {
    "analyse": ("rapport d'analyse ou d'examen, pas une réunion", "a lab or medical report, not a meeting"),
    "entretien": ("entretien ou questionnaire, pas une réunion", "an interview or questionnaire, not a meeting"),
    "termes_de_reference": (
        "termes de référence ou appel, pas un compte rendu",
        "terms of reference or a call, not minutes",
    ),
    "ordre_du_jour": ("ordre du jour ou invitation sans compte rendu", "an agenda or invitation without minutes"),
    "modele": ("modèle vide à remplir", "an empty template"),
    "lecture": ("rapport ou notice, pas une réunion", "a report or note, not a meeting"),
    "none": ("rien n'indique une réunion", "nothing speaks of a meeting"),
    "empty": ("document vide", "an empty document"),
    "unread": ("document illisible, voir le problème signalé", "the document could not be read, see its issue"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    minutes: bool
    reason: str = ""


def judge(
    page: Page, grammar: Grammar, meeting: Meeting, topics: int, listed: int, said: int, language: str
) -> Verdict:
    """`topics` agenda items, `listed` actions that the document marks, `said` actions found in prose."""
    if not page.text.strip() and page.reading.issues:
        return _not("unread", language)
    top = f" {key(page.text[:_TOP])} "
    if not listed and len(page.text.split(None, _FEW_WORDS)) < _FEW_WORDS:
        return _not("empty", language)
    titled = _titled(page, grammar)
    attended = bool(meeting.organisations or meeting.attendees or meeting.participants_count)
    held = sum(
        (
            bool(meeting.date),
            attended,
            topics >= 2,
            listed >= 1,
            bool(meeting.chair or meeting.rapporteur or meeting.facilitator),
        )
    )
    other = _other(top, grammar)
    if other == "entretien" and _other(f" {key(_lines(page))} ", grammar) != other:
        other = None  # a meeting that speaks of a questionnaire is none
    if _empty(page, listed):
        return _not("modele", language)
    if other == "modele" and listed <= 1:
        return _not(other, language)
    if other in ("analyse", "entretien") and not (attended and listed):
        return _not(other, language)
    if other and (not titled or other == "lecture") and held < 4 and not (attended and listed):
        return _not(other, language)
    if (titled and held >= 1) or (held >= 3 and (meeting.date or listed)):
        return Verdict(True) if listed or said or topics or attended else _not("none", language)
    if (listed >= 2 and held >= 2) or (listed >= 3 and not other):
        return Verdict(True)
    return _not(other or "none", language)


def _titled(page: Page, grammar: Grammar) -> bool:
    """Whether a line of the top calls the document minutes: a title, not a sentence or duty that speaks of minutes."""
    titles = grammar.words("titles")
    for item in page.items[:_TITLE_ITEMS]:
        entries = (
            [item] if isinstance(item, Entry) else [e for row in item.rows[:3] for c in row if c for e in c.entries]
        )
        for entry in entries:
            text = page.text[entry.start : entry.end]
            if entry.marker[:1] in _BULLETS or entry.start > _TOP:
                continue
            if text.rstrip().endswith(".") and not any(found.first for found in dates.find(text)):
                continue
            words = key(text)
            apart = f" {words} "
            hits = [word for word in titles if word in words and f" {word} " in apart]
            if len(words) <= _TITLE and (any(words.startswith(word) for word in hits) or (hits and item is entry)):
                return True
    return False


def _lines(page: Page) -> str:
    """What the top says in lines of its own: titles and labels, neither sentences nor list items."""
    top = [item for item in page.entries() if item.end <= _TOP and item.marker[:1] not in _BULLETS]
    texts = [page.text[item.start : item.end].rstrip() for item in top]
    return "\n".join(text for text in texts if not text.endswith("."))


def _other(top: str, grammar: Grammar) -> str | None:
    return next((kind for kind, words in grammar.not_minutes.items() if any(word in top for word in words)), None)


def _empty(page: Page, listed: int) -> bool:
    """A form whose places to fill are still there."""
    most = sum(page.plain.count(sign) for sign in _BLANK_SIGNS)  # counting signs is quick, looking for blanks is not
    if most < _SOME_BLANKS:
        return False
    words = len(page.text.split())
    return _are_many(most, listed, words) and _are_many(len(_BLANKS.findall(page.text)), listed, words)


def _are_many(blanks: int, listed: int, words: int) -> bool:
    return blanks >= _SOME_BLANKS and (blanks * 15 > words or (listed == 0 and blanks >= 5))


def _not(reason: str, language: str) -> Verdict:
    french, english = REASONS[reason]
    return Verdict(False, english if language == "en" else french)
