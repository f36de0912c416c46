"""The same action in later minutes: its short number, then its wording with agreement of place and owner.

Meetings of one body are walked in order; each mention is linked to at most one earlier action and each action to at
most one mention of a kind (looking back, or new) a meeting. Candidates come from an index of rare words, so that the
cost grows with the mentions and not with their pairs. Memory of ids plays no part: the result is the same whatever
the order in which documents arrived; only decisions of people (`Verdicts`) overrule it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz

from suivi.registers.mentions import ActionMention
from suivi.sharing.wording import fold

ACCEPT = 80.0
PROPOSE = 68.0
REVIEW_BONUS = 8.0  # a mention that looks back must have an earlier action
ORDER_BONUS = 12.0  # between two linked neighbours, in the order of the earlier minutes
_OTHER = 16.0  # another figure, or the other version of a paper: most often another action
_NEXT_STEP = 32.0  # what is done is not given out again: like words among the new ones are the next step
_LOOKED_BACK_AT = 10.0  # of two like actions a review means the one that is not closed yet
_AGREED = 12.0  # what agreement of place and owner adds at most
_ENDED = ("done", "cancelled")
_CANDIDATES = 12
_RARE_WORDS = 6
_SHARED = 0.5  # of the shorter wording; below, nothing could reach the thresholds
_SHARED_BACK = 0.4  # the same where one of the two looks back
_COMMON = 60  # a word of more open actions than this finds nobody
_REMEMBERED = 24  # meetings after which an unmentioned or closed action is looked for by its number only,
_REMEMBERED_DAYS = 400  # or days, whichever is sooner: next year's plan is no echo of this year's
_NUMBER = re.compile(r"(\d{4}-\d{2}-\d{2})\s*/\s*(\d{1,3})\b")
_OWN_NUMBER = re.compile(r"^(?=.*\d)(?=.*[A-Za-z./-]).{4,}$")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What people decided on pairs of records, and the record that memory holds for a mention key."""

    same: frozenset[frozenset[str]] = frozenset()
    different: frozenset[frozenset[str]] = frozenset()
    records: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Life:
    """One action with all its mentions so far, in meeting order."""

    mentions: list[ActionMention]
    records: set[str]
    last: int  # ordinal of the last meeting that mentioned it
    first: ActionMention = field(init=False)

    def __post_init__(self) -> None:
        self.first = self.mentions[0]

    @property
    def latest(self) -> ActionMention:
        return self.mentions[-1]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair between the two thresholds: somebody must say whether `mention` belongs to `life`."""

    mention: ActionMention
    life: Life
    score: float


@dataclass(slots=True)
class Series:
    """The walk over the meetings of one body."""

    verdicts: Verdicts
    lives: list[Life] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    by_word: dict[str, dict[int, None]] = field(default_factory=lambda: defaultdict(dict))
    by_wording: dict[str, int] = field(default_factory=dict)
    by_number: dict[str, int] = field(default_factory=dict)
    by_record: dict[str, int] = field(default_factory=dict)
    born: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    active: list[int] = field(default_factory=list)
    closing: set[int] = field(default_factory=set)  # lives that the meeting's review closed

    def meet(self, ordinal: int, mentions: Sequence[ActionMention]) -> None:
        """One meeting: mentions that look back first, then the new ones."""
        self._forget(ordinal)
        linked: dict[int, int] = {}  # order of the mention → life
        for back in (True, False):
            asking = [mention for mention in mentions if mention.action.review == back]
            self._link(asking, linked, back)
            self.closing = {linked[m.order] for m in asking if back and m.action.status in _ENDED and m.order in linked}
        twice: dict[tuple[str, bool], int] = {}
        for mention in mentions:
            key = (_wording(mention), mention.action.review)
            index = linked.get(mention.order, twice.get(key))
            if index is None or (mention.order not in linked and not _one_row(mention, self.lives[index].latest)):
                index = self._begin(mention, ordinal)
            else:
                self._join(index, mention, ordinal)
            twice.setdefault(key, index)

    def _forget(self, ordinal: int) -> None:
        """Take actions out of the word index that nobody spoke of for long."""
        old = [index for index in self.active if ordinal - self.lives[index].last > _REMEMBERED]
        for index in old:
            for mention in self.lives[index].mentions:
                for word in mention.words:
                    self.by_word[word].pop(index, None)
        self.active = [index for index in self.active if ordinal - self.lives[index].last <= _REMEMBERED]

    def _link(self, asking: list[ActionMention], linked: dict[int, int], back: bool) -> None:
        taken: set[int] = set()
        rest = []
        for mention in asking:
            index = self._exact(mention)
            if index is not None and index not in taken and not self._parted(mention, self.lives[index]):
                linked[mention.order] = index
                taken.add(index)
            else:
                rest.append(mention)
        least = PROPOSE - (ORDER_BONUS if back else 0.0)
        scored = [
            (score, mention, index)
            for mention in rest
            for index in self._candidates(mention)
            if not self._long_ago(mention, index)
            and (score := self._score(mention, index, back)) >= least
            and not self._parted(mention, self.lives[index])
        ]
        scored.sort(key=lambda each: (-each[0], each[1].order, each[2]))
        _take(scored, linked, taken, ACCEPT)
        if back:
            self._by_order(asking, scored, linked, taken)
        self._propose(scored, linked, taken)

    def _exact(self, mention: ActionMention) -> int | None:
        """By a person's decision, a short number, the document's own number, or the very same wording."""
        record = self.verdicts.records.get(mention.key)
        if record:
            for pair in self.verdicts.same:
                if record in pair:
                    for other in pair - {record}:
                        if other in self.by_record:
                            return self.by_record[other]
        number = mention.action.number or ""
        if read := _NUMBER.search(number) or _NUMBER.search(mention.action.text):
            return self._numbered(number, read)
        if number and _OWN_NUMBER.match(number) and (index := self.by_number.get(fold(number))) is not None:
            return index
        index = self.by_wording.get(_wording(mention))
        if index is None or self._long_ago(mention, index):
            return None
        return index if _compatible(mention, self.lives[index].latest) else None

    def _long_ago(self, mention: ActionMention, index: int) -> bool:
        return (mention.meeting.day - self.lives[index].latest.meeting.day).days > _REMEMBERED_DAYS

    def _numbered(self, number: str, read: re.Match[str]) -> int | None:
        if number and (index := self.by_number.get(fold(number))) is not None:
            return index
        day, rank = date.fromisoformat(read[1]), int(read[2])
        born = self.born.get(day, ())
        return born[rank - 1] if 0 < rank <= len(born) else None

    def _parted(self, mention: ActionMention, life: Life) -> bool:
        record = self.verdicts.records.get(mention.key)
        return record is not None and any(
            frozenset((record, other)) in self.verdicts.different for other in life.records
        )

    def _candidates(self, mention: ActionMention) -> list[int]:
        """Lives that share the mention's rarest words: those that share most of them first, then the freshest."""
        found = [(len(at), word) for word in mention.words if (at := self.by_word.get(word)) and len(at) <= _COMMON]
        hits: Counter[int] = Counter()
        for _, word in sorted(set(found))[:_RARE_WORDS]:
            hits.update(self.by_word[word].keys())
        lives, kind = self.lives, mention.action.kind
        sharing: dict[int, list[int]] = defaultdict(list)
        for index, count in hits.items():
            sharing[count].append(index)
        best: list[int] = []
        for count in sorted(sharing, reverse=True):
            fitting = [i for i in sharing[count] if lives[i].first.action.kind == kind]
            best += sorted(fitting, key=lambda i: (-lives[i].last, i))
            if len(best) >= _CANDIDATES or 3 * count <= max(sharing):
                break
        return best[:_CANDIDATES]

    def _score(self, mention: ActionMention, index: int, back: bool) -> float:
        life = self.lives[index]
        bonus = REVIEW_BONUS if back else 0.0
        least = PROPOSE - bonus - (ORDER_BONUS if back else 0.0)
        score = likeness(mention, life.first, least)
        if len(life.mentions) > 1:
            score = max(score, likeness(mention, life.latest, least))
        if mention.stage and any(each.stage not in ("", mention.stage) for each in life.mentions):
            score -= _OTHER
        if index in self.closing or life.latest.action.status in _ENDED:
            score -= _LOOKED_BACK_AT if back else _NEXT_STEP
        return score + bonus

    def _by_order(
        self,
        asking: list[ActionMention],
        scored: Sequence[tuple[float, ActionMention, int]],
        linked: dict[int, int],
        taken: set[int],
    ) -> None:
        """A follow-up table repeats the earlier minutes in order: what stands between two links is the one between."""
        raised = []
        for score, mention, index in scored:
            if mention.order not in linked and index not in taken and _between(mention, index, asking, linked):
                raised.append((score + ORDER_BONUS, mention, index))
        _take(raised, linked, taken, ACCEPT)

    def _propose(
        self, scored: Sequence[tuple[float, ActionMention, int]], linked: dict[int, int], taken: set[int]
    ) -> None:
        asked: set[int] = set()
        for score, mention, index in scored:
            free = mention.order not in linked and mention.order not in asked and index not in taken
            if score >= PROPOSE and free:
                self.proposals.append(Proposal(mention, self.lives[index], score))
                asked.add(mention.order)

    def _join(self, index: int, mention: ActionMention, ordinal: int) -> None:
        life = self.lives[index]
        life.mentions.append(mention)
        life.last = ordinal
        if index not in self.active:
            self.active.append(index)
        self._index(index, mention)

    def _begin(self, mention: ActionMention, ordinal: int) -> int:
        self.lives.append(Life([mention], set(), ordinal))
        index = len(self.lives) - 1
        self.active.append(index)
        if not mention.action.review:
            self.born[mention.meeting.day].append(index)
        self._index(index, mention)
        return index

    def _index(self, index: int, mention: ActionMention) -> None:
        for word in mention.words:
            self.by_word[word][index] = None
        self.by_wording[_wording(mention)] = index
        number = mention.action.number or ""
        if _OWN_NUMBER.match(number) and not _NUMBER.search(number):
            self.by_number.setdefault(fold(number), index)
        if record := self.verdicts.records.get(mention.key):
            self.lives[index].records.add(record)
            self.by_record.setdefault(record, index)


