"""The side-by-side run: what other ways of publishing cost people."""

from __future__ import annotations

import io

from rich.console import Console

from suivi.publish.bench import Server, measure


def test_the_side_by_side_shows_no_write_without_change_and_no_word_lost(emulator, cluster):
    out = io.StringIO()
    table = measure(Server(emulator.url), cluster, 30)
    Console(file=out, width=140).print(table)
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.getvalue().splitlines() if "│" in line]
    ours = [row for row in rows if row[0] == "suivi"]
    assert [row[2:4] for row in ours] == [["2", "1"], ["2", "1"], ["2", "0"]]
    assert [row[6] for row in ours[1:]] == ["0 of 16", "0 of 16"]
    assert all(row[6] != "0 of 16" for row in rows if row[0] != "suivi" and row[1] == "no change")
