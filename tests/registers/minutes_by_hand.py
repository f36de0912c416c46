"""Minutes written by hand for the tests of registers and sharing: invented people, wording of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from suivi.models import Action, Attendee, Figure, Found, Locator, Meeting, Minutes, Presence, Source
from suivi.registers import Identity, Inputs, Registers, StoredMinutes, build
from suivi.settings import Cluster, cluster_from_mapping

HOUSE = Path(__file__).resolve().parents[2] / "include"


@cache
def _sample() -> Cluster:
    plain = YAML(typ="safe").load((HOUSE / "clusters" / "mali_protection.yaml").read_text(encoding="utf-8"))
    return cluster_from_mapping(plain)


def cluster(**changes: Any) -> Cluster:
    """The sample cluster, with what a test changes."""
    return replace(_sample(), **changes)


def found(quote: str, row: int = 1, held: bool = False) -> Found:
    return Found(
        Source(quote, 0, len(quote), Locator(page=1, table=1, row=row)), "test", 0.9, held, "lu par OCR" if held else ""
    )


def action(text: str, *owners: str, **fields: Any) -> Action:
    """An action; `quote` and `held` go to its `found`."""
    quote, held = fields.pop("quote", text), fields.pop("held", False)
    written = " / ".join(owners) or None
    return Action(
        text=text,
        kind=fields.pop("kind", "action"),
        found=found(quote, held=held),
        responsible=owners,
        responsible_as_written=written,
        **fields,
    )


def figure(value: float, unit: str, *places: str, quote: str = "", **fields: Any) -> Figure:
    held = fields.pop("held", False)
    return Figure(value, unit, places, found(quote or f"{value:g} {unit} à {', '.join(places)}", held=held), **fields)


def presence(organisation: str, activity: str, *places: str, **fields: Any) -> Presence:
    return Presence(organisation, activity, places, found(f"{organisation} : {activity}"), **fields)


def minutes(document: str, day: str | None, actions: Iterable[Action] = (), **fields: Any) -> Minutes:
    """Minutes of one document; fields of `Meeting` and of `Minutes` alike."""
    head = {key: fields.pop(key) for key in list(fields) if key in Meeting.__dataclass_fields__}
    if "attendees" in head:
        head["attendees"] = tuple(Attendee(*each) for each in head["attendees"])
    return Minutes(document, "fr", True, meeting=Meeting(date=day, **head), actions=tuple(actions), **fields)


def stored(plain: Minutes, file: str = "", **fields: Any) -> StoredMinutes:
    fields.setdefault("modified", date.fromisoformat(plain.meeting.date) if plain.meeting.date else None)
    return StoredMinutes(plain.document, plain, file or f"echantillons/{plain.document}.docx", **fields)


def counting(prefix: str = "id") -> Callable[[], str]:
    """Ids that a test can read: id-1, id-2 …"""
    numbers = count(1)
    return lambda: f"{prefix}-{next(numbers)}"


def night(
    *documents: StoredMinutes,
    after: Registers | None = None,
    identities: Sequence[Identity] = (),
    today: str = "2026-06-30",
    mint: Callable[[], str] | None = None,
    number: int = 1,
    **inputs: Any,
) -> Registers:
    """One night's registers; `identities`: what earlier nights remember."""
    return build(
        Inputs(
            cluster=inputs.pop("cluster", None) or cluster(),
            minutes=tuple(documents),
            identities=tuple(identities),
            today=date.fromisoformat(today),
            night=number,
            **inputs,
        ),
        mint or counting(),
    )


class Nights:
    """Nights in a row with one memory."""

    def __init__(self, **inputs: Any) -> None:
        self.identities: list[Identity] = []
        self.inputs = inputs
        self.number = 0
        self.mint = counting()

    def run(self, *documents: StoredMinutes, **inputs: Any) -> Registers:
        self.number += 1
        registers = night(
            *documents, identities=self.identities, mint=self.mint, number=self.number, **{**self.inputs, **inputs}
        )
        self.identities += registers.identities
        return registers


def rows(registers: Registers, name: str, active: bool = True) -> list[dict[str, Any]]:
    """Rows of a register as plain dicts, the active ones by default."""
    every: list[dict[str, Any]] = registers.frames[name].to_dict("records")
    return [row for row in every if not active or row["state"] == "active"]


def row(registers: Registers, name: str, **wanted: Any) -> dict[str, Any]:
    """The one row with these values."""
    matching = [r for r in rows(registers, name, active=False) if all(r[k] == v for k, v in wanted.items())]
    assert len(matching) == 1, (wanted, [r.get("text") for r in matching])
    return matching[0]


def kinds(registers: Registers, record_id: str) -> list[str]:
    return [event.kind for event in registers.events if event.record_id == record_id]


def by_text(registers: Registers) -> Mapping[str, dict[str, Any]]:
    return {r["text"]: r for r in rows(registers, "actions")}


def of(day: str, *actions: Action, **fields: Any) -> StoredMinutes:
    """Minutes of a day, in a file of their own."""
    document = fields.pop("document", f"{fields.get('body', '')}{day}")
    file = fields.pop("file", "")
    return stored(minutes(document, day, actions, **fields), file)
