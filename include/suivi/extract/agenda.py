"""Which agenda item an action belongs to: where it stands, who cites it, what it speaks of."""

from __future__ import annotations

import math
import re
from collections import Counter

from suivi.extract import programme
from suivi.extract.drafts import Draft, Scene
from suivi.extract.grammar import key
from suivi.extract.layout import Entry
from suivi.extract.markers import REFERENCE
from suivi.extract.outline import Topic, split_presenter

_WORD = re.compile(r"[a-z0-9]{4,}")
_ENOUGH = 0.35  # of the action's rare words that an agenda item must share


def listed_topics(scene: Scene) -> None:
    """Where the body has no agenda headings and no topic column: the list under "Ordre du jour"."""
    outline, page = scene.outline, scene.page
    programme.adopt(scene)
    if outline.topics:
        return
    for heading in sorted(outline.headings, key=lambda heading: heading.kind != "container"):
        if heading.kind not in ("agenda", "container"):
            continue
        for position, item in enumerate(page.items[heading.index + 1 : heading.index + 30], start=1):
            if not isinstance(item, Entry) or item.kind == "heading" or not item.marker:
                break
            if item.number and not item.number.isdigit():
                continue
            said = page.clean(item.body, item.end).rstrip(" ;.")
            spoken = heading.kind == "container"
            if spoken and not item.number:
                break
            title, presenter = split_presenter(said.split(" : ")[0] if spoken else said)
            end = item.end if spoken else item.start
            outline.topics.append(
                Topic(item.number or str(position), title, item.start, end, presenter, (item.start, item.end))
            )
        if outline.topics:
            return
    _bulleted(scene)


def _bulleted(scene: Scene) -> None:
    """Where nothing else is: two or more bullets of the outermost level, most with bullets of their own below."""
    page = scene.page
    items = [item for item in page.entries() if item.marker and item.block.kind == "item"]
    outer = [item for item in items if item.level == min(other.level for other in items)]
    below = {id(outer[k]) for k, item in enumerate(outer[:-1]) if _nests(items, item, outer[k + 1])}
    below |= {id(outer[-1])} if outer and items[-1] is not outer[-1] else set()
    if len(outer) < 2 or len(below) < 2 or len(below) < 0.6 * len(outer):
        return
    for position, item in enumerate(outer, start=1):
        title = page.clean(item.body, item.end).split(" : ")[0].split(": ")[0].strip(" :*")
        if len(title) > 80:
            scene.outline.topics.clear()
            return
        end = outer[position].start if position < len(outer) else len(page.text)
        scene.outline.topics.append(Topic(str(position), title, item.start, end, None, (item.start, item.end)))


def _nests(items: list[Entry], item: Entry, after: Entry) -> bool:
    return any(item.start < other.start < after.start for other in items)


def cited(scene: Scene) -> dict[str, Topic]:
    """Number of an action → the agenda item whose discussion cites it ("(→ A2012.8)")."""
    found: dict[str, Topic] = {}
    for match in REFERENCE.finditer(scene.page.text):
        topic = scene.outline.topic_at(match.start())
        if topic:
            found.setdefault(re.sub(r"\s", "", match["code"]), topic)
    for grid in scene.page.grids():
        for row in grid.rows:
            cells = [cell for cell in row if cell]
            if len(cells) < 2:
                continue
            number = scene.page.text[cells[-1].start : cells[-1].end].strip()
            for part in number.split("\n"):
                topic = scene.outline.topic_at(cells[0].start) if re.fullmatch(r"\d{1,2}", part.strip()) else None
                if topic:
                    found.setdefault(part.strip(), topic)
    return found


def assign(drafts: list[Draft], scene: Scene) -> None:
    """Give every draft the number of its agenda item."""
    if not scene.outline.topics:
        for made in drafts:
            made.agenda = None
        return
    references = cited(scene)
    numbers = {topic.number for topic in scene.outline.topics}
    closing = _closing_recap(scene)
    placed = [(made, references.get(made.number or "") or scene.outline.topic_at(made.start)) for made in drafts]
    sought = [
        topic is None or topic.recap or (made.number not in references and _summed_up(made, closing))
        for made, topic in placed
    ]
    speech = _speech(scene, closing) if any(sought) else []
    for (made, topic), seek in zip(placed, sought, strict=True):
        if topic and topic.recap:
            topic = (_nearest(made.text, speech) if len(speech) > 1 else None) or topic
            made.agenda = topic.number
            continue
        if seek:
            words = made.agenda + " " + made.text if made.agenda else made.text
            topic = _nearest(words, speech) or topic
        made.agenda = topic.number if topic else None
        if made.item and made.item.strip(" .") in numbers:
            made.agenda = made.item.strip(" .")
    used = {made.agenda for made in drafts}
    scene.outline.topics[:] = [topic for topic in scene.outline.topics if not topic.recap or topic.number in used]


def _closing_recap(scene: Scene) -> int | None:
    """Where the one recap of the whole meeting starts, behind or inside the last agenda item."""
    recaps = [heading for heading in scene.outline.headings if heading.kind in ("recap", "decisions")]
    starts = [heading.entry.start for heading in recaps if len({other.kind for other in recaps}) == len(recaps)]
    last = max((topic.start for topic in scene.outline.topics if not topic.recap), default=0)
    return min((start for start in starts if start > last), default=None)


def _summed_up(made: Draft, closing: int | None) -> bool:
    return closing is not None and made.start > closing


def _speech(scene: Scene, closing: int | None) -> list[tuple[Topic, Counter[str]]]:
    plain = scene.page.plain[:closing]
    return [
        (topic, Counter(_WORD.findall(f"{key(topic.title)} {key(topic.title)} {plain[topic.start : topic.end]}")))
        for topic in scene.outline.topics
        if not topic.recap
    ]


def _nearest(text: str, speech: list[tuple[Topic, Counter[str]]]) -> Topic | None:
    """The item that shares most of the action's rare words."""
    words = set(_WORD.findall(key(text)))
    if not words or len(speech) < 2:
        return speech[0][0] if speech else None
    weights = {
        word: math.log((1 + len(speech)) / (sum(word in counts for _, counts in speech) or len(speech) + 1))
        for word in words
    }
    total = sum(weights.values())
    scored = [
        (sum(weights[word] * min(counts[word], 3) ** 0.5 for word in words if counts[word]), topic)
        for topic, counts in speech
    ]
    best, topic = max(scored, key=lambda pair: pair[0])
    return topic if total > 0 and best >= _ENOUGH * total * 0.5 else None
