"""The runbook: for every alarm what happened and what to do, in `reference/runbook.csv`. README and logs use it."""

from __future__ import annotations

from suivi.reference import load_csv

_OF_STEP = {
    "verify": "store",
    "list_archive": "archive",
    "read_archive": "archive",
    "remind": "mail",
    "watch": "night_late",
    "back_up_ors": "back_up",
    "find_orphans": "store",
    "night_anew": "redact",
}


def entries() -> dict[str, dict[str, str]]:
    """Entry → its row: issues, fr, en, do_fr, do_en."""
    return {row["entry"]: row for row in load_csv("runbook.csv")}


def entry_of(error: BaseException | None, step: str) -> str:
    """The entry that an error names itself, else the step's; "report" where nothing else fits."""
    named = getattr(error, "runbook", "") or _OF_STEP.get(step, step)
    return named if named in entries() else "report"


def advice(error: BaseException | None, step: str, language: str) -> str:
    """What to do, and where the runbook says more: the last line of a failed task's log."""
    entry = entry_of(error, step)
    what = entries()[entry][f"do_{language}"]
    if language == "fr":
        return f"Que faire : {what}. README, Runbook : {entry}."
    return f"What to do: {what}. README, Runbook: {entry}."


def markdown() -> str:
    """The README's table."""
    lines = ["| alarm | what happened | what to do |", "|---|---|---|"]
    for entry, row in entries().items():
        issues = ", ".join(f"issue `{issue}`" for issue in row["issues"].split())
        lines.append(f"| **{entry}**{f' ({issues})' if issues else ''} | {row['en']} | {row['do_en']} |")
    return "\n".join(lines) + "\n"
