"""What goes in and out of the sheets: extras, conflicts, what was pulled, what was published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from suivi.models import Decision, Edit, Issue

Plain = str | int | float | bool | None  # a cell's value as the ledger keeps it: dates ISO, lists joined, codes
Row = dict[str, Any]  # column → Plain, and "_deleted" (how often people deleted the row)
Published = dict[str, dict[str, Row]]  # register or tab → record id → row; "_pending" = a write begun (`state`)
Target = Literal["internal", "shared"]
Record = Callable[[Target, Published], None]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A person's value in a cell that the machine put back; `found` and `put_back` as people read them."""

    tab: str
    record_id: str
    column: str
    found: str
    put_back: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extras:
    """What the tabs show beside the registers.

    `edits`: every edit of the ledger (a cell whose edit was taken may be rewritten). `choices`, `settings`: as
    `Pulled` gave them. `links`: record id → URL of its document, internal only. `to_close`: record ids of open actions
    that nobody speaks of (`None`: counted from the frames). `names`: people that the second net of sharing knows.
    `dashboard_url`, `shared_url`: for *Lisez-moi*.
    """

    edits: tuple[Edit, ...] = ()
    choices: tuple[Mapping[str, Any], ...] | None = None
    settings: tuple[Mapping[str, Any], ...] | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    to_close: Collection[str] | None = None
    names: Collection[str] = ()
    dashboard_url: str = ""
    shared_url: str = ""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What people did in the internal sheet since the last publication.

    `settings`, `contacts`, `choices` are the whole content of their tabs as plain rows (`None` = the tab does not
    exist yet); `human` holds people's own columns: register → record id → column → value.
    """

    edits: tuple[Edit, ...] = ()
    decisions: tuple[Decision, ...] = ()
    human: Published = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    settings: tuple[Row, ...] | None = None
    contacts: tuple[Row, ...] | None = None
    choices: tuple[Row, ...] | None = None
    issues: tuple[Issue, ...] = ()
    reads: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a publication did. `errors` are sentences, one a spreadsheet that could not be written: the other was.

    `changes` says in one line each what was (or, in a dry run, would be) written. Rows are counted in registers.
    """

    published_internal: Published
    published_shared: Published
    reads: int = 0
    writes: int = 0
    rows_added: int = 0
    rows_changed: int = 0
    conflicts: tuple[Conflict, ...] = ()
    issues: tuple[Issue, ...] = ()
    errors: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
