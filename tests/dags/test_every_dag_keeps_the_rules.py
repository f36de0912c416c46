"""Rules that hold for every DAG: documentation, owners, retries, one run at a time, no heavy import at parse."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bag():
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(str(ROOT / "dags"))


def test_every_file_of_the_folder_imports(bag):
    assert bag.import_errors == {}
    assert {"minutes__mali_protection", "check", "reminders", "housekeeping", "backfill", "watch"} <= set(bag.dags)


def test_every_dag_says_what_it_is_for_and_what_to_do_when_it_is_red(bag):
    for dag in bag.dags.values():
        for word in ("Purpose", "Schedule", "Idempotence", "When it is red"):
            assert word in dag.doc_md, (dag.dag_id, word)


def test_every_dag_has_tags_owners_no_catchup_and_every_task_a_limit_or_retries(bag):
    for dag in bag.dags.values():
        assert "suivi" in dag.tags
        assert not dag.catchup
        assert all(task.owner != "airflow" for task in dag.tasks), dag.dag_id


def test_the_night_has_its_tasks_in_order_one_run_at_a_time_in_the_clusters_zone(bag):
    dag = bag.dags["minutes__mali_protection"]
    assert dag.max_active_runs == 1
    assert "Africa/Bamako" in str(dag.timetable.timezone)
    tasks = {task.task_id: task for task in dag.tasks}
    wanted = ["pull_edits", "collect", "read", "register", "validate", "publish_sheets", "publish_ors", "report"]
    assert set(wanted) | {"batches"} == set(tasks)
    assert all(task.retries == 2 and task.execution_timeout for task in tasks.values())
    assert {"validate", "pull_edits"} <= tasks["publish_sheets"].upstream_task_ids
    assert tasks["publish_ors"].upstream_task_ids == {"validate"}
    assert {tasks[name].trigger_rule for name in ("register", "report", "batches")} == {"all_done"}
    assert {"publish_sheets", "publish_ors", "collect", "read"} <= tasks["report"].upstream_task_ids


def test_a_broken_cluster_file_is_one_red_dag_with_the_sentence_and_the_others_are_untouched(tmp_path: Path):
    shutil.copy(ROOT / "include" / "clusters" / "mali_protection.yaml", tmp_path)
    (tmp_path / "niger_wash.yaml").write_text("cluster: niger_wash\nbodies: [\n")
    code = (
        "from airflow.dag_processing.dagbag import DagBag\n"
        f"bag = DagBag({str(ROOT / 'dags')!r})\n"
        "assert not bag.import_errors, bag.import_errors\n"
        "print(sorted(d for d in bag.dags if d.startswith('minutes')))\n"
        "print(bag.dags['minutes__niger_wash'].doc_md)\n"
    )
    done = _python(code, SUIVI_CLUSTERS=str(tmp_path))
    assert "['minutes__mali_protection', 'minutes__niger_wash']" in done
    assert "niger_wash.yaml, line" in done


def test_parsing_the_folder_imports_neither_pandas_nor_great_expectations():
    code = (
        "import sys\n"
        "from airflow.dag_processing.dagbag import DagBag\n"
        f"DagBag({str(ROOT / 'dags')!r})\n"
        "print([name for name in ('pandas', 'great_expectations', 'gspread') if name in sys.modules])\n"
    )
    assert _python(code).strip().endswith("[]")


def _python(code: str, **environment: str) -> str:
    import os

    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
