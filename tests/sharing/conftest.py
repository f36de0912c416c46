"""Lets these tests import `minutes_by_hand` of tests/registers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "registers"))
