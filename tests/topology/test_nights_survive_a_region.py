"""The region's topology without containers: PostgreSQL, Redis, CeleryExecutor, two workers, the ORS on PostgreSQL.

Nights of three clusters at once; a worker killed in the middle of `read`, the scheduler killed, PostgreSQL restarted:
the nights end right, nothing twice, nothing lost.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml
from sqlalchemy import create_engine, text

from house import start, stop

ROOT = Path(__file__).parents[2]
CLUSTERS = ("nord", "centre", "sud")
POSTGRES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(
        not (POSTGRES and shutil.which("redis-server") and os.getuid() == 0),
        reason="needs Debian's postgresql and redis-server, as root",
    ),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """A server of its own, restartable."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder / "data", free_port()
        folder.mkdir()
        folder.chmod(0o777)
        self._do(f"initdb -D {self.folder} -A trust -U postgres -E UTF8 --locale C.UTF-8")
        self.start()

    def url(self, database: str, driver: str = "postgresql") -> str:
        return f"{driver}://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> None:
        engine = create_engine(self.url("postgres", "postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {database}"))
        engine.dispose()

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300"
        self._do(f"pg_ctl -D {self.folder} -w -l {self.folder}/log -o '{options}' start")

    def stop(self, mode: str = "fast") -> None:
        self._do(f"pg_ctl -D {self.folder} -m {mode} -w stop")

    def _do(self, command: str) -> None:
        line = ["su", "postgres", "-s", "/bin/sh", "-c", f"{POSTGRES}/{command}"]
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Region:
    """All processes of a region, each in a group of its own."""

    def __init__(
        self, folder: Path, postgres: Postgres, redis: int, sheets: str, ors: str, token: dict[str, str]
    ) -> None:
        self.folder, self.sheets, self.ors, self.tokens = folder, sheets, ors, token
        self.port, self.processes = free_port(), {}
        self.http = requests.Session()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "SUIVI"))},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{ROOT / 'include'}{os.pathsep}{ROOT / 'config'}",
            "AIRFLOW_HOME": str(folder / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "300",
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{self.port}/execution/",
            "AIRFLOW__CORE__FERNET_KEY": "",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": postgres.url("airflow", "postgresql+psycopg2"),
            "AIRFLOW__CELERY__BROKER_URL": f"redis://127.0.0.1:{redis}/0",
            "AIRFLOW__CELERY__RESULT_BACKEND": postgres.url("airflow", "db+postgresql+psycopg2"),
            "AIRFLOW__CELERY__WORKER_CONCURRENCY": "3",
            "AIRFLOW__API_AUTH__JWT_SECRET": "j" * 64,
            "AIRFLOW__API__SECRET_KEY": "k" * 64,
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{self.port}",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
            # what a dead worker or scheduler left behind is found after seconds, not after Airflow's ten minutes
            "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "60",
            "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
            "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "20",
            "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.3",
            "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "SUIVI_VAR": str(folder / "var"),
            "SUIVI_DB": postgres.url("suivi"),
            "SUIVI_STORE": str(folder / "store"),
            "SUIVI_CLUSTERS": str(folder / "clusters"),
            "SUIVI_SHEETS_ENDPOINT": sheets,
            **{
                f"AIRFLOW_CONN_ORS_{name.upper()}": f"http://:{value}@{ors.removeprefix('http://')}"
                for name, value in token.items()
            },
        }

    def once(self, *command: str) -> None:
        with (self.folder / "once.log").open("a") as log:
            line = [sys.executable, "-m", *command]
            subprocess.run(line, env=self.environment, stdout=log, stderr=log, check=True)

    def run(self, name: str, *command: str) -> None:
        log = (self.folder / f"{name}.log").open("a")
        line = [sys.executable, "-m", "airflow", *command]
        self.processes[name] = subprocess.Popen(
            line, env=self.environment, stdout=log, stderr=log, start_new_session=True, cwd=self.folder
        )

    def worker(self, name: str) -> None:
        self.run(name, "celery", "worker", "--celery-hostname", f"{name}@%h", "--skip-serve-logs")

    def kill(self, name: str) -> None:
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait()

    def stop(self) -> None:
        for process in self.processes.values():
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    def ask(self, method: str, path: str, **more: object) -> requests.Response:
        if "Authorization" not in self.http.headers:
            token = self.http.get(f"http://127.0.0.1:{self.port}/auth/token", timeout=30).json()["access_token"]
            self.http.headers["Authorization"] = f"Bearer {token}"
        return self.http.request(method, f"http://127.0.0.1:{self.port}/api/v2/{path}", timeout=60, **more)

    def trigger(self, cluster: str, run_id: str) -> None:
        body = {"dag_run_id": run_id, "logical_date": None}
        answer = self.ask("POST", f"dags/minutes__{cluster}/dagRuns", json=body)
        assert answer.ok, answer.text

    def states(self, run_id: str) -> dict[str, str]:
        return {c: self.ask("GET", f"dags/minutes__{c}/dagRuns/{run_id}").json().get("state", "?") for c in CLUSTERS}

    def tasks(self, cluster: str, run_id: str) -> dict[str, str]:
        found = self.ask("GET", f"dags/minutes__{cluster}/dagRuns/{run_id}/taskInstances?limit=200").json()
        return {f"{t['task_id']}{t['map_index']}": t["state"] for t in found["task_instances"]}

    def numbers(self, cluster: str) -> list[str]:
        """Action numbers in the internal sheet, as often as they stand there."""
        url = f"{self.sheets}/v4/spreadsheets/internal-{cluster}-{self.folder.name}/values/Suivi des actions"
        values = requests.get(url, timeout=60).json()["values"]
        column = values[0].index("N°")
        return sorted(row[column] for row in values[1:] if len(row) > column and row[column].startswith("PROT"))

    def there(self, cluster: str) -> list[str]:
        """Action numbers on the ORS."""
        bearer = {"Authorization": f"Bearer {self.tokens[cluster]}"}
        answer = requests.get(f"{self.ors}/api/v1/actions?limit=1000", headers=bearer, timeout=60)
        return sorted(row["number"] for row in answer.json()["data"])


