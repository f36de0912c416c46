"""Read by Airflow at every start; where tasks will be forked from, Great Expectations is imported once beforehand.

Its import costs 3 to 11 seconds; tasks forked afterwards have it for nothing.
"""

import os
import sys

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

if any(word in sys.argv for word in ("scheduler", "worker")):
    import logging

    import great_expectations  # noqa: F401

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
