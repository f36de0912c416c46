"""Ask a few questions and write the file of a new cluster."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="lower-case letters, digits and _: the name of the file and of the DAG")


def run(arguments: argparse.Namespace) -> int:
    from suivi import clusters
    from suivi.errors import ConfigurationError
    from suivi.settings import Settings

    path = Settings.from_environment().clusters / f"{arguments.name}.yaml"
    if path.exists():
        raise ConfigurationError(f"{path} exists already. Edit it, or choose another name.")
    try:
        _write(path, _questions(arguments.name, input))
    except EOFError:
        raise ConfigurationError("The questions were not all answered; nothing was written.") from None
    try:
        clusters.parse(path)
    except ConfigurationError:
        path.unlink()
        raise
    print(f"{path} was written. Next: suivi check {arguments.name}")
    return 0


def _questions(name: str, ask: Callable[[str], str]) -> dict[str, Any]:
    """The cluster as plain values; an empty answer takes what stands in brackets."""

    def answer(question: str, default: str) -> str:
        return ask(f"{question} [{default}]: ").strip() or default

    french = answer("Name in French", name.replace("_", " ").title())
    english = answer("Name in English", french)
    short = answer("Prefix of action numbers (capital letters)", name[:4].upper().replace("_", "X"))
    return {
        "cluster": name,
        "name": {"fr": french, "en": english},
        "short": short,
        "sector": answer("Global coordination group code (PRO, WSH, HEA …)", "PRO"),
        "country": {"iso3": answer("Country (ISO 3166 alpha-3)", "MLI")},
        "language": answer("Language of its sheets (fr or en)", "fr"),
        "timezone": answer("Time zone", "Africa/Bamako"),
        "schedule": answer("When, as a cron line", "0 2 * * *"),
        "bodies": [{"code": "national", "level": "national", "fr": french, "en": english}],
        "drives": [{"name": "minutes", "url": answer("Folder of the minutes (path or URL)", f"/srv/{name}")}],
        "sheets": {
            "internal": answer("Id of the internal spreadsheet", f"{name}-internal"),
            "shared": answer("Id of the shared spreadsheet", f"{name}-shared"),
        },
        "ors": {"cluster": short},
        "sharing": {
            "policy": {
                "meetings": "membres",
                "actions": "membres",
                "indicators": "membres",
                "key_figures": "interne",
                "presence": "membres",
            }
        },
    }


def _write(path: Path, plain: dict[str, Any]) -> None:
    import yaml

    text = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=110)
    path.write_text(f"# Written by `suivi new-cluster`; mali_protection.yaml shows every other key.\n{text}", "utf-8")
