"""Registers: one row an action for its whole life, one value an indicator, place and month.

`build` is a pure function of minutes, edits, decisions and identities. On its road: `meetings` (one a body and date),
`mentions` (owners and places resolved), `linking` (the same action in later minutes), `lives` (events and outcome),
`identities` (ids that never change), then one module a register; `sharing` sets every row's level.
"""

from suivi.registers.build import build
from suivi.registers.choosing import Tally, tally
from suivi.registers.fivew import read_5w
from suivi.registers.indicators import across_places
from suivi.registers.inputs import (
    ActionEvent,
    Activity,
    Choice,
    Held,
    Identity,
    Inputs,
    Registers,
    StoredMinutes,
    Workbook,
    identity_from_json,
)
from suivi.registers.matrix import matrix
from suivi.registers.reference_update import Difference, reference_update

__all__ = [
    "ActionEvent",
    "Activity",
    "Choice",
    "Difference",
    "Held",
    "Identity",
    "Inputs",
    "Registers",
    "StoredMinutes",
    "Tally",
    "Workbook",
    "across_places",
    "build",
    "identity_from_json",
    "matrix",
    "read_5w",
    "reference_update",
    "tally",
]
