"""What an action's text closes with: owners, a date, a status in brackets, behind a slash, a dash or a last colon."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from suivi.extract.grammar import Grammar, key
from suivi.extract.owners import LIKELY, SURE, People, likeness
from suivi.extract.statuses import read_status
from suivi.extract.until import is_when
from suivi.extract.values import places
from suivi.extract.values.text import fold
from suivi.extract.verbs import acts
from suivi.extract.wording import EDGE, Tail

_BRACKET = re.compile(r"[\[(]([^()\[\]]{1,160}(?:\([^()]*\)[^()\[\]]*)?)[\])]")
_DASH = re.compile(r"\s(?:[-–—→⇒]|=+>|-+>)+\s*(?=\S)|[→⇒]\s*(?=\S)")
_SIGNS = (re.compile(r"\s*\|\s*"), re.compile(r"\s+/\s*|/\s+"), re.compile(r",\s+"))
_PART = re.compile(r"\s*[;,]\s*|\s[-–—]\s|\n")
_UNDATED = frozenset({"no date", "sans date", "a definir", "a determiner", "date a fixer", "tbd", "tbc", "n a"})
_ARROWS = ">→⇒"
_NAME = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ'’-]+(?: [A-ZÀ-Þ]\.?)?")
_TASK = 3  # words of a task that is no order, with somebody known behind its colon
_KNOWN = 0.95  # likeness of parties that the lists or the header name
_LAST_WORDS = 110  # characters before the end in which a slash or dash may open an owner


def bracketed(text: str, tail: Tail, grammar: Grammar, people: People, meeting: date | None) -> None:
    """Owners, dates and a status in brackets: "(X, fin mai)", "[X, asap]"."""
    if "(" not in text and "[" not in text:
        return
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
            pieces.append((piece[behalf.end() :] if behalf else piece).strip(EDGE))
    return [piece for piece in pieces if piece]


def slashed(text: str, tail: Tail, grammar: Grammar, people: People) -> None:
    """An owner behind the last slash: "…/X"."""
    place = text.rfind("/", max(tail.end - _LAST_WORDS, tail.start), tail.end)
    if place <= tail.start or not text[tail.start : place].strip():
        return
    written = text[place + 1 : tail.end].strip(EDGE + ".")
    if not written or ("\n" in written and len(written) > 60):
        return
    if likeness(written, grammar, people) >= LIKELY + 0.15:
        tail.give(written, "slash", grammar, people)
        tail.end = place


def parted(text: str, tail: Tail, grammar: Grammar, people: People, meeting: date | None) -> None:
    """Three parts between one sign, the last a date: "Tâche / ORG / 15 juin", "ORG / tâche / 15 juin"."""
    for sign in _SIGNS:
        cuts = list(sign.finditer(text, tail.start, tail.end))
        if len(cuts) < 2:
            continue
        when = text[cuts[-1].end() : tail.end].strip(EDGE + ".")
        who = text[cuts[-2].end() : cuts[-1].start()].strip()
        words = text[tail.start : cuts[-2].start()].strip()
        if not is_when(when, grammar, meeting):
            continue
        if likeness(who, grammar, people) >= SURE > likeness((words.split() or [""])[-1], grammar, people):
            tail.give(who, "slash", grammar, people)
            tail.end, tail.deadline = cuts[-2].start(), tail.deadline or when
            return
        if len(cuts) == 2 and acts(who, grammar) and likeness(words, grammar, people) >= SURE:
            tail.give(words, "lead", grammar, people)
            tail.start, tail.end, tail.deadline = cuts[0].end(), cuts[1].start(), tail.deadline or when
            return


def dashed(text: str, tail: Tail, grammar: Grammar, people: People, meeting: date | None) -> None:
    """Owners or a date behind a dash or arrow: "– X, 12/05"."""
    cuts = list(_DASH.finditer(text, max(tail.end - _LAST_WORDS, tail.start), tail.end))
    for match in cuts[-2:]:
        written = text[match.end() : tail.end].strip(EDGE + ".")
        if not text[tail.start : match.start()].strip(EDGE):
            continue
        if tail.owners and not is_when(written, grammar, meeting):
            continue
        if written and _parts(written, tail, grammar, people, meeting, sure=True):
            tail.how = tail.how if tail.how not in ("", "bracket") or not tail.owners else "dash"
            tail.end = match.start()
            return
        if match.group().strip()[-1:] in _ARROWS and _first_name(written, grammar):
            tail.give(written, "dash", grammar, people)
            tail.end = match.start()
            return


def _first_name(written: str, grammar: Grammar) -> bool:
    """Whether one word with a capital can be somebody's first name: neither a place nor a status."""
    alone = _NAME.fullmatch(written) is not None and key(written) not in grammar.words("nominal")
    return alone and read_status(written, grammar)[0] is None and not places.find(written)


def coloned(text: str, tail: Tail, grammar: Grammar, people: People, meeting: date | None) -> None:
    """ "Tâche : ORG, pour le 6 mars": somebody behind the last colon of something to do."""
    place = text.rfind(": ", max(tail.end - _LAST_WORDS, tail.start), tail.end)
    task, written = text[tail.start : place], text[place + 1 : tail.end].strip(EDGE + "._")
    if place <= tail.start:
        return
    if not acts(task, grammar) and (len(task.split()) < _TASK or likeness(written, grammar, people) < _KNOWN):
        return
    before = tail.deadline, tail.status, tail.permanent
    if written and _parts(written, tail, grammar, people, meeting, sure=True) and tail.owners:
        tail.end = place
    else:
        tail.deadline, tail.status, tail.permanent = before
