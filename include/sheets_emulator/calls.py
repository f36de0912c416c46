"""The log of API calls: what a publisher cost.

`reads` and `writes` count calls to the Sheets API only, answered or failed: reads are GETs and the
POSTs that only look (getByDataFilter, batchGetByDataFilter, developerMetadata:search), writes all
other POSTs and PUTs. `calls` lists calls to both APIs in order (`/v4/…`, `/drive/…`, `/upload/…`);
Drive's are counted in neither number. The viewer and `/_emulator/` are never listed. A status of 0
means that the caller got no answer (a fault).
"""

import threading
from collections import deque
from typing import Any

KEPT = 100_000
LOOKING = (":getByDataFilter", "values:batchGetByDataFilter", "developerMetadata:search")


class Calls:
    """Counts and lists calls since the start or the last reset."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        with self.lock:
            self.reads = self.writes = 0
            self.entries: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def add(self, method: str, path: str, status: int, size: int) -> None:
        """One call that ended with this status; `size` is the request body's bytes."""
        entry = {"method": method, "path": path, "status": status, "bytes": size}
        with self.lock:
            self.entries.append(entry)
            if not path.startswith("/v4/"):
                return
            if method == "GET" or path.partition("?")[0].endswith(LOOKING):
                self.reads += 1
            else:
                self.writes += 1

    def report(self) -> dict[str, Any]:
        """Counts and calls, oldest first."""
        with self.lock:
            return {"reads": self.reads, "writes": self.writes, "calls": list(self.entries)}
