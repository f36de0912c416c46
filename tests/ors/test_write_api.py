"""The write API: per-row results, repeats, conflicts, closed periods, what is never stored."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ors.once import fingerprint, once
from ors.problems import Problem


def outcomes(answer: Any) -> list[str]:
    return [result["outcome"] for result in answer.json()["results"]]


def test_a_repeat_of_the_same_rows_changes_nothing(service: Any, rows: Any) -> None:
    batch = (rows.action(), rows.indicator(), rows.meeting(), rows.presence())
    assert outcomes(service.update(*batch)) == ["created"] * 4
    before = service.ask("GET", "/api/v1/actions").headers["ETag"]
    assert outcomes(service.update(*batch)) == ["unchanged"] * 4
    assert service.ask("GET", "/api/v1/actions").headers["ETag"] == before


def test_a_changed_row_gets_a_new_version_and_its_history(service: Any, rows: Any) -> None:
    service.update(rows.action())
    result = service.update(rows.action(status="done", responsible=["UNHCR", "DRC"])).json()["results"][0]
    assert (result["outcome"], result["version"]) == ("updated", 2)
    lines = service.ask("GET", "/api/v1/history?form=actions&recordId=act-1", "lead").json()["data"]
    assert [line["event"] for line in lines] == ["updated", "created"]
    assert lines[0]["changes"] == {"status": ["open", "done"], "responsible": [["UNHCR"], ["UNHCR", "DRC"]]}
    assert lines[0]["actor"] == "reporter:reporter of tests"
    assert lines[0]["at"].startswith("2026-04-08T03:00")


def test_a_stale_version_is_a_conflict_that_shows_the_current_row(service: Any, rows: Any) -> None:
    service.update(rows.action())
    service.update(rows.action(status="done"))
    answer = service.update(rows.action(status="cancelled") | {"previousVersion": 1})
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert answer.json()["type"] == "urn:ors:conflict"
    assert answer.json()["current"]["version"] == 2
    assert answer.json()["current"]["fields"]["status"] == "done"
    again = service.update(rows.action(status="cancelled") | {"previousVersion": 2})
    assert (again.status_code, outcomes(again)) == (200, ["updated"])


def test_version_zero_means_that_the_row_must_be_new(service: Any, rows: Any) -> None:
    assert service.update(rows.action() | {"previousVersion": 0}).status_code == 200
    assert service.update(rows.action(status="done") | {"previousVersion": 0}).status_code == 409


def test_good_rows_are_stored_beside_refused_ones(service: Any, rows: Any) -> None:
    service.update(rows.action())
    stale = rows.action(status="done") | {"previousVersion": 9}
    answer = service.update(stale, rows.action("act-2"))
    assert (answer.status_code, outcomes(answer)) == (207, ["conflict", "created"])
    assert service.ask("GET", "/api/v1/actions").json()["total"] == 2


def test_an_atomic_batch_is_stored_whole_or_not_at_all(service: Any, rows: Any) -> None:
    service.update(rows.action())
    stale = rows.action(status="done") | {"previousVersion": 9}
    answer = service.update(rows.action("act-2"), stale, atomic=True)
    assert (answer.status_code, outcomes(answer)) == (409, ["skipped", "conflict"])
    assert service.ask("GET", "/api/v1/actions").json()["total"] == 1


@pytest.mark.parametrize("column", ["quote", "source", "comment", "sharing_level", "place_as_written", "approval"])
def test_internal_and_unknown_columns_are_refused_and_not_echoed(service: Any, rows: Any, column: str) -> None:
    answer = service.update(rows.action("act-2"), rows.action(**{column: "Mme Nom, 76 00 00 00"}))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/changes/1/fields/{column}"
    assert "Mme Nom" not in answer.text
    assert service.ask("GET", "/api/v1/actions").json()["total"] == 0


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"admin1_pcode": "ML77"}, "/changes/0/fields/admin1_pcode"),
        ({"admin2_pcode": "ML050101"}, "/changes/0/fields/admin2_pcode"),  # a commune: below admin2
        ({"cluster": "XYZ"}, "/changes/0/fields/cluster"),
        ({"country": "XXX"}, "/changes/0/fields/country"),
        ({"month": "2026-13"}, "/changes/0/fields/month"),
        ({"achieved": "120"}, "/changes/0/fields/achieved"),
        ({"updated": "2026-02-30"}, "/changes/0/fields/updated"),
    ],
)
def test_unknown_codes_and_wrong_types_name_their_field(
    service: Any, rows: Any, fields: dict[str, Any], pointer: str
) -> None:
    answer = service.update(rows.indicator(**fields))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_an_indicator_outside_the_catalogue_is_refused(service: Any, rows: Any) -> None:
    catalogue = {"indicators": [{"code": "PROT-02", "fr": "Sensibilisation", "en": "Awareness"}]}
    assert service.ask("PUT", "/api/v1/settings", "admin", json=catalogue).status_code == 200
    answer = service.update(rows.indicator(code="PROT-99"))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/fields/code")
    assert service.update(rows.indicator()).status_code == 200


@pytest.mark.parametrize("text", ["voir avec a.b@exemple.org", "appeler le +223 70 00 00 00"])
def test_addresses_and_phone_numbers_are_refused(service: Any, rows: Any, text: str) -> None:
    answer = service.update(rows.action(text=text))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:ors:invalid")
    assert text not in answer.text


@pytest.mark.parametrize(
    "text", ["10 116 personnes déplacées", "réunion du 2017-04-05/3", "de 2016 à 2017, 600 militaires"]
)
def test_figures_and_dates_are_no_phone_numbers(service: Any, rows: Any, text: str) -> None:
    assert service.update(rows.action(text=text)).status_code == 200


def test_a_key_gives_the_same_answer_to_the_same_body_only(service: Any, rows: Any) -> None:
    first = service.update(rows.action(), key="k-1")
    again = service.update(rows.action(), key="k-1")
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    other = service.update(rows.action(status="done"), key="k-1")
    assert (other.status_code, other.json()["type"]) == (422, "urn:ors:key-reused")
    assert service.update(rows.action(status="done"), key="k-2").status_code == 200


def test_a_key_whose_request_still_runs_is_told_to_wait(service: Any) -> None:
    store, entered, leave = service.app.state.store, threading.Event(), threading.Event()
    body = fingerprint("/p", b"x")
    service.token("reporter")

    def slow(_connection: Any) -> tuple[int, dict[str, Any]]:
        entered.set()
        leave.wait(30)
        return 200, {"done": True}

    first = threading.Thread(target=once, args=(store, "PROT", "k", body, service.clock(), slow))
    first.start()
    entered.wait(30)
    with pytest.raises(Problem, match="key-running"):
        once(store, "PROT", "k", body, service.clock(), slow)
    leave.set()
    first.join()
    assert once(store, "PROT", "k", body, service.clock(), slow) == (200, {"done": True}, True)


def test_a_key_claimed_by_a_process_that_died_is_taken_over_after_a_minute(service: Any, rows: Any) -> None:
    from sqlalchemy import insert

    from ors.db import stamp
    from ors.models import idempotency

    body = b'{"changes": []}'
    service.token("reporter")
    with service.app.state.store.write() as connection:
        line = {"cluster": "PROT", "key": "k", "body": fingerprint("/p", body), "at": stamp(service.clock())}
        connection.execute(insert(idempotency).values(line))
    work = (service.app.state.store, "PROT", "k", fingerprint("/p", body))
    with pytest.raises(Problem, match="key-running"):
        once(*work, service.clock(), lambda _: (200, {}))
    service.clock.forward(seconds=61)
    assert once(*work, service.clock(), lambda _: (200, {"ok": 1}))[1] == {"ok": 1}


def test_a_failed_request_does_not_keep_its_key(service: Any) -> None:
    service.token("reporter")
    work = (service.app.state.store, "PROT", "k", "b" * 64, service.clock())
    with pytest.raises(ZeroDivisionError):
        once(*work, lambda _: 1 / 0)  # type: ignore[arg-type, return-value]
    assert once(*work, lambda _: (200, {}))[0] == 200


def test_a_deleted_row_is_out_of_sight_and_may_return(service: Any, rows: Any) -> None:
    service.update(rows.indicator())
    assert outcomes(service.update(rows.gone("ind-1", "indicators"))) == ["deleted"]
    assert service.ask("GET", "/api/v1/indicators", "member").json()["total"] == 0
    assert outcomes(service.update(rows.gone("ind-1", "indicators"), rows.gone("never"))) == ["unchanged"] * 2
    back = service.update(rows.indicator())
    assert (outcomes(back), back.json()["results"][0]["approval"]) == (["created"], "submitted")


def test_the_same_row_twice_in_a_batch_ends_as_the_last_one(service: Any, rows: Any) -> None:
    answer = service.update(rows.action(), rows.action(status="done"))
    assert outcomes(answer) == ["created", "updated"]
    assert service.ask("GET", "/api/v1/actions").json()["data"][0]["status"] == "done"


def test_too_many_rows_or_bytes_are_413_with_the_limit(make_service: Any, rows: Any) -> None:
    from ors.limits import Limits

    service = make_service(limits=Limits(body_bytes=10_000, changes=3, read=None, write=None, failures=None))
    many = service.update(*(rows.action(f"a{n}") for n in range(4)))
    assert (many.status_code, many.json()["maxChanges"]) == (413, 3)
    big = service.update(*(rows.action(f"a{n}", text="x" * 4000) for n in range(3)))
    small = service.ask("POST", "/api/v1/update", data=(b"x" * 1000 for _ in range(30)))  # chunked, no length
    assert (big.status_code, small.status_code) == (413, 413)
    assert big.json()["limit"] == 10_000


def test_clusters_do_not_see_each_other(service: Any, rows: Any) -> None:
    service.update(rows.action())
    assert service.ask("GET", "/api/v1/actions", "member", "WASH").json()["total"] == 0
    other = {"changes": [rows.action()], "cluster": "WASH"}
    answer = service.ask("POST", "/api/v1/update", json=other)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:ors:wrong-cluster")


def test_problems_speak_the_language_asked_for(service: Any) -> None:
    french = service.ask("GET", "/api/v1/actions", None, headers={"Accept-Language": "fr"}).json()["detail"]
    english = service.ask("GET", "/api/v1/actions", None).json()["detail"]
    assert "jeton" in french
    assert "token" in english
