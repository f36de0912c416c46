"""Who does what where, as sentences and lists state it.

Only what names an organisation, an activity and a place counts. The form of the verb says whether the activity is done
("a distribué"), going on ("intervient") or planned ("va distribuer"); a hope, a need or a request is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from suivi.extract.values.actors import members_after, organisations_in, subject_before
from suivi.extract.values.names import NameFound
from suivi.extract.values.places import located
from suivi.extract.values.sentences import Sentence, sentence_before, sentences
from suivi.extract.values.text import fold, found
from suivi.extract.values.words import LANGUAGES, alternatives, section
from suivi.models import Presence, Reading

Status = Literal["planned", "ongoing", "completed"]
_STATUSES: tuple[Status, ...] = ("planned", "completed", "ongoing")


def _words(language: str, key: str) -> str:
    return alternatives(section(language, "presence")[key])


@dataclass(frozen=True, slots=True)
class _Verbs:
    """The verb forms of one language."""

    forms: tuple[tuple[Status, re.Pattern[str]], ...]
    doers: re.Pattern[str]
    by: re.Pattern[str]
    activity: re.Pattern[str]
    cut: re.Pattern[str]
    lead: re.Pattern[str]
    light: re.Pattern[str]
    never: re.Pattern[str]


def _verbs(language: str) -> _Verbs:
    forms = tuple(
        (status, re.compile(rf"(?<![a-z'])(?:{'|'.join(section(language, 'presence')[status])})(?![a-z])"))
        for status in _STATUSES
    )
    return _Verbs(
        forms,
        re.compile(rf"(?<![a-z])(?:{_words(language, 'doers')})(?P<says>[^.:;]{{0,110}}?)\s*:\s*"),
        re.compile(rf"(?<![a-z])(?:{_words(language, 'by')})\s+(?:l'|le\s|la\s|les\s|the\s|l'ong\s)*\Z"),
        re.compile(rf"(?<![a-z])(?:{_words(language, 'activities')})s?(?![a-z])"),
        re.compile(rf"\s*(?:[,;:.\n(]|(?<![a-z])(?:{_words(language, 'activity_ends')})(?![a-z]))"),
        re.compile(rf"(?:\s|(?:{_words(language, 'activity_leads')})(?![a-z])|d'|l')+"),
        re.compile(rf"(?<![a-z])(?:{_words(language, 'light')})\Z"),
        re.compile(rf"(?<![a-z])(?:{_words(language, 'never')})(?![a-z])"),
    )


_VERBS = {language: _verbs(language) for language in LANGUAGES}
_LONGEST_ACTIVITY = 140  # characters


@dataclass(frozen=True, slots=True)
class _Clause:
    """A sentence with what has been found in it; offsets count within the sentence."""

    reading: Reading
    sentence: Sentence
    text: str
    folded: str
    places: tuple[NameFound, ...]


def find(reading: Reading, language: str = "fr") -> tuple[Presence, ...]:
    """Activities of organisations at named places, each organisation by itself, in reading order."""
    verbs = _VERBS["en" if language == "en" else "fr"]
    result: dict[tuple[str, str, tuple[str, ...]], Presence] = {}
    for sentence in sentences(reading):
        text = reading.text[sentence.start : sentence.end]
        if not organisations_in(text):
            continue
        clause = _Clause(reading, sentence, text, fold(text), located(text, True))
        for presence in [*_listed(clause, verbs), *_told(clause, verbs)]:
            result.setdefault((presence.organisation, presence.activity, presence.places), presence)
    return tuple(sorted(result.values(), key=lambda presence: presence.found.source.start))


def _told(clause: _Clause, verbs: _Verbs) -> Iterator[Presence]:
    """"ORG a distribué …", "distribution de … par ORG", "ORG : distribution de …"."""
    low = 0
    for status, match in _forms(clause, verbs):
        if match.start() < low:
            continue
        subject = subject_before(clause.text, match.start(), low)
        if not subject:
            continue
        low = match.end()
        start, end = _activity(clause, match, verbs)
        places = _places(clause, subject[0].start, end)
        if places and not verbs.never.search(clause.folded, subject[-1].end, end):
            yield from _presences(clause, subject, (start, end), places, status, "subject_verb", 0.85)
    if low == 0:
        yield from _nominal(clause, verbs)


def _forms(clause: _Clause, verbs: _Verbs) -> list[tuple[Status, re.Match[str]]]:
    hits = [(status, match) for status, form in verbs.forms for match in form.finditer(clause.folded)]
    return sorted(hits, key=lambda hit: (hit[1].start(), _STATUSES.index(hit[0])))


def _activity(clause: _Clause, verb: re.Match[str], verbs: _Verbs) -> tuple[int, int]:
    """What is done, up to the place or the clause's end, with the verb where it says more than "do"."""
    lead = verbs.lead.match(clause.folded, verb.end())
    start = lead.end() if lead else verb.end()
    end = min(_end(clause, start, verbs), start + _LONGEST_ACTIVITY)
    written = clause.text[start:end].rstrip()
    if len(written) < 4 or any(hit.start <= start < hit.end for hit in clause.places):
        return verb.start(), verb.end()
    if not verbs.light.search(verb.group()):
        start = verb.start() + verb.group().rfind(" ") + 1
        written = clause.text[start:end].rstrip()
    return start, start + len(written)


