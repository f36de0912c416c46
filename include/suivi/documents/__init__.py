"""Documents → blocks: one reader a format behind `accepts` and `read`, type told by content.

`read` never raises for bad data; `read_isolated` does the same in a child process that may crash or hang.
"""

from suivi.documents.isolated import read_isolated
from suivi.documents.reading import read

__all__ = ["read", "read_isolated"]
