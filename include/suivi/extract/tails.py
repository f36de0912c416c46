"""An action's wording without its tail: who, by when and how far, wherever a template puts them.

Written after the words ("Responsable : X", "(X, fin mai)", "[X, asap]", "…/X", "– X, 12/05", "by 31/05"),
before them ("X : …", "X to …", "@X …") or between ("d'ici vendredi").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise

from suivi.extract.grammar import Grammar, alternatives, key, misspelt
from suivi.extract.owners import LIKELY, SURE, People, likeness, split
from suivi.extract.statuses import read_status
from suivi.extract.until import is_when, stated
from suivi.extract.values import dates
from suivi.extract.values.text import fold
from suivi.extract.verbs import acts
from suivi.models import Status

_BRACKET = re.compile(r"[\[(]([^()\[\]]{1,160}(?:\([^()]*\)[^()\[\]]*)?)[\])]")
_EDGE = " \t\n;,:-–—=>→/*|("
_DASH = re.compile(r"\s(?:[-–—→⇒]|=+>|-+>)+\s*(?=\S)|[→⇒]\s*(?=\S)")
_MENTION = re.compile(r"(?<![\w.])@(?P<who>[A-Za-zÀ-ÿ][\w'-]*)")
_PART = re.compile(r"\s*[;,]\s*|\s[-–—]\s|\n")
_SENTENCE = re.compile(r"[.;]\s+(?=[A-ZÀ-Þ])")
_AT = re.compile(r"@\s?(?P<who>[\w.'-]+(?:\s?[,&/]\s?@?[\w.'-]+|\s+@[\w.'-]+)*)\s*[:,-]?\s*")
_NOTHING = frozenset(
    {"", "ras", "neant", "n a", "na", "none", "nil", "aucun", "aucune", "rien a signaler", "x", "tbd", "tbc"}
)
_UNDATED = frozenset({"no date", "sans date", "a definir", "a determiner", "date a fixer", "tbd", "tbc", "n a"})
_LAST_WORDS = 110  # characters before the end in which a slash or dash may open an owner


@dataclass(slots=True)
class Tail:
    """What a slice of text says beside the action itself. Offsets count in the text that was given."""

    start: int
    end: int
    owners: tuple[str, ...] = ()
    owner_written: str | None = None
    deadline: str | None = None
    status: Status | None = None
    permanent: bool = False
    how: str = ""  # owner found by: label, bracket, slash, dash, lead, subject
    holes: list[tuple[int, int]] = field(default_factory=list)

    def give(self, written: str, how: str, grammar: Grammar, people: People) -> None:
        """Take owners as written; several places of one text add up."""
        found = split(written, grammar, people)
        self.owners = tuple(dict.fromkeys((*self.owners, *found)))
        self.owner_written = f"{self.owner_written}, {written.strip()}" if self.owner_written else written.strip()
        self.how = self.how or how


@cache
def _labels(grammar: Grammar) -> re.Pattern[str]:
    """ "Responsable : ", "Échéance = ", "Statut ; "; an owner's first word also with a slash or, shortened, a stop."""
    owner, deadline, status = (alternatives(grammar.listing(name)) for name in ("owner", "deadline", "status"))
    owner = f"{owner}|{alternatives(misspelt(grammar.listing('owner')))}"
    first = alternatives(word for word in grammar.listing("owner") if word.startswith("resp"))
    return re.compile(
        rf"(?<![\w'])(?:(?P<owner>{owner})|(?P<deadline>{deadline})|(?P<status>{status}))"
        rf"(?:\s*\([a-z]{{1,3}}\))?\.?\s*[:;=]\s*"
        rf"|(?<![\w'])(?P<slashed>(?:{first})\s*/|resp\.(?=\s[a-z@]))\s*"
    )


