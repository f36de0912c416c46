"""Cluster files: found, read, checked. A message names the file, the line and the remedy."""

from __future__ import annotations

import json
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from croniter import croniter
from jsonschema import Draft202012Validator, ValidationError

from suivi.errors import ConfigurationError
from suivi.reference import REFERENCE, parse_yaml
from suivi.settings import Cluster, cluster_from_mapping


def names(folder: Path) -> list[str]:
    """Every cluster that has a file in the folder, broken ones included, sorted."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def load(name: str, folder: Path) -> Cluster:
    """One cluster; `ConfigurationError` with file, line and remedy where it cannot be used."""
    path = folder / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(names(folder)) or "none"
        raise ConfigurationError(f"There is no cluster '{name}' in {folder}. Known clusters: {known}.")
    return parse(path)


def parse(path: Path) -> Cluster:
    """One cluster file; `ConfigurationError` as `load`."""
    plain = _yaml(path)
    _refuse(path, next(iter(_errors(plain)), None))
    if plain["cluster"] != path.stem:
        raise ConfigurationError(f"{path.name}: `cluster: {plain['cluster']}` must be the file's name, {path.stem}.")
    try:
        ZoneInfo(plain["timezone"])
    except (ZoneInfoNotFoundError, ValueError):
        line = _line(path, ["timezone"])
        raise ConfigurationError(
            f"{path.name}, line {line}: time zone '{plain['timezone']}' is unknown. Write one like Africa/Bamako."
        ) from None
    if plain.get("schedule") and not croniter.is_valid(plain["schedule"]):
        line = _line(path, ["schedule"])
        raise ConfigurationError(
            f"{path.name}, line {line}: schedule '{plain['schedule']}' is no cron line. "
            'Write minute, hour, day, month and weekday, such as "0 2 * * *" for every night at two.'
        )
    return cluster_from_mapping(plain)


def refuse_doubles(path: Path) -> None:
    """`ConfigurationError` where a key stands twice in one table: YAML would silently take the last."""
    waiting = [yaml.compose(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        if not isinstance(node, yaml.MappingNode):
            continue
        lines: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in lines:
                raise ConfigurationError(
                    f"{path.name}, line {line}: `{key.value}` stands already on line {lines[key.value]}. Keep one."
                )
            lines[key.value] = line
            waiting.append(value)


def _yaml(path: Path) -> dict[str, Any]:
    try:
        plain = parse_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        opened = "flow" in (getattr(error, "context", None) or "")  # a bracket that is never closed: where it opens
        mark = getattr(error, "context_mark" if opened else "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigurationError(
            f"{path.name}{place}: this is no valid YAML ({problem}). Check indentation, colons and quotes on that line."
        ) from None
    if not isinstance(plain, dict):
        raise ConfigurationError(f"{path.name}: the file must hold `key: value` lines. Copy mali_protection.yaml.")
    return plain


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads((REFERENCE / "cluster_schema.json").read_text(encoding="utf-8")))


def _errors(plain: dict[str, Any]) -> list[ValidationError]:
    dated = {key: value.isoformat() if isinstance(value, date) else value for key, value in plain.items()}
    return sorted(_validator().iter_errors(dated), key=lambda error: [str(part) for part in error.absolute_path])


def _refuse(path: Path, error: ValidationError | None) -> None:
    if error is None:
        return
    where, problem = list(error.absolute_path), error.message
    remedy = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    if (
        error.validator == "additionalProperties"
        and isinstance(error.schema, dict)
        and isinstance(error.instance, dict)
    ):
        known = list(error.schema.get("properties", {}))
        stranger = next(key for key in error.instance if key not in known)
        where, problem = [*where, stranger], "this key is unknown"
        remedy = " or ".join(get_close_matches(str(stranger), known, 2)) or f"one of {', '.join(known)}"
    raise ConfigurationError(
        f"{path.name}, line {_line(path, where)}: {'.'.join(map(str, where)) or 'the file'}: {problem}."
        + (f" Expected: {remedy}." if remedy else " See the README, Configuration.")
    )


def _line(path: Path, keys: list[Any]) -> int:
    """The line, counted from 1, at which a key stands: only asked for after an error."""
    node = yaml.compose(path.read_text(encoding="utf-8"))
    line = 1
    for key in keys:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[key]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(key)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
    return line
