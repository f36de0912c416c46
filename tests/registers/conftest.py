"""Lets the tests of this folder and of tests/sharing import `minutes_by_hand`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
