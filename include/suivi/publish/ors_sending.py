"""One push under way: batches out, results in, one by one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from suivi import schema
from suivi.errors import TargetError
from suivi.publish.ors_answers import BATCH, Decided, NightAnswer, Outbox, Outcome
from suivi.publish.ors_rows import Published, fields_of, mark
from suivi.publish.ors_wire import Wire

_UPDATE = "/api/v1/update"
_PAGE = 10_000
Changes = list[dict[str, Any]]
Conflicts = list[tuple[dict[str, Any], dict[str, Any]]]  # (change, result)


class Sending:
    """One push under way: batches out, results into the outcome."""

    def __init__(
        self,
        wire: Wire,
        cluster: str | None,
        outbox: Outbox,
        night: int,
        published: Published,
        previous: NightAnswer | None,
    ) -> None:
        self._wire, self._cluster, self._outbox, self._night = wire, cluster, outbox, night
        self._size = previous.max_changes if previous else BATCH
        self._mismatch = previous.mismatch if previous else ()
        self._sent = 0
        self.final = False
        self.outcome = Outcome({register: dict(rows) for register, rows in published.items()})

    def resume(self, key: str, body: dict[str, Any], want: Published) -> None:
        """A request that an earlier night left without an answer: sent again as it was, with its key.

        Unless a row in it may no longer leave: then the request is dropped, such rows are deleted there in case it
        had arrived, and the others come with the difference.
        """
        withdrawn = [
            {"recordId": c["recordId"], "form": c["form"], "deleted": True}
            for c in body["changes"]
            if not c.get("deleted") and c["form"] in want and c["recordId"] not in want[c["form"]]
        ]
        if not withdrawn:
            self.deliver(key, body)
            return
        self.send(withdrawn)
        self._outbox.settle(key, {"dropped": len(withdrawn)})

    def reread(self, want: Published) -> None:
        """Registers whose digest differed: what the ORS really holds replaces what we believed."""
        for register in self._mismatch:
            rows: dict[str, dict[str, Any]] = {}
            total, offset = 1, 0
            while offset < total:
                status, page = self._wire.get(f"/api/v1/{register}", version="latest", limit=_PAGE, offset=offset)
                if status != 200:
                    raise TargetError(f"L'ORS ne laisse pas relire {register} (HTTP {status}).")
                rows |= {r["record_id"]: _held(register, r) for r in page["data"] if r["origin"] == "sync"}
                total, offset = page["total"], offset + _PAGE
            kept = self.outcome.published.get(register, {})
            marks = {i: row for i, row in kept.items() if "_version" not in row and i in want.get(register, {})}
            self.outcome.published[register] = marks | rows

    def waiting_still(self, want: Published, changes: Changes) -> None:
        """Count rows that wait for a period without being sent."""
        sent = {(c["form"], c["recordId"]) for c in changes}
        for register, rows in self.outcome.published.items():
            for record_id, row in rows.items():
                reason = row.get("_kept_back", {}).get("reason")
                is_wanted = record_id in want.get(register, {})
                if reason == "period-closed" and is_wanted and (register, record_id) not in sent:
                    self.outcome.waiting += 1

    def send(self, changes: Changes) -> Conflicts:
        """Send in batches; returns (change, result) of rows that met a newer version, unless this is final."""
        again: Conflicts = []
        for start in range(0, len(changes), self._size):
            again += self._batch(changes[start : start + self._size])
        return again

    def _batch(self, changes: Changes) -> Conflicts:
        body: dict[str, Any] = {"changes": changes}
        if self._cluster is not None:
            body["cluster"] = self._cluster
        self._sent += 1
        key = f"{self._night:010d}-{self._sent:05d}-{uuid.uuid4().hex}"
        self._outbox.store(key, body)
        return self.deliver(key, body)

    def deliver(self, key: str, body: dict[str, Any]) -> Conflicts:
        """Send one request of the outbox and take its answer in."""
        changes = body["changes"]
        status, answer = self._wire.post(_UPDATE, body, key)
        again: Conflicts = []
        if "results" in answer:
            for asked, result in zip(changes, answer["results"], strict=True):
                if self._take(asked, result):
                    again.append((asked, result))
            self._outbox.settle(key, answer)
            return again
        rest = self._refused(status, answer, changes)
        self._outbox.settle(key, answer)
        for part in rest:
            again += self._batch(part)
        return again

    def _refused(self, status: int, answer: dict[str, Any], changes: Changes) -> list[Changes]:
        """A request that was refused as a whole: bury what is to blame, return what to send again, in batches."""
        if status == 413 and len(changes) > 1:
            half = len(changes) // 2
            return [changes[:half], changes[half:]]
        pointers = [error["pointer"].split("/") for error in answer.get("errors", ())]
        guilty = {int(p[2]) for p in pointers if len(p) > 2 and p[1] == "changes" and p[2].isdigit()}
        guilty &= set(range(len(changes)))
        if status != 422 or not guilty:
            guilty = set(range(len(changes)))
        for at in sorted(guilty):
            mine = [e for e in answer.get("errors", ()) if e["pointer"].startswith(f"/changes/{at}/")]
            self._bury(changes[at], {**answer, "errors": mine, "status": status})
        rest = [c for at, c in enumerate(changes) if at not in guilty]
        return [rest] if rest else []

    def _take(self, asked: dict[str, Any], result: dict[str, Any]) -> bool:
        """One result into the outcome; true for a conflict that is to be compared again."""
        register, record_id, outcome = asked["form"], asked["recordId"], result["outcome"]
        rows = self.outcome.published.setdefault(register, {})
        if outcome == "conflict" and not self.final:
            return True
        if result["status"] >= 400:
            self._keep_back(asked, result)
            return False
        if asked.get("deleted"):
            rows.pop(record_id, None)
        else:
            rows[record_id] = {**asked["fields"], "_version": result["version"]}
        count = "deleted" if asked.get("deleted") else outcome
        setattr(self.outcome, count, getattr(self.outcome, count) + 1)
        if result.get("approval"):
            told = Decided(register, record_id, result["version"], result["approval"])
            self.outcome.approvals.append(told)
        return False

    def _keep_back(self, asked: dict[str, Any], result: dict[str, Any]) -> None:
        if result["outcome"] != "period-closed":
            self._bury(asked, result)
            return
        self.outcome.waiting += 1
        rows = self.outcome.published.setdefault(asked["form"], {})
        held = rows.get(asked["recordId"], {})
        note = mark(asked["fields"], "period-closed", _period(result))
        rows[asked["recordId"]] = {**held, "_kept_back": note}

    def _bury(self, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        self.outcome.rejected += 1
        self.outcome.dead_letters.append({"change": asked, "answer": answer})
        self._outbox.bury(asked, answer)
        if not asked.get("deleted"):
            rows = self.outcome.published.setdefault(asked["form"], {})
            held = rows.get(asked["recordId"], {})
            rows[asked["recordId"]] = {**held, "_kept_back": mark(asked["fields"], "refused")}


def _held(register: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the read API as a published row."""
    names = {f.name for f in schema.register(register).fields} | {"events"}
    fields = fields_of({name: value for name, value in record.items() if name in names})
    if "events" in fields:
        fields["events"] = [{k: v for k, v in event.items() if v is not None} for event in fields["events"]]
    return {**fields, "_version": record["version"]}


def _period(result: Mapping[str, Any]) -> str:
    return str(result.get("period", ""))
