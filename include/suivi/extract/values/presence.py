"""Who does what where, as sentences and lists state it.

Only what names an organisation, an activity and a place counts. The form of the verb says whether the activity is done
("a distribué"), going on ("intervient") or planned ("va distribuer"); a hope, a need or a request is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from suivi.extract.values.actors import actors, members_after, subject_before
from suivi.extract.values.language import of as language_of
from suivi.extract.values.names import NameFound
from suivi.extract.values.places import located_in, may_name
from suivi.extract.values.presence_tables import presences_in_tables
from suivi.extract.values.scan import Scan, between, scan
from suivi.extract.values.sentences import Sentence, Sentences
from suivi.extract.values.text import block_at, fold, found
from suivi.extract.values.words import LANGUAGES, alternatives, both, section, spoken
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
    infinitives: tuple[str, ...]


def _verbs(language: str) -> _Verbs:
    forms = tuple(
        (status, re.compile(rf"(?<![a-z'])(?:{'|'.join(section(language, 'presence')[status])})(?![a-z])"))
        for status in _STATUSES
    )
    return _Verbs(
        forms,
        re.compile(rf"(?<![a-z])(?:{_words(language, 'doers')})(?P<says>[^.:;\n]{{0,110}}?)\s*:\s*"),
        re.compile(rf"(?<![a-z])(?:{_words(language, 'by')})\s+(?:l'|le\s|la\s|les\s|the\s|l'ong\s)*\Z"),
        re.compile(rf"(?<![a-z])(?:{_words(language, 'activities')})s?(?![a-z])"),
        re.compile(rf"\s*(?:[,;:.\n(]|(?<![a-z])(?:{_words(language, 'activity_ends')})(?![a-z]))"),
        re.compile(rf"(?:\s|(?:{_words(language, 'activity_leads')})(?![a-z])|d'|l')+"),
        re.compile(rf"(?<![a-z])(?:{_words(language, 'light')})\Z"),
        re.compile(rf"(?<![a-z])(?:{_words(language, 'never')})(?![a-z])"),
        tuple(section(language, "presence")["infinitives"]),
    )


_VERBS = {language: _verbs(language) for language in LANGUAGES}
_FIRST_WORD = re.compile(r"[\s•*○●▪➢\d.)-]*([a-z]{4,})")
_NOUNS = frozenset(fold(word) for word in both("events", "nouns")) | {
    "octobre",
    "septembre",
    "novembre",
    "decembre",
    "offre",
    "hier",
}
_OWNER = re.compile(rf"(?<![a-z])(?:{alternatives(both('parties', 'labels'))})\s*[:;/]")
_NEAR = 25  # characters between an activity and its place
_LONGEST_ACTIVITY = 140  # characters


@dataclass(frozen=True, slots=True)
class _Clause:
    """A sentence with the organisations and places in it; every offset counts in the whole text."""

    reading: Reading
    scan: Scan
    split: Sentences
    sentence: Sentence
    actors: list[NameFound]
    places: list[NameFound]

    @property
    def text(self) -> str:
        return self.scan.text

    @property
    def folded(self) -> str:
        return self.scan.folded


def find(reading: Reading, language: str | None = None) -> tuple[Presence, ...]:
    """Activities of organisations at named places, each organisation by itself, in reading order."""
    verbs = _VERBS[spoken(language or language_of(reading.text))]
    scanned, split = scan(reading.text), Sentences(reading)
    result: dict[tuple[str, str, tuple[str, ...]], Presence] = {}
    everybody = actors(scanned)
    for sentence in _around(reading, scanned, everybody, split):
        named, listed = located_in(scanned, *sentence, loose=True), scanned.any("doer", *sentence)
        if not (named or listed) or _is_order(scanned.folded, sentence, verbs):
            continue
        clause = _Clause(reading, scanned, split, sentence, between(everybody, *sentence), named)
        found_here = [*_listed(clause, verbs)] if listed else []
        if named:
            found_here += _told(clause, verbs)
        for presence in found_here:
            result.setdefault((presence.organisation, presence.activity, presence.places), presence)
    for presence in presences_in_tables(reading):
        result.setdefault((presence.organisation, presence.activity, presence.places), presence)
    return tuple(sorted(result.values(), key=lambda presence: presence.found.source.start))


def _around(reading: Reading, scanned: Scan, hits: list[NameFound], split: Sentences) -> Iterator[Sentence]:
    """The sentences that the organisations of a text stand in, each once, but for blocks that can name no place."""
    end = 0
    for hit in hits:
        if hit.start < end:
            continue
        block = block_at(reading, hit.start)
        if block is None or not may_name(scanned, block.start, block.end):
            end = block.end if block else end
        elif (sentence := split.at(hit.start)).end >= hit.end:
            end = sentence.end
            yield sentence


def _is_order(folded: str, sentence: Sentence, verbs: _Verbs) -> bool:
    """Whether a sentence tells somebody to do something: an infinitive at its head, or an owner named in it."""
    first = _FIRST_WORD.match(folded, *sentence)
    infinitive = first is not None and first[1].endswith(verbs.infinitives) and first[1] not in _NOUNS
    return infinitive or _OWNER.search(folded, *sentence) is not None


def _told(clause: _Clause, verbs: _Verbs) -> Iterator[Presence]:
    """ "ORG a distribué …", "distribution de … par ORG", "ORG : distribution de …"."""
    low = clause.sentence.start
    told = False
    for status, match in _forms(clause, verbs):
        if match.start() < low:
            continue
        subject = subject_before(clause.folded, clause.actors, low, match.start())
        if not subject:
            continue
        low, told = match.end(), True
        start, end = _activity(clause, match, verbs)
        places = _places(clause, subject[0].start, end)
        if places and not verbs.never.search(clause.folded, subject[-1].end, end):
            yield from _presences(clause, subject, (start, end), places, status, "subject_verb", 0.85)
    if not told:
        yield from _nominal(clause, verbs)


def _forms(clause: _Clause, verbs: _Verbs) -> list[tuple[Status, re.Match[str]]]:
    """The verbs after the first organisation, in order."""
    low, high = clause.actors[0].end, clause.sentence.end
    hits = [(status, match) for status, form in verbs.forms for match in form.finditer(clause.folded, low, high)]
    return sorted(hits, key=lambda hit: (hit[1].start(), _STATUSES.index(hit[0])))


def _activity(clause: _Clause, verb: re.Match[str], verbs: _Verbs) -> tuple[int, int]:
    """What is done, up to the place or the clause's end, with the verb where it says more than "do"."""
    lead = verbs.lead.match(clause.folded, verb.end(), clause.sentence.end)
    start = lead.end() if lead else verb.end()
    end = min(_end(clause, start, verbs), start + _LONGEST_ACTIVITY)
    written = clause.text[start:end].rstrip()
    if len(written) < 4 or any(hit.start <= start < hit.end for hit in clause.places):
        return verb.span()
    beside = any(end <= hit.start < end + _NEAR for hit in clause.places)
    if " " not in written and clause.text[end : end + 1].isspace() and not beside:
        end = min(_end(clause, end + 1, verbs), start + _LONGEST_ACTIVITY)  # "séances dans les écoles" says more
        written = clause.text[start:end].rstrip()
    if not verbs.light.search(verb.group()):
        start = verb.start() + verb.group().rfind(" ") + 1
        written = clause.text[start:end].rstrip()
    return start, start + len(written)


