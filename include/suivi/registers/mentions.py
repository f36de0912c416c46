"""Actions of minutes, with owners and places resolved: what linking compares and rows are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from suivi.models import Action, Found, Issue
from suivi.registers.deadlines import deadline_of
from suivi.registers.identities import Mention, repeats
from suivi.registers.meetings import Meeting
from suivi.registers.names import Names, Party
from suivi.registers.places import Resolved, resolve
from suivi.sharing.wording import fold, tokens, words

# As `tokens` leaves them ("mars" is "mar" there); "may" and "march" are other words too.
_ORDINALS = frozenset(tokens(" ".join((*words("ordinals"), *words("months"))))) - {"may", "march"}
_STAGES = {"draft": frozenset(words("draft_versions")), "final": frozenset(words("final_versions"))}


@dataclass(frozen=True)
class ActionMention:
    """One action as one meeting's minutes say it. `order` is its place among them."""

    meeting: Meeting
    action: Action
    order: int
    key: str
    parties: tuple[Party, ...]
    places: Resolved
    deadline: date | None

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tokens(self.action.text)

    @cached_property
    def meaning(self) -> frozenset[str]:
        """The words without their order."""
        return frozenset(self.words)

    @cached_property
    def line(self) -> str:
        return " ".join(self.words)

    @cached_property
    def figures(self) -> frozenset[str]:
        """Numbers, ordinals and months: what tells "the first quarter" from "the second"."""
        return frozenset(word for word in self.words if word.isdigit() or word in _ORDINALS)

    @cached_property
    def stage(self) -> str:
        """Which version of a paper the wording speaks of: the draft and the final one are two actions."""
        stages = [name for name, said in _STAGES.items() if not said.isdisjoint(self.meaning)]
        return stages[0] if len(stages) == 1 else ""

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """Organisations, roles and groups, each once; people stand for their organisation."""
        return tuple(dict.fromkeys(party.name for party in self.parties if party.name))

    @cached_property
    def answerable(self) -> frozenset[str]:
        """The owners and, for roles, the organisations that hold them: CCP and UNHCR are no two owners."""
        return frozenset((*self.owners, *(party.behind for party in self.parties if party.behind)))

    def memory(self, held: bool = False) -> Mention:
        action = self.action
        return Mention(self.key, self.meeting.record_id, action.text, self.meeting.day, held, action.kind)


def of_meeting(
    meeting: Meeting, names: Names, following: date | None, corrections: Mapping[str, Mapping[str, str]]
) -> list[ActionMention]:
    """The mentions of one meeting, in the order of its minutes.

    `following`: day of the next meeting of the body; `corrections`: mention key → fields that somebody corrected.
    """
    minutes = meeting.minutes
    texts = [fold(action.text) for action in minutes.actions]
    attendees = minutes.meeting.attendees
    found = []
    for order, (action, text, rank) in enumerate(zip(minutes.actions, texts, repeats(texts), strict=True)):
        key = f"{meeting.record_id}|{text}|{rank}"
        action = _corrected(action, corrections.get(key, {}))
        parties = tuple(party for name in action.responsible for party in names.parties(name, attendees))
        places = resolve(action.places, action.text, meeting.body.place)
        deadline = deadline_of(action, meeting.day, following)
        found.append(ActionMention(meeting, action, order, key, parties, places, deadline))
    return found


def _corrected(action: Action, fields: Mapping[str, str]) -> Action:
    """The action as somebody corrected it in the held queue; unknown fields are left alone."""
    if not fields:
        return action
    changes: dict[str, object] = {}
    if "text" in fields:
        changes["text"] = fields["text"]
    if "kind" in fields and fields["kind"] in ("action", "decision"):
        changes["kind"] = fields["kind"]
    if "responsible" in fields:
        changes["responsible"] = _split(fields["responsible"])
        changes["responsible_as_written"] = fields["responsible"]
    if place := fields.get("admin2_name") or fields.get("place"):
        changes["places"] = _split(place)
    if "deadline_date" in fields:
        changes["deadline_date"] = fields["deadline_date"]
    return replace(action, **changes)  # type: ignore[arg-type]


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace(",", ";").split(";") if part.strip())


def issues_of(mention: ActionMention) -> Iterator[Issue]:
    """What was not understood of the owners and places of a mention."""
    document, found = mention.meeting.main.document, mention.action.found
    for party in mention.parties:
        if party.kind == "unknown":
            yield _issue("organisation_unknown", document, found, "responsible", party.written, party.suggestion)
    yield from place_issues(mention.places, document, found)


def place_issues(places: Resolved, document: str, found: Found) -> Iterator[Issue]:
    """Places that no list knows, names of both a region and a cercle, codes and regions of other lists."""
    for written in places.unknown:
        yield _issue("place_unknown", document, found, "places", written)
    for written in places.ambiguous:
        yield _issue("place_ambiguous", document, found, "places", written)
    for written in places.old_codes:
        yield _issue("place_code_old", document, found, "places", written)
    for written in places.new_regions:
        yield _issue("place_region_new", document, found, "places", written, " ; ".join(p.name for p in places.admin2))


def _issue(type_: str, document: str, found: Found, field: str, value: str, detail: str = "") -> Issue:
    return Issue(type_, document, found.source.locator, field, value, detail)
