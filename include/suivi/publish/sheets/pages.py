"""What each tab of the two spreadsheets should hold tonight. Pure: registers and extras in, tabs with rows out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

import pandas as pd

from suivi import schema
from suivi.publish.sheets.layout import Column, Tab, plain_tab, register_tab, words
from suivi.publish.sheets.model import Conflict, Extras, Row
from suivi.publish.sheets.settings_tab import judge_contact, judge_setting, settings_rows
from suivi.publish.sheets.values import plain
from suivi.reference import load_yaml
from suivi.settings import Cluster
from suivi.sharing import view

SILENT_MEETINGS = 3  # not mentioned for so many meetings: to close?
CLOSED = ("done", "cancelled", "permanent")
INTERNAL = ("actions", "indicators", "key_figures", "presence", "meetings")
SHARED = ("actions", "indicators", "presence", "meetings")


class HeldRow(Protocol):
    """What *À vérifier* shows of an entry of the held queue (`suivi.registers.Held`)."""

    @property
    def held_id(self) -> str: ...
    @property
    def register(self) -> str: ...
    @property
    def record_id(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def proposal(self) -> str: ...
    @property
    def quote(self) -> str: ...
    @property
    def source(self) -> str: ...


def internal_tabs(
    cluster: Cluster, frames: Mapping[str, pd.DataFrame], held: Sequence[HeldRow], extras: Extras
) -> list[Tab]:
    """Everything but *Lisez-moi* and `_conflits`, which depend on what changes."""
    waiting = {(h.register, h.record_id) for h in held}
    tabs = [_register(name, cluster, frames[name], "interne") for name in INTERNAL if name in frames]
    tabs = [replace(tab, rows=_mark_held(tab, waiting)) for tab in tabs]
    tabs.append(plain_tab("held", cluster).with_rows({h.held_id: _held(h, cluster.language) for h in held}))
    tabs.append(plain_tab("closing", cluster).with_rows(_closing(frames, extras)))
    tabs.append(plain_tab("choices", cluster).with_rows(_choices(cluster, extras)))
    tabs.append(replace(plain_tab("contacts", cluster), judge=lambda line: judge_contact(line, cluster.language)))
    settings = plain_tab("settings", cluster)
    tabs.append(
        replace(
            settings,
            rows=settings_rows(cluster, extras.settings or ()),
            judge=lambda line: judge_setting(line, cluster, extras.settings),
        )
    )
    tabs.append(_summary(cluster, frames, "interne"))
    return tabs


def shared_tabs(cluster: Cluster, seen: Mapping[str, pd.DataFrame]) -> list[Tab]:
    """The tabs of `shared_frames`."""
    return [*(_register(name, cluster, seen[name], "membres") for name in seen), _summary(cluster, seen, "membres")]


def shared_frames(cluster: Cluster, frames: Mapping[str, pd.DataFrame], extras: Extras) -> dict[str, pd.DataFrame]:
    """What members may see of the frames, through the one door; key figures have no shared tab."""
    consent = cluster.sharing.get("consent", ())
    return {
        name: view(frames[name], name, "membres", consent=consent, names=extras.names)
        for name in SHARED
        if name in frames
    }


def readme(
    cluster: Cluster, frames: Mapping[str, pd.DataFrame], level: str, held: int, changed: str, extras: Extras
) -> Tab:
    """*Lisez-moi*; `frames` as the level sees them, `changed`: the day of the last change."""
    actions = _open_and_done(frames.get("actions"))
    facts = {
        "cluster": cluster.name[cluster.language],
        "changed": changed,
        "meetings": str(len(frames.get("meetings", ()))),
        "held": str(held),
        "shared_url": extras.shared_url or _sheet_url(cluster, "shared"),
        "dashboard_url": extras.dashboard_url,
        **{key: str(value) for key, value in actions.items()},
    }
    tab = plain_tab("readme", cluster, level=level)
    lines = load_yaml("sheet_tabs.yaml")["readme"]["internal" if level == "interne" else "shared"]
    rows = {}
    for key, label, text in lines:
        content = text[cluster.language].format(**facts)
        if content:
            rows[key] = {"label": label[cluster.language], "content": content}
    return tab.with_rows(rows)


def conflict_tab(cluster: Cluster, conflicts: Iterable[tuple[str, Conflict]], night: int, day: date) -> Tab:
    """`_conflits`: only ever added to; (key, conflict) pairs of tonight."""
    rows = {
        key: {
            "day": day.isoformat(),
            "night": night,
            "tab": c.tab,
            "row": c.record_id or None,
            "column": c.column,
            "found": c.found,
            "put_back": c.put_back or None,
            "reason": c.reason,
        }
        for key, c in conflicts
    }
    return plain_tab("conflicts", cluster).with_rows(rows)


def _sheet_url(cluster: Cluster, target: str) -> str:
    spreadsheet = cluster.sheets.get(target)
    return f"https://docs.google.com/spreadsheets/d/{spreadsheet}" if spreadsheet else ""


def _register(name: str, cluster: Cluster, frame: pd.DataFrame, level: str) -> Tab:
    tab = register_tab(name, cluster, level)
    rows: dict[str, Row] = {}
    for record in frame.to_dict("records"):
        row = {c.name: plain(c, record.get(c.name)) for c in tab.columns}
        rows[str(row.pop("record_id"))] = row
    return tab.with_rows(rows)


def _mark_held(tab: Tab, waiting: set[tuple[str, str]]) -> Mapping[str, Mapping[str, Any]]:
    """Published rows with an open question say so in their state."""
    return {
        record: {**row, "state": "held"} if (tab.key, record) in waiting and row.get("state") == "active" else row
        for record, row in tab.rows.items()
    }


def _held(entry: HeldRow, language: str) -> Row:
    register = schema.register(entry.register).title(language) if entry.register in schema.REGISTERS else entry.register
    texts = {
        "about": entry.about,
        "reason": entry.reason,
        "proposal": entry.proposal,
        "register": register,
        "row": entry.record_id,
        "quote": entry.quote,
        "source": entry.source,
    }
    column = Column("", "text", "machine", "", "")
    return {"state": "open", **{name: plain(column, text) for name, text in texts.items()}}


def _closing(frames: Mapping[str, pd.DataFrame], extras: Extras) -> dict[str, Row]:
    """Open actions that nobody spoke of for three meetings of their body."""
    if "actions" not in frames or "meetings" not in frames:
        return {}
    meetings = frames["meetings"]
    days: dict[str, list[date]] = {}
    for body, day in zip(meetings["body"], meetings["date"], strict=True):
        if day is not None:
            days.setdefault(str(body), []).append(day)
    rows: dict[str, Row] = {}
    listed = Column("", "list", "machine", "", "")
    for action in frames["actions"].to_dict("records"):
        last = action["last_mentioned"] or action["meeting_date"]
        silent = sum(day > last for day in days.get(str(action["meeting"]), ())) if last else 0
        closed = action["status"] in CLOSED or action["kind"] == "decision" or action["state"] != "active"
        wanted = action["record_id"] in extras.to_close if extras.to_close is not None else silent >= SILENT_MEETINGS
        if wanted and not closed:
            rows[action["record_id"]] = {
                "state": "open",
                "number": action["number"],
                "text": plain(Column("", "text", "machine", "", ""), action["text"]),
                "responsible": plain(listed, action["responsible"]),
                "last_mentioned": last.isoformat() if last else None,
                "silent": silent,
            }
    return rows


def _choices(cluster: Cluster, extras: Extras) -> dict[str, Row]:
    """Candidates with the votes received; ties are shown, the tick is the coordinator's."""
    votes = {
        str(row["record_id"]): len(
            {v.strip().casefold() for v in (row.get("organisations") or "").split(";") if v.strip()}
        )
        for row in extras.choices or ()
    }
    ranks = {n: i for i, n in reversed(list(enumerate(sorted(votes.values(), reverse=True), start=1)))}
    tied = Counter(votes.values())
    rows = {}
    for indicator in cluster.indicators:
        count = votes.get(indicator["code"], 0)
        rank = ""
        if count:
            rank = words("tie", cluster.language).format(rank=ranks[count]) if tied[count] > 1 else str(ranks[count])
        rows[indicator["code"]] = {
            "name": indicator[cluster.language],
            "unit": (indicator.get("unit") or {}).get(cluster.language),
            "votes": count,
            "rank": rank or None,
        }
    return rows


