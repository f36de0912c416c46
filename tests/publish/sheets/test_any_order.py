"""Random hands, faults and nights in any order: no human word lost, no id twice, sheet equals registers when quiet.

`SUIVI_STEPS` sets how many steps the machine takes in all (the full run takes 2,000 and more).
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from suivi.publish.sheets.grid import find
from suivi.publish.sheets.layout import register_tab
from suivi.publish.sheets.values import plain

STEPS = int(os.environ.get("SUIVI_STEPS", "60"))
RUN = min(STEPS, 40)  # steps of one example
ACTIONS = [f"act-{n:04}" for n in range(1, 9)]
MACHINE_CELLS = ("text", "number", "quote", "agenda_item", "source")
STATUSES = {"ouvert": "open", "en cours": "in_progress", "fait": "done", "annulé": "cancelled"}


class Sheet(RuleBasedStateMachine):
    """One cluster; `words`: what people wrote that must stand somewhere in the internal spreadsheet."""

    house: Any
    make: Any

    @initialize()
    def first_night(self) -> None:
        self.house = type(self).make()
        self.words: dict[tuple[str, str], str] = {}
        self.loose: set[str] = set()
        self.gone: dict[str, int] = {}
        self.count = 0
        self.dirty, self.stopped = False, []
        assert self.house.night().errors == ()

    def word(self) -> str:
        self.count += 1
        self.dirty = True
        return f"mot-{self.count}"

    def present(self, record: str) -> bool:
        return record in self.house.table("actions")

    # people ------------------------------------------------------------------------------------------------------

    @rule(record=st.sampled_from(ACTIONS), column=st.sampled_from(["comment", "focal_point"]))
    def writes_in_a_human_column(self, record: str, column: str) -> None:
        if self.present(record):
            word = self.word()
            self.house.set("actions", record, **{column: word})
            self.words[record, column] = word

    @rule(record=st.sampled_from(ACTIONS), column=st.sampled_from(MACHINE_CELLS))
    def overwrites_a_machine_cell(self, record: str, column: str) -> None:
        if self.present(record):
            before = self.house.table("actions")[record][column]
            self.loose.discard(str(before))  # a person replaced their own word
            word = self.word()
            self.house.set("actions", record, **{column: word})
            self.loose.add(word)

    @rule(record=st.sampled_from(ACTIONS), status=st.sampled_from([*STATUSES, "", "n'importe quoi"]))
    def sets_a_status(self, record: str, status: str) -> None:
        if self.present(record):
            self.dirty = True
            self.house.set("actions", record, status=status)

    @rule(column=st.sampled_from(["text", "number", "status", "deadline_date", "comment"]), down=st.booleans())
    def sorts(self, column: str, down: bool) -> None:
        if column in self.found().columns:
            self.house.edit("actions", sort={"column": self.found().columns[column], "descending": down})

    @rule(data=st.data())
    def inserts_rows_or_columns(self, data: st.DataObject) -> None:
        grid = self.grid()
        if data.draw(st.booleans()) and grid.row_count < 60:
            self.house.edit("actions", insert_rows={"at": data.draw(st.integers(0, grid.used_rows - 1))})
        elif grid.column_count < 45:
            self.house.edit("actions", insert_columns={"at": data.draw(st.integers(0, grid.used_columns - 1))})

    @rule(data=st.data())
    def moves_a_column(self, data: st.DataObject) -> None:
        width = self.grid().used_columns
        at, to = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, width - 1))
        if to not in (at, at + 1):
            self.house.edit("actions", move_columns={"at": at, "to": to})

    @rule()
    def adds_a_line_of_their_own(self) -> None:
        word = self.word()
        self.house.edit("actions", append=[[None, None, word]])
        self.own(word)

    def own(self, word: str) -> None:
        """A word outside our rows must stand; where it falls on our columns it is in a row without id."""
        self.loose.add(word)

    @rule(record=st.sampled_from(ACTIONS))
    def deletes_a_row(self, record: str) -> None:
        table = self.house.table("actions")
        if record in table and len(table) > 5:
            self.dirty = True
            self.loose -= {str(v) for v in table[record].values()}
            row = next(r for r, cells in enumerate(self.grid().cells) if record in cells)
            own = {str(v) for v in self.grid().cells[row]}
            self.loose -= own
            seen = self.house.published["internal"]["actions"].get(record, {})
            for column in ("comment", "focal_point"):
                if (record, column) in self.words:  # typed since the last night: nobody could know it
                    self.words[record, column] = seen.get(column) or ""
            self.house.edit("actions", delete_rows={"at": row})
            self.gone[record] = self.gone.get(record, 0) + 1

    @rule(data=st.data())
    def renames_a_header(self, data: st.DataObject) -> None:
        header = self.found().header
        if header is not None:
            column = data.draw(st.sampled_from(sorted(self.found().columns.values())))
            word = self.word()
            body = {"sheetId": 710002, "rowIndex": header, "columnIndex": column}
            value = {"rows": [{"values": [{"userEnteredValue": {"stringValue": word}}]}], "fields": "userEnteredValue"}
            replaced = self.grid().at(header, column)
            self.loose.discard(str(replaced))
            self.house.edit("actions", requests=[{"updateCells": {"start": body, **value}}])
            self.loose.add(word)

    @rule(name=st.sampled_from(["Suivi", "Nos actions", "Suivi des actions"]))
    def renames_the_tab(self, name: str) -> None:
        if name not in {g.title for g in self.house.emulator.book(self.house.internal()).grids.values()}:
            self.house.edit("actions", rename_tab=name)

    # minutes -----------------------------------------------------------------------------------------------------

    @rule(data=st.data())
    def minutes_change(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.house.rows["actions"]))
        self.dirty = True
        row["status"] = data.draw(st.sampled_from(["open", "in_progress", "done"]))
        row["age_meetings"] += 1
        row["sharing_level"] = data.draw(st.sampled_from(["membres", "membres", "interne"]))

    @precondition(lambda self: len(self.house.rows["actions"]) < 20)
    @rule(count=st.integers(1, 3))
    def minutes_bring_new_actions(self, count: int) -> None:
        self.dirty = True
        for _ in range(count):
            self.house.rows["actions"].append(self.house.action(len(self.house.rows["actions"]) + 50))

    # nights ------------------------------------------------------------------------------------------------------

    @rule()
    def night(self) -> None:
        self.sleep()

    @rule(
        method=st.sampled_from(["read", "write"]),
        fault=st.sampled_from(
            [{"kind": "lost"}, {"kind": "reset"}, {"status": 429, "retry_after": 1}, {"status": 503}]
        ),
        after=st.integers(0, 2),
    )
    def night_with_a_fault(self, method: str, fault: dict[str, Any], after: int) -> None:
        self.house.emulator.fault(method=method, after=after, **fault)
        self.sleep()
        self.house.emulator.control("DELETE", "faults")

    @rule(down=st.booleans(), what=st.sampled_from(["sort", "insert_rows", "insert_columns"]))
    def night_with_people_at_work_meanwhile(self, down: bool, what: str) -> None:
        column = self.found().columns.get("number", 1)
        edit = {"sort": {"column": column, "descending": down}, "insert_rows": {"at": 4}, "insert_columns": {"at": 3}}
        hand = {"spreadsheet": self.house.internal(), "tab": self.house.title("actions"), what: edit[what]}
        self.house.emulator.fault(kind="edit", method="write", path=self.house.internal(), edit=hand)
        self.sleep()
        self.house.emulator.control("DELETE", "faults")

    @rule()
    def night_that_dies_after_the_write(self) -> None:
        kept = {}
        self.house.on_record = lambda target, state: kept.setdefault(target, state)
        before = dict(self.house.published)
        self.sleep()
        self.house.on_record = None
        self.house.published = before | kept
        self.dirty = True

    def sleep(self) -> None:
        outcome = self.house.night()
        note(f"night {self.house.number}: {outcome.reads} reads, {outcome.writes} writes, {outcome.issues}")
        assert outcome.errors == ()
        self.stopped = [i.type for i in outcome.issues if i.type in ("sheet_key_missing", "sheet_header_missing")]
        self.dirty = False

    # what must hold ----------------------------------------------------------------------------------------------

    def grid(self) -> Any:
        return self.house.emulator.book(self.house.internal()).grids[710002]

    def found(self) -> Any:
        return find(self.grid(), register_tab("actions", self.house.cluster, "interne"))

    @invariant()
    def no_word_is_lost_and_no_id_stands_twice(self) -> None:
        if not hasattr(self, "count"):
            return
        table = self.house.table("actions")  # asserts that no id stands twice
        words = self.house.words()
        for (record, column), word in self.words.items():
            if record in table and not (self.dirty and self.gone.get(record)):
                assert str(table[record][column] or "") == word, (record, column)
        missing = {word for word in self.loose if not any(word == text for text in words)}
        assert not missing

    @invariant()
    def a_quiet_sheet_says_what_the_registers_say(self) -> None:
        if not hasattr(self, "count") or self.dirty or self.stopped:
            return
        described = register_tab("actions", self.house.cluster, "interne")
        frame = self.house.frames()["actions"]
        table = self.house.table("actions")
        for row in frame.to_dict("records"):
            cells = table.get(row["record_id"])
            if cells is None:
                assert self.gone.get(row["record_id"], 0) >= 2, row["record_id"]
                continue
            assert cells["status"] == described.column("status").label(
                plain(described.column("status"), row["status"]), "fr"
            )
            assert cells["age_meetings"] == row["age_meetings"]
            assert cells["text"] == row["text"]
        shared = self.house.table("actions", "shared")
        for row in frame.to_dict("records"):
            text = shared.get(row["record_id"], {}).get("text")
            assert (text is not None) == (row["sharing_level"] == "membres")


def test_people_faults_and_nights_in_any_order(house) -> None:
    def make() -> Any:
        house.emulator.control("DELETE", "faults")
        ids = {"internal": house.emulator.seed("Interne"), "shared": house.emulator.seed("Partage")}
        rows = {"actions": [house.action(n) for n in range(1, 9)], "meetings": [house.meeting(1)]}
        return type(house)(house.emulator, replace(house.cluster, sheets={**house.cluster.sheets, **ids}), rows)

    Sheet.make = staticmethod(make)
    examples = max(1, STEPS // RUN)
    run_state_machine_as_test(
        Sheet,
        settings=settings(
            max_examples=examples,
            stateful_step_count=RUN,
            deadline=None,
            derandomize=STEPS <= 100,
            suppress_health_check=list(HealthCheck),
        ),
    )
