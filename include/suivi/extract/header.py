"""The header block as a meeting: what the labels say, the title's date and place, roles, next meeting."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from suivi.extract import bodies, venue
from suivi.extract.attendance import Roll
from suivi.extract.columns import read_columns
from suivi.extract.grammar import Grammar, key
from suivi.extract.labels import LabelReader, Value, tally
from suivi.extract.layout import Entry, Grid, Page, clean
from suivi.extract.officers import OfficerReader
from suivi.extract.outline import Outline
from suivi.extract.values import dates
from suivi.extract.values.date_grammar import MONTH
from suivi.extract.values.text import fold
from suivi.models import Found, Meeting

_NUMBER = re.compile(r"\d{1,4}")
_CLOCK = re.compile(r"\d{1,2}\s?[:hH]\s?\d{0,2}|\b(?:UTC|GMT|CET|AM|PM|am|pm)\b|\d{1,2}\s?(?:am|pm|AM|PM)")
_HEAD = 45  # entries from the top in which the header stands
_TITLE_LINES = 8
_BEFORE_NEXT = 16  # characters before such a word in which its phrase may begin
_REST = 130  # characters behind it that say when
_TOLD = 2500  # characters in which a sentence may tell the place
_BESIDE_COUNT = 60  # characters behind the number of participants in which the women are counted
_SHORT_LINE = 160  # characters of a line that may say what met
_SHORT_YEAR = re.compile(rf"(?P<month>\b\d{{1,2}}(?:st|nd|rd|th)?\s{MONTH}\.?)[\s,]+'?(?P<year>\d\d)\b(?!\s?[:h.-])")
_MISREAD = re.compile(r"(?<=[a-zA-Zà-ÿ])[10](?=[a-zA-Zà-ÿ]|\b)")


@cache
def _counted(grammar: Grammar) -> re.Pattern[str]:
    """ "24 participants", not "more than 24 participants"."""
    about = "".join(rf"(?<!{word} \d)" for word in grammar.shapes.get("not_counted", ()))
    # What may not stand before the number is looked at behind its first digit: a pattern that opens with a digit
    # is searched several times as fast.
    return re.compile(rf"(\d{about}(?<![\d/.-]\d)\d{{0,2}}) +(?:{grammar.shape('counted')})")


@cache
def _held(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(
        rf"(?:{grammar.shape('held')})[^.:;\n]{{0,60}}?\s(?:{grammar.shape('where')})\s+(?P<place>[^.,;:\n(]{{3,70}})"
    )


@cache
def _next_word(grammar: Grammar) -> re.Pattern[str]:
    """A word that every phrase for the next meeting holds: found first, since the phrases are slow to look for."""
    return re.compile(grammar.shape("upcoming"))


@cache
def _upcoming(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{grammar.shape('next_time')})(?P<rest> [^.;\n]{{3,90}})")


class HeaderReader:
    """Reads the header of one page; `read` returns the meeting and who attended."""

    def __init__(self, page: Page, outline: Outline, grammar: Grammar) -> None:
        self.page, self.outline, self.grammar = page, outline, grammar
        self.labels = LabelReader(page, outline, grammar)
        self.values, self.roll = self.labels.values, self.labels.roll

    def read(self) -> tuple[Meeting, Roll]:
        day, last, said = self._date()
        title = self._title()
        fields: dict[str, object] = {
            "title": title.text if title else None,
            "date": day.isoformat() if day else None,
            "date_end": last.isoformat() if last and last != day else None,
            "place": self._place(said),
            "participants_count": self._count("participants_count") or self._stated_count(),
            "women_count": self._count("women_count") or self._women(),
            "organisations": tuple(self.roll.organisations),
            "organisations_excused": tuple(self.roll.excused),
            "organisations_absent": tuple(self.roll.absent),
            "attendees": tuple(self.roll.attendees),
        }
        officers = OfficerReader(self.page, self.outline, self.grammar, self.values, self.roll)
        for role in ("chair", "facilitator", "rapporteur"):
            fields[role] = officers.read(role)
        fields["next_meeting"] = self._next(day)
        fields |= self._nature()
        sources = {name: self._found(value) for name, value in self._sources(title, said).items() if fields.get(name)}
        return Meeting(**fields, values=sources), self.roll  # type: ignore[arg-type]

    def _sources(self, title: Value | None, said: Value | None) -> dict[str, Value]:
        sources = dict(self.values)
        if title:
            sources["title"] = title
        if said:
            sources["date"] = said
            sources.setdefault("place", said)
        if self.roll.span:
            start, end = self.roll.span
            for name in ("organisations", "organisations_excused", "organisations_absent", "attendees"):
                sources[name] = Value("", start, end)
        return sources

    def _found(self, value: Value) -> Found:
        return Found(self.page.source(value.start, value.end), "header.label", 0.95)

    def _date(self) -> tuple[date | None, date | None, Value | None]:
        """The meeting's days: labelled, else of the title lines; never of a file name or footer."""
        for field in ("date", "place", "time"):
            if self.page.reading.format == "mail":
                break  # its date is the day it was sent
            value = self.values.get(field)
            found = self._dated(value.text) if value else None
            if found and value:
                return found[0], found[1], None if field == "date" else value
        best: tuple[int, date, date, Value] | None = None
        for position, entry in enumerate(self._top()):
            text = self.page.text[entry.start : entry.end]
            if len(text) > 300 or (self.page.reading.format == "mail" and self._sent(text)):
                continue
            found = self._dated(text)
            if found:
                meets = self._speaks_of_meeting(text) or len(text) < 60
                rank = position - (20 if meets else 0)
                if best is None or rank < best[0]:
                    best = (rank, found[0], found[1], Value(clean(text), entry.start, entry.end))
        if best is None and (sent := self.values.get("date")) and (found := self._dated(sent.text)):
            return found[0], found[1], None
        return (best[1], best[2], best[3]) if best else (None, None, None)

    def _sent(self, text: str) -> bool:
        """Whether a line of a mail says when it was sent, not when people met."""
        label, colon, _ = text.partition(":")
        return bool(colon) and self.grammar.labels.kinds.get(key(label)) == "date"

    def _speaks_of_meeting(self, text: str) -> bool:
        words = f" {key(text)} "
        known = (*self.grammar.words("meeting_words"), *self.grammar.words("titles"))
        return any(f" {word} " in words for word in known)

    def _top(self) -> list[Entry]:
        first = self.outline.topics[0].start if self.outline.topics else len(self.page.text)
        entries: list[Entry] = []
        for item in self.page.items[:_HEAD]:
            if isinstance(item, Grid):
                columns = read_columns(item, self.page, self.grammar)
                for row in item.rows[: columns.first - 1 if columns else 6]:
                    entries.extend(entry for cell in row if cell for entry in cell.entries[:2])
            elif item.start < first or len(entries) < 3:
                entries.append(item)
        return entries[:40]

    @staticmethod
    def _dated(text: str) -> tuple[date, date] | None:
        full = _SHORT_YEAR.sub(r"\g<month> 20\g<year>", fold(text))
        for spelled in (text, full, _MISREAD.sub(lambda match: "l" if match.group() == "1" else "o", text)):
            for found in venue.days(spelled):
                if found.first and found.last and (found.last - found.first).days <= 20:
                    return found.first, found.last
        return None

    def _place(self, said: Value | None) -> str | None:
        """The labelled place; else what stands beside the date, or what a sentence tells."""
        value = self.values.get("place")
        if value:
            named = self._without_date(value.text)
            return named if named and not self._nowhere(named) else None
        beside = [self._place_beside(dated) for dated in (said, self.values.get("date")) if dated]
        place = next((place for place in beside if place), None) or self._place_alone()
        if not place or (" " not in place and self._house_told()):
            place = self._place_told() or place
        return place if place and not self._nowhere(place) else None

    def _nowhere(self, place: str) -> bool:
        """A bare "téléconférence" is no place."""
        return key(place) in self.grammar.words("no_place")

    def _without_date(self, text: str) -> str:
        for found in sorted(dates.find(text), key=lambda item: -item.start):
            text = text[: found.start] + "\x00" + text[found.end :]
        pieces = [piece.strip(" ,;:-–") for piece in re.split(r"[\x00]", text)]
        return next((piece for piece in pieces if len(key(piece)) > 2 and not _CLOCK.match(piece)), "")

    def _place_alone(self) -> str | None:
        """One of the first lines, where it is nothing but a place."""
        for entry in self._top()[:_TITLE_LINES]:
            place = venue.alone(self.page.clean(entry.start, entry.end), self.grammar)
            if place and not entry.marker and not self._speaks_of_meeting(place):
                self.values["place"] = Value(place, entry.start, entry.end)
                return place
        return None

    def _house_told(self) -> bool:
        """Whether a sentence names the very house, where the title names only the town."""
        match = _held(self.grammar).search(self.page.plain, 0, min(len(self.page.plain), _TOLD))
        return bool(match and re.match(rf"(?:l'|la |le |the )?(?:{self.grammar.shape('venue')})\b", match["place"]))

    def _place_told(self) -> str | None:
        """ "… was held on 5 April at the UNHCR compound in Marun": the words behind the preposition."""
        for match in _held(self.grammar).finditer(self.page.plain, 0, min(len(self.page.plain), _TOLD)):
            place = clean(self.page.text[match.start("place") : match.end("place")])
            place = re.sub(r"^(?:les |la |le |l'|l’|the )(?=[a-zà-ÿ])", "", place)
            for cut in (" le ", " on ", " sous ", " from ", " de "):
                place = place.split(cut)[0] if re.search(rf"{cut}\d|{cut}la presidence", fold(place)) else place
            if place[:1].isupper() or re.match(rf"(?:{self.grammar.shape('venue')})\b", fold(place)):
                self.values["place"] = Value(place, match.start("place"), match.end("place"))
                return place.strip()
        return None

    def _place_beside(self, said: Value) -> str | None:
        """What stands beside the date of a title line: "15 March, Town", "du 25 mai – Paris", "(Town, 21 January)"."""
        place = venue.beside(said.text, self.grammar)
        return place if place and not self._speaks_of_meeting(place) and not _CLOCK.search(place) else None

    def _count(self, field: str) -> int | None:
        value = self.values.get(field)
        match = _NUMBER.search(value.text) if value else None
        return int(match.group()) if match else None

    def _women(self) -> int | None:
        """Women beside the number of participants: "17 (dont 5 femmes)"."""
        value = self.values.get("participants_count")
        match = tally(self.grammar).match(fold(value.text)) if value else None
        if match and match["women"]:
            return int(match["women"])
        told = tally(self.grammar).match(self.page.plain, value.start, value.end + _BESIDE_COUNT) if value else None
        return int(told["women"]) if told and told["women"] else None

    def _stated_count(self) -> int | None:
        match = _counted(self.grammar).search(self.page.plain, 0, max(len(self.page.plain) // 3, 3000))
        if not match:
            return None
        self.values["participants_count"] = Value(match[1], match.start(), match.end())
        return int(match[1])

    def _next(self, day: date | None) -> str | None:
        value = self.values.get("next_meeting") or self._next_told()
        if not value:
            return None
        for found in dates.find(value.text, day):
            if found.last and (day is None or found.last > day):
                return (found.first or found.last).isoformat()
        return None

    def _next_told(self) -> Value | None:
        """ "La prochaine réunion est prévue le …": the rest of the sentence."""
        plain, behind = self.page.plain, 0
        for word in _next_word(self.grammar).finditer(plain):
            match = _upcoming(self.grammar).search(plain, max(word.start() - _BEFORE_NEXT, behind), word.end() + _REST)
            if match is None:
                continue
            start, behind = match.span("rest")
            end = behind
            if any(found.last and found.first == found.last for found in dates.find(self.page.text[start:end])):
                self.values["next_meeting"] = Value(clean(self.page.text[start:end]), start, end)
                return self.values["next_meeting"]
        return None

    def _nature(self) -> dict[str, object]:
        lines = [self.page.clean(entry.start, entry.end) for entry in self._top()[:_TITLE_LINES]]
        lines = [line for line in lines if len(line) < _SHORT_LINE]
        named = self.values.get("body")
        kinds = ("regional", "national", "sub-cluster")
        return {
            "body": named.text if named else bodies.body(lines, self.grammar),
            "level": bodies.first_kind(lines[:4], self.grammar.levels, kinds),
            "validation": bodies.first_kind(lines[:4], self.grammar.validation),
        }

    def _title(self) -> Value | None:
        """The first lines up to the first label, list or table."""
        lines: list[Entry] = []
        for item in self.page.items[:_TITLE_LINES]:
            if isinstance(item, Grid) or item.marker or len(lines) == 4:
                break
            text = self.page.text[item.start : item.end]
            kind = self.outline.by_start.get(item.start)
            if self.labels.opens(text, 0) or (kind and kind.kind) or len(text) > 200:
                break
            lines.append(item)
            if self._speaks_of_meeting(text) and self._dated(text):
                break
        if not lines:
            return None
        start, end = lines[0].start, lines[-1].end
        return Value(self.page.clean(start, end), start, end)
