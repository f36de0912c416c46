"""*Paramètres* and *Contacts*: what people may set without a terminal, checked line by line.

*Paramètres* is seeded from the cluster's file; from then on a line in the tab wins over the file, and a deleted line
of the file no longer counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from suivi.publish.sheets.layout import words
from suivi.publish.sheets.model import Row
from suivi.publish.sheets.values import fold
from suivi.reference import load_yaml
from suivi.schema import LIST_SEPARATOR
from suivi.settings import Cluster

METHODICAL = ("across_time", "across_places")  # their value is a method
PROPERTIES = ("name", "unit", "across_time", "across_places", "unit_words", "official")
_EMAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,.]+")


def settings_rows(cluster: Cluster, lines: Iterable[Mapping[str, Any]] = ()) -> dict[str, Row]:
    """The cluster's settings as lines of *Paramètres*, but for those that people's own `lines` say already."""
    rows = {f"alias|{name}"[:120]: _line("alias", name, value=acronym) for name, acronym in cluster.aliases.items()}
    for indicator in cluster.indicators:
        code = str(indicator["code"])
        for name in PROPERTIES:
            if (value := _property(indicator, name, cluster.language)) is not None:
                rows[f"indicator|{code}|{name}"] = _line("indicator", code, name=name, value=value)
        for target in indicator.get("targets", ()):
            key = f"target|{code}|{target['place']}|{target['year']}"
            rows[key] = _line("target", code, str(target["place"]), int(target["year"]), value=f"{target['value']:g}")
    said = {_about(line) for line in lines if str(line.get("record_id")) not in rows}
    return {key: row for key, row in rows.items() if _about(row) not in said}


def _about(line: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a line is about: two lines about the same are one too many."""
    return tuple(line.get(name) for name in ("kind", "subject", "place", "year", "property"))


def _line(kind: str, subject: str, place: str | None = None, year: int | None = None, *, name: str | None = None,
          value: str | None = None) -> Row:  # fmt: skip
    return {"kind": kind, "subject": subject, "place": place, "year": year, "property": name, "value": value}


def _property(indicator: Mapping[str, Any], name: str, language: str) -> str | None:
    if name == "name":
        return str(indicator[language])
    value = indicator.get(name)
    if name == "unit":
        return str((value or {}).get(language, "")) or None
    if name == "unit_words":
        return LIST_SEPARATOR.join(value or ()) or None
    if name in METHODICAL and value is not None:
        return str(_words_of("method")[str(value)][language])
    return None if value is None else str(value)


def _words_of(kind: str) -> Mapping[str, Mapping[str, str]]:
    """Codes of `sheet_tabs.yaml` and their words by language."""
    found: Mapping[str, Mapping[str, str]] = load_yaml("sheet_tabs.yaml")["labels"][kind]
    return found


def _labels(kind: str, language: str) -> list[str]:
    return [label[language] for label in _words_of(kind).values()]


def _method(value: Any) -> str | None:
    """The method that people name by its code or in either language."""
    word = fold(str(value))
    for code, labels in _words_of("method").items():
        if word in (code, *(fold(label) for label in labels.values())):
            return code
    return None


def judge_setting(line: Mapping[str, Any], cluster: Cluster, lines: Iterable[Mapping[str, Any]] | None = None) -> Row:
    """What the machine answers to one line: applied, or refused and why."""
    if not any(line.get(name) is not None for name in ("kind", "subject", "value", "place", "year", "property")):
        return {"state": None, "message": None}
    refusal = _refusal(line, cluster, lines or ())
    if refusal:
        key, *more = refusal
        return {"state": "refused", "message": words(key, cluster.language).format(names=", ".join(more))}
    return {"state": "applied", "message": None}


