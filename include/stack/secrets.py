"""The secrets of `docker-compose.yaml` as files: `python -m stack.secrets` (`make secrets`).

What exists is left alone. `ors_token` and `google_service_account` are made empty: they come from elsewhere (README,
Going to production). The folder is its owner's; the files in it are readable, since containers run as another user.
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from cryptography.fernet import Fernet

from stack.environment import ROOT


def write(folder: Path) -> list[str]:
    """Make the missing ones; returns their names."""
    folder.mkdir(mode=0o700, exist_ok=True)
    made = [name for name in ("db_password", "fernet_key", "jwt_secret", "api_secret") if _put(folder, name)]
    password = (folder / "db_password").read_text(encoding="utf-8")
    for name in ("suivi_db", "ors_db", "airflow_db"):
        driver = "postgresql+psycopg2" if name == "airflow_db" else "postgresql"
        database = f"{driver}://airflow:{password}@postgres/{name.removesuffix('_db')}"
        made += [name] if _put(folder, name, database) else []
    return made + [name for name in ("ors_token", "google_service_account") if _put(folder, name, "")]


def _put(folder: Path, name: str, text: str | None = None) -> bool:
    path = folder / name
    if path.exists():
        return False
    if text is None:
        text = Fernet.generate_key().decode() if name == "fernet_key" else secrets.token_urlsafe(48)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o444 if text else 0o644)
    return True


def main() -> int:
    """Prints what was made and what people still have to put in."""
    folder = ROOT / "secrets"
    made = write(folder)
    print(f"Made in {folder.name}/: {', '.join(made)}." if made else f"Everything is in {folder.name}/ already.")
    for name in ("google_service_account", "ors_token"):
        if not (folder / name).read_text(encoding="utf-8").strip():
            print(f"Still empty: {folder.name}/{name} (README, Going to production).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