def _end(clause: _Clause, start: int, verbs: _Verbs) -> int:
    cut = verbs.cut.search(clause.folded, start, clause.sentence.end)
    return cut.start() if cut else clause.sentence.start + len(clause.text[slice(*clause.sentence)].rstrip(" .\n"))


def _nominal(clause: _Clause, verbs: _Verbs) -> Iterator[Presence]:
    """An activity noun with "par ORG", or after "ORG :"."""
    match = verbs.activity.search(clause.folded, *clause.sentence)
    if not match or verbs.never.search(clause.folded, *clause.sentence):
        return
    end = _end(clause, match.end(), verbs)
    by, doers = _by(clause, match.end(), verbs)
    if doers:
        end = min(end, by)
    else:
        doers = _heading(clause, match.start())
    places = _places(clause, clause.sentence.start, end)
    if doers and places:
        planned = verbs.forms[0][1].search(clause.folded, *clause.sentence)
        span = (match.start(), match.start() + len(clause.text[match.start() : end].rstrip()))
        yield from _presences(clause, doers, span, places, "planned" if planned else "ongoing", "activity_by", 0.7)


def _by(clause: _Clause, after: int, verbs: _Verbs) -> tuple[int, list[NameFound]]:
    """Where "par" stands, and the organisations that follow it."""
    for hit in clause.actors:
        if hit.start > after and (by := verbs.by.search(clause.folded, after, hit.start)):
            return by.start(), members_after(clause.scan, clause.actors, hit.start, clause.sentence.end)
    return after, []


