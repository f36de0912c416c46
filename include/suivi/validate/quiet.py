"""Great Expectations without its analytics and without its two hundred log lines a task. Import it from here."""

from __future__ import annotations

import logging
import os

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx

for _name in list(logging.root.manager.loggerDict):  # several of its modules set a level of their own
    if _name.startswith("great_expectations"):
        logging.getLogger(_name).setLevel(logging.WARNING)

__all__ = ["gx"]
