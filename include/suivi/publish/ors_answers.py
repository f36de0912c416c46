"""What the ORS answers, as the ledger keeps it and the night's report counts it; and the outbox as a protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from suivi.errors import TargetError
from suivi.publish.ors_rows import Published

BATCH = 1000  # changes in a request, until the ORS states its own number


class Outbox(Protocol):
    """Requests on their way; the ledger keeps them."""

    def store(self, key: str, body: dict[str, Any]) -> None: ...
    def pending(self) -> list[tuple[str, dict[str, Any]]]: ...
    def settle(self, key: str, answer: dict[str, Any]) -> None: ...
    def bury(self, change: dict[str, Any], answer: dict[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Decided:
    """What the lead said of a row on the ORS."""

    register: str
    record_id: str
    version: int
    approval: str
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class NightAnswer:
    """What the ORS answered to the night's report. Kept as JSON and given to the next night's `push`."""

    night: int
    mismatch: tuple[str, ...] = ()
    decisions: tuple[Decided, ...] = ()
    closed: tuple[str, ...] = ()
    cursor: int = 0
    max_changes: int = BATCH
    requests: int = 1

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> NightAnswer:
        """The inverse of `to_json`."""
        decided = tuple(Decided(**d) for d in plain["decisions"])
        lists = {name: tuple(plain[name]) for name in ("mismatch", "closed")}
        return cls(**{**plain, **lists, "decisions": decided})


@dataclass(slots=True)
class Outcome:
    """What a push did. `published` is the new state, to be kept even when the push ended early."""

    published: Published
    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    waiting: int = 0  # rows of closed periods
    rejected: int = 0  # refused for good: as many dead letters
    requests: int = 0
    dead_letters: list[dict[str, Any]] = field(default_factory=list)  # {"change", "answer"}
    approvals: list[Decided] = field(default_factory=list)  # state of the rows that were sent


class PushEnded(TargetError):
    """The ORS stopped answering; `outcome` holds what was done before."""

    def __init__(self, message: str, outcome: Outcome) -> None:
        super().__init__(message)
        self.outcome = outcome
