"""What every row of a night's registers needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from suivi.registers.edits import Desk
from suivi.registers.identities import Memory
from suivi.registers.names import Names
from suivi.settings import Cluster


@dataclass(frozen=True, slots=True)
class Context:
    """What every row needs."""

    cluster: Cluster
    names: Names
    desk: Desk
    memory: Memory
    today: date
    absorbed: Mapping[str, list[str]] = field(default_factory=dict)  # record → records merged into it
    human: Mapping[str, dict[str, str]] = field(default_factory=dict)  # record → column → people's own words
