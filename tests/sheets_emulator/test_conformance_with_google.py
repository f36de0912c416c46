"""2,116 exchanges that gspread's suite recorded with Google, replayed."""

from pathlib import Path

import pytest

from sheets_emulator import conformance

TARBALL = Path(__file__).parents[3] / "shared" / "conformance" / "gspread_cassettes.tar.gz"


@pytest.mark.skipif(not TARBALL.exists(), reason="the recordings are not part of the project")
def test_google_and_the_emulator_answer_alike():
    rows = conformance.run(TARBALL)
    print(conformance.table(rows))
    exchanges = sum(row.exchanges for row in rows.values())
    assert exchanges == 2116
    assert sum(row.status_equal for row in rows.values()) >= 0.99 * exchanges
    assert sum(row.body_equal for row in rows.values()) >= 0.9 * exchanges


def test_differences_are_named_by_their_place():
    theirs, ours = {"a": [{"b": 1}], "c": "x"}, {"a": [{"b": 2}]}
    assert conformance.differing(theirs, ours) == [".a[0].b: 1 ≠ 2", ".c: x ≠ None"]


def test_a_missing_tarball_is_said(capsys, tmp_path):
    assert conformance.main([str(tmp_path / "none.tar.gz")]) == 2
    assert "No such file" in capsys.readouterr().err
