"""The command line as people use it: exit codes, sentences, no traceback, and every command of the README."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from suivi import dictionary
from suivi.reference import HOUSE

ROOT = Path(__file__).parents[2]


def suivi(*arguments: str, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "suivi.cli", *arguments], capture_output=True, text=True, check=False, **more
    )


def test_extract_writes_one_json_a_document_and_prints_the_contract(tmp_path: Path):
    document = next((HOUSE / "samples" / "mali_protection" / "mopti").glob("*.docx"))
    done = suivi("extract", str(document), "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    plain = json.loads((tmp_path / f"{document.stem}.json").read_text())
    assert plain["is_minutes"]
    assert plain["document"] == document.name
    action = plain["actions"][0]
    assert {"text", "responsible", "deadline_date", "status", "review", "source", "rule", "confidence", "held"} <= set(
        action
    )
    assert action["source"]["quote"]


def test_extract_of_a_missing_file_is_a_sentence_and_exit_1():
    done = suivi("extract", "/nowhere/x.docx")
    assert done.returncode == 1
    assert "could not be opened" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_document_is_unreadable_and_not_empty(tmp_path: Path):
    whole = next((HOUSE / "samples" / "mali_protection" / "mopti").glob("*.docx")).read_bytes()
    (tmp_path / "coupé.docx").write_bytes(whole[:3000])
    plain = json.loads(suivi("extract", str(tmp_path / "coupé.docx")).stdout)
    assert plain["is_minutes"] is False
    assert plain["issues"][0]["type"] == "document_damaged"
    assert plain["reason"] == "document illisible, voir le problème signalé"


def test_evaluate_without_its_folders_says_so(tmp_path: Path):
    for arguments in ((tmp_path, tmp_path / "absent"), (tmp_path, tmp_path)):
        done = suivi("evaluate", *map(str, arguments))
        assert done.returncode == 2
        assert "suivi: " in done.stderr
        assert not done.stdout


@pytest.mark.parametrize("arguments", [(), ("dance",), ("run",), ("export", "mali_protection", "secrets")])
def test_wrong_usage_is_exit_2(arguments):
    assert suivi(*arguments).returncode == 2


def test_a_ledger_without_schema_is_refused_with_the_remedy(tmp_path: Path):
    import os

    done = suivi("status", "mali_protection", env={**os.environ, "SUIVI_DB": f"sqlite:///{tmp_path / 'x.db'}"})
    assert done.returncode == 2
    assert "suivi db upgrade" in done.stderr


def test_exports_show_what_their_level_may_see(house):
    house.night()
    for name in ("json", "csv", "xlsx"):
        done = house.command(
            "export", "mali_protection", "actions", "--format", name, "--out", str(house.folder / name)
        )
        assert done.returncode == 0, done.stderr
    actions = json.loads((house.folder / "json").read_text())
    assert {"number", "text", "events"} <= set(actions[0])
    assert set(actions[0]["events"][0]) == {"document", "date", "kind", "quote"}
    shared = (house.folder / "csv").read_text(encoding="utf-8-sig")
    assert "Kassambara" not in shared
    assert len(list(csv.reader(io.StringIO(shared)))) > 30
    internal = house.command("export", "mali_protection", "actions", "--format", "json", "--level", "interne")
    assert "Kassambara" in internal.stdout
    word = house.command(
        "export", "mali_protection", "actions", "--format", "docx", "--out", str(house.folder / "s.docx")
    )
    assert word.returncode == 0, word.stderr


def test_check_proves_every_part_and_says_what_to_fix(house):
    fine = house.command("check", "mali_protection")
    assert fine.returncode == 0, fine.stdout
    assert fine.stdout.count("ok ") >= 6
    house.drive.rename(house.folder / "elsewhere")
    broken = house.command("check", "mali_protection", SUIVI_ORS_TOKEN="wrong")
    assert broken.returncode == 1
    assert "FIX drive echantillons" in broken.stdout
    assert "FIX ORS" in broken.stdout


def test_status_lists_nights_and_issues(house):
    house.night()
    done = house.command("status", "mali_protection")
    assert done.returncode == 0
    assert "documents" in done.stdout


def test_a_dry_run_writes_to_no_target_and_the_real_run_does(house):
    house.forget_calls()
    planned = house.command("run", "mali_protection", "--dry-run", "--json")
    assert planned.returncode == 0, planned.stderr
    assert json.loads(planned.stdout)["sheets"]["writes"] == 0
    assert house.calls()["writes"] == 0
    real = house.command("run", "mali_protection", "--json")
    assert json.loads(real.stdout)["sheets"]["rows_added"] > 100


def test_a_backup_restores_into_an_empty_database_with_the_same_rows(house, tmp_path: Path):
    from suivi.ledger import Ledger, backup

    house.night()
    counts = backup.dump(house.ledger.engine, tmp_path / "b.jsonl.gz")
    target = Ledger(f"sqlite:///{tmp_path / 'restored.db'}", check=False)
    assert backup.restore(target.engine, tmp_path / "b.jsonl.gz") == counts
    assert counts["nights"] == 1
    again = backup.dump(target.engine, tmp_path / "again.jsonl.gz")
    assert again == counts


def test_new_cluster_writes_a_file_that_is_valid(tmp_path: Path):
    import os

    answers = "Cluster Santé Niger\nNiger Health Cluster\nSANTE\nHEA\nNER\nfr\nAfrica/Niamey\n\n\n\n\n"
    done = suivi("new-cluster", "niger_sante", input=answers, env={**os.environ, "SUIVI_CLUSTERS": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "Africa/Niamey" in (tmp_path / "niger_sante.yaml").read_text()
    again = suivi("new-cluster", "niger_sante", input=answers, env={**os.environ, "SUIVI_CLUSTERS": str(tmp_path)})
    assert again.returncode == 2


def test_reference_update_shows_the_difference_and_changes_nothing_unasked(tmp_path: Path):
    ours = (HOUSE / "reference" / "clusters.csv").read_text()
    (tmp_path / "clusters.csv").write_text(ours.replace("Protection", "Protezione", 1))
    done = suivi("reference", "update", str(tmp_path / "clusters.csv"))
    assert done.returncode == 0, done.stderr
    assert "--apply" in done.stdout
    assert (HOUSE / "reference" / "clusters.csv").read_text() == ours


def test_the_readme_names_only_commands_that_exist_and_its_generated_parts_are_fresh():
    text = (ROOT / "README.md").read_text()
    helps = suivi("--help").stdout
    for command in set(re.findall(r"`suivi ([a-z-]+)", text)):
        assert re.search(rf"^\s+{command}\b", helps, re.MULTILINE), command
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    assert dictionary.renewed(text) == text