def _open_and_done(actions: pd.DataFrame | None) -> dict[str, int]:
    if actions is None:
        return {"open": 0, "late": 0, "done": 0}
    live = actions[(actions["kind"] == "action") & (actions["state"] == "active")]
    open_ = live["status"].isin(["open", "in_progress"])
    late = live["late"].fillna(False).astype(bool)
    return {"open": int(open_.sum()), "late": int((open_ & late).sum()), "done": int((live["status"] == "done").sum())}


def _summary(cluster: Cluster, frames: Mapping[str, pd.DataFrame], level: str) -> Tab:
    """Numbers behind the charts: actions by status, then each indicator's running value by month."""
    statuses = {code: label[cluster.language] for code, label in schema.labels("status").items()}
    actions = frames.get("actions")
    counts = Counter(
        actions.loc[(actions["kind"] == "action") & (actions["state"] == "active"), "status"]
        if actions is not None
        else ()
    )
    rows: dict[str, Row] = {f"status_{c}": {"label": label, "count": counts.get(c, 0)} for c, label in statuses.items()}
    series = running_series(cluster, frames.get("indicators"))
    months = sorted({month for values in series.values() for month in values})
    for n, month in enumerate(months, start=1):
        rows[f"month_{n:03}"] = {"label": month} | {f"i_{code}": values.get(month) for code, values in series.items()}
    more = [Column("count", "integer", "machine", words("actions_by_status", "fr"), words("actions_by_status", "en"))]
    more += [Column(f"i_{i['code']}", "number", "machine", i["fr"], i["en"]) for i in cluster.indicators]
    return plain_tab("summary", cluster, level=level, more=tuple(more)).with_rows(rows)


