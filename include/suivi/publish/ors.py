"""The registers to the ORS: the difference only, every row exactly once, every refusal kept.

A request is in the outbox before its first try and leaves it with its answer, so that a night that died is
resumed with the same key and body. A row that met a newer version is compared again and sent once more; a row
of a closed period waits; a row that the ORS refuses for good goes to the dead letters (`suivi replay`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from suivi.errors import TargetError
from suivi.publish.ors_answers import Decided, NightAnswer, Outbox, Outcome, PushEnded
from suivi.publish.ors_rows import Published, change, difference, digests, wanted
from suivi.publish.ors_sending import Conflicts, Sending
from suivi.publish.ors_wire import Wire

__all__ = [
    "Decided",
    "NightAnswer",
    "Outbox",
    "Outcome",
    "PushEnded",
    "digests",
    "push",
    "redact",
    "replay",
    "report_night",
]


def push(
    endpoint: str,
    token: str,
    cluster: str | None,
    frames: Mapping[str, pd.DataFrame],
    published: Published,
    outbox: Outbox,
    night: int,
    *,
    events: Iterable[Mapping[str, Any]] = (),
    previous: NightAnswer | None = None,
    consent: Collection[str] = (),
    names: Collection[str] = (),
    wire: Wire | None = None,
) -> Outcome:
    """Make the ORS hold what members may see of `frames`; no request at all when it does.

    `cluster`: the ORS's code of the cluster, checked against the token's; `None` leaves it to the token.
    `previous`: the last night's answer; registers in its `mismatch` are read and compared whole.
    `consent`, `names`: as for `suivi.sharing.view`. Raises `PushEnded` when the ORS is down or refuses the token.
    """
    wire = wire or Wire(endpoint, token)
    sending = Sending(wire, cluster, outbox, night, published, previous)
    want = wanted(frames, events, consent=consent, names=names)
    try:
        for key, body in outbox.pending():
            sending.resume(key, body, want)
        sending.reread(want)
        changes, unchanged = difference(want, sending.outcome.published, previous.closed if previous else ())
        sending.outcome.unchanged += unchanged
        sending.waiting_still(want, changes)
        again = sending.send(changes)
        sending.final = True
        sending.send(_compared_again(again))
    except TargetError as error:
        sending.outcome.requests = wire.requests
        raise PushEnded(str(error), sending.outcome) from error
    sending.outcome.requests = wire.requests
    return sending.outcome


def replay(
    endpoint: str,
    token: str,
    cluster: str | None,
    letters: Iterable[Mapping[str, Any]],
    frames: Mapping[str, pd.DataFrame],
    published: Published,
    outbox: Outbox,
    night: int,
    *,
    events: Iterable[Mapping[str, Any]] = (),
    consent: Collection[str] = (),
    names: Collection[str] = (),
    wire: Wire | None = None,
) -> Outcome:
    """Send the rows of dead letters (their changes) again; those refused again are buried again.

    What goes out is the row as `frames` have it now, through the sharing door like everything else: a letter may be
    older than a correction, or than the decision that its row stays internal. Such a row is not sent.
    """
    wire = wire or Wire(endpoint, token)
    sending = Sending(wire, cluster, outbox, night, published, None)
    sending.final = True
    sending.send(_as_it_is_now(letters, wanted(frames, events, consent=consent, names=names)))
    sending.outcome.requests = wire.requests
    return sending.outcome


def _as_it_is_now(letters: Iterable[Mapping[str, Any]], want: Published) -> list[dict[str, Any]]:
    """One change a row, without a version; a deletion only of what is still not wanted."""
    found = {}
    for letter in letters:
        register, record_id = letter["form"], letter["recordId"]
        fields = want.get(register, {}).get(record_id)
        if fields is not None and not letter.get("deleted"):
            found[register, record_id] = change(register, record_id, fields, None)
        elif fields is None and letter.get("deleted"):
            found[register, record_id] = {"recordId": record_id, "form": register, "deleted": True}
    return list(found.values())


def report_night(
    endpoint: str,
    token: str,
    night: Mapping[str, Any],
    *,
    published: Published | None = None,
    previous: NightAnswer | None = None,
    wire: Wire | None = None,
) -> NightAnswer:
    """Tell the ORS of the night: one request. `night`: night, status (success, failed) and optionally cluster,
    started, finished, message, counts, calendar, settings (see /openapi.json).

    `published`: what we believe the ORS holds; a register whose digest differs there is in `mismatch`.
    """
    wire = wire or Wire(endpoint, token)
    body: dict[str, Any] = {**night, "cursor": previous.cursor if previous else 0}
    if published is not None:
        body["digests"] = digests(published)
    status, answer = wire.post("/api/v1/nights", body)
    if status != 200:
        raise TargetError(f"L'ORS refuse le rapport de la nuit : {answer.get('detail', status)} / night refused.")
    return NightAnswer(
        night=answer["night"],
        mismatch=tuple(answer["mismatch"]),
        decisions=tuple(
            Decided(d["form"], d["recordId"], d["version"], d["approval"], d.get("comment"))
            for d in answer["decisions"]
        ),
        closed=tuple(answer["closedPeriods"]),
        cursor=answer["cursor"],
        max_changes=answer["maxChanges"],
        requests=wire.requests,
    )


def redact(endpoint: str, token: str, register: str, record_id: str, reason: str, *, wire: Wire | None = None) -> None:
    """Remove a row and its history from the ORS for good. `TargetError` when it did not happen."""
    body = {"form": register, "recordId": record_id, "reason": reason}
    status, answer = (wire or Wire(endpoint, token)).post("/api/v1/redactions", body)
    if status != 200:
        raise TargetError(f"L'ORS n'a pas retiré la ligne {record_id} : {answer.get('detail', status)}")


def _compared_again(again: Conflicts) -> list[dict[str, Any]]:
    """Rows that met a newer version, on top of what stands there now."""
    return [
        change(asked["form"], asked["recordId"], asked["fields"], (result.get("current") or {}).get("version", 0))
        for asked, result in again
    ]
