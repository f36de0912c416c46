"""Commitments and decisions in sentences: a named party and what it will do, or what was decided."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from suivi.extract.drafts import Draft, Scene, draft
from suivi.extract.grammar import Grammar, Pattern, key
from suivi.extract.layout import Entry
from suivi.extract.owners import LIKELY, likeness, split

_STOP = re.compile(  # a stop that ends a sentence: not that of "A. Name", "cf.", "M. Name", "e.g."
    r"[.!?…](?<![.\s(][A-ZÀ-Þ][.])(?<![\s(][Cc]f[.])(?<!e[.]g[.])(?<!i[.]e[.])(?<![\s(]Mme[.])[\"»”')\]]*\s+(?=[A-ZÀ-Þ«\"“(\[])"
)
_LEADING = re.compile(r"^(?:[^,;:]{3,60},\s+)(?=\S)")
_LONGEST = 600


@cache
def telling(grammar: Grammar) -> re.Pattern[str]:
    """Words that only say who told: "X noted that …"."""
    return re.compile(rf".{{2,60}}? (?:{grammar.shape('telling')})")


@cache
def _narrated(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{grammar.shape('narrated')})\b")


@cache
def _future(grammar: Grammar) -> re.Pattern[str] | None:
    shapes = [file["future"] for file in grammar.files if file.get("future")]
    return re.compile(rf"(?<![\w'])(?P<verb>{'|'.join(shapes)})(?![\w'])") if shapes else None


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of a slice, as offsets."""
    first = start
    for match in _STOP.finditer(text, start, end):
        yield first, match.end()
        first = match.end()
    if first < end:
        yield first, end