def _wording(mention: ActionMention) -> str:
    return f"{mention.action.kind} {fold(mention.action.text)}"


def _take(
    scored: Iterable[tuple[float, ActionMention, int]], linked: dict[int, int], taken: set[int], bar: float
) -> None:
    for score, mention, index in scored:
        if score >= bar and mention.order not in linked and index not in taken:
            linked[mention.order] = index
            taken.add(index)


def _between(mention: ActionMention, index: int, asking: list[ActionMention], linked: Mapping[int, int]) -> bool:
    position = next(i for i, each in enumerate(asking) if each is mention)
    before = linked.get(asking[position - 1].order) if position else index - 1
    after = linked.get(asking[position + 1].order) if position + 1 < len(asking) else index + 1
    return before == index - 1 and after == index + 1


def likeness(one: ActionMention, other: ActionMention, least: float = 0.0) -> float:
    """0 to about 112: token_set_ratio of the wordings, corrected by how places, owners and figures agree.

    Shared words count, words that both wordings have of their own count against. What cannot reach `least` is 0.
    """
    left, right = one.meaning, other.meaning
    shared = len(left & right)
    shorter = min(len(left), len(right))
    back = one.action.review or other.action.review
    if shared < (_SHARED_BACK if back else _SHARED) * shorter:
        return 0.0
    if shared < 2 or shorter < 3:
        return fuzz.token_sort_ratio(one.line, other.line) + _agreement(one, other) if _compatible(one, other) else 0.0
    # Another verb is no other action ("fournir", "envoyer"): the first words do not count against.
    own = min(
        len(left) - shared - (one.words[0] not in right),
        len(right) - shared - (other.words[0] not in left),
    )
    # Listed again among the new actions, a word put in place of another more often means another action.
    cost = 4.0 if back else 8.0
    needed = least + cost * own - _AGREED
    if needed > 100.0:
        return 0.0
    if not _compatible(one, other):
        return 0.0  # the same work at another place is another action
    alike = fuzz.token_set_ratio(one.line, other.line, score_cutoff=max(needed, 0.0))
    return alike - cost * own + _agreement(one, other) if alike else 0.0


