"""Inline markers: "ACTION:", "Action Item A2014-03:", "AI @all:", "Recommandation n° 3 :", "[DONE] Action: …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from suivi.extract.drafts import Draft, Scene, draft
from suivi.extract.grammar import Grammar, alternatives, variants
from suivi.extract.layout import Entry
from suivi.extract.statuses import read_status
from suivi.extract.tails import read_tail
from suivi.extract.verbs import acts
from suivi.extract.wording import blank

CODE = re.compile(
    r"(?P<code>[A-Z]{1,5}[ -]?\d{4}[.-]\s?\d{1,3}|[A-Z]{1,9}(?:-[A-Z0-9]{1,12}){0,2}-\d{4}-\d{2}-\d{2}/\d+"
    r"|(?:AI|AP|PA|R|A|D)[ -]?\d{1,3})"
    r"\b\s*[:.)–-]?\s*"
)
REFERENCE = re.compile(r"[(→>-]\s*(?:[Aa]ction\s+)?(?P<code>[A-Z]{1,5}\s?\d{4}[.-]\s?\d{1,3})\s*[).\]]?")
_KINDS = ("action", "recommendation", "decision")
_TAGGED = re.compile(r"\s*(?:- )?\[([A-Za-z ]{3,15})\]\s*")
_NEXT = re.compile(r"[\].;][.;]?\s+(?=[A-ZÀ-Þ])")


@cache
def _marker(grammar: Grammar) -> re.Pattern[str]:
    kinds = "|".join(f"(?P<{kind}>{grammar.table_either('markers', kind)})" for kind in _KINDS)
    return re.compile(
        rf"(?:{kinds})(?![^\W\d])(?!\d{{3}})\s*(?P<code>(?:n\s?[°o.]?\s?)?[a-z]{{0,3}}\d[\w.-]*)?\s*(?:\((?P<aside>[^)]{{1,40}})\)\s*)?"
        rf"(?:(?:on|for|pour|sur)\s+(?P<who>[\w .,&/'-]{{2,50}}?)\s*)?"
        rf"(?:(?<=\s)(?:{grammar.shape('taken_by')})[\w .&/'-]{{2,50}}?\s*(?=:))?"
        rf"(?P<sign>[:.]|\s[-–—]|[-–—]\s|=>|→|(?=\s*@))\s*"
    )


@cache
def _openings(grammar: Grammar) -> tuple[str, ...]:
    """The first word of each marker: a quick look before the pattern."""
    table = grammar.table("markers")
    words = {v.split(" ")[0] for kind in _KINDS for phrase in table.get(kind, ()) for v in variants(phrase)}
    return tuple(sorted(words))


@cache
def _middle(grammar: Grammar) -> re.Pattern[str]:
    words = alternatives([word for kind in _KINDS for word in grammar.table("markers").get(kind, ())])
    return re.compile(
        rf"\s(?:(?<=[.;!?)\]]\s)\s*|(?<=\n)\s*|[-–]\s)(?:{words})\s*(?:[a-z]{{0,3}}\d[\w-]*\s*)?"
        rf"(?:(?:on|for|pour|sur)\s+[\w .,&/'-]{{2,50}}?\s*)?[:.]\s*(?=\S)"
    )


class MarkerReader:
    """Finds the markers of entries and cuts what each opens."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.page, self.grammar = scene, scene.page, scene.grammar

    def read(self, entry: Entry) -> Iterator[Draft]:
        """Every marker of an entry: at its start, at a line's start, or with a number anywhere."""
        text, plain = self.page.text, self.page.plain
        opened: list[tuple[re.Match[str], bool]] = []
        worded = plain.startswith(_openings(self.grammar), entry.body)
        first = _marker(self.grammar).match(plain, entry.body, entry.end) if worded else None
        if first and self._is_marker(first, entry):
            opened.append((first, True))
        for middle in _middle(self.grammar).finditer(plain, entry.body + 1, entry.end):
            place = middle.start() + len(middle.group()) - len(middle.group().lstrip(" \n-–"))
            match = _marker(self.grammar).match(plain, place, entry.end)
            if (
                match
                and text[place].isupper()
                and match["sign"].strip() in (":", ".")
                and text[match.end() : match.end() + 1].strip()
            ):
                opened.append((match, False))
        for (match, at_start), after in zip(opened, [*opened[1:], None], strict=False):
            end = after[0].start() if after else entry.end
            number = re.sub(r"^n\s?[°o.]?\s?", "", match["code"]) if match["code"] else None
            kind = "decision" if match["decision"] else "action"
            who = text[match.start("who") : match.end("who")] if match["who"] else None
            said = _TAGGED.match(text, entry.start, match.start())
            for made in self._marked(match.end(), end, f"marker.{kind}" if at_start else "marker.middle", number, who):
                if said and made.status is None:
                    made.status = read_status(said[1], self.grammar, whole=True)[0]
                yield made

    def _is_marker(self, match: re.Match[str], entry: Entry) -> bool:
        rest = self.page.text[match.end() : entry.end].strip()
        if len(rest) < 8 or blank(rest):
            return False
        word = self.page.text[match.start() : match.start() + 1]
        if not word.isupper() and not entry.marker:
            return False
        if match["sign"] == "." and not match["code"]:
            return False
        if match["code"] and match.start("code") > 0 and self.page.plain[match.start("code") - 1].isalpha():
            return match["sign"] == ":" and self._commits(match.end(), entry.end)  # "AP1: …"; "AI3 – closed" is none
        return (
            match["sign"].strip() not in ("-", "–", "—")
            or bool(match["code"])
            or match.group().isupper()
            or len(rest) > 15
        )

    def _marked(self, start: int, end: int, rule: str, number: str | None, who: str | None) -> Iterator[Draft]:
        for first, last in self._milestones(start, end, numbered=bool(number)):
            made = draft(self.scene, first, last, rule)
            if made is None:
                continue
            made.number = (number or "").strip(" .:").upper() or made.number
            made.kind = "decision" if rule.endswith("decision") else "action"
            if who and not made.owners:
                made.belongs(who, "label", self.scene)
            yield made

    def _milestones(self, start: int, end: int, *, numbered: bool) -> Iterator[tuple[int, int]]:
        """A marker's text; what follows a closing owner bracket is an action of its own, and without a number also
        a sentence with somebody of its own."""
        first = start
        for match in _NEXT.finditer(self.page.text, start, end):
            closed = self.page.text[match.start()] == "]"
            if end - match.end() > 15 and (closed or (not numbered and self._leads(match.end(), end))):
                yield first, match.start() + 1
                first = match.end()
        yield first, end

    def _commits(self, start: int, end: int) -> bool:
        """Whether a text says who is to do something, or opens with an order."""
        stop = _NEXT.search(self.page.text, start, end)  # the next marker may stand behind it
        text = self.page.text[start : stop.start() if stop else end]
        tail = read_tail(text, self.grammar, self.scene.people, self.scene.meeting)
        return bool(tail.owners) or acts(text, self.grammar)

    def _leads(self, start: int, end: int) -> bool:
        """Whether a sentence opens with somebody who is to do something."""
        tail = read_tail(self.page.text[start:end], self.grammar, self.scene.people, self.scene.meeting)
        return tail.how in ("subject", "lead")
