"""Trainings, workshops, missions and campaigns with their days."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

from suivi.extract.values.date_grammar import find as find_dates
from suivi.extract.values.places import located_in
from suivi.extract.values.scan import Scan, scan
from suivi.extract.values.sentences import Sentence, Sentences
from suivi.extract.values.spans import DateFound
from suivi.extract.values.text import fold, found
from suivi.extract.values.words import alternatives, both
from suivi.models import Event, Reading

_NOUN = re.compile(rf"(?<![a-z-])(?:{alternatives(both('events', 'nouns'))})(?![a-z])")
_NO_EVENT = re.compile(rf"(?<![a-z])(?:{alternatives(both('events', 'never'))})(?![a-z])")
_DUE = re.compile(rf"(?<![a-z])(?:{alternatives(both('events', 'due'))})\s*(?:le\s+|the\s+)?\Z")
_TAIL = re.compile(rf"[\s,;:(–-]*(?:(?<![a-z])(?:{alternatives(both('events', 'date_leads'))})\s*)*\Z")
_GOES_ON = re.compile(rf"\s+(?:{alternatives(both('events', 'goes_on'))})(?![a-z])")
_CLAUSE_END = re.compile(rf"[.;\n]|,\s|(?<![a-z])(?:{alternatives(both('events', 'clause_ends'))})(?![a-z])")
_HELD = re.compile(rf"(?<![a-z])(?:{alternatives(both('events', 'held'))})(?![a-z])")
_REACH = 160  # characters between the noun and its date
_KINDS = ("day", "range")


def find(reading: Reading, meeting_date: date | None, language: str | None = None) -> tuple[Event, ...]:  # noqa: ARG001
    """Dated events of a document in reading order; a deadline, and the meeting itself, are none.

    `language` stands here as in the other finders; the words of all languages are known side by side.
    """
    scanned, split = scan(reading.text), Sentences(reading)
    sentences = dict.fromkeys(split.at(start) for start, _ in scanned.starts("event"))
    dated = find_dates(reading.text, meeting_date) if sentences else []
    starts = [day.start for day in dated]
    result: dict[tuple[str, str], Event] = {}
    for sentence in sentences:
        days = dated[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        for title, day in _pairs(scanned.folded, sentence, days):
            event = _event(reading, scanned, sentence, title, day)
            result.setdefault((fold(event.title), event.start), event)
    return tuple(result.values())


def _pairs(folded: str, sentence: Sentence, days: list[DateFound]) -> Iterator[tuple[range, DateFound]]:
    """Titles (offsets) with their days: "atelier … du 3 au 6 avril", else "le 12 mai, un atelier …"."""
    low = sentence.start
    for day in days:
        if day.first is None or day.kind not in _KINDS:
            continue
        if _DUE.search(folded, max(sentence.start, day.start - 40), day.start):
            continue
        title = _before(folded, low, day, sentence.end) or _after(folded, day, sentence.end)
        low = day.end
        if title and not _NO_EVENT.search(folded, title.start, title.stop):
            yield title, day


def _before(folded: str, low: int, day: DateFound, high: int) -> range | None:
    nouns = list(_NOUN.finditer(folded, max(low, day.start - _REACH), day.start))
    if not nouns:
        return None
    start = _outermost(folded, [match.start() for match in nouns])
    held = _HELD.search(folded, start, day.start)
    tail = _TAIL.search(folded, start, held.start() if held else day.start)
    stop = tail.start() if tail else day.start
    on = _GOES_ON.match(folded, day.end, high)
    if on and not held and stop - start < 40:
        stop = _clause_end(folded, on.end(), high)
    return range(start, stop)


def _outermost(folded: str, starts: list[int]) -> int:
    """The first noun of the clause that the date closes: "formation … sur la mission de …"."""
    start = starts[-1]
    for earlier in reversed(starts[:-1]):
        if _CLAUSE_END.search(folded, earlier, start) or ":" in folded[earlier:start]:
            break
        start = earlier
    return start


def _after(folded: str, day: DateFound, high: int) -> range | None:
    noun = _NOUN.search(folded, day.end, min(high, day.end + 45))
    if not noun or re.search(r"[.;]", folded[day.end : noun.start()]):
        return None
    held = _HELD.search(folded, noun.end(), high)
    return range(noun.start(), held.start() if held else _clause_end(folded, noun.end(), high))


def _clause_end(folded: str, start: int, high: int) -> int:
    end = _CLAUSE_END.search(folded, start, high)
    return end.start() if end else start + len(folded[start:high].rstrip(" .\n"))


def _confidence(title: str, day: DateFound) -> float:
    return (0.85 if day.year_stated else 0.75) - 0.15 * (" " not in title)


def _event(reading: Reading, scanned: Scan, sentence: Sentence, title: range, day: DateFound) -> Event:
    written = re.sub(r"\s+", " ", reading.text[title.start : title.stop]).strip(" ,;:-–(")
    start, end = min(title.start, day.start), max(title.stop, day.end)
    places = located_in(scanned, title.start, sentence.end, loose=True)
    last = day.last if day.last and day.last != day.first else None
    return Event(
        written,
        str(day.first),
        str(last) if last else None,
        found(reading, start, end, "event_with_date", _confidence(written, day)),
        place=places[0].name if places else None,
    )