def read_tail(
    text: str,
    grammar: Grammar,
    people: People,
    meeting: date | None,
    *,
    listed: bool = True,
    columns: frozenset[str] = frozenset(),
) -> Tail:
    """The tail of one action's text; `listed`: it is known to be an action, so that leading owners count;
    `columns`: "owner", "deadline" have columns of their own, so that brackets, subjects and dates do not count."""
    plain = fold(text)
    tail = Tail(0, len(text))
    _labelled(text, plain, tail, grammar, people)
    _opened_by_date(text, tail, meeting)
    if "owner" not in columns:
        _bracketed(text, tail, grammar, people, meeting)
        if not tail.owners:
            _slashed(text, tail, grammar, people)
        if not tail.owners or tail.deadline is None:
            _dashed(text, tail, grammar, people, meeting)
        mention = _MENTION.search(text, tail.start, tail.end) if not tail.owners else None
        if mention and text[tail.start : mention.start()].strip():
            for each in _MENTION.finditer(text, mention.start(), tail.end):
                tail.give(each["who"], "label", grammar, people)
                tail.holes.append(each.span())
        if not tail.owners and listed:
            _coloned(text, tail, grammar, people, meeting)
        if not tail.owners and listed:
            _leading(text, plain, tail, grammar, people, meeting)
    if tail.deadline is None and "deadline" not in columns:
        until = stated(text, tail.start, tail.end, grammar, meeting)
        if until:
            tail.deadline = " ".join(text[until[0] : until[1]].split()).rstrip(" .;,")
            tail.end = until[0] if until[2] else tail.end
    _trim(text, tail)
    return tail


def _labelled(text: str, plain: str, tail: Tail, grammar: Grammar, people: People) -> None:
    found = [match for match in _labels(grammar).finditer(plain) if _opens(plain, match)]
    if not found:
        return
    for match, after in zip(found, [*found[1:], None], strict=True):
        value = text[match.end() : after.start() if after else tail.end]
        stop = _SENTENCE.search(value)
        value = value[: stop.start()] if stop else value
        value = value.strip(_EDGE + "().")
        if match["owner"] or match["slashed"]:
            tail.give(value, "label", grammar, people) if value else None
        elif match["deadline"]:
            tail.deadline = value or tail.deadline
        elif value:
            tail.status, tail.permanent = read_status(value, grammar)
    if text[: found[0].start()].strip(_EDGE):
        tail.end = min(tail.end, found[0].start())
    else:
        tail.start = tail.end


def _opens(plain: str, match: re.Match[str]) -> bool:
    """A label stands at the start, after a stop or bracket, or is long enough to be nothing else."""
    before = plain[: match.start()].rstrip(" \t*_")
    word = match.group().rstrip(" :;=/\n")
    return not before or before[-1] in ".;:)([]/-,\n>" or "\n" in plain[len(before) : match.start()] or len(word) >= 5


def _bracketed(text: str, tail: Tail, grammar: Grammar, people: People, meeting: date | None) -> None:
    for match in list(_BRACKET.finditer(text, tail.start, tail.end))[::-1]:
        last = not text[match.end() : tail.end].strip(" .;,")
        square = text[match.start()] == "["
        used = _parts(match[1], tail, grammar, people, meeting, sure=not last or not square)
        if not used:
            continue
        if last:
            tail.end = match.start()
        else:
            tail.holes.append(match.span())


def _parts(inside: str, tail: Tail, grammar: Grammar, people: People, meeting: date | None, *, sure: bool) -> bool:
    """Owners, a date and a status between brackets or after a dash; False where it is a mere remark."""
    pieces = [part for part in _pieces(" ".join(inside.split()), grammar) if key(part) not in _UNDATED]
    states = [part for part in pieces if read_status(part, grammar, whole=True)[0]]
    if states:
        tail.status, tail.permanent = read_status(states[0], grammar, whole=True)
        pieces = [part for part in pieces if part not in states]
        if not pieces:
            return True
    when = [part for part in pieces if is_when(part, grammar, meeting)]
    rated = [(likeness(part, grammar, people), part) for part in pieces if part not in when]
    enough = 0.5 if any(rate >= SURE for rate, _ in rated) else LIKELY if when or not sure else 0.65
    owners = [part for rate, part in rated if rate >= enough]
    other = len(rated) - len(owners)
    if other and (sure or other > len(owners) or not owners):
        return False
    if not owners and not when:
        return False
    if owners:
        before = tail.owners, tail.owner_written
        tail.owners, tail.owner_written = (), None
        tail.give(", ".join(owners), "bracket", grammar, people)
        tail.owners = tuple(dict.fromkeys((*tail.owners, *before[0])))
        tail.owner_written = ", ".join(filter(None, (tail.owner_written, before[1])))
    if when:
        tail.deadline = ", ".join(when)
    return True


