"""Who is where: from attendance, sentences and 5W workbooks; the matrix and what an empty cell means."""

from __future__ import annotations

import io
from datetime import date

from minutes_by_hand import Nights, minutes, night, presence, row, rows, stored
from openpyxl import Workbook as Book

from suivi.registers import matrix, read_5w
from suivi.registers.presence import ATTENDANCE
from suivi.sharing import view

DAY = date(2026, 6, 1)
HEADERS = (
    "Organisation Accronyme", "Nom Organisation", "admin1Pcod", "Region", "admin2Pcod", "Cercle", "admin3Pcod",
    "Commune", "Village", "Cluster", "Date début", "Date fin", "Activités",
)  # fmt: skip


def workbook(*lines: tuple, headers: tuple = HEADERS) -> bytes:
    book = Book()
    sheet = book.active
    sheet.append(["5W, mise à jour de mai"])
    sheet.append(headers)
    for line in lines:
        sheet.append(line)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def line(
    organisation="NRC",
    code="ML0404",
    cercle="Niono",
    activity="Audiences foraines",
    start=None,
    end=None,
    cluster="Protection",
):
    return (
        organisation,
        "",
        code[:4],
        "Ségou",
        code,
        cercle,
        "ML040404",
        "Mariko",
        "Sokourani",
        cluster,
        start,
        end,
        activity,
    )


def imported(*lines: tuple):
    return night(workbooks=(read_5w(workbook(*lines), "5w/mai.xlsx", DAY),))


def test_attendance_is_presence_at_coordination_from_the_first_to_the_last_meeting():
    registers = night(*(stored(minutes(day, day, organisations=("UNHCR",))) for day in ("2026-01-14", "2026-03-11")))
    found = row(registers, "presence")
    assert (found["activity"], found["start"], found["reported"]) == (
        ATTENDANCE["fr"],
        date(2026, 1, 14),
        date(2026, 3, 11),
    )


def test_a_sentence_gives_one_row_a_place_and_later_ones_carry_it_on():
    one = stored(
        minutes("a", "2026-01-14", presence=(presence("NRC et IRC", "Abris", "Niono", "Macina", status="planned"),))
    )
    two = stored(minutes("b", "2026-03-11", presence=(presence("NRC", "abris", "Niono", status="completed"),)))
    found = {(r["organisation"], r["admin2_name"]): r for r in rows(night(one, two), "presence")}
    assert set(found) == {("NRC", "Niono"), ("NRC", "Macina"), ("IRC", "Niono"), ("IRC", "Macina")}
    done = found["NRC", "Niono"]
    assert (done["status"], done["start"], done["end"]) == ("completed", date(2026, 3, 11), date(2026, 3, 11))
    assert found["IRC", "Niono"]["status"] == "planned"
    assert done["organisation_type"] == "ONG internationale"


def test_draft_minutes_add_nothing_to_what_validated_ones_say():
    one = stored(minutes("a", "2026-01-14", presence=(presence("NRC", "Abris", "Niono"),)))
    draft = minutes(
        "b", "2026-03-11", presence=(presence("NRC", "Abris", "Niono", status="completed"),), validation="draft"
    )
    alone = night(stored(draft))
    both = night(one, stored(draft))
    assert row(alone, "presence")["sharing_level"] == "interne"
    assert (row(both, "presence")["status"], row(both, "presence")["sharing_level"]) == ("ongoing", "membres")


def test_a_5w_workbook_becomes_rows_with_codes_and_periods():
    registers = imported(
        line(start=date(2026, 1, 1), end=date(2026, 5, 1)),
        line("IRC", start=date(2026, 7, 1), cluster="Violences basées sur le genre"),
    )
    done, planned = sorted(rows(registers, "presence"), key=lambda r: r["organisation"], reverse=True)
    assert (done["admin1_pcode"], done["admin2_pcode"], done["status"]) == ("ML04", "ML0404", "completed")
    assert (done["start"], done["end"], done["reported"]) == (date(2026, 1, 1), date(2026, 5, 1), DAY)
    assert (planned["status"], planned["cluster"]) == ("planned", "PRO-GBV")
    assert done["source"] == "5w/mai.xlsx, 3"


def test_village_and_commune_of_a_5w_stay_internal():
    registers = imported(line())
    assert row(registers, "presence")["place_as_written"] == "Mariko ; Sokourani"
    shared = view(registers.frames["presence"], "presence", "membres")
    assert len(shared) == 1
    assert "Sokourani" not in str(shared.to_dict())


def test_code_and_name_that_disagree_are_said_and_the_name_is_taken():
    registers = imported(line(code="ML0404", cercle="Macina"))
    assert row(registers, "presence")["admin2_pcode"] == "ML0403"
    assert [issue.type for issue in registers.issues] == ["place_code_name"]


def test_codes_with_the_old_prefix_are_read_and_said():
    registers = imported(line(code="MLI0404"))
    assert row(registers, "presence")["admin2_pcode"] == "ML0404"
    assert [issue.type for issue in registers.issues] == ["place_code_old"]


def test_an_unknown_organisation_of_a_5w_is_asked_about():
    registers = imported(line("Sourire du Fleuve"))
    assert rows(registers, "presence") == []
    assert [held.about for held in registers.held] == ["Sourire du Fleuve"]


def test_a_file_that_is_no_workbook_and_one_without_5w_are_one_issue_each():
    assert [i.type for i in read_5w(b"no workbook", "x.xlsx", DAY).issues] == ["workbook_unreadable"]
    other = read_5w(workbook(("a", "b"), headers=("Titre", "Note")), "y.xlsx", DAY)
    assert ([i.type for i in other.issues], other.activities) == (["workbook_without_5w"], ())


def test_the_matrix_says_what_an_empty_cell_means():
    spoken = stored(
        minutes("a", "2026-01-14", presence=(presence("NRC", "Abris", "Niono"), presence("IRC", "Santé", "Koro")))
    )
    shared = view(night(spoken).frames["presence"], "presence", "membres")
    table = matrix(shared, "fr").set_index("admin2_name")
    assert table.loc["Niono", "NRC"] == "Abris"
    assert table.loc["Koro", "NRC"] == "non mentionné dans les PV"
    assert (
        matrix(shared, "en", workbook_loaded=True).set_index("admin2_name").loc["Koro", "NRC"] == "no activity reported"
    )


def test_the_matrix_of_nothing_has_its_columns():
    assert "admin1_name" in matrix(night().frames["presence"], "fr").columns


def test_importing_the_same_workbook_again_changes_nothing():
    nights = Nights(workbooks=(read_5w(workbook(line()), "5w/mai.xlsx", DAY),))
    first, second = nights.run(), nights.run()
    assert second.identities == ()
    assert first.frames["presence"].equals(second.frames["presence"])


def test_a_5w_with_codes_of_2023_is_read_by_its_names_and_said():
    cells = list(line(code="ML1602", cercle="Yorosso"))
    cells[3] = "Koutiala"
    alone = [*cells[:4], "", "", "", "", "", *cells[9:]]
    stray = [*cells[:5], "Niono", *cells[6:]]
    registers = imported(tuple(cells), tuple(alone), tuple(stray))
    assert [i.type for i in registers.issues] == ["place_code_new", "place_code_new", "place_code_name"]
    found = {(r["admin1_pcode"], r["admin2_pcode"]) for r in rows(registers, "presence")}
    assert ("ML03", "ML0307") in found
    assert "ML03" in {region for region, cercle in found if not isinstance(cercle, str)}
