"""What people changed in the internal sheet and decided in the held queue, in the form the build needs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from suivi import schema
from suivi.models import Decision, Edit, Issue
from suivi.registers.inputs import Identity, StoredMinutes
from suivi.registers.names import Names
from suivi.registers.places import Resolved, resolve
from suivi.sharing.wording import fold, words

_DAY = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_SEPARATOR = re.compile(r"\s*[;,\n]\s*")
_TRUE = frozenset(words("affirmative"))


@dataclass(frozen=True, slots=True)
class Desk:
    """All edits and decisions, newest first of each cell and question.

    `edits`: (register, record id, column) → the edit in force; `answers`: held id → decision.
    """

    edits: Mapping[tuple[str, str, str], Edit] = field(default_factory=dict)
    answers: Mapping[str, Decision] = field(default_factory=dict)

    @classmethod
    def of(cls, edits: Iterable[Edit], decisions: Iterable[Decision]) -> Desk:
        """Later entries of the same night win over earlier ones; a cleared cell drops its edit."""
        newest: dict[tuple[str, str, str], Edit] = {}
        for edit in sorted(edits, key=lambda e: e.night):
            newest[edit.register, edit.record_id, edit.column] = edit
        answers = {decision.held_id: decision for decision in sorted(decisions, key=lambda d: d.night)}
        return cls({key: edit for key, edit in newest.items() if edit.new not in (None, "")}, answers)

    def edit(self, register: str, record_ids: Iterable[str], column: str) -> Edit | None:
        """The edit in force on a cell of a record, or of the records merged into it; the newest wins."""
        found = [self.edits[register, i, column] for i in record_ids if (register, i, column) in self.edits]
        return max(found, key=lambda edit: edit.night) if found else None

    def ticked(self) -> frozenset[str]:
        """Meetings with the coordinator's tick *PV validé*."""
        return frozenset(
            key[1]
            for key, edit in self.edits.items()
            if key[0] == "meetings" and key[2] == "validated" and truth(edit.new)
        )

    def choice(self, held_id: str) -> str | None:
        answer = self.answers.get(held_id)
        return answer.choice if answer else None

    def correction(self, held_id: str) -> dict[str, str]:
        answer = self.answers.get(held_id)
        return answer.correction if answer and answer.choice == "correct" else {}


def truth(text: str | None) -> bool:
    """Whether a cell says yes, in the words that people and spreadsheets use."""
    return fold(text or "") in _TRUE


def learnt_aliases(desk: Desk, names: Names) -> dict[str, str]:
    """Names as written → acronym, from answers to "unknown organisation" (held id ``organisation:<folded name>``).

    Accepting takes the name that was suggested.
    """
    aliases = {}
    for held_id, answer in desk.answers.items():
        kind, _, name = held_id.partition(":")
        if kind != "organisation":
            continue
        given = next(
            (
                answer.correction[k]
                for k in ("acronym", "organisation", "value", "responsible", "into")
                if k in answer.correction
            ),
            "",
        )
        if answer.choice in ("correct", "merge") and given:
            aliases[name] = given.strip()
        elif answer.choice == "accept" and (suggestion := names.party(name).suggestion):
            aliases[name] = suggestion
    return aliases


def taught_by_owner_cells(
    desk: Desk, identities: Iterable[Identity], stored: Iterable[StoredMinutes], names: Names
) -> dict[str, str]:
    """Names as written → acronym, from corrected owner cells.

    Only where nothing is left to guess: one unknown name among the owners as written, and one organisation in the
    cell that the known ones do not account for.
    """
    edited = {
        record: edit for (register, record, column), edit in desk.edits.items() if (register, column) == _OWNER_CELL
    }
    if not edited:
        return {}
    owners = {fold(a.text): a.responsible for each in stored for a in each.minutes.actions}
    aliases = {}
    for line in identities:
        edit = edited.get(line.record_id)
        wording = line.mention.split("|")[1] if line.mention.count("|") == 2 else ""
        if edit is None or line.register != "actions" or wording not in owners:
            continue
        parties = [party for name in owners[wording] for party in names.parties(name)]
        unknown = [party.written for party in parties if party.kind == "unknown"]
        given = _owners(edit.new or "", names, None) or ()
        added = [name for name in given if name not in {party.name for party in parties} and name in names.details]
        if len(unknown) == len(added) == 1:
            aliases[fold(unknown[0])] = added[0]
    return aliases


