"""Do no harm: the sharing level of every row, and the only door through which rows leave.

Rules are data (reference/sharing_rules.yaml): `levels.apply` sets `sharing_level` and `sharing_reason` on a frame,
`view` lets out what a level may see, `levels.raised_rows` reports what was kept back and why.
"""

from suivi.sharing.door import view
from suivi.sharing.levels import Knowledge, apply, raised_rows
from suivi.sharing.persons import known_names, personal

__all__ = ["Knowledge", "apply", "known_names", "personal", "raised_rows", "view"]