def _refusal(line: Mapping[str, Any], cluster: Cluster, lines: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    kind, subject, value = line.get("kind"), line.get("subject"), line.get("value")
    if kind not in ("alias", "target", "indicator"):
        return ("bad_kind",)
    if not subject or value is None:
        return ("bad_subject",)
    if kind == "alias":
        return ()
    named = {str(i["code"]) for i in cluster.indicators}
    named |= {str(other.get("subject")) for other in lines if other.get("property") == "name"}
    if kind == "target":
        if str(subject) not in named:
            return ("bad_code",)
        if not line.get("place"):
            return ("bad_place",)
        if not isinstance(line.get("year"), int) or not 1990 <= line["year"] <= 2100:
            return ("bad_year",)
        return () if number(value) is not None else ("bad_value",)
    name = line.get("property")
    if name not in PROPERTIES:
        return ("bad_property", *_labels("property", cluster.language))
    if name in METHODICAL and _method(value) is None:
        return ("bad_choice", *_labels("method", cluster.language))
    return () if name == "name" or str(subject) in named else ("bad_code",)


def judge_contact(line: Mapping[str, Any], language: str) -> Row:
    email = line.get("email")
    bad = email is not None and not _EMAIL.fullmatch(str(email).strip())
    return {"message": words("bad_email", language) if bad else None}


def number(value: Any) -> float | None:
    """A number as people type it: blanks between thousands, comma or point."""
    try:
        return float(re.sub(r"\s", "", str(value)).replace(",", "."))
    except ValueError:
        return None


def with_settings(cluster: Cluster, lines: Iterable[Mapping[str, Any]] | None) -> Cluster:
    """The cluster as *Paramètres* has it: lines that are applied win over the file, removed ones no longer count."""
    lines = tuple(lines or ())
    good = [line for line in lines if judge_setting(line, cluster, lines)["state"] == "applied"]
    live = [line for line in good if not line.get("removed")]
    gone = [line for line in good if line.get("removed")]
    aliases = {k: v for k, v in cluster.aliases.items() if not any(_is(g, "alias", k) for g in gone)}
    aliases |= {str(line["subject"]): str(line["value"]) for line in live if line["kind"] == "alias"}
    indicators = {str(i["code"]): dict(i) for i in cluster.indicators}
    for line in live:
        if line["kind"] == "indicator":
            _set(indicators, line, cluster.language)
    for line in gone:
        if line["kind"] == "indicator" and line["property"] == "name" and not _named(live, line["subject"]):
            indicators.pop(str(line["subject"]), None)
    for code, indicator in indicators.items():
        indicator["targets"] = _targets(indicator.get("targets", ()), code, live, gone)
    return replace(cluster, aliases=aliases, indicators=tuple(indicators.values()))


def _is(line: Mapping[str, Any], kind: str, subject: str) -> bool:
    return line["kind"] == kind and str(line["subject"]) == subject


def _named(lines: Iterable[Mapping[str, Any]], code: Any) -> bool:
    return any(line["kind"] == "indicator" and line["property"] == "name" and line["subject"] == code for line in lines)


def _set(indicators: dict[str, dict[str, Any]], line: Mapping[str, Any], language: str) -> None:
    code, name, value = str(line["subject"]), line["property"], str(line["value"])
    if code not in indicators:
        indicators[code] = {"code": code, "fr": value, "en": value, "unit": {}, "across_time": "sum",
                            "across_places": "sum", "unit_words": [], "targets": [], "official": None}  # fmt: skip
    indicator = indicators[code]
    if name == "name":
        indicator[language] = value
    elif name == "unit":
        indicator["unit"] = {**(indicator.get("unit") or {}), language: value}
    elif name == "unit_words":
        indicator["unit_words"] = [word.strip() for word in value.split(";") if word.strip()]
    else:
        indicator[name] = (_method(value) or value) if name in METHODICAL else value


def _targets(
    targets: Iterable[Mapping[str, Any]], code: str, live: list[Mapping[str, Any]], gone: list[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    table = {(str(t["place"]), int(t["year"])): t["value"] for t in targets}
    for line in gone:
        if _is(line, "target", code):
            table.pop((str(line["place"]), line["year"]), None)
    for line in live:
        if _is(line, "target", code):
            table[str(line["place"]), line["year"]] = number(line["value"])
    return [{"place": place, "year": year, "value": value} for (place, year), value in table.items()]
