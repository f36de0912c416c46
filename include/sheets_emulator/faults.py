"""Faults on order: `POST /_emulator/faults` arms one, matching API calls meet it.

A fault is a JSON object:
  kind      "status" (default), "lost", "reset", "delay" or "edit"
  status    for "status": 429, 500, 503, 403, 404, 401… (default 503)
  retry_after  seconds, sent as Retry-After
  seconds   for "delay": how long to wait before the call is carried out
  edit      for "edit": a human edit (see edits), or a list of them, made just before the call
  method    only calls with this verb; "read" or "write" for the Sheets API's two kinds
  path      only calls whose path contains this text
  after     this many matching calls pass first (default 0)
  times     how many calls meet it (default 1; 0: all from then on)

"lost": the call is applied, then the connection closes without an answer. "reset": the call is
applied, the answer breaks off in the middle of its body with a TCP reset.
"""

import threading
from typing import Any

from .calls import LOOKING
from .errors import ApiError

Json = dict[str, Any]
KINDS = ("status", "lost", "reset", "delay", "edit")
FIELDS = {"kind", "status", "retry_after", "seconds", "edit", "method", "path", "after", "times"}
MESSAGES = {
    429: "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of service "
    "'sheets.googleapis.com' for consumer 'project_number:0'.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    401: "Request had invalid authentication credentials.",
}


class Faults:
    """The armed faults, oldest first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.armed: list[Json] = []

    def arm(self, fault: Json) -> Json:
        """One more fault. Raises ApiError (400) when its description makes no sense."""
        unknown = set(fault) - FIELDS
        kind = fault.get("kind", "status")
        if unknown or kind not in KINDS:
            raise ApiError(400, f"No such fault: {sorted(unknown) or kind}. Kinds: {', '.join(KINDS)}.")
        wanted = fault.get("edit")
        made = wanted if isinstance(wanted, list) else [wanted]
        if kind == "edit" and not all(isinstance(edit, dict) and edit for edit in made):
            raise ApiError(400, "A fault of kind edit needs its edit.")
        entry = {"kind": kind, "after": 0, "times": 1, "met": 0, **fault}
        with self.lock:
            self.armed.append(entry)
        return entry

    def clear(self) -> None:
        """No faults any more."""
        with self.lock:
            self.armed.clear()

    def report(self) -> list[Json]:
        """The armed faults, with how often each was met."""
        with self.lock:
            return [dict(fault) for fault in self.armed]

    def meet(self, method: str, path: str) -> Json | None:
        """The fault that this call meets, counted; None for a smooth road."""
        with self.lock:
            for fault in self.armed:
                if not _matches(fault, method, path):
                    continue
                if fault["after"] > 0:
                    fault["after"] -= 1
                    continue
                if fault["times"] and fault["met"] >= fault["times"]:
                    continue
                fault["met"] += 1
                return dict(fault)
        return None


def _matches(fault: Json, method: str, path: str) -> bool:
    wanted = fault.get("method", "")
    if wanted in ("read", "write"):
        looking = method == "GET" or path.partition("?")[0].endswith(LOOKING)
        if not path.startswith("/v4/") or looking != (wanted == "read"):
            return False
    elif wanted and wanted.upper() != method:
        return False
    return fault.get("path", "") in path


def error_of(fault: Json) -> ApiError:
    """The error answer of a "status" fault."""
    code = int(fault.get("status", 503))
    headers = {"Retry-After": str(fault["retry_after"])} if "retry_after" in fault else {}
    return ApiError(code, MESSAGES.get(code, "The emulator was told to fail."), headers=headers)
