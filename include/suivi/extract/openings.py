"""What an action's text opens with: an owner or a date before a colon or dash, or the subject of its verb."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from suivi.extract.grammar import Grammar, alternatives, key
from suivi.extract.owners import LIKELY, SURE, People, likeness
from suivi.extract.values import dates
from suivi.extract.wording import Tail

_AT = re.compile(r"@\s?(?P<who>[\w.'-]+(?:\s?[,&/]\s?@?[\w.'-]+|\s+@[\w.'-]+)*)\s*[:,-]?\s*")
_OPENED = re.compile(r"\s*(?P<who>[A-ZÀ-Þ@][^:;.?!\n]{1,70}?)\s+to\s+[a-z]{3,}")
_LEAD_DASH = re.compile(r"\s*([^:\n–—]{1,60}?)\s+[–—-]\s+(?=\S)")
_COLON = re.compile(r"\s*([^:\n]{1,90}?)\s*:\s+(?=\S)")

_MUCH = 0.3  # of the words before a colon that are a date: less is a sentence with a date in it
_ASKING = ("asked", "invited", "engaged")  # rules of sentences that say who is asked, as the grammar names them
_PARTICIPLE = re.compile(r"(?:ée?s?|its?|ites?|aite?s?|[aeiou]ed)\s*$")


@cache
def _doer(grammar: Grammar) -> re.Pattern[str]:
    """Somebody behind "par" or "by", up to a stop or to what opens a deadline."""
    ends = alternatives(grammar.listing("until_sure"))
    return re.compile(
        rf"(?<!\w)(?:{grammar.shape('doer')})\s+(?P<who>[^,.;:()]{{2,60}}?)(?=\s*(?:$|[.;(])|\s+(?:{ends})(?!\w))"
    )


@cache
def _passive(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{grammar.shape('passive')})(?:\s\S+){{0,4}}\s*$")


@cache
def _lead(grammar: Grammar) -> re.Pattern[str]:
    verbs = "|".join(sorted(grammar.listing("verbs"), key=len, reverse=True)) or "(?!)"
    return re.compile(rf"\sto\s+(?:also\s+|please\s+|kindly\s+)?(?:{verbs})(?![\w-])")


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


def opened_by_date(text: str, tail: Tail, meeting: date | None) -> None:
    """ "10 mai : distribution à Douro": the date that opens a line of a calendar is its deadline."""
    colon = _COLON.match(text, tail.start, tail.end)
    found = dates.find(colon[1], meeting) if colon else []
    share = sum(item.end - item.start for item in found) / len(colon[1].strip() or " ") if colon else 0.0
    if colon and share >= _MUCH and any(item.last for item in found):
        tail.deadline = tail.deadline or colon[1].strip()
        if share >= 0.7:
            tail.start = colon.end()


def leading(text: str, plain: str, tail: Tail, grammar: Grammar, people: People, meeting: date | None) -> None:
    """Who opens the text: "@X …", "X – …", "X : …", "X to …", "X will …"."""
    at = _AT.match(text, tail.start)
    if at:
        tail.give(re.sub(r"\s+@", ", ", at["who"]).replace("@", ""), "lead", grammar, people)
        tail.start = at.end()
        return
    _asked(text, plain, tail, grammar, people)
    if tail.owners:
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
    if not tail.owners:
        _doing(text, plain, tail, grammar, people)


def _asked(text: str, plain: str, tail: Tail, grammar: Grammar, people: People) -> None:
    """Who is asked or binds itself: "Il est demandé à X de …", "X s'engage à …", "X is tasked to …"."""
    for pattern in grammar.commitments:
        match = pattern.regex.match(plain, tail.start, tail.end) if pattern.rule in _ASKING and pattern.strong else None
        who = _bare(text[match.start("party") : match.end("party")]) if match else ""
        if who and likeness(who, grammar, people) >= LIKELY:
            tail.give(who, "subject", grammar, people)
            return


def _doing(text: str, plain: str, tail: Tail, grammar: Grammar, people: People) -> None:
    """Who is to do what a noun or a passive asks for: "Mise à jour de la liste par X", "List to be updated by X"."""
    for match in _doer(grammar).finditer(plain, tail.start, tail.end):
        passive = _passive(grammar).search(plain[tail.start : match.start()])
        named = key(plain[tail.start :].split(None, 1)[0]) in grammar.words("nominal")
        said = _PARTICIPLE.search(text[: match.start("who")].rsplit(None, 1)[0])
        who = text[match.start("who") : match.end("who")]
        if (passive or (named and not said)) and likeness(who, grammar, people) >= SURE:
            tail.give(who, "subject", grammar, people)
            return


def _bare(who: str) -> str:
    """A subject without what brackets add."""
    return re.sub(r"\s*\([^)]*\)", "", who).strip()
