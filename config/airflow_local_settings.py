"""Read by Airflow at every start; where tasks will be forked from, a night's imports are done once beforehand.

Great Expectations costs 3 to 11 seconds, the steps of a night 2 more; tasks forked afterwards have them for nothing.
"""

import os
import sys

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

from airflow.configuration import conf

if "worker" in sys.argv or ("scheduler" in sys.argv and conf.get("core", "executor") == "LocalExecutor"):
    import importlib

    for step in ("edits", "collect", "read", "register", "validate", "sheets", "ors", "report"):
        importlib.import_module(f"suivi.steps.{step}")
    importlib.import_module("suivi.validate.docs")
    importlib.import_module("suivi.validate.check")