def running_series(cluster: Cluster, indicators: pd.DataFrame | None) -> dict[str, dict[str, float]]:
    """Code → month → running value for the whole country: its own row, else its places together."""
    series: dict[str, dict[str, float]] = {}
    if indicators is None:
        return series
    across = {i["code"]: i.get("across_places", "sum") for i in cluster.indicators}
    rows = indicators[(indicators["state"] == "active") & indicators["running"].notna()]
    for code, group in rows.groupby("code"):
        series[str(code)] = _by_month(group, across.get(code, "sum"))
    return series


def _by_month(rows: pd.DataFrame, method: str) -> dict[str, float]:
    """Month → value of one indicator. A place that is silent in a month keeps its last value of the year."""
    found: dict[str, float] = {}
    known: dict[tuple[str, str], float] = {}
    year = ""
    for month, group in rows.groupby("month"):
        if str(month)[:4] != year:
            year, known = str(month)[:4], {}
        places = zip(group["admin1_pcode"].fillna(""), group["admin2_pcode"].fillna(""), group["running"], strict=True)
        known |= {(first, second): float(value) for first, second, value in places}
        country = known.get(("", ""))
        stated = country is not None and bool(group["admin1_pcode"].isna().any())
        elsewhere = [value for place, value in known.items() if place != ("", "")]
        found[str(month)] = float(country or 0) if stated else _together(method, elsewhere or [float(country or 0)])
    return found


def _together(method: str, values: list[float]) -> float:
    """Places together, by the catalogue's method across places."""
    if method == "sum":
        return sum(values)
    return sum(values) / len(values) if method == "average" else max(values)