@dataclass(frozen=True, slots=True)
class _Cuts:
    """What a party is there for, through whom it acts, and a date right behind it."""

    doing: re.Pattern[str]
    on_behalf: re.Pattern[str]
    then: re.Pattern[str]


@cache
def _cuts(grammar: Grammar) -> _Cuts:
    return _Cuts(
        re.compile(rf"\s+(?:{grammar.shape('doing')}).*$", re.DOTALL),
        re.compile(grammar.shape("on_behalf")),
        re.compile(rf"\s+(?=(?:{grammar.shape('then')})\s)"),
    )


def _pieces(inside: str, grammar: Grammar) -> list[str]:
    """The parts between brackets: what each party is there for is cut, a date after a party stands alone."""
    cuts = _cuts(grammar)
    pieces: list[str] = []
    for part in _PART.split(inside):
        starts = [0, *(match.end() for match in cuts.then.finditer(fold(part))), len(part)]
        for start, end in pairwise(starts):
            piece = part[start:end].strip()
            doing = cuts.doing.search(fold(piece))
            piece = piece[: doing.start()] if doing else piece
            behalf = cuts.on_behalf.match(fold(piece))
            pieces.append((piece[behalf.end() :] if behalf else piece).strip(_EDGE))
    return [piece for piece in pieces if piece]


def _slashed(text: str, tail: Tail, grammar: Grammar, people: People) -> None:
    place = text.rfind("/", max(tail.end - _LAST_WORDS, tail.start), tail.end)
    if place <= tail.start or not text[tail.start : place].strip():
        return
    written = text[place + 1 : tail.end].strip(_EDGE + ".")
    if not written or ("\n" in written and len(written) > 60):
        return
    if likeness(written, grammar, people) >= LIKELY + 0.15:
        tail.give(written, "slash", grammar, people)
        tail.end = place


def _dashed(text: str, tail: Tail, grammar: Grammar, people: People, meeting: date | None) -> None:
    cuts = list(_DASH.finditer(text, max(tail.end - _LAST_WORDS, tail.start), tail.end))
    for match in cuts[-2:]:
        written = text[match.end() : tail.end].strip(_EDGE + ".")
        if not text[tail.start : match.start()].strip(_EDGE):
            continue
        if tail.owners and not is_when(written, grammar, meeting):
            continue
        if written and _parts(written, tail, grammar, people, meeting, sure=True):
            tail.how = tail.how if tail.how not in ("", "bracket") or not tail.owners else "dash"
            tail.end = match.start()
            return


def _coloned(text: str, tail: Tail, grammar: Grammar, people: People, meeting: date | None) -> None:
    """ "Tâche : ORG, pour le 6 mars": somebody behind the last colon of something to do."""
    place = text.rfind(": ", max(tail.end - _LAST_WORDS, tail.start), tail.end)
    if place <= tail.start or not acts(text[tail.start : place], grammar):
        return
    written = text[place + 1 : tail.end].strip(_EDGE + ".")
    before = tail.deadline, tail.status, tail.permanent
    if written and _parts(written, tail, grammar, people, meeting, sure=True) and tail.owners:
        tail.end = place
    else:
        tail.deadline, tail.status, tail.permanent = before


@cache
def _lead(grammar: Grammar) -> re.Pattern[str]:
    verbs = "|".join(sorted(grammar.listing("verbs"), key=len, reverse=True)) or "(?!)"
    return re.compile(rf"\sto\s+(?:also\s+|please\s+|kindly\s+)?(?:{verbs})(?![\w-])")


_OPENED = re.compile(r"\s*(?P<who>[A-ZÀ-Þ@][^:;.?!\n]{1,70}?)\s+to\s+[a-z]{3,}")
_LEAD_DASH = re.compile(r"\s*([^:\n–—]{1,60}?)\s+[–—-]\s+(?=\S)")
_COLON = re.compile(r"\s*([^:\n]{1,90}?)\s*:\s+(?=\S)")


@cache
def _acting(grammar: Grammar) -> re.Pattern[str]:
    """A party and a verb of the present behind it ("OIM met à jour …"), where a language marks such verbs."""
    names = r"[\w&.'-]+(?:\s*(?:,|/|&|\set\s|\sand\s)\s*[\w&.'-]+){0,3}"
    return re.compile(rf"\s*(?P<who>{names})\s+(?P<verb>{grammar.shape('acting')})(?![\w'])")


