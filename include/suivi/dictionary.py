"""What the README generates: runbook, data dictionary from the one description of registers, the ORS's table of routes.

`python -m suivi.dictionary README.md` writes them between their marks.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from suivi import runbook
from suivi.schema import REGISTERS, register


def markdown() -> str:
    """One table a register: column, French header, type, who writes it, lowest level that may see it, meaning."""
    parts = []
    for name in REGISTERS:
        described = register(name)
        parts.append(f"#### {described.fr} · `{name}`\n")
        parts.append("| column | en français | type | who | level | meaning |")
        parts.append("|---|---|---|---|---|---|")
        for field in described.fields:
            about = field.about.replace("|", "\\|")
            parts.append(f"| `{field.name}` | {field.fr} | {field.type} | {field.who} | {field.level} | {about} |")
        parts.append("")
    return "\n".join(parts)


def routes() -> str:
    """The table of the ORS, as its own command prints it: the services are not imported here."""
    command = [sys.executable, "-m", "ors", "routes"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() + "\n"


def renewed(text: str) -> str:
    """The text with all parts renewed; `ValueError` where their marks are missing."""
    parts = (("runbook", runbook.markdown()), ("data dictionary", markdown()), ("ors routes", routes()))
    for name, part in parts:
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        before, _, rest = text.partition(begin)
        _, mark, after = rest.partition(end)
        if not mark:
            raise ValueError(f"the marks of the {name} are missing")
        text = f"{before}{begin}\n{part}{end}{after}"
    return text


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