_OWNER_CELL = ("actions", "responsible")


def pairs(desk: Desk) -> tuple[frozenset[frozenset[str]], frozenset[frozenset[str]]]:
    """Pairs of action records that people said are the same, and that they said are different.

    Held id of the question: ``link:<record>:<record>``; a merge may also be asked of any row: ``row:<record>`` with the
    record to merge into.
    """
    same: set[frozenset[str]] = set()
    different: set[frozenset[str]] = set()
    for held_id, answer in desk.answers.items():
        kind, *records = held_id.split(":")
        if kind == "link" and len(records) == 2:
            (different if answer.choice == "reject" else same).add(frozenset(records))
        elif answer.choice == "merge" and records and answer.correction.get("into"):
            same.add(frozenset((records[-1], answer.correction["into"])))
    return frozenset(pair for pair in same if len(pair) == 2), frozenset(different)


def value_of(edit: Edit, names: Names, region: str | None = None) -> tuple[Any, Issue | None]:
    """The value that an edit of an action's cell means; what cannot be understood is an issue and no value.

    Types by column: status code, tuple of owners, date, `Resolved` places, level code.
    """
    text = (edit.new or "").strip()
    reader = _READERS.get(edit.column)
    value = reader(text, names, region) if reader else text
    if value is None:
        return None, Issue("edit_not_understood", field=edit.column, value=text, detail=edit.record_id)
    return value, None


def code(codes: str, text: str) -> str | None:
    """The code that a label means in either language ("fait" → "done")."""
    wanted = fold(text)
    for each, texts in schema.labels(codes).items():
        if wanted in (fold(each), *map(fold, texts.values())):
            return each
    return None


def day(text: str) -> date | None:
    """A day as a sheet writes it: ISO or day/month/year."""
    try:
        if match := _DAY.match(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _owners(text: str, names: Names, _: str | None) -> tuple[str, ...] | None:
    found = [party for piece in _SEPARATOR.split(text) if piece for party in names.parties(piece)]
    if any(party.kind == "unknown" for party in found):
        return None
    return tuple(dict.fromkeys(party.name for party in found if party.name)) or None


def _places(text: str, _: Names, region: str | None) -> Resolved | None:
    found = resolve(tuple(piece for piece in _SEPARATOR.split(text) if piece), "", region)
    return found if found.codes and not found.unknown else None


_READERS = {
    "status": lambda text, _names, _region: code("status", text),
    "sharing_level": lambda text, _names, _region: code("level", text),
    "deadline_date": lambda text, _names, _region: day(text),
    "responsible": _owners,
    "admin2_name": _places,
}


def asked_levels(desk: Desk, register: str) -> dict[str, tuple[str, int]]:
    """Record id → (level, night) that the coordinator set in the sheet."""
    found = {}
    for (name, record_id, column), edit in desk.edits.items():
        if name == register and column == "sharing_level" and (level := code("level", edit.new or "")):
            found[record_id] = (level, edit.night)
    return found


def by_record(desk: Desk, register: str) -> dict[str, dict[str, str]]:
    """Record id → column → what people wrote: for columns that are people's own."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for (name, record_id, column), edit in desk.edits.items():
        if name == register and edit.new:
            found[record_id][column] = edit.new
    return found


def unread_edits(desk: Desk, known: Mapping[str, Iterable[str]]) -> Iterator[Issue]:
    """Edits of records that no register has any more."""
    present = {register: set(ids) for register, ids in known.items()}
    for (register, record_id, column), edit in sorted(desk.edits.items()):
        if record_id not in present.get(register, ()):
            yield Issue("edit_without_row", field=column, value=edit.new or "", detail=record_id)
