"""Three exceptions; bad data is an issue, not an exception."""


class SuiviError(Exception):
    """Says in one sentence what happened, where, and what to do next."""


class ConfigurationError(SuiviError):
    """A cluster file, setting or reference table is wrong; nothing was done."""


class TargetError(SuiviError):
    """A drive, spreadsheet or ORS could not be reached or refused; the rest of the night goes on."""