_HEADING = re.compile(r"[\s•*○●▪➢-]*")


def _heading(clause: _Clause, before: int) -> list[NameFound]:
    """ "ORG :" or "ORG, ORG :" at the head of an item."""
    start = clause.sentence.start
    colon = clause.folded.find(":", start, before)
    names = [hit for hit in clause.actors if hit.end <= colon]
    if not names or not _HEADING.fullmatch(clause.folded, start, names[0].start):
        return []
    return [] if clause.folded[names[-1].end : colon].strip() else names


def _listed(clause: _Clause, verbs: _Verbs) -> Iterator[Presence]:
    """ "Acteurs qui interviennent dans la zone : A, B et C"."""
    for match in verbs.doers.finditer(clause.folded, *clause.sentence):
        members = members_after(clause.scan, clause.actors, match.end(), clause.sentence.end)
        if not members or verbs.never.search(clause.folded, *match.span()):
            continue
        within = [hit for hit in clause.places if match.start() <= hit.start < match.end()]
        places = _names(within) or _places_before(clause, match.start())
        if not places:
            continue
        statuses = {status for status, form in verbs.forms if form.search(clause.folded, *match.span())}
        status: Status = "ongoing"
        if statuses and "ongoing" not in statuses:
            status = "planned" if "planned" in statuses else "completed"
        confidence = 0.55 if len(statuses) > 1 else 0.8  # "sont intervenus ou vont intervenir": nobody can say who
        activity = _list_activity(clause, match, verbs)
        yield from _presences(clause, members, activity, places, status, "list_of_actors", confidence)


def _list_activity(clause: _Clause, match: re.Match[str], verbs: _Verbs) -> tuple[int, int]:
    """From the first to the last verb before the colon; without one the words that call the actors so."""
    says = [hit.span() for _, form in verbs.forms for hit in form.finditer(clause.folded, *match.span())]
    if says:
        return min(start for start, _ in says), max(end for _, end in says)
    cut = verbs.cut.search(clause.folded, match.start("says"), match.end())
    return match.start(), cut.start() if cut else match.end()


def _places(clause: _Clause, low: int, activity_end: int) -> tuple[str, ...]:
    """Places after the activity in the same clause, else from the subject on, else anywhere in the sentence."""
    after = _names([hit for hit in clause.places if hit.start >= activity_end - 1])
    return after or _names([hit for hit in clause.places if low <= hit.start]) or _names(clause.places)


def _places_before(clause: _Clause, start: int) -> tuple[str, ...]:
    """Places of the words before a list in its sentence, else of the sentence before it."""
    if names := _names([hit for hit in clause.places if hit.end <= start]):
        return names
    earlier = clause.split.before(clause.sentence)
    return _names(located_in(clause.scan, *earlier, loose=True)) if earlier else ()


def _names(hits: list[NameFound]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.name for hit in hits))


def _presences(
    clause: _Clause,
    doers: list[NameFound],
    activity: tuple[int, int],
    places: tuple[str, ...],
    status: Status,
    rule: str,
    confidence: float,
) -> Iterator[Presence]:
    spans = [hit for hit in clause.places if hit.name in places]
    start = min(doers[0].start, activity[0], *(hit.start for hit in spans[:1]))
    end = max(doers[-1].end, activity[1], *(hit.end for hit in spans))
    said = clause.scan.starts("place", max(clause.sentence.start, start - _NEAR), start)
    start = said[-1][0] if said and spans and start == spans[0].start else start  # "cercle de" says the level
    words = re.sub(r"\s+", " ", clause.text[slice(*activity)]).strip(" ,;:-'’")
    for doer in doers:
        sure = confidence - 0.15 * (doer.kind == "acronym")
        yield Presence(doer.name, words, places, found(clause.reading, start, end, rule, sure), status)
