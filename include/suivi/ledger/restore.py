"""`python -m suivi.ledger.restore BACKUP`: fill the new, empty database that SUIVI_DB names from a backup."""

from __future__ import annotations

import sys
from pathlib import Path

from suivi.errors import SuiviError
from suivi.ledger.access import Ledger
from suivi.ledger.backup import restore
from suivi.settings import Settings


def main() -> int:
    """Exit 0 restored, 1 refused, 2 wrong usage."""
    if len(sys.argv) != 2:
        print("usage: python -m suivi.ledger.restore BACKUP.jsonl.gz", file=sys.stderr)
        return 2
    try:
        counts = restore(Ledger(Settings.from_environment().db, check=False).engine, Path(sys.argv[1]))
    except (SuiviError, OSError) as error:
        print(f"suivi: {error}", file=sys.stderr)
        return 1
    print(f"{sum(counts.values())} rows restored.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
