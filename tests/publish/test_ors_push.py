"""The client against a real ORS process: difference only, exactly once, refusals kept."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from ors import auth
from ors.db import Store
from ors.faults import FaultyProxy
from suivi import schema
from suivi.errors import TargetError
from suivi.publish import ors
from suivi.publish.ors_wire import Wire

INCLUDE = Path(__file__).resolve().parents[2] / "include"


class MemoryOutbox:
    """An outbox as the ledger keeps it, in memory."""

    def __init__(self) -> None:
        self.open: dict[str, dict[str, Any]] = {}
        self.buried: list[tuple[dict[str, Any], dict[str, Any]]] = []

    def store(self, key: str, body: dict[str, Any]) -> None:
        self.open[key] = body

    def pending(self) -> list[tuple[str, dict[str, Any]]]:
        return sorted(self.open.items())

    def settle(self, key: str, answer: dict[str, Any]) -> None:  # noqa: ARG002
        del self.open[key]

    def bury(self, change: dict[str, Any], answer: dict[str, Any]) -> None:
        self.buried.append((change, answer))


class Ors:
    """A running ORS with tokens of one cluster."""

    def __init__(self, address: str, db: str, cluster: str) -> None:
        self.address, self.cluster, self._store = address, cluster, Store(db)
        self.reporter, self.lead = self.token("reporter"), self.token("lead")

    def token(self, role: str, cluster: str = "") -> str:
        return auth.issue(self._store, cluster or self.cluster, role, "", datetime.now(UTC))[1]

    def night(self, number: int, published: Any = None, previous: ors.NightAnswer | None = None) -> ors.NightAnswer:
        told = {"night": number, "status": "success"}
        return ors.report_night(self.address, self.reporter, told, published=published, previous=previous)

    def push(self, frames: dict[str, Any], published: Any, outbox: Any, night: int = 1, **more: Any) -> ors.Outcome:
        wire = more.pop("wire", None) or Wire(self.address, self.reporter, sleep=lambda _: None)
        return ors.push(self.address, self.reporter, self.cluster, frames, published, outbox, night, wire=wire, **more)

    def replay(self, letters: Any, frames: dict[str, Any], published: Any, outbox: Any) -> ors.Outcome:
        wire = Wire(self.address, self.reporter)
        return ors.replay(self.address, self.reporter, self.cluster, letters, frames, published, outbox, 3, wire=wire)

    def ask(self, method: str, path: str, token: str = "", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token or self.lead}"}
        return requests.request(method, self.address + path, headers=headers, timeout=30, **more)

    def rows(self, form: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", f"/api/v1/{form}?version=latest&limit=10000").json()["data"]
        return found


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address and database of one running service."""
    db = f"sqlite:///{tmp_path_factory.mktemp('ors') / 'ors.db'}"
    command = [sys.executable, "-m", "ors", "--port", "0", "--db", db]
    process = subprocess.Popen(command, cwd=INCLUDE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("listening on http://127.0.0.1:")
    yield line.split()[-1], db
    process.terminate()
    assert process.wait(15) == 0


@pytest.fixture
def server(process: tuple[str, str]) -> Ors:
    """A cluster of its own on that service."""
    return Ors(*process, f"c{uuid.uuid4().hex}")


def frames(actions: int = 3, indicators: int = 2, **change: Any) -> dict[str, Any]:
    """Registers of a small cluster; `change` goes into the first action."""
    rows = [
        {
            "record_id": f"act-{n}",
            "number": f"PROT-2026-03-05/{n}",
            "meeting_id": "meet-1",
            "meeting_date": date(2026, 3, 5),
            "kind": "action",
            "text": f"Partager la matrice numéro {n}",
            "responsible": ("UNHCR",),
            "status": "open",
            "late": False,
            "sharing_level": "membres",
            "state": "active",
            "quote": "phrase interne",
        }
        for n in range(actions)
    ]
    if rows:
        rows[0] |= change
    values = [
        {
            "record_id": f"ind-{n}",
            "code": "PROT-02",
            "name": "Personnes sensibilisées",
            "cluster": "PRO",
            "country": "MLI",
            "admin1_pcode": "ML05",
            "month": f"2026-{n % 12 + 1:02d}",
            "achieved": 10.0 + n,
            "target": 100.5,
            "sharing_level": "membres",
            "state": "active",
        }
        for n in range(indicators)
    ]
    return {
        "actions": schema.register("actions").frame(rows),
        "indicators": schema.register("indicators").frame(values),
    }


def test_a_second_night_without_changes_sends_only_its_report(server: Ors) -> None:
    outbox = MemoryOutbox()
    first = server.push(frames(), {}, outbox)
    assert (first.created, first.updated, first.rejected, first.requests) == (5, 0, 0, 1)
    assert not outbox.open
    answer = ors.report_night(
        server.address, server.reporter, {"night": 1, "status": "success"}, published=first.published
    )
    assert answer.mismatch == ()
    second = server.push(frames(), first.published, outbox, 2, previous=answer)
    assert (second.created, second.updated, second.unchanged, second.requests) == (0, 0, 5, 0)
    answer = server.night(2, second.published, ors.NightAnswer.from_json(answer.to_json()))
    assert (answer.mismatch, answer.requests) == ((), 1)


def test_internal_columns_and_rows_never_leave(server: Ors) -> None:
    secret = frames(sharing_level="interne")
    server.push(secret, {}, MemoryOutbox())
    assert [row["record_id"] for row in server.rows("actions")] == ["act-1", "act-2"]
    assert "phrase interne" not in server.ask("GET", "/api/v1/actions").text


def test_a_change_is_an_update_and_a_vanished_row_a_deletion(server: Ors) -> None:
    outbox = MemoryOutbox()
    first = server.push(frames(), {}, outbox)
    changed = server.push(frames(status="done"), first.published, outbox)
    assert (changed.created, changed.updated, changed.deleted, changed.unchanged) == (0, 1, 0, 4)
    raised = server.push(frames(status="done", sharing_level="interne"), changed.published, outbox)
    assert (raised.updated, raised.deleted) == (0, 1)
    assert "act-0" not in raised.published["actions"]
    assert len(server.rows("actions")) == 2


def test_a_lost_ledger_finds_its_rows_again(server: Ors) -> None:
    server.push(frames(), {}, MemoryOutbox())
    again = server.push(frames(), {}, MemoryOutbox())
    assert (again.created, again.updated, again.unchanged) == (0, 0, 5)
    assert again.published["actions"]["act-0"]["_version"] == 1


def test_a_row_that_met_a_newer_version_is_sent_once_more_on_top_of_it(server: Ors) -> None:
    outbox = MemoryOutbox()
    old = server.push(frames(), {}, outbox).published
    server.push(frames(status="done"), old, outbox)
    again = server.push(frames(status="cancelled"), old, outbox)
    assert (again.updated, again.rejected, again.requests) == (1, 0, 2)
    assert server.rows("actions")[0]["status"] == "cancelled"


def test_values_of_a_closed_period_wait_without_being_sent_every_night(server: Ors) -> None:
    outbox = MemoryOutbox()
    server.ask("PUT", "/api/v1/periods/2026-01", json={"state": "closed"}).raise_for_status()
    first = server.push(frames(), {}, outbox)
    assert (first.created, first.waiting, first.rejected) == (4, 1, 0)
    answer = ors.report_night(
        server.address, server.reporter, {"night": 1, "status": "success"}, published=first.published
    )
    assert (answer.closed, answer.mismatch) == (("2026-01",), ())
    second = server.push(frames(), first.published, outbox, 2, previous=answer)
    assert (second.requests, second.waiting) == (0, 1)
    server.ask("PUT", "/api/v1/periods/2026-01", json={"state": "open"}).raise_for_status()
    answer = ors.report_night(
        server.address, server.reporter, {"night": 2, "status": "success"}, published=second.published
    )
    third = server.push(frames(), second.published, outbox, 3, previous=answer)
    assert (third.created, third.waiting) == (1, 0)
    assert "_kept_back" not in third.published["indicators"]["ind-0"]


def test_a_refused_row_is_buried_once_and_the_others_arrive(server: Ors) -> None:
    outbox = MemoryOutbox()
    bad = frames(indicators=0)
    bad["actions"].loc[0, "number"] = "écrire à poste@exemple.org"  # what the sharing door does not look at
    bad["actions"].at[1, "admin1_pcode"] = ("ML77",)
    first = server.push(bad, {}, outbox)
    assert (first.created, first.rejected, len(outbox.buried)) == (1, 2, 2)
    assert {letter["answer"]["status"] for letter in first.dead_letters} == {422}
    second = server.push(bad, first.published, outbox, 2)
    assert (second.requests, len(outbox.buried)) == (0, 2)
    repaired = server.push(frames(indicators=0), second.published, outbox, 3)
    assert (repaired.created, repaired.rejected) == (2, 0)


def _refused(server: Ors) -> tuple[MemoryOutbox, Any]:
    """Two actions that the ORS refused: their letters, and the state after the night."""
    outbox, bad = MemoryOutbox(), frames(indicators=0)
    for at in (0, 1):
        bad["actions"].at[at, "admin1_pcode"] = ("ML77",)
    return outbox, server.push(bad, {}, outbox).published


def test_a_replay_sends_each_row_once_and_as_it_is_now(server: Ors) -> None:
    outbox, published = _refused(server)
    letters = [change for change, _ in outbox.buried]
    now = frames(indicators=0, status="done")
    again = server.replay([*letters, letters[0]], now, published, outbox)
    assert (again.created, again.rejected, again.requests) == (2, 0, 1)
    assert {row["record_id"]: row["status"] for row in server.rows("actions")}["act-0"] == "done"
    assert "_kept_back" not in again.published["actions"]["act-0"]
    assert server.push(now, again.published, outbox, 3).requests == 0


def test_a_replay_never_brings_out_what_was_raised_to_internal_since(server: Ors) -> None:
    outbox, published = _refused(server)
    letters = [change for change, _ in outbox.buried]
    again = server.replay(letters, frames(indicators=0, sharing_level="interne"), published, outbox)
    assert [row["record_id"] for row in server.rows("actions")] == ["act-1", "act-2"]
    assert (again.created, again.rejected) == (1, 0)


def test_a_replayed_row_that_is_refused_again_is_buried_with_the_new_answer(server: Ors) -> None:
    outbox, published = _refused(server)
    letters = [change for change, _ in outbox.buried]
    still = frames(indicators=0)
    still["actions"].at[0, "admin1_pcode"] = ("ML78",)
    again = server.replay(letters, still, published, outbox)
    assert (again.created, again.rejected) == (1, 1)
    assert again.dead_letters[0]["change"]["fields"]["admin1_pcode"] == ["ML78"]


def test_a_night_that_died_resumes_with_the_same_key(server: Ors) -> None:
    outbox = MemoryOutbox()
    body = {"changes": [{"recordId": "act-0", "form": "actions", "fields": _fields()}], "cluster": server.cluster}
    outbox.store("0000000001-00001-abc", body)
    Wire(server.address, server.reporter).post("/api/v1/update", body, "0000000001-00001-abc")  # answered, never read
    resumed = server.push(frames(indicators=0), {}, outbox, 2)
    assert (resumed.created, resumed.updated) == (3, 0)
    assert not outbox.open
    assert {row["version"] for row in server.rows("actions")} == {1}


def test_a_left_over_request_never_brings_out_what_was_raised_to_internal_since(server: Ors) -> None:
    for arrived in (False, True):
        outbox = MemoryOutbox()
        body = {"changes": [{"recordId": "act-0", "form": "actions", "fields": _fields()}], "cluster": server.cluster}
        outbox.store("0000000001-00001-abc", body)
        if arrived:
            Wire(server.address, server.reporter).post("/api/v1/update", body, "0000000001-00001-abc")
        resumed = server.push(frames(indicators=0, sharing_level="interne"), {}, outbox, 2)
        assert [row["record_id"] for row in server.rows("actions")] == ["act-1", "act-2"]
        assert (set(resumed.published["actions"]), outbox.open) == ({"act-1", "act-2"}, {})


def test_a_batch_that_is_too_large_is_halved(server: Ors) -> None:
    known = ors.NightAnswer(night=0, max_changes=5000)  # what an ORS with a smaller limit once said
    pushed = server.push(frames(actions=1100, indicators=0), {}, MemoryOutbox(), previous=known)
    assert (pushed.created, pushed.rejected, pushed.requests) == (1100, 0, 3)


def test_a_register_that_is_not_given_is_left_alone(server: Ors) -> None:
    first = server.push(frames(), {}, MemoryOutbox())
    second = server.push({"actions": frames()["actions"]}, first.published, MemoryOutbox())
    assert (second.deleted, second.requests, len(server.rows("indicators"))) == (0, 0, 2)


def _fields() -> dict[str, Any]:
    from suivi.publish.ors_rows import wanted

    return wanted(frames(indicators=0))["actions"]["act-0"]


def test_a_restored_ors_is_noticed_and_put_right(server: Ors) -> None:
    outbox = MemoryOutbox()
    good = server.push(frames(), {}, outbox).published
    # behind the ledger's back: a row changed, one gone, one that should not be there
    stray = {"recordId": "act-x", "form": "actions", "fields": _fields()}
    gone = {"recordId": "act-1", "form": "actions", "deleted": True}
    changed = {"recordId": "act-2", "form": "actions", "fields": _fields() | {"status": "done"}}
    body = {"changes": [stray, gone, changed]}
    server.ask("POST", "/api/v1/update", server.reporter, json=body).raise_for_status()
    answer = server.night(1, good)
    assert answer.mismatch == ("actions",)
    full = server.push(frames(), good, outbox, 2, previous=answer)
    assert (full.created, full.updated, full.deleted) == (1, 1, 1)
    answer = ors.report_night(
        server.address, server.reporter, {"night": 2, "status": "success"}, published=full.published
    )
    assert answer.mismatch == ()


def test_the_leads_decisions_come_back_with_the_night(server: Ors) -> None:
    pushed = server.push(frames(), {}, MemoryOutbox())
    assert {a.approval for a in pushed.approvals} == {"submitted"}
    decision = {"form": "indicators", "recordId": "ind-0", "version": 1, "decision": "rejected", "comment": "double"}
    server.ask("POST", "/api/v1/decisions", json={"decisions": [decision]}).raise_for_status()
    first = ors.report_night(server.address, server.reporter, {"night": 1, "status": "failed"})
    assert first.decisions == (ors.Decided("indicators", "ind-0", 1, "rejected", "double"),)
    second = server.night(2, previous=first)
    assert second.decisions == ()


def test_the_life_of_an_action_travels_without_its_quotes(server: Ors) -> None:
    created = {"record_id": "act-0", "date": date(2026, 3, 5), "kind": "created", "quote": "phrase interne"}
    owners = ("DRC", "Mme Aminata Exemple")
    moved = {"record_id": "act-0", "date": "2026-04-02", "kind": "postponed", "responsible": owners}
    events = [created, moved | {"deadline_date": "2026-05-01", "detail": "phrase interne"}]
    first = server.push(frames(), {}, MemoryOutbox(), events=events)
    assert server.rows("actions")[0]["events"] == [
        {"date": "2026-03-05", "kind": "created"},
        {"date": "2026-04-02", "kind": "postponed", "responsible": ["DRC"], "deadline_date": "2026-05-01"},
    ]
    assert server.push(frames(), first.published, MemoryOutbox(), events=events).requests == 0


def test_lost_delayed_and_refused_answers_leave_every_row_exactly_once(server: Ors) -> None:
    many = frames(actions=900, indicators=100)
    with FaultyProxy(server.address, 0.35, seed=11) as proxy:
        wire = Wire(proxy.address, server.reporter, sleep=lambda _: None, timeout=20, tries=20)
        answer = ors.NightAnswer(night=0, max_changes=25)
        outcome = server.push(many, {}, MemoryOutbox(), previous=answer, wire=wire)
        faults = sum(n for kind, n in proxy.done.items() if kind != "passed")
    assert faults >= 5
    assert (outcome.created, outcome.rejected) == (1000, 0)
    rows = server.rows("actions") + server.rows("indicators")
    assert len(rows) == 1000
    assert {row["version"] for row in rows} == {1}


def test_an_ors_that_is_down_keeps_the_request_for_the_next_night(server: Ors) -> None:
    outbox = MemoryOutbox()
    wire = Wire("http://127.0.0.1:9", server.reporter, sleep=lambda _: None, tries=2)
    with pytest.raises(ors.PushEnded, match="ne répond pas") as ended:
        server.push(frames(), {}, outbox, wire=wire)
    assert len(outbox.open) == 1
    assert ended.value.outcome.created == 0
    assert server.push(frames(), ended.value.outcome.published, outbox, 2).created == 5


def test_a_wrong_token_says_so_without_showing_it(server: Ors) -> None:
    with pytest.raises(TargetError, match="refuse le jeton") as refused:
        ors.push(server.address, "ors_wrong", server.cluster, frames(), {}, MemoryOutbox(), 1)
    assert "ors_wrong" not in str(refused.value)
    other = server.token("reporter", "WASH")
    with pytest.raises(TargetError, match="WASH"):
        ors.push(server.address, other, server.cluster, frames(), {}, MemoryOutbox(), 1)


def test_a_redacted_row_is_gone_and_cannot_come_back(server: Ors) -> None:
    outbox = MemoryOutbox()
    first = server.push(frames(), {}, outbox)
    ors.redact(server.address, server.reporter, "actions", "act-0", "à la demande du cluster")
    again = server.push(frames(status="done"), first.published, outbox)
    assert (again.updated, again.rejected) == (0, 1)
    assert [row["record_id"] for row in server.rows("actions")] == ["act-1", "act-2"]
    assert server.push(frames(status="done"), again.published, outbox).requests == 0
