"""Three exceptions; bad data is an issue, not an exception."""


class SuiviError(Exception):
    """Says in one sentence what happened, where, and what to do next."""

    runbook = ""  # entry of reference/runbook.csv; empty: that of the step


class ConfigurationError(SuiviError):
    """A cluster file, setting or reference table is wrong; nothing was done."""

    runbook = "configuration"


class TargetError(SuiviError):
    """A drive, spreadsheet or ORS could not be reached or refused; the rest of the night goes on."""
