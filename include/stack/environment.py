"""What the processes of the local stack find in their environment; all state under var/."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def var() -> Path:
    """All run-time state; `SUIVI_VAR` puts it elsewhere."""
    return Path(os.environ.get("SUIVI_VAR") or ROOT / "var").resolve()


def environment(sheets: str, ors: str, token: str) -> dict[str, str]:
    """Environment of Airflow and of the command line, with the addresses of the embedded services.

    What the caller has set already wins, so that `SUIVI_SHEETS_CREDENTIALS=… make run` writes to Google.
    """
    state = var()
    ours = {
        "AIRFLOW_HOME": str(state / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{state / 'airflow' / 'airflow.db'}",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",  # a slow laptop answers its first request after seconds
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__API_AUTH__JWT_SECRET": _secret("jwt"),
        "AIRFLOW__API__SECRET_KEY": _secret("api"),
        "AIRFLOW__CORE__FERNET_KEY": "",
        "GX_ANALYTICS_ENABLED": "false",
        "PYTHONUTF8": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "include"), str(ROOT / "config")]),
        "SUIVI_VAR": str(state),
        "SUIVI_DB": f"sqlite:///{state / 'suivi.db'}",
        "SUIVI_STORE": str(state / "store"),
        "SUIVI_ORS_DB": f"sqlite:///{state / 'ors.db'}",
        "SUIVI_AIRFLOW_DB": f"sqlite:///{state / 'airflow' / 'airflow.db'}",
        "SUIVI_ORS_URL": ors,
        "SUIVI_ORS_TOKEN": token,
    }
    if not os.environ.get("SUIVI_SHEETS_CREDENTIALS"):
        ours["SUIVI_SHEETS_ENDPOINT"] = sheets
    given = {key: value for key, value in os.environ.items() if value or key not in ours}
    # `airflow standalone` starts its parts as `airflow …`, found on the path
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    # the home of another Airflow on this machine is not ours: its configuration would be mixed with ours
    return {**ours, **given, "AIRFLOW_HOME": ours["AIRFLOW_HOME"], "PATH": path}


def tokens() -> dict[str, str]:
    """Tokens of the embedded ORS by role, as `remember_tokens` kept them."""
    path = var() / "tokens.json"
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def remember_tokens(found: dict[str, str]) -> None:
    _private(var() / "tokens.json", json.dumps(found))


def _secret(name: str) -> str:
    path = var() / "secrets" / name
    if not path.is_file():
        _private(path, secrets.token_urlsafe(64))
    return path.read_text()


def _private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