def _agreement(one: ActionMention, other: ActionMention) -> float:
    score = 0.0
    if one.places.codes and other.places.codes:
        score += 6.0
    if one.owners and other.owners:
        score += 6.0 if not one.answerable.isdisjoint(other.answerable) else -6.0
    if one.figures and other.figures and one.figures.isdisjoint(other.figures):
        score -= _OTHER
    return score


def _near(one: ActionMention, other: ActionMention) -> bool:
    left, right = one.places.codes, other.places.codes
    if not left.isdisjoint(right):
        return True
    return any(a.startswith(b) or b.startswith(a) for a in left for b in right)


def _compatible(one: ActionMention, other: ActionMention) -> bool:
    """Whether two mentions of the very same wording may be one action: no contradiction of places."""
    return not (one.places.codes and other.places.codes) or _near(one, other)


def _one_row(one: ActionMention, other: ActionMention) -> bool:
    """Whether two mentions of the same wording in one meeting are one action printed twice."""
    if not _compatible(one, other):
        return False
    return not (one.owners and other.owners) or not one.answerable.isdisjoint(other.answerable)


def link(series: Sequence[Sequence[ActionMention]], verdicts: Verdicts) -> Series:
    """Link the mentions of one body's meetings, given in order of date."""
    walk = Series(verdicts)
    for ordinal, mentions in enumerate(series):
        walk.meet(ordinal, mentions)
    return walk
