"""A newer official list beside ours: what taking it would change, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from suivi.errors import ConfigurationError

Row = Mapping[str, str]
KEYS = ("pcode", "acronym", "code", "type")


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows by key. `changed`: key → column → (ours, theirs). `kept`: aliases of ours that stay."""

    added: dict[str, dict[str, str]]
    removed: dict[str, dict[str, str]]
    changed: dict[str, dict[str, tuple[str, str]]]
    kept: dict[str, str]
    rows: tuple[dict[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def reference_update(old: Iterable[Row], new: Iterable[Row]) -> Difference:
    """Compare two versions of a reference table; `rows` is the table after taking the new one.

    Aliases are ours: they survive an official list that has none. `ConfigurationError` where the tables share no key
    column, or the new one repeats a key.
    """
    ours, theirs = [dict(row) for row in old], [dict(row) for row in new]
    key = _key(ours, theirs)
    before = {row[key]: row for row in ours}
    after: dict[str, dict[str, str]] = {}
    kept = {}
    for row in theirs:
        name = row[key].strip()
        if name in after:
            raise ConfigurationError(f"the new list has {name} twice: remove one of the two rows")
        merged = {column: (row.get(column) or "").strip() for column in _columns(ours, theirs)}
        aliases = before.get(name, {}).get("aliases", "")
        if aliases and not merged.get("aliases"):
            merged["aliases"] = kept[name] = aliases
        for column, value in before.get(name, {}).items():
            if column not in row:
                merged[column] = value
        after[name] = merged
    changed = {name: found for name in before.keys() & after.keys() if (found := _changes(before[name], after[name]))}
    return Difference(
        added={name: row for name, row in after.items() if name not in before},
        removed={name: row for name, row in before.items() if name not in after},
        changed=dict(sorted(changed.items())),
        kept=kept,
        rows=tuple(after.values()),
    )


def _columns(ours: list[dict[str, str]], theirs: list[dict[str, str]]) -> list[str]:
    return list(ours[0] if ours else theirs[0] if theirs else ())


def _key(ours: list[dict[str, str]], theirs: list[dict[str, str]]) -> str:
    columns = set(ours[0] if ours else ()) & set(theirs[0] if theirs else ())
    for key in KEYS:
        if key in columns:
            return key
    raise ConfigurationError(f"the new list has no column of {', '.join(KEYS)}: name its key column so")


def _changes(before: Row, after: Row) -> dict[str, tuple[str, str]]:
    return {
        column: (before.get(column, ""), after.get(column, ""))
        for column in after
        if before.get(column, "") != after.get(column, "")
    }
