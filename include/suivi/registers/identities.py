"""The memory that keeps ids: which mention belongs to which record.

An id is minted at a record's first mention and never derived from a path, a hash or a wording. The build groups
mentions anew every night; `claim` then gives every group the id that memory holds for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import uuid6
from rapidfuzz import fuzz

from suivi.registers.inputs import Identity
from suivi.sharing.wording import fold

Mint = Callable[[], str]
_SAME_AFTER_CORRECTION = 55.0  # token_sort_ratio of two wordings of one place in the same minutes


def new_id() -> str:
    """A UUID of version 7: ids sort by the night that minted them."""
    return str(uuid6.uuid7())


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention as memory sees it. `scope` is where it must be looked for (its meeting); `text` its wording."""

    key: str
    scope: str
    text: str
    day: date | None = None
    held: bool = False
    kind: str = ""


@dataclass(slots=True)
class Memory:
    """All lines of one register, the new ones beside the old."""

    register: str
    night: int
    mint: Mint
    known: dict[str, str] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)  # as before any merge: what decisions speak of
    merged: dict[str, str] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    lines: dict[str, list[Identity]] = field(default_factory=lambda: defaultdict(list))
    new: list[Identity] = field(default_factory=list)

    @classmethod
    def of(cls, register: str, identities: Iterable[Identity], night: int, mint: Mint) -> Memory:
        """The memory of one register out of all lines."""
        memory = cls(register, night, mint)
        for line in identities:
            if line.register == register:
                memory._learn(line)
        return memory

    def _learn(self, line: Identity) -> None:
        if line.merged_into:
            self.merged[line.record_id] = line.merged_into
            return
        self.order.setdefault(line.record_id, len(self.order))
        self.lines[line.record_id].append(line)
        if line.number:
            self.numbers.setdefault(line.record_id, line.number)
        self.known[line.mention] = line.record_id
        self.first.setdefault(line.mention, line.record_id)

    def current(self, record_id: str) -> str:
        """The record that stands for this one after all merges."""
        if record_id not in self.merged:
            return record_id
        seen = set()
        while record_id in self.merged and record_id not in seen:
            seen.add(record_id)
            record_id = self.merged[record_id]
        return record_id

    def absorbed(self) -> dict[str, list[str]]:
        """Record → the records merged into it."""
        found: dict[str, list[str]] = defaultdict(list)
        for record_id in self.merged:
            found[self.current(record_id)].append(record_id)
        return found

    def seen_by_people(self, record_id: str) -> bool:
        """Whether a row of this id may have been published."""
        return any(not line.held for line in self.lines[record_id])

    def append(self, line: Identity) -> None:
        """Add a line, unless memory says the same already."""
        if line.merged_into:
            if self.merged.get(line.record_id) == line.merged_into:
                return
        elif self.known.get(line.mention) == line.record_id and not self._shown_now(line):
            return
        self._learn(line)
        self.new.append(line)

    def _shown_now(self, line: Identity) -> bool:
        return not line.held and not self.seen_by_people(line.record_id)


def reattach(memory: Memory, mentions: Sequence[Mention]) -> dict[str, str]:
    """Mentions whose wording a correction changed → the mention key that memory knows them by.

    Within one scope, mentions that memory does not know are paired one to one with remembered mentions that no
    current mention has, best similarity first.
    """
    current = {mention.key for mention in mentions}
    lost: dict[str, list[Identity]] = defaultdict(list)
    fresh: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.key not in memory.known:
            fresh[mention.scope].append(mention)
    if not fresh:
        return {}
    # A record that the same minutes still mention in its old wording needs no other mention there.
    present = {(mention.scope, memory.known[mention.key]) for mention in mentions if mention.key in memory.known}
    for key, line in {line.mention: line for lines in memory.lines.values() for line in lines}.items():
        scope = key.split("|", 1)[0]
        if key not in current and scope in fresh and (scope, line.record_id) not in present:
            lost[scope].append(line)
    found: dict[str, str] = {}
    for scope, candidates in fresh.items():
        found |= _pair(candidates, lost[scope])
    return found


def _pair(fresh: list[Mention], lost: list[Identity]) -> dict[str, str]:
    scored = [
        (fuzz.token_sort_ratio(fold(mention.text), fold(line.text)), -abs(i - j), mention.key, line.mention)
        for i, mention in enumerate(fresh)
        for j, line in enumerate(lost)
    ]
    taken: set[str] = set()
    pairs: dict[str, str] = {}
    for score, _, key, old in sorted(scored, reverse=True):
        if score >= _SAME_AFTER_CORRECTION and key not in pairs and old not in taken:
            pairs[key] = old
            taken.add(old)
    return pairs


def claim(memory: Memory, groups: Sequence[Sequence[Mention]], aliases: dict[str, str]) -> list[str]:
    """The record id of every group of mentions, in the order of the groups.

    A group takes the oldest id that memory holds for its mentions; the others were merged into it. Where two groups
    hold the same id, the one with the earlier claim in meeting order keeps it. `aliases` is what `reattach` found.
    """
    held_by = [_ids(memory, group, aliases) for group in groups]
    taken: dict[str, int] = {}
    for index, ids in enumerate(held_by):
        for record_id in ids:
            taken.setdefault(record_id, index)
    result = []
    for index, (group, ids) in enumerate(zip(groups, held_by, strict=True)):
        own = sorted((i for i in ids if taken[i] == index), key=lambda i: memory.order[i])
        record_id = own[0] if own else memory.mint()
        _remember(memory, group, record_id)
        for other in own[1:]:
            memory.append(Identity(memory.register, "", other, memory.night, merged_into=record_id))
        result.append(record_id)
    return result


def _ids(memory: Memory, group: Sequence[Mention], aliases: dict[str, str]) -> list[str]:
    found: dict[str, None] = {}
    for mention in group:
        record_id = memory.known.get(mention.key) or memory.known.get(aliases.get(mention.key, ""))
        if record_id:
            found[memory.current(record_id)] = None
    return list(found)


def _remember(memory: Memory, group: Sequence[Mention], record_id: str) -> None:
    for mention in group:
        memory.append(
            Identity(
                register=memory.register,
                mention=mention.key,
                record_id=record_id,
                night=memory.night,
                text=mention.text,
                day=mention.day,
                held=mention.held,
                kind=mention.kind,
            )
        )


def repeats(keys: Iterable[Hashable]) -> list[int]:
    """The rank of each key among its equals: 0 for the first, 1 for the second …"""
    seen: dict[Hashable, int] = defaultdict(int)
    ranks = []
    for key in keys:
        ranks.append(seen[key])
        seen[key] += 1
    return ranks
