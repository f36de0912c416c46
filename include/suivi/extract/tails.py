"""An action's wording without its tail: who, by when and how far, wherever a template puts them.

Written after the words ("Responsable : X", "(X, fin mai)", "[X, asap]", "…/X", "– X, 12/05", "by 31/05"),
before them ("X : …", "X to …", "@X …") or between ("d'ici vendredi").
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from suivi.extract.closings import bracketed, coloned, dashed, parted, slashed
from suivi.extract.grammar import Grammar, alternatives, misspelt
from suivi.extract.openings import leading, opened_by_date
from suivi.extract.owners import People
from suivi.extract.statuses import read_status
from suivi.extract.until import stated
from suivi.extract.values.text import fold
from suivi.extract.wording import EDGE, Tail

_MENTION = re.compile(r"(?<![\w.])@(?P<who>[A-Za-zÀ-ÿ][\w'-]*)")
_SENTENCE = re.compile(r"[.;]\s+(?=[A-ZÀ-Þ])")


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
    opened_by_date(text, tail, meeting)
    if "owner" not in columns:
        bracketed(text, tail, grammar, people, meeting)
        if not tail.owners:
            parted(text, tail, grammar, people, meeting)
        if not tail.owners:
            slashed(text, tail, grammar, people)
        if not tail.owners or tail.deadline is None:
            dashed(text, tail, grammar, people, meeting)
        mention = _MENTION.search(text, tail.start, tail.end) if not tail.owners else None
        if mention and text[tail.start : mention.start()].strip():
            for each in _MENTION.finditer(text, mention.start(), tail.end):
                tail.give(each["who"], "label", grammar, people)
                tail.holes.append(each.span())
        if not tail.owners and listed:
            coloned(text, tail, grammar, people, meeting)
        if not tail.owners and listed:
            leading(text, plain, tail, grammar, people, meeting)
    if tail.deadline is None and "deadline" not in columns:
        until = stated(text, tail.start, tail.end, grammar, meeting)
        if until:
            tail.deadline = " ".join(text[until[0] : until[1]].split()).rstrip(" .;,")
            tail.end = until[0] if until[2] else tail.end
    tail.trim(text)
    return tail


def _labelled(text: str, plain: str, tail: Tail, grammar: Grammar, people: People) -> None:
    if not (":" in plain or "=" in plain or ";" in plain or "/" in plain or "resp." in plain):
        return
    found = [match for match in _labels(grammar).finditer(plain) if _opens(plain, match)]
    if not found:
        return
    for match, after in zip(found, [*found[1:], None], strict=True):
        value = text[match.end() : after.start() if after else tail.end]
        stop = _SENTENCE.search(value)
        value = value[: stop.start()] if stop else value
        value = value.strip(EDGE + "().")
        if match["owner"] or match["slashed"]:
            tail.give(value, "label", grammar, people) if value else None
        elif match["deadline"]:
            tail.deadline = value or tail.deadline
        elif value:
            tail.status, tail.permanent = read_status(value, grammar)
    if text[: found[0].start()].strip(EDGE):
        tail.end = min(tail.end, found[0].start())
    else:
        tail.start = tail.end


def _opens(plain: str, match: re.Match[str]) -> bool:
    """A label stands at the start, after a stop or bracket, or is long enough to be nothing else."""
    before = plain[: match.start()].rstrip(" \t*_")
    word = match.group().rstrip(" :;=/\n")
    return not before or before[-1] in ".;:)([]/-,\n>" or "\n" in plain[len(before) : match.start()] or len(word) >= 5
