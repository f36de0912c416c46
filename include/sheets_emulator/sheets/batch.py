"""batchUpdate: all requests on a working copy, kept only when every one of them could be applied."""

from typing import Any

from ..changes import KINDS
from ..errors import ApiError, Refused, invalid, unmodelled
from ..model import Spreadsheet
from ..protection import Guard

Json = dict[str, Any]
MAX_REQUESTS = 100_000


def apply(book: Spreadsheet, requests: list[Json], guard: Guard) -> list[Json]:
    """The requests applied in order to a working copy; returns the replies. Raises ApiError."""
    if not requests:
        raise invalid("Must specify at least one request.")
    if len(requests) > MAX_REQUESTS:
        raise invalid(f"Too many requests in one batch: {len(requests)}, at most {MAX_REQUESTS}.")
    return [_apply_one(book, request, number, guard) for number, request in enumerate(requests)]


def _apply_one(book: Spreadsheet, request: Json, number: int, guard: Guard) -> Json:
    if not request:
        raise invalid(f"Invalid requests[{number}]: No request set.")
    if len(request) > 1:
        second = list(request)[1]
        text = (
            f"Invalid value at 'requests[{number}]' (oneof), oneof field 'kind' is already set. Cannot set '{second}'"
        )
        raise ApiError(400, text, violations=[(f"requests[{number}]", text)])
    kind, body = next(iter(request.items()))
    if kind not in KINDS:
        raise unmodelled(f"requests[{number}].{kind}")
    book.results.clear()
    try:
        reply = KINDS[kind](book, body, guard)
    except Refused as refused:
        raise invalid(f"Invalid requests[{number}].{kind}: {refused}") from None
    except ApiError as error:
        if error.code == 400:
            raise invalid(f"Invalid requests[{number}].{kind}: {error.message}") from None
        raise
    return {kind: reply} if reply or kind in ALWAYS_ANSWERED else {}


ALWAYS_ANSWERED = {"deleteDimensionGroup", "findReplace", "deleteDuplicates", "trimWhitespace"}