class ProseReader:
    """Finds sentences whose literal triggers occur; `strict`: the document lists its actions elsewhere."""

    def __init__(self, scene: Scene, *, strict: bool) -> None:
        self.scene = scene
        self.strict = strict
        self.page = scene.page
        self.hits: list[tuple[int, tuple[tuple[str, int], ...]]] = list(scene.grammar.triggers.iter(scene.page.plain))
        self.ends = [end for end, _ in self.hits]
        self.speaker: str | None = None
        self.listing = strict
        self.pointed = False  # the sentence opens a list item

    def read(self, entry: Entry, *, loose: bool = False) -> Iterator[Draft]:
        """The commitments and decisions of one entry; `loose`: it stands in a list section, so all count."""
        self.strict = self.listing and not loose
        if entry.kind == "heading" or not self._worth(entry):
            return
        self.pointed = bool(entry.marker)
        for start, end in sentences(self.page.text, entry.body, entry.end):
            if end - start > _LONGEST or end - start < 15:
                continue
            made = self._sentence(start, end)
            if made:
                yield made

    def _worth(self, entry: Entry) -> bool:
        """Whether any trigger, or where that counts any future, stands in an entry."""
        first = bisect_right(self.ends, entry.body)
        if first < len(self.ends) and self.ends[first] < entry.end:
            return True
        future = None if self.strict else _future(self.scene.grammar)
        return bool(future and future.search(self.page.plain, entry.body, entry.end))

    def _sentence(self, start: int, end: int) -> Draft | None:
        first = bisect_right(self.ends, start)
        wanted: set[tuple[str, int]] = set()
        while first < len(self.hits) and self.hits[first][0] < end:
            wanted.update(self.hits[first][1])
            first += 1
        plain = self.page.plain[start:end]
        if (self.strict and not wanted) or plain.rstrip().endswith("?"):
            return None
        if wanted:
            opening = len(plain) - len(plain.lstrip(" -\n"))
            told = telling(self.scene.grammar).match(plain, opening)
            for section, index in sorted(wanted):
                pattern = getattr(self.scene.grammar, section)[index]
                made = self._matches(section, pattern, start, plain, opening, told.end() if told else 0)
                if made:
                    return made
        return None if self.strict else self._will(start, end)

    def _matches(self, section: str, pattern: Pattern, start: int, plain: str, offset: int, told: int) -> Draft | None:
        """The action where the pattern fits; the sentence's words begin at `offset`, or behind who `told` them."""
        end = start + len(plain)
        match = pattern.regex.match(plain, told or offset) if section == "commitments" else pattern.regex.search(plain)
        if not match:
            return None
        opening = pattern.opens and self.pointed and not told and match.start() == offset
        if (
            self.strict
            and not opening
            and (not pattern.strong or section == "decisions" or _narrated(self.scene.grammar).search(match.group()))
        ):
            return None
        start += told
        if section == "decisions":
            made = draft(self.scene, start, end, f"prose.{pattern.rule}", listed=False)
            if made:
                made.kind = "decision"
            return made
        if pattern.agentless or pattern.elided:
            return self._agentless(pattern, start, end)
        if match.groupdict().get("verb") and match["verb"] not in self.scene.grammar.words("verbs"):
            return None
        return self._party(match, pattern, start, end, told)

    def _agentless(self, pattern: Pattern, start: int, end: int) -> Draft | None:
        made = draft(self.scene, start, end, f"prose.{pattern.rule}", listed=False)
        if made and pattern.elided:
            if self.speaker is None:
                return None
            made.owners = split(self.speaker, self.scene.grammar, self.scene.people)
        if made and pattern.decision:
            made.kind = "decision"
        return made

    def _party(self, match: re.Match[str], pattern: Pattern, start: int, end: int, told: int) -> Draft | None:
        first = start - told + match.start("party")
        written = self.page.text[first : start - told + match.end("party")]
        start = first if pattern.cuts else start
        party = self._subject(written)
        if party is None:
            return None
        made = draft(self.scene, start, end, f"prose.{pattern.rule}", listed=False)
        if made is None:
            return None
        made.belongs(party, "subject", self.scene)
        self.speaker = party
        return made

    def _subject(self, written: str) -> str | None:
        """The party in a sentence's subject: without lead-in, brackets and article; `None` where it is nobody."""
        written = re.sub(r"\s*\([^)]*\)", "", " ".join(written.split())).strip(" -–•")
        lead = _LEADING.match(written)
        written = written[lead.end() :] if lead and not re.search(r"\b(?:et|and)\b", written[lead.end() :]) else written
        written = re.sub(r"^(?:and|et|que|that|then|but|mais|Enfin|Pour terminer)[ ,]+", "", written)
        first = key(written).split()[:1]
        if not first or first[0] in self.scene.grammar.words("pronouns") or len(written) > 80:
            return None
        if first[0] in self.scene.grammar.words("verbs"):
            return None  # an order: "Engage the Secretariat to …"
        return (
            written
            if likeness(written, self.scene.grammar, self.scene.people) >= LIKELY
            else _company(written, self.scene)
        )

    def _will(self, start: int, end: int) -> Draft | None:
        """French future with a party as its subject: "L'OCHA partagera …"."""
        future = _future(self.scene.grammar)
        if future is None:
            return None
        plain = self.page.plain
        for match in future.finditer(plain, start, min(end, start + 140)):
            if match["verb"] in self.scene.grammar.words("not_future"):
                continue
            before = self.page.text[start : match.start()]
            party = self._subject(re.sub(r"\s+(?:se|s'|en|y|leur|lui|les|la|le|l'|ne)\s*$", "", before.strip()))
            if party is None:
                return None
            made = draft(self.scene, start, end, "prose.future", listed=False)
            if made:
                made.belongs(party, "subject", self.scene)
            return made
        return None


def _company(written: str, scene: Scene) -> str | None:
    """ "X and Y from the Z office": the names before where they come from."""
    cut = re.split(r"\s+(?:from|de l'equipe|du bureau|of the)\s+", written, maxsplit=1)[0]
    if cut != written and likeness(cut, scene.grammar, scene.people) >= LIKELY:
        return cut
    return None
