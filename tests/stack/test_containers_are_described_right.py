"""The container files, as far as they can be proven without a Docker engine."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack import secrets

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("suivi:")}
AIRFLOW = ("api-server", "scheduler", "dag-processor", "triggerer", "worker")


@pytest.mark.parametrize("profile", ["demo", "prod"])
def test_the_compose_client_accepts_the_file(profile: str, tmp_path: Path):
    client = shutil.which("docker-compose")
    if not client:
        pytest.skip("needs Debian's docker-compose")
    text = (ROOT / "docker-compose.yaml").read_text()
    if " 1." in subprocess.run([client, "version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]:
        text = text.replace("name: suivi\n", "", 1)  # the first generation knows no name
    done = subprocess.run(
        [client, "-f", "-", "--project-directory", str(tmp_path), "--profile", profile, "config", "-q"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("profile", ["demo", "prod"])
def test_each_profile_has_the_whole_region(profile: str):
    there = {name.removeprefix("demo-") for name, service in SERVICES.items() if profile in service["profiles"]}
    assert {*AIRFLOW, "postgres", "redis", "init", "ors"} <= there
    assert ("sheets-emulator" in there) == (profile == "demo")


def test_production_logs_in_by_fab_and_its_tables_are_migrated():
    for name in (*AIRFLOW, "init"):
        assert SERVICES[name]["environment"]["AIRFLOW__CORE__AUTH_MANAGER"].endswith("FabAuthManager"), name
    assert "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS" not in SERVICES["api-server"]["environment"]
    for step in ("airflow db migrate", "airflow pools set sheets", "suivi db upgrade"):
        assert step in SERVICES["init"]["command"][0]


def test_what_runs_for_long_is_watched_and_what_waits_waits_for_the_databases():
    for name, service in SERVICES.items():
        if service["restart"] == "no":
            continue
        assert service["healthcheck"]["test"], name
        if service in OURS.values():
            assert service["depends_on"]["init"]["condition"] == "service_completed_successfully", name
    assert {SERVICES["init"]["depends_on"][name]["condition"] for name in ("postgres", "redis")} == {"service_healthy"}


def test_nothing_of_ours_runs_as_root_and_ports_stay_on_this_machine():
    assert {service["user"] for service in OURS.values()} == {"50000:0"}
    assert all(port.startswith("127.0.0.1:") for service in SERVICES.values() for port in service.get("ports", []))
    users = re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert users[-1] == "50000"


def test_images_are_pinned_and_folders_and_volumes_exist():
    base = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for image in [*base, *(service["image"] for service in SERVICES.values())]:
        assert re.search(r":[a-z-]*\d+\.\d+", image), image
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_dir(), (name, source)
    made = re.findall(r"CREATE DATABASE (\w+)", (ROOT / "config" / "postgres" / "databases.sql").read_text())
    assert made == ["suivi", "ors"]


def test_secrets_are_files_that_make_secrets_writes_and_no_setting_holds_one(tmp_path: Path):
    folder = tmp_path / "secrets"
    made = secrets.write(folder)
    assert set(made) == set(COMPOSE["secrets"])
    assert folder.stat().st_mode & 0o777 == 0o700
    before = {name: (folder / name).read_text() for name in made}
    assert secrets.write(folder) == []
    assert before == {name: (folder / name).read_text() for name in made}
    assert f":{before['db_password']}@postgres/suivi" in before["suivi_db"]
    for name, service in SERVICES.items():
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
        for path in re.findall(r"/run/secrets/(\w+)", yaml.safe_dump(service)):
            unused = path == "google_service_account" and name in ("init",)
            assert path in service.get("secrets", []) or unused, (name, path)


def test_airflow_reads_its_secrets_from_the_files(tmp_path: Path):
    """The `_CMD` settings run through Airflow's own reader, with the files of `make secrets`."""
    secrets.write(tmp_path / "secrets")
    wanted = {
        name: value.replace("$$", "$").replace("/run/secrets", str(tmp_path / "secrets"))
        for name, value in SERVICES["worker"]["environment"].items()
        if name.endswith("_CMD")
    }
    assert len(wanted) == 5
    code = (
        "from airflow.configuration import conf\n"
        "for place in (('core', 'fernet_key'), ('api_auth', 'jwt_secret'), ('api', 'secret_key'),"
        " ('database', 'sql_alchemy_conn'), ('celery', 'result_backend')):\n"
        "    print(conf.get(*place))\n"
    )
    clean = {key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW__")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**clean, **wanted, "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = done.stdout.split()[-5:]
    held = {name: (tmp_path / "secrets" / name).read_text() for name in ("fernet_key", "jwt_secret", "api_secret")}
    password = (tmp_path / "secrets" / "db_password").read_text()
    assert told[:3] == list(held.values())
    assert told[3] == f"postgresql+psycopg2://airflow:{password}@postgres/airflow"
    assert told[4] == f"db+postgresql+psycopg2://airflow:{password}@postgres/airflow"


def test_every_shell_line_parses():
    for name, service in OURS.items():
        if "-ec" in (service.get("entrypoint") or []):
            line = service["command"][0].replace("$$", "$")
            subprocess.run(["bash", "-n", "-c", line], check=True)
        test = service.get("healthcheck", {}).get("test", [])
        if test[:1] == ["CMD-SHELL"]:
            assert shlex.split(test[1].replace("$$", "$")), name


def test_the_image_holds_the_versions_that_ci_ran():
    def pins(name: str) -> dict[str, str]:
        found = re.findall(r"^([a-z0-9._-]+(?:\[[a-z,]+\])?)==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE)
        return dict(found)

    image, ci, plain = pins("requirements-region.lock"), pins("requirements-dev.lock"), pins("requirements.lock")
    assert {"celery", "apache-airflow-providers-fab", "psycopg2-binary", "redis"} <= {n.split("[")[0] for n in image}
    assert {name: version for name, version in image.items() if ci.get(name) != version} == {}
    assert {name: version for name, version in plain.items() if image.get(name) != version} == {}
    assert "requirements-region.lock" in (ROOT / "Dockerfile").read_text()