def until(condition, seconds: float, what: str = "it never came") -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except requests.RequestException:
            pass
        assert time.monotonic() < end, what
        time.sleep(1)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="suivi-pg-") as folder:
        Path(folder).chmod(0o755)
        server = Postgres(Path(folder) / "server")
        for name in ("airflow", "suivi", "ors"):
            server.create(name)
        yield server
        server.stop("immediate")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, sheets_server: str) -> Iterator[Region]:
    folder = tmp_path_factory.mktemp("region")
    redis = free_port()
    broker = subprocess.Popen(
        ["redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    database = postgres.url("ors")
    tokens = {cluster: _token(database, cluster) for cluster in CLUSTERS}
    service, ors = start("ors", "--port", "0", "--db", database)
    found = Region(folder, postgres, redis, sheets_server, ors, tokens)
    (folder / "dags").mkdir()
    (folder / "dags" / "minutes.py").symlink_to(ROOT / "dags" / "minutes.py")  # the others would run beside
    for cluster in CLUSTERS:
        _configure(found, cluster)
    try:
        found.once("airflow", "db", "migrate")
        found.once("suivi.cli", "db", "upgrade")
        found.run("api-server", "api-server")
        found.run("scheduler", "scheduler")
        found.run("dag-processor", "dag-processor")
        for name in ("w1", "w2"):
            found.worker(name)
        until(lambda: requests.get(f"http://127.0.0.1:{found.port}/api/v2/monitor/health", timeout=5).ok, 180)
        made = found.ask("POST", "pools", json={"name": "sheets", "slots": 2, "include_deferred": False})
        assert made.ok, made.text
        until(lambda: all(found.ask("GET", f"dags/minutes__{c}").ok for c in CLUSTERS), 180, "the DAGs never came")
        yield found
    finally:
        found.stop()
        stop(service)
        broker.terminate()
        broker.wait(10)


def _token(database: str, cluster: str) -> str:
    command = [
        sys.executable,
        "-m",
        "ors",
        "token",
        "--db",
        database,
        "--cluster",
        cluster.upper(),
        "--role",
        "reporter",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1]


def _configure(region: Region, cluster: str) -> None:
    """A cluster of its own with the sample drive, in two copies of every folder's first half for more to read."""
    plain = yaml.safe_load((ROOT / "include" / "clusters" / "mali_protection.yaml").read_text())
    drive = region.folder / f"drive-{cluster}"
    shutil.copytree(ROOT / "include" / "samples" / "mali_protection", drive)
    sheets = {kind: f"{kind}-{cluster}-{region.folder.name}" for kind in ("internal", "shared")}
    plain |= {
        "cluster": cluster,
        "schedule": None,
        "drives": [{"name": "minutes", "url": str(drive)}],
        "sheets": sheets,
        "ors": {"cluster": cluster.upper(), "connection": f"ors_{cluster}"},
    }
    (region.folder / "clusters").mkdir(exist_ok=True)
    (region.folder / "clusters" / f"{cluster}.yaml").write_text(yaml.safe_dump(plain, allow_unicode=True))
    for kind, key in sheets.items():
        body = {"id": key, "title": kind}
        requests.post(f"{region.sheets}/_emulator/spreadsheets", json=body, timeout=20).raise_for_status()


def _all_done(region: Region, run_id: str) -> bool:
    return all(state in ("success", "failed") for state in region.states(run_id).values())


def test_three_nights_at_once_survive_a_killed_worker_scheduler_and_database(region: Region, postgres: Postgres):
    for cluster in CLUSTERS:
        region.trigger(cluster, "night-1")
    until(
        lambda: any(
            state == "running" for c in CLUSTERS for task, state in region.tasks(c, "night-1").items() if "read" in task
        ),
        240,
        "no read ever ran",
    )
    region.kill("w1")
    region.worker("w3")
    region.kill("scheduler")
    region.run("scheduler", "scheduler")
    time.sleep(5)
    postgres.stop()
    postgres.start()
    until(lambda: _all_done(region, "night-1"), 600, "the nights never ended")
    for cluster in CLUSTERS:  # whatever the faults left is mended by the next night
        region.trigger(cluster, "night-2")
    until(lambda: _all_done(region, "night-2"), 600, "the nights never ended")
    assert set(region.states("night-2").values()) == {"success"}
    first = region.numbers(CLUSTERS[0])
    assert len(first) > 50
    for cluster in CLUSTERS:
        numbers = region.numbers(cluster)
        assert numbers == first, cluster
        assert len(set(numbers)) == len(numbers), "a row stands twice"
        assert region.there(cluster) == region.there(CLUSTERS[0])
        assert len(region.there(cluster)) > 30


def test_a_quiet_night_in_the_region_publishes_nothing(region: Region):
    requests.delete(f"{region.sheets}/_emulator/calls", timeout=20)
    for cluster in CLUSTERS:
        region.trigger(cluster, "quiet")
    until(lambda: _all_done(region, "quiet"), 600)
    assert set(region.states("quiet").values()) == {"success"}
    calls = requests.get(f"{region.sheets}/_emulator/calls", timeout=20).json()
    assert calls["writes"] == 0
    assert calls["reads"] <= 3 * len(CLUSTERS)