def _end(clause: _Clause, start: int, verbs: _Verbs) -> int:
    cut = verbs.cut.search(clause.folded, start)
    return cut.start() if cut else len(clause.text.rstrip(" .\n"))


def _nominal(clause: _Clause, verbs: _Verbs) -> Iterator[Presence]:
    """An activity noun with "par ORG", or after "ORG :"."""
    for match in verbs.activity.finditer(clause.folded):
        planned = verbs.forms[0][1].search(clause.folded) is not None
        end = _end(clause, match.end(), verbs)
        actors = [hit for hit in organisations_in(clause.text) if hit.start > match.end() and verbs.by.search(clause.folded, 0, hit.start)]
        if actors:
            actors = members_after(clause.text, actors[0].start, len(clause.text))
            end = min(end, verbs.by.search(clause.folded, 0, actors[0].start).start())  # type: ignore[union-attr]
        else:
            actors = _heading(clause, match.start())
        places = _places(clause, 0, end)
        if actors and places and not verbs.never.search(clause.folded):
            span = (match.start(), match.start() + len(clause.text[match.start() : end].rstrip()))
            yield from _presences(clause, actors, span, places, "planned" if planned else "ongoing", "activity_by", 0.7)
        return


_HEADING = re.compile(r"[\s•*○●▪➢-]*")


def _heading(clause: _Clause, before: int) -> list[NameFound]:
    """"ORG :" or "ORG, ORG :" at the head of an item."""
    colon = clause.folded.find(":", 0, before)
    if colon < 0:
        return []
    names = [hit for hit in organisations_in(clause.text) if hit.end <= colon]
    if not names or not _HEADING.fullmatch(clause.folded, 0, names[0].start) or clause.folded[names[-1].end : colon].strip():
        return []
    return names


def _listed(clause: _Clause, verbs: _Verbs) -> Iterator[Presence]:
    """"Acteurs qui interviennent dans la zone : A, B et C"."""
    for match in verbs.doers.finditer(clause.folded):
        members = members_after(clause.text, match.end(), len(clause.text))
        statuses = {status for status, form in verbs.forms if form.search(clause.folded, match.start(), match.end())}
        places = _names(hit for hit in clause.places if match.start() <= hit.start < match.end()) or _places_before(clause, match.start())
        if not members or not places or verbs.never.search(clause.folded, match.start(), match.end()):
            continue
        status: Status = "ongoing" if not statuses or "ongoing" in statuses else "planned" if "planned" in statuses else "completed"
        confidence = 0.55 if len(statuses) > 1 else 0.8  # "sont intervenus ou vont intervenir": nobody can say who
        yield from _presences(clause, members, _list_activity(clause, match, verbs), places, status, "list_of_actors", confidence)


def _list_activity(clause: _Clause, match: re.Match[str], verbs: _Verbs) -> tuple[int, int]:
    """From the first to the last verb before the colon; without one the words that call the actors so."""
    says = [hit.span() for _, form in verbs.forms for hit in form.finditer(clause.folded, match.start(), match.end())]
    if says:
        return min(start for start, _ in says), max(end for _, end in says)
    cut = verbs.cut.search(clause.folded, match.start("says"), match.end())
    return match.start(), cut.start() if cut else match.end()


def _places(clause: _Clause, low: int, activity_end: int) -> tuple[str, ...]:
    """Places after the activity in the same clause, else before the subject, else anywhere in the sentence."""
    after = _names(hit for hit in clause.places if hit.start >= activity_end - 1)
    inside = _names(hit for hit in clause.places if low <= hit.start)
    return after or inside or _names(clause.places)


def _places_before(clause: _Clause, start: int) -> tuple[str, ...]:
    """Places of the words before a list in its sentence, else of the sentence before it."""
    if names := _names(hit for hit in clause.places if hit.end <= start):
        return names
    earlier = sentence_before(clause.reading, clause.sentence)
    if earlier is None:
        return ()
    return _names(located(clause.reading.text[earlier.start : earlier.end], True))


def _names(hits: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.name for hit in hits))  # type: ignore[attr-defined]


def _presences(
    clause: _Clause,
    actors: list[NameFound],
    activity: tuple[int, int],
    places: tuple[str, ...],
    status: Status,
    rule: str,
    confidence: float,
) -> Iterator[Presence]:
    offset = clause.sentence.start
    start = min(actors[0].start, activity[0])
    end = max(actors[-1].end, activity[1])
    words = re.sub(r"\s+", " ", clause.text[slice(*activity)]).strip(" ,;:-")
    for actor in actors:
        sure = confidence - 0.15 * (actor.kind == "acronym")
        yield Presence(actor.name, words, places, found(clause.reading, offset + start, offset + end, rule, sure), status)