@cache
def _modal(grammar: Grammar) -> re.Pattern[str]:
    modals = "|".join(grammar.listing("modals")) or "(?!)"
    future = "|".join(str(file["future"]) for file in grammar.files if file.get("future")) or "(?!)"
    return re.compile(rf"\s*(?P<who>[^:;.?!,]{{2,70}}?)\s+(?:{modals}|{future})(?![\w'])")


def _opened_by_date(text: str, tail: Tail, meeting: date | None) -> None:
    """ "10 mai : distribution à Douro": the date that opens a line of a calendar is its deadline."""
    colon = _COLON.match(text, tail.start, tail.end)
    found = dates.find(colon[1], meeting) if colon else []
    if colon and any(item.last for item in found):
        tail.deadline = tail.deadline or colon[1].strip()
        if sum(item.end - item.start for item in found) >= 0.7 * len(colon[1].strip()):
            tail.start = colon.end()


def _leading(text: str, plain: str, tail: Tail, grammar: Grammar, people: People, meeting: date | None) -> None:
    at = _AT.match(text, tail.start)
    if at:
        tail.give(re.sub(r"\s+@", ", ", at["who"]).replace("@", ""), "lead", grammar, people)
        tail.start = at.end()
        return
    colon = _COLON.match(text, tail.start, tail.end)
    dash = _LEAD_DASH.match(text, tail.start, tail.end)
    if not colon and dash and likeness(dash[1], grammar, people) >= SURE:
        tail.give(dash[1], "lead", grammar, people)
        tail.start = dash.end()
        return
    if colon and any(found.last for found in dates.find(colon[1], meeting)):
        tail.deadline = tail.deadline or colon[1].strip()
        return
    if colon and likeness(colon[1], grammar, people) >= LIKELY + 0.1:
        tail.give(colon[1], "lead", grammar, people)
        tail.start = colon.end()
        return
    last = tail.start
    for match in _lead(grammar).finditer(plain, tail.start, tail.end):
        stop = max((plain.rfind(sign, last, match.start()) for sign in ":;.?!"), default=-1) + 1
        who = re.sub(r"^(?:and|et)\s+", "", text[max(stop, last, match.start() - 110) : match.start()].strip(" ,;-\n"))
        last = match.end()
        cut = max(who.rfind(", "), who.rfind(" - ")) if likeness(who, grammar, people) < LIKELY else -1
        who = who[cut + 1 :].strip(" -") if cut > 0 else who
        if likeness(_bare(who), grammar, people) >= LIKELY - 0.1:
            tail.give(_bare(who), "subject", grammar, people)
    opened = _OPENED.match(text, tail.start, tail.end) if not tail.owners else None
    if opened and likeness(opened["who"], grammar, people) >= SURE:
        tail.give(opened["who"], "subject", grammar, people)
    acting = _acting(grammar).match(plain, tail.start, tail.end) if not tail.owners else None
    if acting and text[acting.start("verb")].islower():
        who = text[acting.start("who") : acting.end("who")]
        if who[:1].isupper() and likeness(who, grammar, people) >= SURE:
            tail.give(who, "subject", grammar, people)
    modal = _modal(grammar).match(plain, tail.start, tail.end) if not tail.owners else None
    if modal and likeness(_bare(text[modal.start("who") : modal.end("who")]), grammar, people) >= LIKELY:
        tail.give(_bare(text[modal.start("who") : modal.end("who")]), "subject", grammar, people)


def _bare(who: str) -> str:
    """A subject without what brackets add."""
    return re.sub(r"\s*\([^)]*\)", "", who).strip()


def _trim(text: str, tail: Tail) -> None:
    while tail.start < tail.end and text[tail.start] in _EDGE:
        tail.start += 1
    while tail.end > tail.start and text[tail.end - 1] in _EDGE:
        tail.end -= 1


def wording(text: str, tail: Tail) -> str:
    """The action's words: the slice without the brackets that held owners or dates."""
    words, place = [], tail.start
    for start, end in sorted(tail.holes):
        if start >= tail.end:
            continue
        words.append(text[place:start].rstrip())
        place = end
    words.append(text[place : tail.end])
    return "".join(words)


def blank(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, "RAS"."""
    return key(text) in _NOTHING
